"""Markup that fetches, runs or navigates where it is rendered, and what is left of it where it is text."""

import json
from functools import lru_cache

from qa.text.normal import visible
from tests.hardening.sizes import BAD_INPUT

__all__ = ["payloads", "read_as", "some_payloads"]


@lru_cache(maxsize=1)
def payloads() -> tuple[str, ...]:
    """All 574, in their order."""
    file = BAD_INPUT / "injection" / "all_574_render_payloads.json"
    return tuple(json.loads(file.read_text(encoding="utf-8")))


def some_payloads(n: int) -> tuple[str, ...]:
    """``n`` of them, evenly over the list."""
    every = payloads()
    return tuple(every[i * len(every) // n] for i in range(min(n, len(every))))


def read_as(text: str) -> str:
    """What a person reads of a text, white space aside."""
    return "".join(visible(text).split())
