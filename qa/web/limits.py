"""Limits on the requests, failed logins and bytes of one person, which the package ``limits`` counts, and on memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from typing import TypeVar

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

DRAFT_FIGURES = 6000  # in the draft of one request
JSON_BYTES = 8 * 2**20  # a draft of 5 MB as the browser sends it; a question is a thousandth of it
UPLOAD_BYTES = 512 * 2**20  # of one request, whatever number of files
FORM_BYTES = 8 * 2**10  # a name and a password

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Recent(OrderedDict[_Key, _Value]):
    """A dictionary of the newest keys, ``most`` of them."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: _Key, value: _Value) -> None:
        super().__setitem__(key, value)
        while len(self) > self.most:
            self.popitem(last=False)


class Rate:
    """How often one key may do something, ``"5/30 seconds; 12/hour"``; expired counts take no memory."""

    def __init__(self, allowed: str) -> None:
        self._items = parse_many(allowed)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, *key: str) -> int:
        """Return the seconds until this key may go on."""
        found = (self._limiter.get_window_stats(item, *key) for item in self._items)
        return max(math.ceil(ends - time.time()) if left < 1 else 0 for ends, left in found)

    def count(self, *key: str) -> None:
        """Count one request."""
        for item in self._items:
            self._limiter.hit(item, *key)

    def forget(self, *key: str) -> None:
        """Reset the counts of this key."""
        for item in self._items:
            self._limiter.clear(item, *key)
