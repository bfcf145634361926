"""Look at the rows of a table together: which one is of the whole, and which are of parts that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answering.candidates import Evidence
from qa.answering.wording import run_shared
from qa.text.rows import without_unit
from qa.text.sentences import cells
from qa.types import Hit, Query

_WHOLE = re.compile(r"[合总小共]计|^全[省市区县]$")


def label_of(row: str) -> str:
    """Return what names a row: its first cell without its head and unit.

    >>> label_of("县区：甲县；会员：3万人")
    '甲县'
    """
    first = row[slice(*cells(row)[0])].rstrip("；;").rpartition("：")[2]
    return without_unit(first)[0]


def is_of_the_whole(label: str) -> bool:
    """Whether a label names the row of the sums."""
    return _WHOLE.search(label) is not None


def rows_of(row: Evidence) -> Iterator[Evidence]:
    """Yield all rows of the table that contains a row."""
    own = row.hit.paragraph
    for paragraph in row.hit.report.paragraphs:
        if (paragraph.kind, paragraph.heading) == ("table row", own.heading):
            hit = replace(row.hit, paragraph=paragraph, sentences=(), sentence_scores=())
            yield replace(row, hit=hit, start=0, end=len(paragraph.text))


def without_other_parts(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits for a question about figures without the rows of parts that it does not name.

    They are left out only where the table has a row of the whole, which answers instead.
    """
    if any(part.kind != "figure" for part in query.parts):
        return list(hits)
    return [hit for hit in hits if not _is_of_another_part(query.standalone, hit)]


def _is_of_another_part(asked: str, hit: Hit) -> bool:
    if hit.paragraph.kind != "table row":
        return False
    label = label_of(hit.paragraph.text)
    if is_of_the_whole(label) or run_shared(asked, label) > 1:  # two characters of its name
        return False
    rows = rows_of(Evidence(hit, 0, len(hit.paragraph.text), 0))
    return any(is_of_the_whole(label_of(row.text)) for row in rows)
