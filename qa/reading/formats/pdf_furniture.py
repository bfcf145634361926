"""Remove running heads and page numbers from printed pages, found by position and repetition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from qa.reading.formats.pdf_runs import Page, Run, lines_of

_EDGE = 0.12  # of the page height, at the top and at the bottom, that may hold furniture
_PAGE_NUMBER = re.compile(
    r"[\s\-—–_·•.~|/]*(?:第|[Pp]age|[Pp]\.?)?\s*(?:\d{1,4}|[ivxlIVXL]{1,6})\s*页?"
    r"(?:\s*(?:[/|,，]|of|共|/\s*共)\s*共?\s*\d{1,4}\s*页?)?[\s\-—–_·•.~|/]*"
)
_OWN_NUMBER = re.compile(r"^\W*\d+|\d+\W*页?\W*$")  # page number before or after a running head


def drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without page numbers and running heads, which repeat at the same height."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_signature(run) for run in page.runs if _at_edge(run, page) and not run.cells})
    needed = 2 if len(pages) <= 4 else 3

    def is_furniture(run: Run, page: Page) -> bool:
        repeated = seen[_signature(run)] >= needed or _PAGE_NUMBER.fullmatch(run.text)
        return bool(repeated) and _at_edge(run, page) and not run.cells

    cleaned = []
    for page in pages:
        lines = lines_of(page.runs)
        dropped: set[Run] = set()
        for inwards in (lines, lines[::-1]):
            edge: list[list[Run]] = []
            for line in inwards:
                if all(is_furniture(run, page) for run in line):
                    edge.append(line)
                    continue
                inner = line
                while edge and _distance(edge[-1][0], inner[0]) < 0.8 * inner[0].size:
                    inner = edge.pop()  # this close it is a line of the text
                break
            dropped.update(run for line in edge for run in line)
        cleaned.append(Page(page.height, tuple(run for run in page.runs if run not in dropped)))
    return cleaned


def _distance(one: Run, other: Run) -> float:
    return max(one.top, other.top) - min(one.bottom, other.bottom)


def _signature(run: Run) -> tuple[str, int]:
    return _OWN_NUMBER.sub("0", "".join(run.text.split())), round(run.middle / 4)


def _at_edge(run: Run, page: Page) -> bool:
    return run.bottom < _EDGE * page.height or run.top > (1 - _EDGE) * page.height
