"""Calls of programs that wait until their answer is fetched, limited by number, bytes and time."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

WAIT_SECONDS = 30.0  # after which a call that nobody fetches is dropped
_MOST, _MOST_OF_ONE = 1024, 64
_BYTES, _BYTES_OF_ONE = 128 * 2**20, 16 * 2**20


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose answer nobody has fetched yet."""

    person: str  # who may fetch its answer
    name: str  # of the end point
    body: bytes  # as the end point gets it


class Calls:
    """Waiting calls by their random numbers; ``clock`` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[Call, float]] = {}  # with when it came

    def add(self, call: Call) -> str | None:
        """Store a call and return its number, or None if the limits are reached."""
        self._forget_old()
        waiting = [other for other, _ in self._waiting.values()]
        own = [other for other in waiting if other.person == call.person]
        if not (_fits(call, own, _MOST_OF_ONE, _BYTES_OF_ONE) and _fits(call, waiting, _MOST, _BYTES)):
            return None
        number = secrets.token_hex(16)
        self.put_back(number, call)
        return number

    def take(self, number: str, person: str) -> Call | None:
        """Remove and return a call; None if this person has none with this number."""
        call, _ = self._waiting.get(number, (None, 0.0))
        if call is None or call.person != person:
            return None
        del self._waiting[number]
        return call

    def put_back(self, number: str, call: Call) -> None:
        """Store a call again that could not start, without checking the limits."""
        self._waiting[number] = call, self._clock()

    def _forget_old(self) -> None:
        since = self._clock() - WAIT_SECONDS
        self._waiting = {number: entry for number, entry in self._waiting.items() if entry[1] >= since}


def _fits(call: Call, waiting: Iterable[Call], most: int, most_bytes: int) -> bool:
    sizes = [len(other.body) for other in waiting]
    return len(sizes) < most and sum(sizes) + len(call.body) <= most_bytes
