"""Trace any piece of a paragraph to the exact characters of its source."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from qa.types import Paragraph, Span, Spans

_KEPT, _DROPPED = re.compile(r"[^\s*]+"), re.compile(r"[\s*]+")


def kept(character: str) -> bool:
    """Whether a character must survive restoration: all but white space and ``*``."""
    return not character.isspace() and character != "*"


def without_blanks(text: str) -> str:
    """Return the text without white space and ``*``: what a quote and its source have in common."""
    return _DROPPED.sub("", text)


def replaced(text: str, spans: Iterable[Span], by: str = "") -> str:
    """Return the text with something else, or nothing, in place of spans that do not overlap."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}{by}{text[end:]}"
    return text


def stripped(text: str, start: int, end: int) -> Span:
    """Return a span of the text without white space at its ends; it must have more than that."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def touching(spans: Sequence[Span], start: int, end: int, longest: int) -> Sequence[Span]:
    """Return those of sorted spans, none longer than ``longest``, that may overlap ``start`` to ``end``."""
    return spans[bisect_left(spans, (start - longest, 0)) : bisect_left(spans, (end, 0))]


class Tracer:
    """Finds pieces of one paragraph in its source, in one pass over both texts however many are looked for."""

    __slots__ = ("_befores", "_dropped", "_runs")

    def __init__(self, text: str, spans: Spans, source_text: str) -> None:
        self._dropped = [at for gap in _DROPPED.finditer(text) for at in range(*gap.span())]
        self._runs: list[tuple[int, int, int]] = []  # number of its span, where it begins, characters
        self._befores: list[int] = []  # kept characters before each run
        seen = 0
        for number, (start, end) in enumerate(spans):
            for run in _KEPT.finditer(source_text, start, end):
                self._runs.append((number, run.start(), run.end() - run.start()))
                self._befores.append(seen)
                seen += run.end() - run.start()

    def spans(self, start: int, end: int) -> Spans:
        """Return the spans of the source of the piece between two offsets of the paragraph."""
        first = start - bisect_left(self._dropped, start)
        last = end - bisect_left(self._dropped, end)
        if first >= last or not self._runs:
            return ()
        found: dict[int, Span] = {}
        for at in range(bisect_right(self._befores, first) - 1, bisect_left(self._befores, last)):
            number, begin, size = self._runs[at]
            before = self._befores[at]
            if before + size > first:
                opens = found[number][0] if number in found else begin + max(first - before, 0)
                found[number] = (opens, begin + min(last - before, size))
        return tuple(found.values())


_tracer = lru_cache(maxsize=4)(Tracer)  # pieces of one paragraph are located one after the other


def locate(paragraph: Paragraph, source_text: str, start: int, end: int) -> Spans:
    """Return the spans of the source with the characters of ``paragraph.text[start:end]``.

    The spans may include white space and ``*`` besides, but no other characters.
    """
    return _tracer(paragraph.text, paragraph.spans, source_text).spans(start, end)
