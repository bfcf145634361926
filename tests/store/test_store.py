"""What every store keeps to, wherever it keeps it: the same questions, the same answers, one whole generation."""

import threading
from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexDamaged, IndexIncompatible, IndexMissing, ReportError, StoreError
from qa.index import FORMAT, open_index, rebuild, store_named
from qa.index import manifest as manifests
from qa.library import Library
from tests.index.made import KUNMING, SUZHOU, HashedBigrams, write_reports
from tests.store.conftest import Kept, new_database

QUESTIONS = [
    "法律援助案件办了多少件？",
    "苏州建成多少家爱心驿站？",
    "评出市级工匠多少名？",
    "无锡的助学金发放了多少？",
    "夏季慰问一线职工多少人次？",
    "托管班有多少孩子参加？",
    "2019年到2023年组织了多少场竞赛？",
    "91.5%",
    "劳动争议 劳动争议 调解",
    "追回工资" * 400,
]


def found(library: Library, question: str, **filters: str) -> list[tuple[str, int]]:
    return [(h.report.id, h.paragraph.number) for h in library.retrieve(question, 10, **filters)]


def test_every_store_finds_and_answers_alike(read: Kept, beside: Path) -> None:
    library, local = Library(read.again()), Library(beside)
    for question in QUESTIONS:
        ours, theirs = library.retrieve(question, 10), local.retrieve(question, 10)
        assert [h.paragraph for h in ours] == [h.paragraph for h in theirs]
        for a, b in zip(ours, theirs, strict=True):
            assert (a.scores.dense, a.scores.sparse) == pytest.approx(
                (b.scores.dense, b.scores.sparse), abs=1e-4, rel=1e-4
            )
            assert a.scores.fused == pytest.approx(b.scores.fused, abs=1e-3)
    for question in QUESTIONS[:4]:
        assert library.ask(question).text == local.ask(question).text


def test_filters_are_part_of_the_search(read: Kept, beside: Path) -> None:
    library, local = Library(read.store), Library(beside)
    for filters in (
        {"place": "苏州"},
        {"period": "2018"},
        {"report": "wuxi.md"},
        {"place": "无锡", "period": "2020"},
    ):
        expected = found(local, "职工有多少人次？", **filters)
        assert expected == found(library, "职工有多少人次？", **filters) != []


def test_reasons_are_the_same_everywhere(read: Kept, beside: Path) -> None:
    question = "调解劳动争议多少起？"
    ours = Library(read.store).retrieve(question, 3, explain=True)
    theirs = Library(beside).retrieve(question, 3, explain=True)
    for a, b in zip(ours, theirs, strict=True):
        assert a.reasons is not None and b.reasons is not None
        assert [m.word for m in a.reasons.matched] == [m.word for m in b.reasons.matched]
        assert [m.score for m in a.reasons.matched] == pytest.approx(
            [m.score for m in b.reasons.matched], abs=1e-4, rel=1e-4
        )


def test_scores_of_rows_are_those_of_each_in_any_order(read: Kept) -> None:
    passages, asked = open_index(read.store).words.passages, ["职工", "法律"]
    rows = np.array([3, 0, 2, 1], dtype=np.int64)
    each = [passages.scores_of(rows[at : at + 1], asked, [1.0, 1.0])[0] for at in range(len(rows))]
    assert passages.scores_of(rows, asked, [1.0, 1.0]) == pytest.approx(each, abs=1e-4)
    assert len(set(each)) > 1


def test_how_many_sentences_hold_a_word(read: Kept, beside: Path) -> None:
    words, local = (open_index(where).words.sentences for where in (read.store, beside))
    for word in ("职工", "法律", "驿站", "91.5%", "工匠", "潜水艇", "2018", "驿"):
        assert words.document_frequency(word) == local.document_frequency(word)


def test_what_did_not_change_is_not_done_again(kept: Kept) -> None:
    again = kept.rebuild()
    assert (again.generation, again.embedded, again.unchanged) == (1, 0, ("suzhou.md", "wuxi.md"))
    write_reports(kept.reports, kunming=KUNMING)
    more = kept.rebuild()
    assert (more.generation, more.added) == (2, ("kunming.md",))
    assert 0 < more.embedded < more.sentences
    assert more.embedded == kept.rebuild(force=True).embedded - again.sentences


def test_a_library_takes_the_new_generation_up(kept: Kept) -> None:
    library = Library(kept.again())
    before = kept.store.serving()
    write_reports(kept.reports, kunming=KUNMING)
    kept.rebuild()
    assert kept.store.serving() != before
    threading.Event().wait(1.1)  # the longest that a store may keep in mind what served
    assert "1875件" in library.ask("昆明办理法律援助案件多少件？").text
    assert library.status().generation == 2 and library.status().warnings == ()


