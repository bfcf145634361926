"""HTML pieces that the pages share: the origin of a passage, text with ranges marked, bars, tables. All escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; bars of one chart have one unit."""

    label: str  # such as "温州市 2018–2023"
    value: float
    text: str  # the value as printed
    note: str = ""  # HTML of a second line under the label
    href: str = ""  # where its source opens


def chart(bars: Sequence[Bar], caption: str) -> str:
    """Return a chart, ``""`` without bars; ``caption`` is HTML.

    It is an HTML table whose cells hold their bar: it reads aloud, wraps, follows the theme, and needs no
    charting library, where Gradio's plots bring a megabyte.
    """
    if not bars:
        return ""
    largest = max(abs(bar.value) for bar in bars) or 1.0
    rows = []
    for bar in bars:
        share = round(100 * abs(bar.value) / largest, 1)
        value = f"<b>{escape(bar.text)}</b>"
        if bar.href:
            value = f'<a class="qa-open" href="{escape(bar.href)}">{value}</a>'
        note = f"<small>{bar.note}</small>" if bar.note else ""
        rows.append(
            f'<tr><th scope="row">{escape(bar.label)}{note}</th>'
            f'<td><span class="qa-track"><i style="width:{share}%"></i></span>{value}</td></tr>'
        )
    return f'<table class="qa-chart"><caption>{caption}</caption><tbody>{"".join(rows)}</tbody></table>'


def table(heads: Iterable[str], rows: Iterable[str], kind: str = "") -> str:
    """Return a table with these heads, both of HTML; ``kind`` are more classes of the style sheet."""
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<table class="qa-table {kind}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def good(key: str, **values: object) -> str:
    """Return the news that something was done, which screen readers read out."""
    return f'<p class="qa-good" role="status">{both(key, **values)}</p>'
