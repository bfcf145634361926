"""The library: retrieve and ask, filters, and new generations taken up while questions are answered."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import qa
from qa.engines import Conversation
from qa.engines.meanings import Answering, answer_to_likeliest
from qa.errors import IndexMissing, QAError, QuestionError
from qa.index import rebuild
from qa.index.folder import current_bytes
from qa.library import Library, open_library
from qa.types import Answer
from tests.index.made import KUNMING, SUZHOU, WUXI, write_reports


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("library")
    reports = write_reports(root / "reports", suzhou=SUZHOU, wuxi=WUXI, kunming=KUNMING)
    rebuild([reports], root / "index")
    return reports, root / "index"


@pytest.fixture(scope="module")
def library(folders: tuple[Path, Path]) -> Library:
    return open_library(folders[1])


def test_the_passage_that_holds_the_answer_comes_first(library: Library) -> None:
    hits = library.retrieve("夏季高温慰问了多少一线职工？")
    assert "23.6万人次" in hits[0].paragraph.text
    assert hits[0].report.source.name == "suzhou.md"
    assert [hit.scores.fused for hit in hits] == sorted((hit.scores.fused for hit in hits), reverse=True)


def test_k_is_the_most_that_comes_back(library: Library) -> None:
    assert len(library.retrieve("工会做了什么", k=2)) == 2
    passages = sum(len(report.paragraphs) for report in library.reports)
    assert 2 < len(library.retrieve("工会做了什么", k=10_000)) <= passages


@pytest.mark.parametrize("place", ["昆明", "昆明市", " 昆明市 ", "云南省昆明市", "云南昆明", "昆明 市"])
def test_a_place_keeps_the_others_out(library: Library, place: str) -> None:
    hits = library.retrieve("法律援助办了多少件？", place=place)
    assert {hit.report.source.name for hit in hits} == {"kunming.md"}


def test_a_unit_may_be_typed_in_full_width(library: Library) -> None:
    assert library.figures(unit="％") == library.figures(unit="%")


def test_a_place_holds_those_inside_it(library: Library) -> None:
    names = {hit.report.source.name for hit in library.retrieve("工会做了什么", k=50, place="江苏")}
    assert names == {"suzhou.md", "wuxi.md"}


@pytest.mark.parametrize("asked", ["无锡", "无锡市"])
def test_a_place_that_the_filter_leaves_out_is_said_to_be(library: Library, asked: str) -> None:
    answer = library.ask(f"{asked}法律援助办了多少件？", place="昆明")
    assert answer.outcome == "not_reported" and f"所选的范围不含{asked}" in answer.text


@pytest.mark.parametrize("period", [(2018, 2018), "2018", "2018-2018", 2018, "2018年", "２０１８年"])
def test_a_period_keeps_the_others_out(library: Library, period: str | int | tuple[int, int]) -> None:
    hits = library.retrieve("工会做了什么", k=50, period=period)
    assert {hit.report.source.name for hit in hits} == {"suzhou.md", "kunming.md"}


def test_a_report_is_named_by_file_title_or_id(library: Library) -> None:
    report = next(r for r in library.reports if r.source.name == "wuxi.md")
    for name in (report.source.name, report.title, report.id):
        assert {hit.report.id for hit in library.retrieve("工会做了什么", report=name)} == {report.id}


def test_a_title_of_several_reports_names_none_of_them(tmp_path: Path) -> None:
    bodies = {"甲.md": "开展技能培训30场。", "乙.md": "走访困难职工70人。"}
    for name, body in bodies.items():
        (tmp_path / name).write_text(f"# 集团工会工作报告\n\n{body}\n", "utf-8")
    rebuild([tmp_path / name for name in bodies], tmp_path / "index")
    library = open_library(tmp_path / "index")
    with pytest.raises(QuestionError, match=r"有 2 份：乙\.md、甲\.md。请用文件名"):
        library.retrieve("走访", report="集团工会工作报告")
    assert library.retrieve("走访", report="乙.md")[0].report.source.name == "乙.md"
    assert library.ask("库里有哪些报告？").text.startswith("一共收录了 2 份报告。")  # no place is known


@pytest.mark.parametrize(
    ("use", "says"),
    [
        (lambda library: library.retrieve("火星", place="火星"), "苏州市"),
        (lambda library: library.retrieve("工会", place="江苏省南京市"), "没有“江苏省南京市”的报告"),
        (lambda library: library.retrieve("工会", period=(1990, 1995)), "2018–2023"),
        (lambda library: library.retrieve("工会", period="去年"), "2018-2023"),
        (lambda library: library.retrieve("工会", period=(2023, 2018)), "看不懂"),
        (lambda library: library.retrieve("工会", report="没有.txt"), "wuxi.md"),
        (lambda library: library.retrieve("工会", place="无锡", period=2018), "同时满足"),
        (lambda library: library.retrieve("工会", k=0), "k 应至少为 1"),
        (lambda library: library.retrieve(" \n\t　"), "空的"),
        (lambda library: library.retrieve("？！。"), "空的"),
        (lambda library: library.retrieve("字" * 2001), "2000"),
        (lambda library: library.ask(""), "空的"),
        (lambda library: library.ask("问" * 10_000), "10000"),
        (lambda library: library.ask("法律援助", place="火星"), "苏州市"),
        (lambda library: library.ask(None), "不是文字"),  # type: ignore[arg-type]
        (lambda library: library.ask(5), "不是文字"),  # type: ignore[arg-type]
        (lambda library: library.retrieve(b"x"), "不是文字"),  # type: ignore[arg-type]
        (lambda library: library.ask("\ud800书屋"), "不成字的编码"),
        (lambda library: library.ask("那昆明呢？", history=["法律援助\udfff"]), "不成字的编码"),
        (lambda library: library.ask("那昆明呢？", history=[3]), "不是文字"),  # type: ignore[list-item]
        (lambda library: library.report("0000"), "已不在库中"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_can(
    library: Library, use: Callable[[Library], object], says: str
) -> None:
    with pytest.raises(QuestionError, match=says):
        use(library)


def test_the_longest_question_is_answered(library: Library) -> None:
    assert library.ask("法律援助办了多少件" + "啊" * 1991).text


def test_an_answer_stands_in_its_source(library: Library) -> None:
    answer = library.ask("苏州的法律援助案件办理了多少件？")
    assert not answer.abstained
    assert "3210件" in answer.text
    for citation in answer.citations:
        source = library.report(citation.report_id).source.text
        assert "".join(source[start:end] for start, end in citation.spans) == citation.quote


def test_a_follow_up_leans_on_what_was_asked_before(library: Library) -> None:
    answer = library.ask("那昆明呢？", history=["苏州的法律援助案件办理了多少件？"])
    assert "1875件" in answer.text
    assert "3210" not in answer.text


def test_a_follow_up_knows_the_answer_before_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, before = "苏州的法律援助案件办理了多少件？", list[Answer | None]()
    chosen = answer_to_likeliest

    def watched(conversation: Conversation, answer: Answering) -> Answer:
        before.append(conversation.earlier(1))
        return chosen(conversation, answer)

    monkeypatch.setattr("qa.library.answering.answer_to_likeliest", watched)
    library.ask("那昆明呢？", history=[asked])
    assert [one and one.question for one in before] == [None, asked]


def test_the_term_before_the_only_report_of_a_place_is_not_that_report(own_home: Path) -> None:
    library = open_library()
    for history, asked in (((), "漳州上一届有多少会员"), (("漳州工会有多少会员",), "上一届呢")):
        assert library.ask(asked, history=history).reason == "outside_period"
    assert library.ask("上一届呢", history=("温州工会提供了多少件法律援助",)).reason != "outside_period"


def test_records_are_frozen(library: Library) -> None:
    hit = library.retrieve("法律援助")[0]
    with pytest.raises(FrozenInstanceError):
        hit.scores = None  # type: ignore[assignment, misc]


def test_an_index_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="union-qa rebuild"):
        open_library(tmp_path / "no index")
    with pytest.raises(QAError, match="完整的路径"):
        open_library("~nobody-here/index")


def test_without_an_index_of_ones_own_the_sample_answers(own_home: Path) -> None:
    said: list[str] = []
    library = open_library(say=said.append)
    assert library.status().is_sample
    assert len(library.reports) == 5
    assert "示例" in said[0]
    assert qa.retrieve("法律援助")[0].report in library.reports
    assert qa.ask("温州的法律援助办了多少件？").text


def test_ones_own_index_takes_the_place_of_the_sample(own_home: Path, folders: tuple[Path, Path]) -> None:
    assert len(qa.retrieve("法律援助", k=50)) > 0
    rebuild([folders[0]], own_home / "index")
    assert qa.retrieve("夏季高温慰问了多少一线职工？")[0].report.source.name == "suzhou.md"


def test_a_damaged_index_of_ones_own_is_not_passed_over(own_home: Path, folders: tuple[Path, Path]) -> None:
    rebuild([folders[0]], own_home / "index")
    (own_home / "index" / "CURRENT").unlink()
    said: list[str] = []
    assert not open_library(say=said.append).status().is_sample
    assert "CURRENT" in said[0]


def test_a_new_generation_is_taken_up_by_the_next_call(tmp_path: Path) -> None:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU)
    rebuild([reports], tmp_path / "index")
    library = open_library(tmp_path / "index")
    before = library.reports
    write_reports(reports, wuxi=WUXI)
    rebuild([reports], tmp_path / "index")
    assert [report.source.name for report in library.reports] == ["suzhou.md", "wuxi.md"]
    assert library.status().generation == 2
    assert [report.source.name for report in before] == ["suzhou.md"]


def test_a_broken_new_generation_leaves_the_old_one_in_service(tmp_path: Path) -> None:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU)
    rebuild([reports], tmp_path / "index")
    library = open_library(tmp_path / "index")
    for path in (tmp_path / "index" / "generations").rglob("*.jsonl"):
        path.write_bytes(b"")
    (tmp_path / "index" / "CURRENT").write_bytes(b"2 " + b"0" * 64 + b"\n")
    assert "3210件" in library.ask("苏州的法律援助案件办理了多少件？").text
    assert "仍用第 1 代" in library.status().warnings[-1]


def test_rebuilds_while_many_ask(tmp_path: Path) -> None:
    """Every request is answered, by one generation from start to end, and the last one is seen at last."""
    reports, index = tmp_path / "reports", tmp_path / "index"

    def write(number: int) -> None:
        write_reports(
            reports,
            **{
                name: text.replace("法律援助案件", f"法律援助第{number}批案件")
                for name, text in {"a": SUZHOU, "b": KUNMING}.items()
            },
        )
        rebuild([reports], index)

    write(0)
    library = open_library(index)
    stop, failures, seen = threading.Event(), [], set()

    def ask() -> None:
        while not stop.is_set():
            try:
                texts = "".join(hit.paragraph.text for hit in library.retrieve("法律援助案件有多少件", k=50))
                numbers = {n for n in range(9) if f"第{n}批" in texts}
                assert len(numbers) == 1
                seen.update(numbers)
            except BaseException as error:
                failures.append(error)
                raise

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 4):
        write(number)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert len(seen) > 1
    texts = "".join(hit.paragraph.text for hit in library.retrieve("法律援助案件有多少件", k=50))
    assert "第3批" in texts
    assert current_bytes(index).startswith(b"4 ")


@pytest.mark.parametrize(
    "code", ["import qa; qa.__all__; dir(qa)", "import qa.cli", "from qa.cli import main; main(['--help'])"]
)
def test_importing_brings_in_nothing_heavy(code: str) -> None:
    check = "import sys; print([m for m in ('torch', 'faiss', 'gradio', 'rjieba', 'sentence_transformers') if m in sys.modules])"
    child = subprocess.run(
        [sys.executable, "-c", f"{code}\n{check}"], capture_output=True, text=True, check=True, timeout=30
    )
    assert child.stdout.splitlines()[-1] == "[]"
    assert child.stderr == ""


def test_every_name_of_the_package_is_there() -> None:
    for name in qa.__all__:
        assert getattr(qa, name) is not None
    with pytest.raises(AttributeError, match="nothing_like_it"):
        qa.nothing_like_it  # noqa: B018


def test_what_lies_beside_an_index_is_found_however_the_index_is_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.index.folder import FolderStore

    monkeypatch.setattr(FolderStore, "described", lambda self, _: f"{self.name}，向量先按编码比较")
    (tmp_path / "报告.md").write_text("# 江城市工会2023年工作报告\n\n全年建成职工书屋48家。\n", "utf-8")
    rebuild([tmp_path / "报告.md"], tmp_path / "index")
    status = qa.open_library(tmp_path / "index").status()
    assert status.folder == str(tmp_path / "index")
    assert status.store.endswith("比较")
