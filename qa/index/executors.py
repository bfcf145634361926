"""Run many jobs here or in processes of this machine (``cluster``: on Ray), with the same results.

A process that dies is replaced and its job run again: ``concurrent.futures`` drops all jobs if a worker dies.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from qa.errors import WorkersFailed
from qa.worker import Worker

Job = TypeVar("Job")
Done = TypeVar("Done")
Ticket = TypeVar("Ticket")


class Executor(Protocol):
    """Where work is done. The work, its jobs and their results must pickle if they leave this process."""

    @property
    def shares_disk(self) -> bool:
        """Return whether a path names the same file there as here."""

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        """Yield the result of every job, in order, taking only a few jobs ahead.

        Raises WorkersFailed if workers were lost repeatedly.
        """


class InProcess:
    """In this process, one job after the other, each when its result is requested."""

    shares_disk = True

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        return map(work, jobs)


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


AHEAD = 3  # jobs per worker: one running, one waiting for it, one whose result waits for its turn
TRIES = 3  # for a job whose worker dies


@contextmanager
def processes(count: int) -> Iterator[Processes]:
    """Provide that many worker processes, started on first use and ended on exit."""
    workers = Processes(count)
    try:
        yield workers
    finally:
        workers.close()


class Processes:
    """Worker processes, each served by a thread of this one."""

    shares_disk = True

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
        """End the workers, whatever they are doing."""
        with self._lock:
            self._closed = True
        for worker in self._workers:
            worker.process.kill()  # the thread that waits for its answer goes on
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def _run_job(self, pickled: bytes, job: object) -> Any:
        """Return the result of a job, in the thread that serves a worker."""
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