def test_what_was_removed_is_gone_and_a_question_under_way_is_asked_again(kept: Kept) -> None:
    library = Library(kept.again())
    (kept.reports / "wuxi.md").unlink()
    assert kept.rebuild().removed == ("wuxi.md",)
    told = library.ask("无锡发放助学金多少万元？")
    assert (
        "1300" not in told.text or library.status().generation == 1
    )  # a folder's old generation is in memory
    threading.Event().wait(1.1)
    assert "1300" not in library.ask("无锡发放助学金多少万元？").text
    assert {r.source.name for r in library.reports} == {"suzhou.md"}


def test_nothing_readable_leaves_the_index_as_it_is(kept: Kept, tmp_path: Path) -> None:
    empty = write_reports(tmp_path / "empty")
    with pytest.raises(ReportError):
        rebuild([empty], kept.store)
    assert "3210件" in Library(kept.again()).ask("苏州办理法律援助案件多少件？").text


def test_another_encoder_is_told_and_a_rebuild_with_it_serves(kept: Kept) -> None:
    other = HashedBigrams(64)
    with pytest.raises(IndexIncompatible, match="编码器"):
        open_index(kept.store, other)
    library = Library(kept.again())
    assert kept.rebuild(encoder=other).embedded > 0
    index = open_index(kept.again(), other)
    assert index.manifest.dimension == 64
    row = 3
    vector = other.encode_passages([index.sentences[row].search_text])[0]
    everywhere = np.ones(len(index.layout.paragraphs), dtype=bool)
    assert index.dense.near(vector, 1, everywhere).tolist() == [index.layout.paragraph_of[row]]
    assert index.dense.cosines(vector, np.array([row])) == pytest.approx([1.0], abs=1e-4)
    assert library.ask("苏州建成多少家爱心驿站？").text  # the old generation, which was kept


def test_another_version_of_the_program_on_the_same_store(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(kept.again())
    with monkeypatch.context() as newer:
        newer.setattr(manifests, "FORMAT", FORMAT + 1)
        write_reports(kept.reports, kunming=KUNMING)
        kept.rebuild()
    with pytest.raises(IndexIncompatible, match=f"格式版本是 {FORMAT + 1}"):
        kept.again().read_newest()
    threading.Event().wait(1.1)
    assert "3210件" in library.ask("苏州办理法律援助案件多少件？").text
    assert any(f"格式版本是 {FORMAT + 1}" in warning for warning in library.status().warnings)


def test_vectors_that_are_no_numbers_never_serve(kept: Kept) -> None:
    class Broken(HashedBigrams):
        def encode_query(self, text: str) -> np.ndarray:  # type: ignore[type-arg]
            return np.full(self.dimension, np.nan, dtype=np.float32)

    before = kept.store.serving()
    with pytest.raises(StoreError, match="不是数"):
        kept.rebuild(encoder=Broken(64), force=True)
    assert kept.again().serving() == before


def test_an_empty_store_says_what_to_do(read: Kept, tmp_path: Path) -> None:
    address, database, _ = read.store.name.rpartition("/tests_")
    name = f"milvus:{new_database(address.removeprefix('milvus:'))}" if database else None
    nothing = store_named(name, tmp_path / "nothing")
    with pytest.raises(IndexMissing, match="union-qa rebuild"):
        nothing.read_newest()


def test_paragraphs_without_a_word_and_very_long_ones(kept: Kept, tmp_path: Path) -> None:
    long = "驿站" + "服务职工" * 6_000 + "。"
    write_reports(
        kept.reports,
        odd=f"# 杭州市总工会工作报告（2020年）\n\n## 一、其他\n\n！！！\n\n{long}\n\n建成书屋12家。\n",
    )
    kept.rebuild()
    rebuild([kept.reports], tmp_path / "beside")
    for question in ("杭州建成书屋多少家？", "杭州的驿站"):
        ours, theirs = found(Library(kept.again()), question), found(Library(tmp_path / "beside"), question)
        assert ours[:1] == theirs[:1]


def test_an_index_without_its_words_is_not_searched_by_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("milvus_lite")
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU)
    store = store_named(f"milvus:{tmp_path / 'one.db'}", tmp_path)
    with monkeypatch.context() as earlier:
        earlier.setattr("qa.index.remote.word_files", lambda *_: {})
        rebuild([reports], store)
    with pytest.raises(IndexDamaged, match="--force"):
        open_index(store)
    rebuild([reports], store, force=True)
    assert "3210件" in Library(store).ask("苏州办理法律援助案件多少件？").text


def test_names_that_are_no_store(tmp_path: Path) -> None:
    for name in (
        "milvus",
        "milvus:",
        "milvus:ftp://x",
        "milvus:http://",
        "redis:http://x",
        "milvus:http://x:99999",
    ):
        with pytest.raises(StoreError, match="看不懂存储"):
            store_named(name, tmp_path)
