"""Reports as HTML: the table of all with doubtful metadata, and one report next to its source."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from qa.reading.overrides import suggested_lines, uncertain_inferences
from qa.text.spans import locate
from qa.types import Paragraph, Report, Spans
from qa.web.markup import address, empty, highlighted, offsets_shown, paragraph_at, render

_PARAGRAPHS = 300  # of a report that are shown at once
_AROUND = 40_000  # characters of the source shown on either side of a place


def report_table(reports: Sequence[Report]) -> Markup:
    """Return a table with a row for each report, and under it what was not read or is doubtful."""
    if not reports:
        return empty("empty_library")
    return render("reports.list", reports=[(report, doubts(report)) for report in reports])


def doubts(report: Report) -> Markup:
    """Return the doubtful metadata with the lines of ``reports.toml`` that would settle it, or ``""``."""
    found, toml = uncertain_inferences(report), "\n".join(suggested_lines(report))
    return render("reports.doubts", found=found, toml=toml) if found else Markup()


def reading_view(report: Report, spans: Spans = ()) -> Markup:
    """Return the restored text between its contents and its source; ``spans`` are marked."""
    at = paragraph_at(report, spans)
    middle = report.paragraphs.index(at) if at else 0
    first = max(0, min(middle - _PARAGRAPHS // 2, len(report.paragraphs) - _PARAGRAPHS))
    after = first + _PARAGRAPHS
    source, is_cut = _source(report, spans)
    return render(
        "reports.reading",
        report=report,
        lost=spans and at is None,
        contents=list(_contents(report, first)),
        earlier=_at(report, max(0, first - _PARAGRAPHS)) if first else "",
        body=list(_body(report, report.paragraphs[first:after], spans)),
        later=_at(report, after) if after < len(report.paragraphs) else "",
        source=source,
        is_cut=is_cut,
    )


def _at(report: Report, number: int) -> str:
    return address(report.id, report.paragraphs[number].spans[:1])


def _new_headings(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, list[tuple[int, str]]]]:
    """Yield each paragraph with the headings, and their depths, that begin at it."""
    seen: tuple[str, ...] = ()
    for paragraph in paragraphs:
        path = paragraph.heading
        yield paragraph, [(n, path[n]) for n in range(len(path)) if path[: n + 1] != seen[: n + 1]]
        seen = path


def _contents(report: Report, first: int) -> Iterator[tuple[int, str, str, str]]:
    """Yield depth and words of each heading, with class and address of a link to the first paragraph under it."""
    for number, (paragraph, headings) in enumerate(_new_headings(report.paragraphs)):
        near = first <= number < first + _PARAGRAPHS
        link = ("qa-jump", f"#p-{paragraph.number}") if near else ("qa-open", _at(report, number))
        yield from ((depth, heading, *link) for depth, heading in headings)


def _body(
    report: Report, paragraphs: Sequence[Paragraph], spans: Spans
) -> Iterator[tuple[Paragraph, list[tuple[int, str]], Markup, str]]:
    """Yield each paragraph with the headings before it, its text with the spans marked, and its link."""
    for paragraph, headings in _new_headings(paragraphs):
        meets = any(a < end and start < b for a, b in spans for start, end in paragraph.spans)
        ranges = offsets_shown(paragraph, report.source.text, spans) if meets else ()
        whole = locate(paragraph, report.source.text, 0, len(paragraph.text))[:1]
        yield paragraph, headings, highlighted(paragraph.text, ranges), address(report.id, whole)


def _source(report: Report, spans: Spans) -> tuple[Markup, bool]:
    """Return the text of the file around the spans, which are marked, and whether that is a part of it."""
    text = report.source.text
    middle = min(spans[0][0], len(text)) if spans else 0
    start, end = max(0, middle - _AROUND), min(len(text), middle + _AROUND)
    ranges = [(max(a, start) - start, min(b, end) - start) for a, b in sorted(spans) if a < end and b > start]
    apart = [r for n, r in enumerate(ranges) if n == 0 or r[0] >= ranges[n - 1][1]]
    return highlighted(text[start:end], apart), end - start < len(text)
