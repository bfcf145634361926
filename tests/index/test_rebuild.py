"""A rebuild makes the index hold exactly the reports that are there, and does again only what changed."""

import errno
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from embeddings.dense import floats
from qa.errors import ReportError, ReportUnreadable, StoreError
from qa.index import open_index, rebuild
from qa.types import Report
from tests.index.made import KUNMING, SUZHOU, Built, HashedBigrams, write_reports


def text_of(built: Built) -> str:
    return "\n".join(sentence.text for sentence in built.open().sentences)


def test_an_opened_index_holds_what_was_read(built: Built) -> None:
    index = built.open()
    assert [report.source.name for report in index.reports] == ["suzhou.md", "wuxi.md"]
    assert "3210件" in text_of(built)
    assert len(index.sentences) == len(index.dense.vectors) == len(index.dense.index)
    assert index.words.sentences.scores([]).shape == (len(index.sentences),)
    assert index.warnings == ()


def test_rows_lead_to_sentences_paragraphs_and_reports(built: Built) -> None:
    index = built.open()
    for row, sentence in enumerate(index.sentences):
        paragraph = index.layout.paragraphs[index.layout.paragraph_of[row]]
        assert (paragraph.report_id, paragraph.number) == (sentence.report_id, sentence.paragraph)
        assert paragraph in index.report(sentence.report_id).paragraphs
        assert paragraph.text[sentence.start : sentence.end] == sentence.text
        assert np.allclose(
            floats(index.dense.vectors[row]), built.encoder.encode_query(sentence.search_text), atol=1e-4
        )


def test_every_sentence_is_its_own_nearest_neighbour(built: Built) -> None:
    index = built.open()
    for row in range(len(index.sentences)):
        rows, _ = index.dense.index.search(floats(index.dense.vectors[row]), 1)
        assert list(rows) == [row]


def test_nothing_changed_makes_no_generation_and_embeds_nothing(built: Built) -> None:
    before = built.encoder.encoded
    summary = built.rebuild()
    assert (summary.generation, summary.embedded, built.encoder.encoded) == (1, 0, before)
    assert summary.unchanged == ("suzhou.md", "wuxi.md")
    assert summary.added == summary.changed == summary.removed == ()


def test_only_what_changed_is_embedded(built: Built) -> None:
    write_reports(built.reports, suzhou=SUZHOU.replace("1026家", "1027家"), kunming=KUNMING)
    summary = built.rebuild()
    assert (summary.added, summary.changed, summary.unchanged) == (
        ("kunming.md",),
        ("suzhou.md",),
        ("wuxi.md",),
    )
    new = sum(report.source.name == "kunming.md" for report in built.open().reports)
    assert new == 1
    kunming = [
        s for s in built.open().sentences if built.open().report(s.report_id).source.name == "kunming.md"
    ]
    assert summary.embedded == len(kunming) + 1
    assert "1027家" in text_of(built)
    assert "1026家" not in text_of(built)


def test_reused_vectors_are_those_of_a_build_from_scratch(built: Built, tmp_path: Path) -> None:
    write_reports(built.reports, kunming=KUNMING)
    built.rebuild()
    rebuild([built.reports], tmp_path / "fresh", encoder=built.encoder)
    fresh = open_index(tmp_path / "fresh", built.encoder)
    assert fresh.sentences == built.open().sentences
    assert np.array_equal(fresh.dense.vectors[:], built.open().dense.vectors[:])


