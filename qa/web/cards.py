"""HTML pieces that the pages share: the origin of a passage, and text with ranges marked. All escaped."""

from __future__ import annotations

from collections.abc import Iterable

from qa.text.spans import locate
from qa.types import Hit, Nearest, Report, Spans
from qa.web.links import address
from qa.web.words import both, escape

_LOW_CONFIDENCE = 0.5  # an inferred place or period below this is shown with a warning


def highlighted(text: str, ranges: Iterable[tuple[int, int]], tag: str = "mark") -> str:
    """Return the text with each range inside a tag; the ranges must be sorted and not overlap."""
    html, at = [], 0
    for start, end in ranges:
        html.append(f"{escape(text[at:start])}<{tag}>{escape(text[start:end])}</{tag}>")
        at = end
    return "".join([*html, escape(text[at:])])


def where(place: str, period: str | None) -> str:
    """Return place and period, the head of a card."""
    parts = "".join(f"<span>{escape(part)}</span>" for part in (place, period) if part)
    return f'<span class="qa-where">{parts}</span>'


def origin(title: str, file: str, heading: str) -> str:
    """Return title, heading and file name, one below the other."""
    rows = [f'<span class="qa-title">{escape(title or file)}</span>']
    if heading:
        rows.append(f'<span class="qa-heading">{escape(heading)}</span>')
    if title:
        rows.append(f'<span class="qa-file">{escape(file)}</span>')
    return f'<p class="qa-origin">{"".join(rows)}</p>'


def inferred(report: Report | None) -> str:
    """Return a note if the place or the period of a report is a guess."""
    doubtful = report is not None and any(
        i.field in ("place", "period") and i.confidence < _LOW_CONFIDENCE for i in report.inferences
    )
    return f'<p class="qa-note">{both("inferred")}</p>' if doubtful else ""


def open_link(report_id: str, spans: Spans) -> str:
    """Return the link that opens the reading view at these characters."""
    return f'<a class="qa-open" href="{escape(address(report_id, spans))}">{both("open")}</a>'


def hit_link(hit: Hit) -> str:
    """Return the link that opens a passage at its best sentence."""
    paragraph, best = hit.paragraph, hit.sentences[0] if hit.sentences else None
    spans = locate(paragraph, hit.report.source.text, best.start, best.end) if best else paragraph.spans[:1]
    return open_link(hit.report.id, spans)


def nearest_link(passage: Nearest) -> str:
    """Return the link that opens a nearest passage at the sentence that fits best."""
    hit = passage.hit
    return open_link(hit.report.id, locate(hit.paragraph, hit.report.source.text, *passage.fits))
