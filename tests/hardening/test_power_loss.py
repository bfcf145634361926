"""Whenever the power goes, and whatever the disk made of what was not synced: the old index or the new one, whole."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from qa.errors import IndexMissing
from qa.index import generation, open_index
from tests.hardening.conftest import Tried
from tests.hardening.indexes import ENCODER, corpus, fingerprint, two_generations, write_corpus
from tests.hardening.power import Call, Disk, Fate, recorded, replayed
from tests.hardening.sizes import sizes
from tests.index.made import Built

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc")
FATES: tuple[Fate, ...] = ("dropped", "zeroed", "kept")


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def outcome(folder: Path, good: dict[str, str]) -> str:
    """The state that serves, and whether with a warning; ``"nothing"`` where nothing was ever built."""
    try:
        index = open_index(folder, ENCODER)
    except IndexMissing:
        return "nothing"
    return good[fingerprint(index)] + (" with a warning" if index.warnings else "")


@sizes(36, 480)
def test_every_moment_of_a_build(tmp_path: Path, tried: Tried, n: int) -> None:
    built = two_generations(tmp_path / "made")
    before = tmp_path / "before"
    shutil.copytree(built.index, before)
    old = fingerprint(built.open())
    texts = corpus(4, 3)
    del texts[
        min(texts)
    ]  # a report is gone, so the generations that hold it go too: the order matters most then
    write_corpus(built.reports, texts)
    with recorded(built.index) as log:
        built.rebuild()
    replayed(before, log, tmp_path / "after")
    assert files(tmp_path / "after") == files(built.index), "the log is not whole"
    outcomes = walk(before, log, built, {old: "old", fingerprint(built.open()): "new"}, n, tmp_path)
    assert set(outcomes) == {"old", "new"}
    tried(calls=len(log), states=sum(outcomes.values()), **outcomes)


@sizes(21, 240)
def test_every_moment_of_a_build_that_takes_segments_over(
    tmp_path: Path, tried: Tried, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    monkeypatch.setattr(generation, "SMALL", 0)
    monkeypatch.setattr(generation, "MERGE_FACTOR", 0)
    built = Built(tmp_path / "reports", tmp_path / "index", ENCODER)
    for reports in (2, 3):
        write_corpus(built.reports, corpus(reports, 1))
        built.rebuild()
    before = tmp_path / "before"
    shutil.copytree(built.index, before)
    old = fingerprint(built.open())
    write_corpus(built.reports, corpus(4, 1))
    with recorded(built.index) as log:
        built.rebuild()
    links = sum(call.what == "link" for call in log)
    assert links > 20  # the files of two segments
    replayed(before, log, tmp_path / "after")
    assert files(tmp_path / "after") == files(built.index), "the log is not whole"
    outcomes = walk(before, log, built, {old: "old", fingerprint(built.open()): "new"}, n, tmp_path)
    assert set(outcomes) == {"old", "new"}
    tried(calls=len(log), links=links, states=sum(outcomes.values()), **outcomes)


@sizes(21, 240)
def test_every_moment_of_the_very_first_build(tmp_path: Path, tried: Tried, n: int) -> None:
    built = Built(write_corpus(tmp_path / "reports", corpus(2, 1)), tmp_path / "index", ENCODER)
    (tmp_path / "before").mkdir()
    (tmp_path / "index").mkdir()
    with recorded(built.index) as log:
        built.rebuild()
    outcomes = walk(tmp_path / "before", log, built, {fingerprint(built.open()): "new"}, n, tmp_path)
    assert set(outcomes) <= {
        "nothing",
        "new",
        "new with a warning",
    }  # whole, but CURRENT was still to be written
    tried(calls=len(log), states=sum(outcomes.values()), **outcomes)


def walk(
    before: Path, log: list[Call], built: Built, good: dict[str, str], n: int, folder: Path
) -> Counter[str]:
    """What served in at least ``n`` states at moments all over the log; every 20th state is built upon."""
    outcomes = Counter[str]()
    disk, generator, at = Disk(before), random.Random(8), 0
    for number in range(n // len(FATES) + 1):
        moment = round(number * len(log) / (n // len(FATES)))
        while at < moment:
            disk.do(log[at])
            at += 1
        for fate in FATES:
            state = folder / "state"
            shutil.rmtree(state, ignore_errors=True)
            disk.write_to(state, fate, generator)
            outcomes[outcome(state, good)] += 1
            if sum(outcomes.values()) % 20 == 0:
                again = Built(built.reports, state, ENCODER)
                again.rebuild()
                assert outcome(state, good) == "new"
                assert {p.name for p in state.iterdir()} == {"CURRENT", "generations", "lock"}
                assert all(p.name.isdigit() for p in (state / "generations").iterdir())
    return outcomes
