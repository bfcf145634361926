"""Text or file → draft: read as a report is, with nothing left out, titles and headings included."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from qa.types import Paragraph, Place, Report, Source, Span

__all__ = ["draft_of", "read_draft"]


def draft_of(text: str, name: str = "") -> Report:
    """A draft that was typed or pasted; a line is a paragraph, and offsets count its characters."""
    identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    paragraphs = tuple(
        Paragraph(identity, number, (), text[start:end], "prose", ((start, end),))
        for number, (start, end) in enumerate(_lines(text, 0, len(text)))
    )
    source = Source(name, "txt", "utf-8", text, identity)
    return Report(identity, source, "", "", "", Place(""), None, (), paragraphs)


def read_draft(path: Path) -> Report:
    """A draft from a file, as reports are read; what was set apart as a title or heading is a paragraph too.

    Raises:
        ReportError: the file cannot be read; the message says what to do.
    """
    from qa.reading import read_report

    report = read_report(path, {})
    text = report.source.text
    covered = sorted(span for paragraph in report.paragraphs for span in paragraph.spans)
    gaps = [line for start, end in _between(covered, len(text)) for line in _lines(text, start, end)]
    headings = (Paragraph(report.id, 0, (), text[a:b], "prose", ((a, b),)) for a, b in gaps)
    every = sorted((*report.paragraphs, *headings), key=lambda p: p.spans[0][0] if p.spans else len(text))
    paragraphs = tuple(replace(p, number=number, heading=()) for number, p in enumerate(every))
    return replace(report, paragraphs=paragraphs, place=Place(""), period=None)


def _between(covered: list[Span], length: int) -> Iterator[Span]:
    """What lies between spans."""
    at = 0
    for start, end in covered:
        if start > at:
            yield at, start
        at = max(at, end)
    if at < length:
        yield at, length


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines between two offsets that hold a word, without the white space around them."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.strip()
        if any(character.isalnum() for character in bare):
            first = at + line.index(bare)
            yield first, first + len(bare)
        at += len(line)
