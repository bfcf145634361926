"""Reports as HTML: the table of all with doubtful metadata, and one report next to its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.text.spans import locate
from qa.types import Inference, Paragraph, Report, Spans
from qa.web.cards import highlighted, inferred, table, where
from qa.web.links import address, offsets_shown, paragraph_at
from qa.web.words import both, escape

_PARAGRAPHS = 300  # of a report that are shown at once
_FIELDS = {"title": "report_title", "as_of": "data_until"}  # fields whose words have another key
_AROUND = 40_000  # characters of the source shown on either side of a place


def report_table(reports: Sequence[Report]) -> str:
    """Return a table with a row for each report, and under it what was not read or is doubtful."""
    if not reports:
        return f'<p class="qa-empty">{both("empty_library")}</p>'
    rows = []
    for report in reports:
        link = f'<a class="qa-open" href="{escape(address(report.id))}">{escape(report.title or report.source.name)}</a>'
        rows.append(
            f'<tr class="qa-report"><th scope="row">{link}<small>{escape(report.source.name)}</small></th>'
            f"<td>{escape(report.place.name) or '–'}</td><td>{escape(str(report.period or '–'))}</td>"
            f"<td>{escape(report.organisation) or '–'}</td><td>{len(report.paragraphs)}</td></tr>"
        )
        if warning := f"{unread(report)}{doubts(report)}":
            rows.append(f'<tr class="qa-doubts"><td colspan="5">{warning}</td></tr>')
    return table(map(both, ("report", "place", "period", "organisation", "paragraphs")), rows, "qa-reports")


def doubts(report: Report) -> str:
    """Return the doubtful metadata with the lines of ``reports.toml`` that would settle it, or ``""``."""
    from qa.reading.overrides import suggested_lines, uncertain_inferences

    items = "".join(f"<li>{_doubt(i)}</li>" for i in uncertain_inferences(report))
    lines = escape(chr(10).join(suggested_lines(report)))
    return (
        f'<div class="qa-note"><ul>{items}</ul>{both("write_toml")}<pre>{lines}</pre></div>' if items else ""
    )


def unread(report: Report) -> str:
    """Return what of the file could not be read, or ``""``."""
    items = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    return f'<div class="qa-note">{both("unread")}<ul>{items}</ul></div>' if items else ""


def reading_view(report: Report, spans: Spans = ()) -> str:
    """Return the restored text between its contents and its source; ``spans`` are marked."""
    at = paragraph_at(report, spans)
    middle = report.paragraphs.index(at) if at else 0
    first = max(0, min(middle - _PARAGRAPHS // 2, len(report.paragraphs) - _PARAGRAPHS))
    shown = report.paragraphs[first : first + _PARAGRAPHS]
    lost = f'<p class="qa-note">{both("place_lost")}</p>' if spans and at is None else ""
    return (
        f'<article class="qa-reading"><header><h2>{escape(report.title or report.source.name)}</h2>'
        f"{f'<p>{escape(report.subtitle)}</p>' if report.subtitle else ''}"
        f"<p>{where(report.place.name, str(report.period or ''))}"
        f"<span>{escape(report.organisation)}</span><span>{escape(report.source.name)}</span></p>"
        f"{unread(report)}{inferred(report)}{lost}</header>"
        f'<div class="qa-columns">{_contents(report, first)}'
        f'<div class="qa-body" tabindex="0" role="region" aria-label="{escape(report.title)}">'
        f"{_more(report, first - _PARAGRAPHS, 'earlier') if first else ''}{_body(report, shown, spans)}"
        f"{_more(report, first + _PARAGRAPHS, 'later') if first + _PARAGRAPHS < len(report.paragraphs) else ''}</div>"
        f"{_source(report, spans)}</div></article>"
    )


def _doubt(inference: Inference) -> str:
    percent = round(100 * inference.confidence)
    field = both(_FIELDS.get(inference.field, inference.field))
    return field + both("doubt", basis=inference.basis or "–", percent=percent)


def _new_headings(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, list[tuple[int, str]]]]:
    """Yield each paragraph with the headings, and their depths, that begin at it."""
    seen: tuple[str, ...] = ()
    for paragraph in paragraphs:
        path = paragraph.heading
        yield paragraph, [(n, path[n]) for n in range(len(path)) if path[: n + 1] != seen[: n + 1]]
        seen = path


def _contents(report: Report, first: int) -> str:
    """Return the headings, each a link to the first paragraph under it."""
    items = []
    for number, (paragraph, headings) in enumerate(_new_headings(report.paragraphs)):
        near = first <= number < first + _PARAGRAPHS
        kind = "qa-jump" if near else "qa-open"
        for depth, heading in headings:
            href = f"#p-{paragraph.number}" if near else address(report.id, paragraph.spans[:1])
            link = f'<a class="{kind}" href="{escape(href)}">{escape(heading)}</a>'
            items.append(f'<li class="qa-depth-{min(depth, 3)}">{link}</li>')
    if not items:
        return "<span></span>"
    return f'<nav class="qa-contents"><details open><summary>{both("contents")}</summary><ul>{"".join(items)}</ul></details></nav>'


def _body(report: Report, paragraphs: Sequence[Paragraph], spans: Spans) -> str:
    html = []
    for paragraph, headings in _new_headings(paragraphs):
        for depth, heading in headings:
            level = min(depth + 3, 6)
            html.append(f"<h{level}>{escape(heading)}</h{level}>")
        ranges = offsets_shown(paragraph, report.source.text, spans) if _meets(paragraph, spans) else ()
        href = address(report.id, locate(paragraph, report.source.text, 0, len(paragraph.text))[:1])
        kind = paragraph.kind.replace(" ", "-")
        html.append(
            f'<p class="qa-text qa-kind-{kind}" id="p-{paragraph.number}" tabindex="-1">{highlighted(paragraph.text, ranges)}'
            f'<a class="qa-open qa-pilcrow" href="{escape(href)}">¶<span class="qa-hidden">{both("link_here")}</span></a></p>'
        )
    return "".join(html)


def _meets(paragraph: Paragraph, spans: Spans) -> bool:
    return any(a < end and start < b for a, b in spans for start, end in paragraph.spans)


def _more(report: Report, number: int, key: str) -> str:
    href = address(report.id, report.paragraphs[max(0, number)].spans[:1])
    return f'<p><a class="qa-open" href="{escape(href)}">{both(key)}</a></p>'


def _source(report: Report, spans: Spans) -> str:
    text = report.source.text
    middle = min(spans[0][0], len(text)) if spans else 0
    start, end = max(0, middle - _AROUND), min(len(text), middle + _AROUND)
    ranges = [(max(a, start) - start, min(b, end) - start) for a, b in sorted(spans) if a < end and b > start]
    apart = [r for n, r in enumerate(ranges) if n == 0 or r[0] >= ranges[n - 1][1]]
    cut = f'<p class="qa-note">{both("source_cut")}</p>' if end - start < len(text) else ""
    return (
        f'<aside class="qa-source"><details open><summary>{both("source")} · {escape(report.source.format)} · '
        f"{escape(report.source.encoding)}</summary>{cut}"
        f'<pre tabindex="0">{highlighted(text[start:end], apart)}</pre></details></aside>'
    )