def test_a_removed_report_is_gone_from_the_index_and_from_the_disk(built: Built) -> None:
    (built.reports / "suzhou.md").unlink()
    summary = built.rebuild()
    assert summary.removed == ("suzhou.md",)
    assert "3210件" not in text_of(built)
    assert not [p for p in built.index.rglob("*") if p.is_file() and "3210件".encode() in p.read_bytes()]


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files that the system does not let be opened."""
    names: set[str] = set()
    opened = Path.open

    def refused(path: Path, *arguments: object, **options: object) -> object:
        if path.name in names:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    return names


@pytest.mark.parametrize("force", [False, True])
def test_a_report_that_cannot_be_opened_now_stays_and_is_said_to_be_out_of_date(
    built: Built, locked: set[str], force: bool
) -> None:
    write_reports(built.reports, suzhou=SUZHOU.replace("3210件", "4321件"), kunming=KUNMING)
    locked.add("suzhou.md")
    summary = built.rebuild(force=force)
    assert (summary.added, summary.removed) == (("kunming.md",), ())
    assert summary.unchanged == ("suzhou.md", "wuxi.md")
    (told,) = summary.skipped
    assert "Permission denied" in told.reason and "可能已经过时" in told.reason
    assert "3210件" in text_of(built)
    locked.clear()
    assert built.rebuild().changed == ("suzhou.md",)
    assert "4321件" in text_of(built) and "3210件" not in text_of(built)


def test_a_disk_that_gives_no_bytes_takes_no_report_away(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path) -> str:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr("qa.index.sources.sha256_of", failing)
    summary = built.rebuild()
    assert (summary.generation, summary.unchanged) == (1, ("suzhou.md", "wuxi.md"))
    assert ["Input/output error" in each.reason for each in summary.skipped] == [True, True]


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_cannot_be_looked_into_takes_no_report_away(
    built: Built, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    write_reports(built.reports / "south", kunming=KUNMING)
    assert built.rebuild().added == ("kunming.md",)
    walk = os.walk

    def refused(
        folder: Path, onerror: Callable[[OSError], None]
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        for root, folders, names in walk(folder):
            if Path(root).name == "south":
                onerror(PermissionError(errno.EACCES, "Permission denied", root))
            else:
                yield root, folders, names

    monkeypatch.setattr("os.walk", refused)
    (built.reports / "wuxi.md").unlink()
    summary = built.rebuild(force=force)
    (told,) = summary.skipped
    assert (summary.reports, summary.removed) == (3, ())
    assert "Permission denied" in told.reason and "可能已经过时" in told.reason
    assert "1875件" in text_of(built)
    monkeypatch.undo()
    assert built.rebuild().removed == ("wuxi.md",)


def test_a_report_that_fails_only_when_it_is_read_stays(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path, overrides: object = None) -> Report:
        raise ReportUnreadable(f"打不开 {path.name}：Stale file handle。")

    monkeypatch.setattr("qa.index.sources.read_report", failing)
    write_reports(built.reports, suzhou=SUZHOU.replace("3210件", "4321件"), kunming=KUNMING)
    summary = built.rebuild()
    assert (summary.added, summary.removed) == ((), ())
    assert [Path(each.path).name for each in summary.skipped] == ["kunming.md", "suzhou.md"]
    assert "3210件" in text_of(built)


def test_a_report_that_was_never_read_and_cannot_be_opened_is_skipped(built: Built, locked: set[str]) -> None:
    write_reports(built.reports, kunming=KUNMING)
    locked.add("kunming.md")
    summary = built.rebuild()
    assert (summary.reports, summary.added) == (2, ())
    (told,) = summary.skipped
    assert "请检查文件权限" in told.reason and "过时" not in told.reason


def test_force_does_everything_again(built: Built) -> None:
    summary = built.rebuild(force=True)
    assert summary.generation == 2
    assert summary.embedded == summary.sentences
    assert summary.unchanged == ("suzhou.md", "wuxi.md")


def test_another_encoder_embeds_everything_and_reads_nothing(built: Built) -> None:
    other = HashedBigrams(dimension=128)
    summary = built.rebuild(encoder=other)
    assert summary.embedded == summary.sentences
    assert summary.unchanged == ("suzhou.md", "wuxi.md")
    assert open_index(built.index, other).dense.vectors.shape[1] == 128


@pytest.mark.parametrize(
    ("version", "another"),
    [
        ("qa.reading.reader_version", lambda: "another"),
        ("qa.text.sentences.SPLITTER_VERSION", "another"),
        ("embeddings.words.tokenizer.WORDS_VERSION", "another"),
    ],
)
def test_another_version_of_a_stage_makes_a_new_generation(
    built: Built, version: str, another: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version, another)
    assert built.rebuild().generation == 2
    assert built.rebuild().generation == 2


def test_same_content_is_indexed_once(built: Built) -> None:
    write_reports(built.reports, copy_of_suzhou=SUZHOU)
    summary = built.rebuild()
    assert summary.reports == 2
    assert len(summary.skipped) == 1
    assert "内容相同" in summary.skipped[0].reason


def test_same_text_in_another_encoding_or_format_is_indexed_once(built: Built) -> None:
    (built.reports / "suzhou-gbk.txt").write_bytes(SUZHOU.encode("gb18030"))
    summary = built.rebuild()
    assert summary.reports == 2
    assert [Path(each.path).name for each in summary.skipped] == ["suzhou.md"]
    assert "正文相同" in summary.skipped[0].reason


def test_the_same_text_of_another_place_is_another_report(built: Built) -> None:
    write_reports(built.reports, yangzhou=SUZHOU.replace("苏州", "扬州", 1))
    summary = built.rebuild()
    assert (summary.reports, summary.skipped) == (3, ())


def test_same_names_in_two_folders_are_told_apart(built: Built) -> None:
    write_reports(
        built.reports / "2013", suzhou=SUZHOU.replace("2018—2023", "2013—2018").replace("3210", "2210")
    )
    built.rebuild()
    names = {report.source.name: report for report in built.open().reports}
    assert sorted(names) == ["2013/suzhou.md", "reports/suzhou.md", "wuxi.md"]
    assert len({report.id for report in names.values()}) == 3
    for report in names.values():
        assert {paragraph.report_id for paragraph in report.paragraphs} == {report.id}


def test_reports_toml_is_read_again_when_it_changes(built: Built) -> None:
    before = built.open().reports[0]
    toml = built.reports / "reports.toml"
    toml.write_text('["suzhou.md"]\ntitle = "五年回眸"\nperiod = [2017, 2022]\n', encoding="utf-8")
    assert built.rebuild().changed == ("suzhou.md",)
    report = built.open().reports[0]
    assert (report.title, str(report.period)) == ("五年回眸", "2017–2022")
    assert "2017–2022" in built.open().sentences[0].search_text
    toml.unlink()
    assert built.rebuild().changed == ("suzhou.md",)
    assert built.open().reports[0] == before


def test_a_superseded_report_answers_no_longer(built: Built) -> None:
    write_reports(built.reports, draft=KUNMING)
    (built.reports / "reports.toml").write_text(
        '["suzhou.md"]\nsupersedes = ["draft.md"]\n', encoding="utf-8"
    )
    summary = built.rebuild()
    assert "1875件" not in text_of(built)
    assert "suzhou.md 取代" in summary.skipped[0].reason


def test_reports_that_replace_each_other_stay_and_it_is_said(built: Built) -> None:
    write_reports(built.reports, draft=KUNMING)
    (built.reports / "reports.toml").write_text(
        '["suzhou.md"]\nsupersedes = ["draft.md"]\n["draft.md"]\nsupersedes = ["suzhou.md"]\n',
        encoding="utf-8",
    )
    summary = built.rebuild()
    assert {"suzhou.md", "draft.md"} <= {*summary.added, *summary.unchanged}
    (skipped,) = [each for each in summary.skipped if each.path.endswith("reports.toml")]
    assert "互相取代" in skipped.reason and "suzhou.md" in skipped.reason and "draft.md" in skipped.reason


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('["suzhuo.md"]\ntitle = "五年回眸"\n', "旁边没有这些节所写的文件：suzhuo.md"),
        ('["./suzhou.md"]\ntitle = "五年回眸"\n', "旁边没有这些节所写的文件：./suzhou.md"),
        (f'["{"长" * 300}.md"]\ntitle = "五年回眸"\n', "旁边没有这些节所写的文件"),
        ('["\\u0000.md"]\ntitle = "五年回眸"\n', "旁边没有这些节所写的文件"),
        ('["suzhou.md"]\nsupersedes = ["suzhou.md"]\n', "取代它自己"),
        ('["suzhou.md"]\npublished = "2023-02-30"\n', "published 写得不对"),
        (f'["suzhou.md"]\ntitle = "{"长" * 201}"\n', "title 写得不对"),
    ],
)
def test_what_of_a_reports_toml_changes_nothing_is_said(built: Built, toml: str, said: str) -> None:
    (built.reports / "reports.toml").write_text(toml, encoding="utf-8")
    summary = built.rebuild()
    (skipped,) = summary.skipped
    assert summary.reports == 2
    assert said in skipped.reason


def test_a_file_out_of_an_archive_is_named_by_its_place_in_it(built: Built) -> None:
    with zipfile.ZipFile(built.reports / "稿件.zip", "w") as archive:
        archive.writestr("三月/空.txt", "")
        archive.writestr("三月/reports.toml", "title = ")
        archive.writestr("三月/好.txt", "渡口镇工会办了三期夜校。")
    summary = built.rebuild()
    folder = Path("稿件", "三月")
    assert {skipped.path for skipped in summary.skipped} == {
        str(folder / "空.txt"),
        str(folder / "reports.toml"),
    }
    assert all(tempfile.gettempdir() not in skipped.reason for skipped in summary.skipped)


@pytest.mark.parametrize("toml", ["title = ", f'["suzhou.md"]\nperiod = {"9" * 5000}\n', "\0"])
def test_a_false_reports_toml_is_said_and_stops_nothing(built: Built, toml: str) -> None:
    (built.reports / "reports.toml").write_text(toml, encoding="utf-8")
    summary = built.rebuild()
    assert summary.reports == 2
    assert [Path(skipped.path).name for skipped in summary.skipped] == ["reports.toml"]
    assert "TOML" in summary.skipped[0].reason


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")
def test_names_cannot_forge_a_line_and_a_link_to_itself_stops_nothing(built: Built) -> None:
    (built.reports / "self.txt").symlink_to("self.txt")
    (built.reports / "甲\n跳过 乙.txt").write_text("渡口镇工会办了三期夜校。", encoding="utf-8")
    summary = built.rebuild()
    assert summary.added == ("甲 跳过 乙.txt",)
    assert [Path(skipped.path).name for skipped in summary.skipped] == ["self.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="files are not sparse there")
def test_a_file_is_looked_at_before_it_is_read(built: Built) -> None:
    with (built.reports / "huge.pdf").open("wb") as file:
        file.truncate(10 << 30)
    summary = built.rebuild()
    assert summary.seconds < 20
    assert "超过上限" in summary.skipped[0].reason


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")
def test_what_is_no_plain_file_is_not_opened(built: Built) -> None:
    os.mkfifo(built.reports / "pipe.txt")
    (built.reports / "zero.txt").symlink_to("/dev/zero")
    assert len(built.rebuild().skipped) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux")
def test_a_folder_whose_name_is_not_utf_8_is_indexed(tmp_path: Path) -> None:
    reports = write_reports(tmp_path / os.fsdecode(b"\xff\xb1\xa8"), suzhou=SUZHOU)
    built = Built(reports, tmp_path / "index", HashedBigrams())
    assert built.rebuild().added == ("suzhou.md",)
    assert tuple(map(Path, built.open().manifest.paths)) == (reports,)
    assert built.rebuild().generation == 1


def test_a_folder_that_is_a_link_is_not_entered_and_said_so(built: Built, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "丙.txt").write_text("渡口镇工会办了三期夜校。", encoding="utf-8")
    (built.reports / "link").symlink_to(tmp_path / "elsewhere")
    (skipped,) = built.rebuild().skipped
    assert (Path(skipped.path).name, "链接" in skipped.reason) == ("link", True)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(built: Built) -> None:
    (built.reports / "empty.md").write_bytes(b"")
    (built.reports / "noise.txt").write_bytes(bytes(range(256)) * 40)
    summary = built.rebuild()
    assert summary.reports == 2
    assert {Path(skipped.path).name for skipped in summary.skipped} == {"empty.md", "noise.txt"}
    assert all(skipped.reason for skipped in summary.skipped)


def test_nothing_to_read_leaves_a_good_index_alone(built: Built, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ReportError, match="索引没有改动"):
        rebuild([tmp_path / "nothing"], built.index, encoder=built.encoder)
    assert built.open().generation == 1


def test_two_generations_are_kept(built: Built) -> None:
    for number in (1, 2, 3):
        write_reports(
            built.reports, wuxi=f"# 无锡市总工会工作报告（2019—2023年）\n\n建成工会阵地{number}00处。\n"
        )
        built.rebuild()
    assert sorted(p.name for p in (built.index / "generations").iterdir()) == ["00000003", "00000004"]


def test_a_folder_of_something_else_is_not_made_an_index(tmp_path: Path) -> None:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU)
    with pytest.raises(StoreError, match=r"suzhou\.md"):
        rebuild([reports], reports, encoder=HashedBigrams())
    with pytest.raises(StoreError, match="是一个文件"):
        rebuild([reports], reports / "suzhou.md", encoder=HashedBigrams())
    assert sorted(p.name for p in reports.iterdir()) == ["suzhou.md"]


def test_a_disk_that_takes_no_more_leaves_the_old_generation(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    write_reports(built.reports, kunming=KUNMING)
    monkeypatch.setattr("qa.index.segment.write_file", full)
    with pytest.raises(StoreError, match=r"reports\.jsonl.*No space left"):
        built.rebuild()
    assert built.open().generation == 1
    assert sorted(p.name for p in (built.index / "generations").iterdir()) == ["00000001"]


def test_a_file_left_short_by_a_library_is_noticed_before_the_switch(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embeddings.dense import DenseIndex

    save = DenseIndex.save

    def save_short(self: DenseIndex, folder: Path, write: object) -> None:
        save(self, folder)
        for path in folder.iterdir():
            path.write_bytes(path.read_bytes()[:-64])

    write_reports(built.reports, kunming=KUNMING)
    monkeypatch.setattr(DenseIndex, "save", save_short)
    with pytest.raises(StoreError, match="没有启用"):
        built.rebuild()
    assert built.open().generation == 1


def test_a_large_index_says_how_its_vectors_are_searched(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert built.open().name == str(built.index)
    monkeypatch.setattr("embeddings.dense.index_kinds", lambda count, dimension: ("SQfp16",))
    built.rebuild(force=True)
    assert "向量先按 SQfp16 编码比较，再逐个重算，前十召回 1.000" in built.open().name
