"""The calls of programs that wait for somebody to ask for their answer: so many, so many bytes, and so long."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

WAIT_SECONDS = 30.0  # after which a call that nobody asks for makes room for others
_MOST, _MOST_OF_ONE = 1024, 64
_BYTES, _BYTES_OF_ONE = 128 * 2**20, 16 * 2**20


@dataclass(frozen=True, slots=True)
class Call:
    """A call that nobody has come to read yet.

    Args:
        person: who may read its answer.
        name: of the end point.
        body: as the end point is to get it.
    """

    person: str
    name: str
    body: bytes


class Calls:
    """Calls by their numbers, which nobody can guess.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[Call, float]] = {}  # with when it came

    def add(self, call: Call) -> str | None:
        """Let a call wait; its number, or None where too many wait or too large ones."""
        self._forget_old()
        waiting = [other for other, _ in self._waiting.values()]
        own = [other for other in waiting if other.person == call.person]
        if not (_fits(call, own, _MOST_OF_ONE, _BYTES_OF_ONE) and _fits(call, waiting, _MOST, _BYTES)):
            return None
        number = secrets.token_hex(16)
        self.put_back(number, call)
        return number

    def take(self, number: str, person: str) -> Call | None:
        """A call that begins; None where this person has none of this number."""
        call, _ = self._waiting.get(number, (None, 0.0))
        if call is None or call.person != person:
            return None
        del self._waiting[number]
        return call

    def put_back(self, number: str, call: Call) -> None:
        """Let a call wait again that could not begin; it had its room before."""
        self._waiting[number] = call, self._clock()

    def _forget_old(self) -> None:
        long_ago = self._clock() - WAIT_SECONDS
        for number in [number for number, (_, came) in self._waiting.items() if came < long_ago]:
            del self._waiting[number]


def _fits(call: Call, waiting: Iterable[Call], most: int, most_bytes: int) -> bool:
    sizes = [len(other.body) for other in waiting]
    return len(sizes) < most and sum(sizes) + len(call.body) <= most_bytes
