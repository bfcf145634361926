"""Run work on a Ray cluster; a job whose process or machine is lost is run again elsewhere."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from qa.errors import QAError, WorkersFailed
from qa.index.executors import in_order

Job = TypeVar("Job")
Done = TypeVar("Done")

AHEAD = 3  # jobs per core
TRIES_AGAIN = 3  # for a job whose process or machine is lost
KNOCK_SECONDS = 5.0
LOOK_SECONDS = 20.0  # without a result, before checking that the cluster still has a core


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """Connect to a cluster by its ``ray.init`` address; each of its machines has this program installed.

    Raises QAError if Ray is not installed, or the cluster cannot be reached or has no core.
    """
    try:
        import ray
    except ImportError as error:
        raise QAError('缺少 ray。请先运行 pip install -e ".[ray]"，集群的每台机器上也要装。') from error
    try:
        _check_listening(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise QAError(
            f"连不上 Ray 集群 {address}（{reason}）。请检查地址，并用 ray status 看它是否在运行。"
        ) from error
    try:
        if not _cores():
            raise QAError(f"Ray 集群 {address} 没有可用的处理器。请先在各台机器上运行 ray start。")
        yield Cluster()
    finally:
        ray.shutdown()


def _check_listening(address: str) -> None:
    """Fail at once if nobody listens: Ray itself takes minutes to report that, and then ends the process."""
    host, found, port = address.removeprefix("ray://").rpartition(":")
    if found:
        socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS).close()


class Cluster:
    """A cluster that this process has joined; its machines may have their own disks."""

    shares_disk = False

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        import ray

        run = ray.remote(_run_job).options(max_retries=TRIES_AGAIN)
        reference, versions = ray.put(work), _versions()
        ahead = AHEAD * max(1, _cores())
        return in_order(lambda job: run.remote([reference], versions, job), _result, jobs, ahead)


def _run_job(reference: list[Any], versions: tuple[str, ...], job: object) -> Any:
    """Run one job on the cluster. A list holds the reference: Ray would unpack a bare one for every job."""
    if versions != _versions():
        raise WorkersFailed(
            "Ray 集群里有机器装的是另一个版本的本程序，索引没有改动。请在每台机器上装同一版本后重试。"
        )
    return _fetch_work(reference[0])(job)


@lru_cache(maxsize=1)
def _fetch_work(reference: Any) -> Callable[[object], object]:
    import ray

    work: Callable[[object], object] = ray.get(reference)
    return work


@lru_cache(maxsize=1)
def _versions() -> tuple[str, ...]:
    """Return the version of everything that a job's result depends on."""
    from embeddings.words import WORDS_VERSION
    from qa.reading import reader_version
    from qa.text.sentences import SPLITTER_VERSION

    return reader_version(), str(SPLITTER_VERSION), str(WORDS_VERSION)


def _result(ticket: Any) -> Any:
    """Wait for the result of a job; Ray itself runs a lost job again."""
    import ray
    from ray.exceptions import RayError, RayTaskError

    try:
        while not ray.wait([ticket], timeout=LOOK_SECONDS)[0]:
            if not _cores():
                raise WorkersFailed("Ray 集群里已没有能工作的机器，索引没有改动。请恢复集群后重试。")
        return ray.get(ticket)
    except RayTaskError as error:
        raise error.cause from error
    except RayError as error:
        raise WorkersFailed(
            f"Ray 集群没有做完一项工作（{type(error).__name__}），索引没有改动。"
            "多半是内存不够或机器断开：请用 ray status 检查后重试。"
        ) from error


def _cores() -> int:
    import ray

    untyped: Any = ray
    return int(untyped.cluster_resources().get("CPU", 0))
