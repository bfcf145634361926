"""A build spread over a Ray cluster: two machines as two nodes of this one, and the same index."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.errors import QAError, WorkersFailed
from qa.index import rebuild
from qa.index.executors import Cluster, cluster
from tests.hardening.serving import free_port
from tests.hardening.sizes import ROOT
from tests.index.made import Built, HashedBigrams
from tests.index.test_workers import Deadly, die_once, files_of, many, refuse

RAY = Path(sys.executable).with_name("ray")
needs_ray = pytest.mark.skipif(not RAY.is_file(), reason='needs Ray: pip install -e ".[ray]"')


@contextmanager
def node(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A node of a cluster, started as people start one; its processes end with the one that is given."""
    program = subprocess.Popen(
        [
            RAY,
            "start",
            "--block",
            "--node-ip-address=127.0.0.1",
            "--object-store-memory=100000000",
            *arguments,
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert program.stdout is not None
    try:
        for line in program.stdout:
            if "--block" in line:  # the last thing that it says
                break
        else:
            raise AssertionError("ray start ended")
        yield program
    finally:
        program.terminate()
        program.communicate(timeout=60)


@contextmanager
def two_nodes() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a cluster of two nodes with a core each, and the second of them."""
    port = free_port()
    with (
        node("--head", f"--port={port}", "--num-cpus=1", "--include-dashboard=false"),
        node(f"--address=127.0.0.1:{port}", "--num-cpus=1") as second,
    ):
        yield f"127.0.0.1:{port}", second


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with two_nodes() as (address, _):
        yield address


@pytest.fixture
def joined(address: str) -> Iterator[Cluster]:
    with cluster(address) as joined:
        yield joined


def linger(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


@needs_ray
def test_a_killed_worker_costs_its_job_and_nothing_is_done_twice(joined: Cluster, tmp_path: Path) -> None:
    assert len({*joined.map(linger, [3, 3])} - {os.getpid()}) == 2  # one on each node
    marks = [tmp_path / f"{n}" for n in range(3)]
    assert list(joined.map(die_once, marks)) == [mark.name for mark in marks]
    assert [mark.read_text() for mark in marks] == ["done\n"] * 3


@needs_ray
def test_an_error_of_the_work_is_raised_here(joined: Cluster) -> None:
    with pytest.raises(ValueError, match="not 1"):
        list(joined.map(refuse, [1]))


@needs_ray
def test_the_index_is_that_of_one_process(address: str, tmp_path: Path) -> None:
    reports = many(tmp_path / "reports")
    one = rebuild([reports], tmp_path / "one")
    spread = rebuild([reports], tmp_path / "spread", ray=address)
    assert spread.skipped == one.skipped
    assert files_of(tmp_path / "spread") == files_of(tmp_path / "one")


class DiesTwice(HashedBigrams):
    """An encoder whose process is killed in the middle of its first two jobs."""

    def __init__(self, marks: Path) -> None:
        super().__init__()
        self._marks = marks

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = super().encode_passages(texts)
        for name in ("first", "second"):
            try:
                (self._marks / name).touch(exist_ok=False)
            except FileExistsError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)
        return vectors


@needs_ray
def test_workers_killed_in_mid_job_change_nothing(address: str, tmp_path: Path) -> None:
    reports = many(tmp_path / "reports")
    one = rebuild([reports], tmp_path / "one", encoder=HashedBigrams())
    spread = rebuild([reports], tmp_path / "spread", encoder=DiesTwice(tmp_path), ray=address)
    assert (tmp_path / "second").exists()
    assert (spread.sentences, spread.embedded) == (one.sentences, one.embedded)
    assert files_of(tmp_path / "spread") == files_of(tmp_path / "one")


@needs_ray
def test_where_no_worker_survives_the_old_index_serves_on(address: str, built: Built) -> None:
    before = built.open().generation
    with pytest.raises(WorkersFailed, match="索引没有改动"):
        built.rebuild(encoder=Deadly(), force=True, ray=address)
    assert (built.open().generation, built.open().warnings) == (before, ())


@needs_ray
@pytest.mark.hardening
def test_a_machine_that_is_lost_in_mid_job_changes_nothing(tmp_path: Path) -> None:
    reports = many(tmp_path / "reports")
    rebuild([reports], tmp_path / "one", encoder=HashedBigrams())
    with two_nodes() as (address, second):

        def lose(step: str, done: int, total: int) -> None:
            if step == "embed" and done:
                second.kill()
                second.wait()

        rebuild([reports], tmp_path / "spread", encoder=HashedBigrams(), ray=address, progress=lose)
    assert second.returncode == -signal.SIGKILL
    assert files_of(tmp_path / "spread") == files_of(tmp_path / "one")


def test_a_cluster_that_is_not_there_is_told_in_a_sentence(built: Built) -> None:
    started = time.monotonic()
    with pytest.raises(QAError, match="ray"):
        built.rebuild(ray=f"127.0.0.1:{free_port()}")
    assert time.monotonic() - started < 40


def test_workers_and_a_cluster_exclude_each_other(built: Built) -> None:
    with pytest.raises(QAError, match="--workers"):
        built.rebuild(workers=2, ray="127.0.0.1:1")
