"""Text or file → draft: read as a report is, with nothing left out, titles and headings included.

A table that was pasted as lines of cells is read cell by cell, each behind the heads of its column and its row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

from qa.types import Paragraph, Place, Report, Source, Span, Spans

_BETWEEN = re.compile(r"[\t|｜]")  # cells


def draft_of(text: str, name: str = "") -> Report:
    """A draft that was typed or pasted; a line or a cell is a paragraph, and offsets count its characters."""
    identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    paragraphs = tuple(
        Paragraph(identity, number, (), " ".join(text[a:b] for a, b in spans), "prose", spans)
        for number, spans in enumerate(_pieces(text))
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


def _pieces(text: str) -> Iterator[Spans]:
    """The spans of each paragraph: of a line, or of a cell of a table behind the heads of its column and its row."""
    lines = ((line, tuple(_cells(text, *line))) for line in _lines(text, 0, len(text)))
    for width, group in groupby(lines, key=lambda each: len(each[1])):
        (first, heads), *rows = group
        is_table = width > 2 and rows and not any(map(str.isdigit, text[slice(*first)]))
        if not is_table:
            yield from ((line,) for line, _ in ((first, heads), *rows))
            continue
        yield (first,)
        for _, (head, *cells) in rows:
            yield from ((column, head, cell) for column, cell in zip(heads[1:], cells, strict=True))


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    """The cells of a line, the line itself where it has one; none that is empty."""
    edges = [start, *(start + m.end() for m in _BETWEEN.finditer(text[start:end])), end + 1]
    for first, after in pairwise(edges):
        yield from _lines(text, first, after - 1)


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
