"""Lead any piece of a paragraph back to the exact characters of its source."""

from __future__ import annotations

import re

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
    seen = 0
    for run_start, run_end in paragraph.spans:
        held: Span | None = None
        for match in _KEPT.finditer(source_text, run_start, run_end):
            if seen >= last:
                break
            begin = match.start() + max(first - seen, 0)
            seen += match.end() - match.start()
            if seen > first < last:
                held = (held[0] if held else begin, match.end() - max(seen - last, 0))
        if held:
            spans.append(held)
    return tuple(spans)
