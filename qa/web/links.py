"""Links that open a report at a place: ``/?report=…&at=…``, with offsets into its source text.

A report's id is a hash of its name and content, so links outlive every rebuild.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

from qa.text.spans import kept
from qa.types import Paragraph, Report, Spans

_SPAN = re.compile(r"(?<!\d)(\d{1,9})-(\d{1,9})(?!\d)")
_MOST_SPANS = 40


def address(report_id: str, spans: Spans = ()) -> str:
    """Return the link; without spans it opens the report at its beginning.

    >>> address("0a1b", ((3, 9), (20, 31)))
    '/?report=0a1b&at=3-9,20-31'
    """
    at = ",".join(f"{start}-{end}" for start, end in spans[:_MOST_SPANS])
    return "/?" + urlencode({"report": report_id} | ({"at": at} if at else {}), safe=",")


def parsed(query: str | Mapping[str, str]) -> tuple[str, Spans]:
    """Return report id (or ``""``) and spans of an address or of its parameters.

    >>> parsed("/?report=0a1b&at=3-9,x,7-2")
    ('0a1b', ((3, 9),))
    """
    if isinstance(query, str):
        try:
            found = parse_qs(urlsplit(query).query, max_num_fields=8)
        except ValueError:  # brackets that are no address
            found = {}
        query = {name: values[0] for name, values in found.items()}
    pairs = [(int(m[1]), int(m[2])) for m in _SPAN.finditer(query.get("at", ""))][:_MOST_SPANS]
    return query.get("report", "")[:200], tuple((start, end) for start, end in pairs if start < end)


def paragraph_at(report: Report, spans: Spans) -> Paragraph | None:
    """Return the paragraph that holds the first character of the spans, or None."""
    if not spans:
        return None
    at = spans[0][0]
    return next((p for p in report.paragraphs if any(start <= at < end for start, end in p.spans)), None)


def offsets_shown(paragraph: Paragraph, source_text: str, spans: Spans) -> tuple[tuple[int, int], ...]:
    """Return the ranges of a paragraph's text at ``spans`` of the source; touching ranges are joined."""
    sources = [
        at for start, end in paragraph.spans for at in range(start, end) if kept(source_text[at : at + 1])
    ]
    shown = [at for at, character in enumerate(paragraph.text) if kept(character)]
    if len(sources) != len(shown):
        return ()
    inside = [here for here, at in zip(shown, sources, strict=True) if any(a <= at < b for a, b in spans)]
    ranges: list[tuple[int, int]] = []
    for here in inside:
        if ranges and not any(map(kept, paragraph.text[ranges[-1][1] : here])):
            ranges[-1] = (ranges[-1][0], here + 1)
        else:
            ranges.append((here, here + 1))
    return tuple(ranges)
