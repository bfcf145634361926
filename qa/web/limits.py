"""How much one person may ask for: requests a second, failed logins, bytes of a body. Memory is bounded everywhere."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.types import Message, Receive

__all__ = [
    "FORM_BYTES",
    "JSON_BYTES",
    "UPLOAD_BYTES",
    "Buckets",
    "Failures",
    "TooMuch",
    "counted",
    "network_of",
]

JSON_BYTES = 8 * 2**20  # a draft of 5 MB as the browser sends it; a question is a thousandth of it
UPLOAD_BYTES = 512 * 2**20  # of one request, whatever number of files
FORM_BYTES = 8 * 2**10  # a name and a password
_SILENCE_SECONDS = 30.0  # a body may take long, but not stop

_KEYS = 4096  # people or addresses that are remembered; the longest unseen is forgotten first
_AT_ONCE, _A_SECOND = 120.0, 4.0  # requests: a burst, and what fills up again

_FIRST_WAIT, _LONGEST_WAIT = 30.0, 900.0  # seconds, doubled by each failure
_FORGOTTEN_SECONDS = 3600.0

Clock = Callable[[], float]
_Value = TypeVar("_Value")


class _Recent(Generic[_Value]):
    """The values of the keys that were seen last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, _Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: object) -> _Value | None:
        return self._kept.get(key)

    def put(self, key: object, value: _Value) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > _KEYS:
            self._kept.popitem(last=False)

    def drop(self, key: object) -> None:
        self._kept.pop(key, None)


class Buckets:
    """Token buckets: each key may do ``_AT_ONCE`` things at once and ``_A_SECOND`` a second from then on."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._left: _Recent[tuple[float, float]] = _Recent()

    def wait(self, key: object) -> int:
        """Take one thing; 0 where it is allowed, else the seconds after which it will be."""
        now = self._clock()
        left, then = self._left.get(key) or (_AT_ONCE, now)
        left = min(_AT_ONCE, left + (now - then) * _A_SECOND)
        if left < 1:
            return math.ceil((1 - left) / _A_SECOND)
        self._left.put(key, (left - 1, now))
        return 0


class Failures:
    """Failed logins: after so many that are free, each further one doubles the time to wait."""

    def __init__(self, free: int, clock: Clock = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._seen: _Recent[tuple[int, float]] = _Recent()

    def wait(self, key: object) -> int:
        """Seconds until this key may try again; 0 for now."""
        count, last = self._of(key)
        if count < self._free:
            return 0
        wait = min(_FIRST_WAIT * 2.0 ** min(count - self._free, 10), _LONGEST_WAIT)
        return max(0, math.ceil(last + wait - self._clock()))

    def begin(self, key: object) -> bool:
        """Count an attempt as failed until it succeeds, so that many at once count too; True for the last free one."""
        count = self._of(key)[0] + 1
        self._seen.put(key, (count, self._clock()))
        return count == self._free

    def succeeded(self, key: object) -> None:
        """Forget the failures of this key."""
        self._seen.drop(key)

    def _of(self, key: object) -> tuple[int, float]:
        count, last = self._seen.get(key) or (0, 0.0)
        return (count, last) if self._clock() - last < _FORGOTTEN_SECONDS else (0, 0.0)


@dataclass(slots=True)
class TooMuch:
    """Whether the body went over its limit, or stopped."""

    status: int = 0


def counted(receive: Receive, most: int, too_much: TooMuch) -> Receive:
    """``receive`` that breaks off, as if the other side had gone, once the body is over ``most`` bytes or stops."""
    total, whole = 0, False

    async def receive_counted() -> Message:
        nonlocal total, whole
        if whole or too_much.status:
            return {"type": "http.disconnect"} if too_much.status else await receive()
        try:
            message = await asyncio.wait_for(receive(), _SILENCE_SECONDS)
        except TimeoutError:
            too_much.status = 408
            return {"type": "http.disconnect"}
        total += len(message.get("body", b""))
        whole = not message.get("more_body")
        if total > most:
            too_much.status = 413
            return {"type": "http.disconnect"}
        return message

    return receive_counted


def network_of(address: str) -> str:
    """The address that limits count by: IPv6 hosts own a whole /64 each.

    >>> network_of("2001:db8::1")
    '2001:db8::/64'
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
