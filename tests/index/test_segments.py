"""Many reports are indexed in segments: what is added costs what is new, and nothing else tells that it is so."""

import random
from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexDamaged
from qa.index import Index, generation, open_index, rebuild
from qa.index.manifest import SegmentEntry
from qa.library import Library
from tests.hardening.indexes import corpus, write_corpus
from tests.index.made import KUNMING, Built, HashedBigrams, write_reports

QUESTIONS = (
    "法律援助案件办了多少件？",
    "建成多少家爱心驿站？",
    "苏州的调解成功率",
    "工会",
    "货车司机入会多少人？",
)


@pytest.fixture
def kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new takes no older segment in."""
    monkeypatch.setattr(generation, "SMALL", 0)
    monkeypatch.setattr(generation, "MERGE_FACTOR", 0)


def segments(built: Built) -> dict[str, set[int]]:
    """The segments of the newest generation, with the numbers by which the disk knows their files."""
    newest = max((built.index / "generations").iterdir())
    return {
        segment.name: {path.stat().st_ino for path in segment.rglob("*") if path.is_file()}
        for segment in (newest / "segments").iterdir()
    }


def same(one: Index, other: Index) -> None:
    """Two indexes hold the same rows and find the same with the same scores."""
    assert one.reports == other.reports
    assert one.sentences == other.sentences
    assert np.array_equal(one.dense.vectors[:], other.dense.vectors[:])
    everything = np.arange(len(one.sentences))
    allowed = np.ones(len(one.layout.paragraphs), dtype=bool)
    for question in QUESTIONS:
        vector = one.encoder.encode_query(question)
        assert np.array_equal(one.dense.near(vector, 7, allowed), other.dense.near(vector, 7, allowed))
        words, weights = list(question), [1.0 + at for at in range(len(question))]
        words = [*words, "工会", "法律", "援助", "驿站"]
        weights = [*weights, 0.5, 1.0, 1.0, 1.0]
        ours, theirs = (each.words.passages.scores(words, weights) for each in (one, other))
        assert np.array_equal(ours, theirs)
        np.testing.assert_array_equal(
            one.words.sentences.scores_of(everything, words, weights),
            other.words.sentences.scores_of(everything, words, weights),
        )
        assert [one.words.sentences.document_frequency(word) for word in words] == [
            other.words.sentences.document_frequency(word) for word in words
        ]


def from_scratch(built: Built, folder: Path) -> Index:
    rebuild([built.reports], folder, encoder=built.encoder)
    return open_index(folder, built.encoder)


@pytest.mark.usefixtures("kept_apart")
def test_what_is_added_costs_what_is_new(built: Built, tmp_path: Path) -> None:
    (first,) = segments(built).items()
    write_reports(built.reports, kunming=KUNMING)
    before = built.encoder.encoded
    summary = built.rebuild()
    after = segments(built)
    assert len(after) == 2
    assert after[first[0]] == first[1]  # the same files, by a second name
    kunming = [s for s in built.open().sentences if s.report_id == built.open().reports[0].id]
    assert summary.embedded == built.encoder.encoded - before == len(kunming)
    assert (summary.added, summary.unchanged) == (("kunming.md",), ("suzhou.md", "wuxi.md"))
    same(built.open(), from_scratch(built, tmp_path / "fresh"))


@pytest.mark.usefixtures("kept_apart")
def test_any_history_ends_in_the_index_of_a_build_from_scratch(tmp_path: Path) -> None:
    built = Built(tmp_path / "reports", tmp_path / "index", HashedBigrams(32))
    everything = corpus(9, 1, 8)
    chance = random.Random(5)
    most = 0
    for step in range(8):
        names = chance.sample(sorted(everything), chance.randrange(1, 9))
        edition = corpus(9, 1 + step // 4, 8)
        write_corpus(built.reports, {name: edition[name] for name in names})
        built.rebuild()
        most = max(most, len(segments(built)))
        same(built.open(), from_scratch(built, tmp_path / f"fresh{step}"))
        held = b"".join(path.read_bytes() for path in built.index.rglob("*.jsonl"))
        gone = set(everything) - set(names)
        assert not [name for name in gone if f'"{name}"'.encode() in held]
    assert most > 1


@pytest.mark.usefixtures("kept_apart")
def test_answers_do_not_depend_on_the_history(built: Built, tmp_path: Path) -> None:
    built.rebuild(encoder="shipped")
    write_reports(built.reports, kunming=f"{KUNMING}\n新建职工书屋77家。\n")
    built.rebuild(encoder="shipped")
    assert len(segments(built)) == 2
    rebuild([built.reports], tmp_path / "fresh")
    one, other = Library(built.index), Library(tmp_path / "fresh")
    for question in (*QUESTIONS, "昆明新建多少家职工书屋？", "苏州和昆明谁办的法律援助案件多？"):
        assert one.ask(question) == other.ask(question)


def test_a_small_library_is_one_segment(built: Built) -> None:
    write_reports(built.reports, kunming=KUNMING)
    built.rebuild()
    assert len(segments(built)) == 1


def test_a_large_one_is_written_in_several(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "LARGEST", 1)
    assert len(built.rebuild(force=True).unchanged) == len(segments(built)) == 2
    monkeypatch.undo()
    same(built.open(), from_scratch(built, tmp_path / "fresh"))


@pytest.mark.usefixtures("kept_apart")
def test_where_files_have_one_name_only_they_are_copied(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported", str(self))

    monkeypatch.setattr(Path, "hardlink_to", refused)
    (first,) = segments(built).items()
    write_reports(built.reports, kunming=KUNMING)
    built.rebuild()
    assert segments(built)[first[0]].isdisjoint(first[1])
    assert len(built.open().reports) == 3


@pytest.mark.usefixtures("kept_apart")
def test_damage_of_a_segment_of_two_generations_is_noticed_and_mended(built: Built, tmp_path: Path) -> None:
    write_reports(built.reports, kunming=KUNMING)
    built.rebuild()
    shared = built.index / "generations" / "00000001" / "segments" / "00000001-00" / "vectors.npy"
    data = bytearray(shared.read_bytes())
    data[-1] ^= 1
    shared.write_bytes(data)
    with pytest.raises(IndexDamaged, match="union-qa rebuild"):
        built.open()
    assert built.rebuild().generation == 3
    same(built.open(), from_scratch(built, tmp_path / "fresh"))


@pytest.mark.usefixtures("kept_apart")
def test_nothing_of_another_version_goes_over(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = segments(built)
    monkeypatch.setattr("embeddings.words.tokenizer.WORDS_VERSION", "another")
    built.rebuild()
    assert first not in segments(built)


def test_the_number_of_segments_and_the_work_stay_small() -> None:
    """A report of a hundred paragraphs is added two thousand times."""
    kept: tuple[SegmentEntry, ...] = ()
    names: list[str] = []
    most = work = 0
    for number in range(2000):
        kept = generation.kept_segments(kept, names, 100)
        names.append(str(number))
        held = {name for entry in kept for name in entry.reports}
        anew = tuple(name for name in names if name not in held)
        work += 100 * len(anew)
        kept = (*kept, SegmentEntry(str(number), anew, 100 * len(anew), 0))
        most = max(most, len(kept))
    assert most <= 10
    assert work <= 40 * 200_000
