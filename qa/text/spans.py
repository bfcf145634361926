"""Lead any piece of a paragraph back to the exact characters of its source."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.types import Paragraph, Span, Spans

__all__ = ["bare", "kept", "locate"]

_KEPT, _DROPPED = re.compile(r"[^\s*]+"), re.compile(r"[\s*]+")


def kept(character: str) -> bool:
    """Whether a character must survive restoration: all but white space and ``*``."""
    return not character.isspace() and character != "*"


def bare(text: str) -> str:
    """``text`` without white space and ``*``: what a quote and its source have in common."""
    return _DROPPED.sub("", text)


def locate(paragraph: Paragraph, source_text: str, start: int, end: int) -> Spans:
    """Spans of the source that hold ``paragraph.text[start:end]``.

    The characters at the returned spans equal the piece, white space and ``*`` aside; a span may run over
    such characters but never over others.
    """
    first = len(bare(paragraph.text[:start]))
    last = first + len(bare(paragraph.text[start:end]))
    spans: list[Span] = []
    for runs in _runs(paragraph.spans, source_text):
        held: Span | None = None
        for before, begin, size in runs:
            if before < last and before + size > first < last:
                opens = held[0] if held else begin + max(first - before, 0)
                held = (opens, begin + min(last - before, size))
        if held:
            spans.append(held)
    return tuple(spans)


@lru_cache(maxsize=4)  # pieces of one paragraph are located one after the other
def _runs(spans: Spans, source_text: str) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each span its runs of kept characters: how many went before, where it begins, how many it holds."""
    found, seen = [], 0
    for start, end in spans:
        runs = []
        for match in _KEPT.finditer(source_text, start, end):
            runs.append((seen, match.start(), match.end() - match.start()))
            seen += match.end() - match.start()
        found.append(tuple(runs))
    return tuple(found)
