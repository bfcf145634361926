"""Many at once, for long: everybody is served or told at once to come again, a rebuild disturbs nobody, nothing grows.

The server, the people and the rebuild share the machine, so what others kept busy of it is printed beside the figures;
times are judged only where nobody else was at work when the test began.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import pytest

from qa.index import rebuild
from qa.library import SAMPLE_REPORTS
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, write_corpus
from tests.hardening.serving import asked, free_port, served
from tests.hardening.sizes import ROOT, child, sizes

HERE = Path(__file__).parent
FEW, SOME, MANY = 8, 24, 64  # users; as many as MANY only where the times are judged
LOAD_SECONDS = 45  # from which on the times are judged, not only the outcomes
QUIET = 0.25  # share of the machine that others keep busy, before the test
PAGE_SECONDS = 0.150  # within which 99 of 100 static pages are there
SAID_SECONDS = 0.200  # within which everybody knows whether they wait or have to come again
QUEUE = 32
NARROW = f"""
import sys
from qa.cli import main
from qa.web import application
application.WAITING = {QUEUE}
sys.exit(main(sys.argv[1:]))
"""


class Request(NamedTuple):
    """As ``crowd.py`` prints it."""

    kind: str
    due: float
    said: float
    seconds: float
    told: str


def crowd(port: int, loop: str, many: float, seconds: float = 0) -> list[Request]:
    done = child(HERE / "crowd.py", port, loop, many, seconds)
    assert done.returncode == 0, done.stderr[-2000:]
    return [Request(*row) for row in json.loads(done.stdout)]


def busy(seconds: float = 2) -> float:
    """The share of all cores that is at work while this process waits; 0 where the system does not say."""
    if not Path("/proc/stat").is_file():
        return 0.0

    def ticks() -> list[int]:
        return [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").split()[1:9]]

    before = ticks()
    time.sleep(seconds)
    passed = [late - early for early, late in zip(before, ticks(), strict=True)]
    idle = passed[3] + passed[4]
    return round(1 - idle / max(sum(passed), 1), 2)


def p99(seconds: Iterable[float]) -> float:
    ordered = sorted(seconds)
    return ordered[math.ceil(0.99 * len(ordered)) - 1]


def of(requests: Sequence[Request], kind: str) -> list[Request]:
    return [request for request in requests if request.kind == kind]


def write(folder: Path, edition: int) -> Path:
    """The sample reports, which most questions are about, and three that change."""
    samples = {path.name: path.read_text(encoding="utf-8") for path in SAMPLE_REPORTS.glob("*.md")}
    return write_corpus(folder, samples | corpus(3, edition))


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write(tmp_path / "reports", 100)


class Rebuilt:
    """A rebuild of changed reports that begins after so many seconds, in a process of its own."""

    def __init__(self, reports: Path, index: Path, edition: int, after: float) -> None:
        self.command = [sys.executable, "-m", "qa", "rebuild", str(reports), "--index", str(index)]
        self.reports, self.edition = reports, edition
        self.after, self.seconds, self.failure = after, 0.0, "it never began"
        self.timer = Timer(after, self.run)

    def run(self) -> None:
        write(self.reports, self.edition)
        began = time.monotonic()
        done = subprocess.run(self.command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.seconds, self.failure = time.monotonic() - began, done.stderr if done.returncode else ""

    def __enter__(self) -> Rebuilt:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.join()
        assert self.failure == ""


def judged(requests: list[Request], rebuilt: Rebuilt) -> dict[str, float]:
    """The figures of one load; nobody was refused, nothing failed."""
    asks, pages = of(requests, "ask"), of(requests, "page")
    assert {request.told for request in requests} == {"answered"}, Counter(r.told for r in requests)
    begin = rebuilt.after
    before = p99(r.seconds for r in asks if r.due + r.seconds < begin)
    during = p99(r.seconds for r in asks if begin <= r.due <= begin + rebuilt.seconds + 1)
    return {
        "a_second": round(len(asks) / max(r.due + r.seconds for r in asks), 1),
        "p99": round(p99(r.seconds for r in asks), 3),
        "p99_before_the_rebuild": round(before, 3),
        "p99_during_it": round(during, 3),
        "page_p99": round(p99(r.seconds for r in pages), 3),
    }


@sizes(None, LOAD_SECONDS)
def test_a_crowd_and_a_rebuild(tmp_path: Path, reports: Path, tried: Tried, n: int) -> None:
    """``n`` seconds of each: eight users, many users, and questions at six tenths of what the eight got answered."""
    index, port, others = tmp_path / "index", free_port(), busy()
    many_users = SOME if n < LOAD_SECONDS else MANY
    rebuild([reports], index)
    with served(index, port):
        asked(port, "苏州的法律援助案件办了多少件？")
        few = crowd(port, "closed", FEW, n)
        assert {request.told for request in few} == {"answered"}
        rate = len(of(few, "ask")) / n
        figures = {}
        for edition, (loop, many) in enumerate((("closed", many_users), ("open", round(0.6 * rate, 1))), 101):
            with Rebuilt(reports, index, edition, n / 2) as rebuilt:
                began = time.monotonic()
                requests = crowd(port, loop, many, n)
            figures[loop] = judged(requests, rebuilt)
            assert time.monotonic() - began < n + 20
    tried(
        seconds=n,
        eight_users_a_second=round(rate, 1),
        **{f"{loop}_loop": told for loop, told in figures.items()},
        busy_with_others=others,
    )
    if n < LOAD_SECONDS:
        return
    if others > QUIET:
        pytest.skip(
            f"served without an error; times are not judged, others kept {others:.0%} of the machine busy"
        )
    assert figures["closed"]["a_second"] >= 0.7 * rate
    for told in figures.values():
        assert told["page_p99"] <= PAGE_SECONDS
        assert told["p99_during_it"] <= 3 * told["p99_before_the_rebuild"]


ON_THE_PAGE = """
import asyncio, json, sys
from tests.bench.load import crowd, summary
from tests.hardening.questions import questions
url, users, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
print(json.dumps(summary(asyncio.run(crowd(url, questions(400), users, seconds)))))
"""


@pytest.mark.long
@pytest.mark.parametrize("n", [LOAD_SECONDS])
def test_a_crowd_on_the_page(tmp_path: Path, reports: Path, tried: Tried, n: int) -> None:
    """As above, with what browsers send: the answer comes in pieces, and the page does some more after it."""
    index, port, others, told = tmp_path / "index", free_port(), busy(), {}
    rebuild([reports], index)
    with served(index, port):
        for users in (FEW, MANY):
            done = child("-c", ON_THE_PAGE, f"http://127.0.0.1:{port}", users, n)
            assert done.returncode == 0, done.stderr[-2000:]
            told[users] = json.loads(done.stdout)
            assert told[users]["questions"] >= users and told[users]["failed"] == 0, told[users]
    shown = {f"{users}_users": {k: v for k, v in each.items() if v} for users, each in told.items()}
    tried(seconds=n, **shown, busy_with_others=others)
    if others > QUIET:
        pytest.skip(
            f"served without an error; times are not judged, others kept {others:.0%} of the machine busy"
        )
    assert told[MANY]["a_second"] >= 0.7 * told[FEW]["a_second"]


@sizes(None, 200)
def test_more_people_than_may_wait(tmp_path: Path, reports: Path, tried: Tried, n: int) -> None:
    """All at the same moment, against a queue of 32: an answer, or the word to come again; nobody hangs.

    How soon everybody knows which is judged by the burst that whatever else runs here disturbed least.
    """
    index, port = tmp_path / "index", free_port()
    rebuild([reports], index)
    bursts = []
    with served(index, port, program=("-c", NARROW)):
        for _ in range(5):
            assert asked(port, "苏州的法律援助案件办了多少件？")["answer"]
            bursts.append(crowd(port, "burst", n))
    for burst in bursts:
        assert len(burst) == n and {request.told for request in burst} == {"answered", "refused"}
        assert sum(request.told == "answered" for request in burst) >= QUEUE
    told_within = sorted(round(p99(r.said for r in burst), 3) for burst in bursts)
    tried(
        users=n,
        bursts=len(bursts),
        **Counter(request.told for burst in bursts for request in burst),
        told_within=told_within,
        last_answer=round(max(r.seconds for burst in bursts for r in burst), 1),
        load_average=os.getloadavg()[0],
    )
    assert n < 200 or told_within[0] <= SAID_SECONDS


def state(pid: int) -> dict[str, int]:
    """Megabytes, descriptors and threads of a process that has come to rest."""
    time.sleep(12)  # after ten seconds threads that wait for work end
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    fields = {name: int(status.partition(f"{name}:")[2].split()[0]) for name in ("VmRSS", "Threads")}
    descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return {"megabytes": fields["VmRSS"] // 1024, "descriptors": descriptors, "threads": fields["Threads"]}


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="reads /proc")
def test_a_server_does_not_grow(tmp_path: Path, reports: Path, tried: Tried) -> None:
    index, port, n = tmp_path / "index", free_port(), 2_000
    rebuild([reports], index)
    with served(index, port) as server:
        assert {r.told for r in crowd(port, "soak", n // 4)} == {"answered"}
        early = state(server.pid)
        assert {r.told for r in crowd(port, "soak", n - n // 4)} == {"answered"}
        late = state(server.pid)
    tried(questions=n, early=early, late=late)
    assert late["megabytes"] - early["megabytes"] <= 25
    assert late["descriptors"] <= early["descriptors"]
    assert late["threads"] - early["threads"] <= (os.cpu_count() or 1)  # a pool that was not yet full
