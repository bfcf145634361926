"""Lead any piece of a paragraph back to the exact characters of its source."""

from __future__ import annotations

from qa.types import Paragraph, Spans

__all__ = ["bare", "kept", "locate"]


def kept(character: str) -> bool:
    """Whether a character must survive restoration: all but white space and ``*``."""
    return not character.isspace() and character != "*"


def bare(text: str) -> str:
    """``text`` without white space and ``*``: what a quote and its source have in common."""
    return "".join(c for c in text if kept(c))


def locate(paragraph: Paragraph, source_text: str, start: int, end: int) -> Spans:
    """Spans of the source that hold ``paragraph.text[start:end]``.

    The characters at the returned spans equal the piece, white space and ``*`` aside; a span may run over
    such characters but never over others.
    """
    first = sum(map(kept, paragraph.text[:start]))
    count = sum(map(kept, paragraph.text[start:end]))
    runs: list[list[int]] = []
    seen = 0
    for run_start, run_end in paragraph.spans:
        fresh = True
        for at in range(run_start, run_end):
            if not kept(source_text[at]):
                continue
            if first <= seen < first + count:
                if fresh:
                    runs.append([at, at + 1])
                    fresh = False
                else:
                    runs[-1][1] = at + 1
            seen += 1
            if seen >= first + count:
                return tuple((a, b) for a, b in runs)
    return tuple((a, b) for a, b in runs)
