"""Killed at any step, the index is the old one or the new one, whole; the next build cleans up."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest

from qa.errors import IndexBusy, IndexMissing
from qa.index import Step, open_index
from tests.index.made import KUNMING, Built, HashedBigrams, write_reports

CRASH = Path(__file__).with_name("crash.py")
ROOT = Path(__file__).parent.parent.parent
OLD, NEW = ["suzhou.md", "wuxi.md"], ["kunming.md", "suzhou.md", "wuxi.md"]


def start(reports: Path, index: Path, step: str, how: str) -> subprocess.Popen[str]:
    path = os.pathsep.join((str(ROOT), os.environ["PYTHONPATH"]))
    return subprocess.Popen(
        [sys.executable, str(CRASH), str(reports), str(index), step, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def names(built: Built) -> list[str]:
    return [report.source.name for report in built.open().reports]


@pytest.mark.parametrize("step", get_args(Step))
def test_killed_at_each_step(built: Built, step: str) -> None:
    write_reports(built.reports, kunming=KUNMING)
    with start(built.reports, built.index, step, "kill") as child:
        assert child.wait(30) == -signal.SIGKILL
    assert names(built) == (NEW if step == "clean" else OLD)
    assert built.open().warnings == ()
    built.rebuild()
    assert names(built) == NEW
    assert sorted(p.name for p in built.index.iterdir()) == ["CURRENT", "generations", "lock"]
    assert all(p.name.isdigit() for p in (built.index / "generations").iterdir())


@pytest.mark.parametrize("step", ["embed", "publish", "switch"])
def test_killed_in_the_very_first_build(tmp_path: Path, step: str) -> None:
    reports, index = write_reports(tmp_path / "reports", kunming=KUNMING), tmp_path / "index"
    with start(reports, index, step, "kill") as child:
        assert child.wait(30) == -signal.SIGKILL
    if step == "switch":  # a whole generation that nothing names yet
        assert len(open_index(index, HashedBigrams()).reports) == 1
    else:
        with pytest.raises(IndexMissing, match="union-qa rebuild"):
            open_index(index, HashedBigrams())
    built = Built(reports, index, HashedBigrams())
    built.rebuild()
    assert names(built) == ["kunming.md"]
    assert built.open().warnings == ()


def test_killed_at_random_moments(built: Built) -> None:
    generator = random.Random(8)
    for number in range(6):
        write_reports(
            built.reports, wuxi=f"# 无锡市总工会工作报告（2019—2023年）\n\n建成工会阵地{number}00处。\n"
        )
        before = built.open().generation
        with start(built.reports, built.index, "none", "kill") as child:
            time.sleep(generator.uniform(0.15, 0.6))
            child.kill()
        index = built.open()
        assert index.warnings == ()
        assert index.generation in (before, before + 1)


def test_a_second_rebuild_ends_at_once_and_names_the_holder(built: Built) -> None:
    write_reports(built.reports, kunming=KUNMING)
    with start(built.reports, built.index, "embed", "hang") as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "here\n"
        started = time.monotonic()
        with pytest.raises(IndexBusy, match=rf"进程 {child.pid}，主机 .*--wait"):
            built.rebuild()
        assert time.monotonic() - started < 15
        assert names(built) == OLD
        child.stdin.write("go on\n")
        child.stdin.flush()
        assert built.rebuild(wait_seconds=30.0).unchanged == tuple(NEW)
        assert child.wait(30) == 0


def test_a_lock_dies_with_its_holder(built: Built) -> None:
    with start(built.reports, built.index, "read", "hang") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.kill()
    assert built.rebuild().generation == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child gets the lock by fork only")
def test_the_lock_of_a_killed_builder_whose_child_has_it_is_waited_for(built: Built) -> None:
    """Between fork and exec a child holds what its parent held; nobody is told of a rebuild that is no more."""
    with start(built.reports, built.index, "read", "fork and kill") as child:
        assert child.wait(30) == -signal.SIGKILL
    started = time.monotonic()
    assert built.rebuild().generation == 1
    assert 0.2 < time.monotonic() - started < 15
