"""Work that many jobs need, done here, by processes of this machine or on a Ray cluster: the results are the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from qa.errors import QAError

__all__ = ["Here", "Spread", "in_order", "spread_over"]

Job = TypeVar("Job")
Done = TypeVar("Done")
Ticket = TypeVar("Ticket")


class Spread(Protocol):
    """Where work is done. What leaves this process must pickle: the work, its jobs and their results."""

    @property
    def shares_disk(self) -> bool:
        """Whether a path names the same file there as here."""
        ...

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        """The result of every job once, in the order of the jobs, which are taken only a few ahead.

        Raises:
            WorkersFailed: who did the work was lost, again and again.
        """
        ...


class Here:
    """In this process, one job after the other, each when its result is asked for."""

    shares_disk = True

    def map(self, work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        return map(work, jobs)


@contextmanager
def spread_over(workers: int = 1, ray: str | None = None) -> Iterator[Spread]:
    """So many processes, or the Ray cluster at an address; this process where neither is asked for.

    Raises:
        QAError: both are asked for, no worker is, or Ray is not installed or not reached.
    """
    if workers < 1 or (workers > 1 and ray is not None):
        raise QAError("--workers 应是 1 或更大的整数，并且不能与 --ray 同用。请改正后重试。")
    if ray is not None:
        from qa.index.cluster import cluster

        with cluster(ray) as spread:
            yield spread
    elif workers > 1:
        from qa.index.processes import processes

        with processes(workers) as spread:
            yield spread
    else:
        yield Here()


def in_order(
    begin: Callable[[Job], Ticket], finish: Callable[[Ticket], Done], jobs: Iterable[Job], ahead: int
) -> Iterator[Done]:
    """Begin jobs up to ``ahead`` of the one whose result is next, and give the results in order.

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
