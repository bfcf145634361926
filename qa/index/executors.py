"""Run many jobs here, in processes of this machine, or on a Ray cluster, with the same results.

A process that dies is replaced and its job run again: ``concurrent.futures`` drops all jobs if a worker dies.
A cluster itself runs a job again elsewhere if its process or machine is lost.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import lru_cache
from typing import Any, TypeVar

from qa.errors import QAError, WorkersFailed
from qa.worker import Worker

Job = TypeVar("Job")
Done = TypeVar("Done")
Ticket = TypeVar("Ticket")

AHEAD = 3  # jobs per worker: one running, one waiting for it, one whose result waits for its turn
TRIES = 3  # for a job whose worker dies
TRIES_AGAIN = 3  # for a job of a cluster whose process or machine is lost
KNOCK_SECONDS = 5.0
LOOK_SECONDS = 20.0  # without a result, before checking that the cluster still has a core


class Executor:
    """Where work is done: here in this process, one job after the other, each when its result is requested.

    The work, its jobs and their results must pickle for the executors that derive from this one.
    """

    shares_disk = True  # whether a path names the same file there as here

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        """Yield the results in order, taking a few jobs ahead; raises WorkersFailed if workers were lost repeatedly."""
        return map(work, jobs)


def open_executor(workers: int, ray: str | None) -> AbstractContextManager[Executor]:
    """Provide so many processes, or the cluster at this address; raise QAError if it cannot be used."""
    if workers < 1 or (workers > 1 and ray is not None):
        raise QAError("--workers 应是 1 或更大的整数，并且不能与 --ray 同用。请改正后重试。")
    if ray is not None:
        return cluster(ray)
    return closing(Processes(workers)) if workers > 1 else nullcontext(Executor())


def versions() -> tuple[str, str, str]:
    """Return the versions of reader, splitter and words: with the encoder all that a job's result depends on."""
    from embeddings.words.tokenizer import WORDS_VERSION
    from qa.reading import reader_version
    from qa.text.sentences import SPLITTER_VERSION

    return reader_version(), SPLITTER_VERSION, WORDS_VERSION


def in_order(
    begin: Callable[[Job], Ticket], finish: Callable[[Ticket], Done], jobs: Iterable[Job], ahead: int
) -> Iterator[Done]:
    """Begin jobs up to ``ahead`` of the one whose result is next, and yield the results in order.

    >>> list(in_order(str, len, [7, 77, 777], ahead=2))
    [1, 2, 3]
    """
    begun: deque[Ticket] = deque()
    for job in jobs:
        if len(begun) >= ahead:
            yield finish(begun.popleft())
        begun.append(begin(job))
    while begun:
        yield finish(begun.popleft())


class Processes(Executor):
    """Worker processes, each started on first use and served by a thread of this one."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")
        self._thread = threading.local()  # .worker: the one that this thread serves
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()  # held while a worker starts, so that none starts after the end
        self._closed = False

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        pickled = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)

        def begin(job: Job) -> Future[Done]:
            return self._threads.submit(self._run_job, pickled, job)

        return in_order(begin, Future.result, jobs, AHEAD * self._count)

    def close(self) -> None:
        with self._lock:
            self._closed = True
        for worker in self._workers:
            worker.process.kill()  # the thread that waits for its answer goes on
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def _run_job(self, pickled: bytes, job: object) -> Any:
        for _ in range(TRIES):
            worker: Worker = getattr(self._thread, "worker", None) or self._start()
            self._thread.worker = worker
            try:
                done, result = worker.answer(pickled, job)
            except (OSError, EOFError, pickle.UnpicklingError):
                worker.end()
                self._thread.worker = None
                continue
            if done:
                return result
            raise result
        raise WorkersFailed(
            f"同一项工作的进程中断了 {TRIES} 次，没有做完，索引没有改动。多半是内存不够：请减少 --workers 后重试。"
        )

    def _start(self) -> Worker:
        with self._lock:
            if self._closed:
                raise WorkersFailed("工作已经停止，索引没有改动。请重试。")
            worker = Worker("indexing", max(1, (os.cpu_count() or 1) // self._count))
            self._workers.add(worker)
        return worker


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
        host, found, port = address.removeprefix("ray://").rpartition(":")
        if found:  # Ray itself takes minutes to report that nobody listens, and then ends the process
            socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS).close()
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        advice = "请检查地址，并用 ray status 看它是否在运行。"
        raise QAError(f"连不上 Ray 集群 {address}（{reason}）。{advice}") from error
    try:
        if not _cores():
            raise QAError(f"Ray 集群 {address} 没有可用的处理器。请先在各台机器上运行 ray start。")
        yield Cluster()
    finally:
        ray.shutdown()


class Cluster(Executor):
    """A cluster that this process has joined; its machines may have their own disks."""

    shares_disk = False

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        import ray

        run = ray.remote(_run_job).options(max_retries=TRIES_AGAIN)
        reference, here = ray.put(work), versions()
        ahead = AHEAD * max(1, _cores())
        return in_order(lambda job: run.remote([reference], here, job), _result, jobs, ahead)


def _run_job(reference: list[Any], expected: tuple[str, ...], job: object) -> Any:
    """Run one job on the cluster. A list holds the reference: Ray would unpack a bare one for every job."""
    if expected != versions():
        problem = "Ray 集群里有机器装的是另一个版本的本程序，索引没有改动。"
        raise WorkersFailed(f"{problem}请在每台机器上装同一版本后重试。")
    return _fetch_work(reference[0])(job)


@lru_cache(maxsize=1)
def _fetch_work(reference: Any) -> Callable[[object], object]:
    import ray

    work: Callable[[object], object] = ray.get(reference)
    return work


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
