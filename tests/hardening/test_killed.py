"""Killed at any moment of a rebuild: the old index or the new one, whole; the next build removes what was left.

That in every run each step is killed once, and some moments between, is for ``tests/index/test_crash.py``.
"""

import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from qa.index import Step
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, fingerprint, two_generations, write_corpus
from tests.hardening.sizes import ROOT, sizes
from tests.index.made import Built

KILLED = Path(__file__).with_name("killed.py")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")


def start(built: Built, step: str, passes: int) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, str(KILLED), str(built.reports), str(built.index), step, str(passes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def go(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


def uninterrupted(built: Built) -> float:
    """Seconds of a rebuild that nobody stops, the median of five."""
    seconds = []
    for _ in range(5):
        with start(built, "none", 0) as child:
            began = time.monotonic()
            go(child)
            assert child.stdout is not None
            assert child.stdout.readline() == "done\n"
            seconds.append(time.monotonic() - began)
    return statistics.median(seconds)


def after(built: Built, old: str, new: str) -> str:
    """Which one serves; nothing else is allowed."""
    index = built.open()
    assert index.warnings == ()
    return {old: "old", new: "new"}[fingerprint(index)]


def assert_clean(built: Built) -> None:
    assert sorted(p.name for p in built.index.iterdir()) == ["CURRENT", "generations", "lock"]
    assert all(p.name.isdigit() for p in (built.index / "generations").iterdir())


@sizes(None, 200)
def test_at_random_moments(tmp_path: Path, tried: Tried, n: int) -> None:
    built, generator, outcomes = two_generations(tmp_path), random.Random(8), Counter[str]()
    seconds = uninterrupted(built)
    for number in range(3 * n):
        old = fingerprint(built.open())
        write_corpus(built.reports, corpus(3, 10 + number))
        new = expected(built, tmp_path)
        with start(built, "none", 0) as child:
            go(child)
            time.sleep(generator.uniform(0, seconds))
            child.kill()
            assert child.stdout is not None
            in_time = not child.stdout.read()
        serves = after(built, old, new)
        outcomes[serves if in_time else "ended before"] += 1
        if number % 10 == 0:
            built.rebuild()
            assert after(built, "", new) == "new"
            assert_clean(built)
        if number + 1 - outcomes["ended before"] == n:
            break
    kills = sum(outcomes.values()) - outcomes["ended before"]
    assert kills == n
    tried(kills=kills, **outcomes)


@sizes(None, 5)
def test_at_every_step(tmp_path: Path, tried: Tried, n: int) -> None:
    built, outcomes = two_generations(tmp_path), Counter[str]()
    for number, step in enumerate(get_args(Step) * n):
        old = fingerprint(built.open())
        write_corpus(built.reports, corpus(3, 10 + number))
        new = expected(built, tmp_path)
        with start(built, step, number % 2 + 1 if step in ("read", "embed", "clean") else 1) as child:
            go(child)
            killed = child.wait(60) == -signal.SIGKILL
        outcomes[f"{after(built, old, new)} after {step}" if killed else "not reached twice"] += 1
        built.rebuild()
        assert after(built, "", new) == "new"
        assert_clean(built)
    tried(kills=sum(outcomes.values()), **{what.replace(" ", "_"): k for what, k in outcomes.items()})


def expected(built: Built, folder: Path) -> str:
    """What the reports give, computed without the index."""
    apart = Built(built.reports, folder / "expected", built.encoder)
    apart.rebuild()
    return fingerprint(apart.open())
