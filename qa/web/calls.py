"""The calls of programs that wait for somebody to ask for their answer: so many, and so many bytes, the oldest go first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

__all__ = ["Call", "Calls"]

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
    """Calls by their numbers, which nobody can guess."""

    def __init__(self) -> None:
        self._waiting: dict[str, Call] = {}

    def add(self, call: Call) -> str:
        """Let a call wait; its number."""
        number = secrets.token_hex(16)
        self.put_back(number, call)
        return number

    def take(self, number: str, person: str) -> Call | None:
        """A call that begins; None where this person has none of this number."""
        call = self._waiting.get(number)
        return self._waiting.pop(number) if call is not None and call.person == person else None

    def put_back(self, number: str, call: Call) -> None:
        """Let a call wait again that could not begin."""
        self._waiting[number] = call
        self._forget(
            [n for n, c in self._waiting.items() if c.person == call.person], _MOST_OF_ONE, _BYTES_OF_ONE
        )
        self._forget(list(self._waiting), _MOST, _BYTES)

    def _forget(self, numbers: list[str], most: int, most_bytes: int) -> None:
        """Keep of these, oldest first, no more than so many calls and bytes."""
        total = sum(len(self._waiting[number].body) for number in numbers)
        for count, number in zip(range(len(numbers), 1, -1), numbers, strict=False):
            if count <= most and total <= most_bytes:
                return
            total -= len(self._waiting.pop(number).body)
