"""Work done on a Ray cluster; what a lost process or machine had begun is begun again elsewhere."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from qa.errors import QAError, WorkersFailed
from qa.index.spread import in_order

Job = TypeVar("Job")
Done = TypeVar("Done")
Versions: TypeAlias = tuple[str, ...]

AHEAD = 3  # jobs a core
TRIES_AGAIN = 3  # of a job whose process or machine is lost
KNOCK_SECONDS = 5.0
LOOK_SECONDS = 20.0  # without a result, before it is asked whether anybody is left to work


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The cluster at an address as ``ray.init`` takes it; every machine of it has this program installed.

    Raises:
        QAError: Ray is not installed, the cluster is not reached, or it has no core to work with.
    """
    try:
        import ray
    except ImportError as error:
        raise QAError('缺少 ray。请先运行 pip install -e ".[ray]"，集群的每台机器上也要装。') from error
    try:
        _knock(address)
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


def _knock(address: str) -> None:
    """Ray itself takes minutes to say that nobody is there, and ends the process then."""
    host, found, port = address.removeprefix("ray://").rpartition(":")
    if found:
        socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS).close()


class Cluster:
    """A cluster that this process has joined; its machines may have disks of their own."""

    shares_disk = False

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        import ray

        do = ray.remote(_do).options(max_retries=TRIES_AGAIN)
        carried, versions = ray.put(work), _versions()
        return in_order(
            lambda job: do.remote([carried], versions, job), _result, jobs, AHEAD * max(1, _cores())
        )


def _do(carried: list[Any], versions: Versions, job: object) -> Any:
    """One job, on the cluster. The work comes in a list: else it would be unpacked again for every job."""
    if versions != _versions():
        raise WorkersFailed(
            "Ray 集群里有机器装的是另一个版本的本程序，索引没有改动。请在每台机器上装同一版本后重试。"
        )
    return _work(carried[0])(job)


@lru_cache(maxsize=1)
def _work(carried: Any) -> Callable[[object], object]:
    import ray

    work: Callable[[object], object] = ray.get(carried)
    return work


@lru_cache(maxsize=1)
def _versions() -> Versions:
    """Of everything that decides what a job gives."""
    from embeddings.words import WORDS_VERSION
    from qa.reading import reader_version
    from qa.text.sentences import SPLITTER_VERSION

    return reader_version(), str(SPLITTER_VERSION), str(WORDS_VERSION)


def _result(ticket: Any) -> Any:
    """What a job gave; Ray itself begins it again where it was lost."""
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
