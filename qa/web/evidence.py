"""The evidence panel: a card for each mark of an answer, its quote highlighted at its exact position."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from qa.checking import amounts
from qa.errors import QAError
from qa.text.divisions import short_name
from qa.text.figures import figures, same_value, unit_kind
from qa.text.spans import without_blanks
from qa.text.states import time_at
from qa.types import Answer, CheckedFigure, Citation, Hit, Paragraph, Report, Spans
from qa.web.cards import Bar, chart, highlighted, inferred, nearest_link, open_link, origin, where
from qa.web.links import address, offsets_shown
from qa.web.words import both, escape


def citation_id(turn: int, marker: int) -> str:
    """Return the id that a mark of the chat links to."""
    return f"cite-{turn}-{marker}"


def quote_range(paragraph: Paragraph, source_text: str, quote: str, spans: Spans) -> tuple[int, int] | None:
    """Return the offsets of a quote in its paragraph's text by its spans: a sentence may stand there twice.

    None if the text there differs from the quote in more than white space and ``*``.
    """
    ranges = offsets_shown(paragraph, source_text, spans)
    if not ranges:
        return None
    start, end = ranges[0][0], ranges[-1][1]
    return (start, end) if without_blanks(paragraph.text[start:end]) == without_blanks(quote) else None


def evidence_panel(sections: Sequence[str], *, has_reports: bool = True) -> str:
    """Return the panel; the style sheet shows its last section, or the one whose mark was clicked."""
    empty = f'<p class="qa-empty">{both("empty" if has_reports else "empty_library")}</p>'
    return f'<div class="qa-panel"><h2>{both("evidence")}</h2>{"".join(sections) or empty}</div>'


def evidence_section(answer: Answer, report_of: Callable[[str], Report], turn: int) -> str:
    """Return the section of one answer: what was checked, the cards, the nearest passages of a refusal."""
    cards, found = [], 0
    for citation in answer.citations:
        report = _report(citation, answer.passages, report_of)
        place = _place_of_quote(citation, report)
        found += place is not None
        cards.append(_card(citation, report, place, turn))
    return (
        f'<section class="qa-turn" data-turn="{turn}">'
        f'<div class="qa-summary">{_badge(answer, found)}{_copy_button(plain_copy(answer), "copy")}</div>'
        f"{_calculation(answer)}{comparison_chart(answer, both('comparison'))}{''.join(cards)}{_nearest(answer)}</section>"
    )


def blank_section(turn: int) -> str:
    """Return the section of a question that was not answered."""
    return f'<section class="qa-turn" data-turn="{turn}"><p class="qa-empty">{both("nothing_cited")}</p></section>'


def plain_copy(answer: Answer) -> str:
    """Return the answer as plain text with a line for each source, to paste into a document."""
    sources = [
        f"[{c.marker}] {'，'.join(p for p in (f'《{c.title}》' if c.title else '', c.place, c.time, c.report) if p)}："
        f"“{c.quote}”"
        for c in answer.citations
    ]
    return "\n".join([answer.text, *(["", "出处：", *sources] if sources else [])])


def reference(report: Report) -> str:
    """Return the bibliography entry of a report by GB/T 7714—2015; what is unknown is marked as it asks.

    >>> # 某某市总工会. 某某市总工会工作报告[R]. 某某: 某某市总工会, 2023.
    """
    author = report.organisation or report.place.name
    title = ": ".join(filter(None, (report.title or report.source.name, report.subtitle)))
    city = short_name(report.place.name) if report.place.name else "[出版地不详]"
    year = report.published[:4] or (str(report.period.end) if report.period else "[出版年不详]")
    return f"{author or '佚名'}. {title}[R]. {city}: {author or '[出版者不详]'}, {year}."


def compared(answer: Answer) -> tuple[tuple[Citation, CheckedFigure], ...]:
    """Return the quoted figures of its calculation: of one unit, one for each place and term, or nothing.

    With two figures of the unit for a place it is unclear which is compared, and without a calculation it is
    unknown whether the figures measure the same.
    """
    if not answer.calculation or answer.reason:
        return ()
    cited = {citation.marker: citation for citation in answer.citations}
    by_unit: defaultdict[str, dict[tuple[int, float], tuple[Citation, CheckedFigure]]] = defaultdict(dict)
    operands = [operand.value for formula in answer.calculation for operand in figures(formula)]
    for figure in amounts(answer):
        used = any(same_value(figure.value, value) for value in operands)
        if used and figure.state == "quoted" and figure.marker in cited:
            pair = cited[figure.marker], figure
            by_unit[unit_kind(figure.unit)].setdefault((figure.marker, figure.value), pair)
    for pairs in by_unit.values():
        scopes = {(citation.place, citation.time) for citation, _ in pairs.values()}
        if len(pairs) > 1 and len(scopes) == len(pairs):
            return tuple(pairs.values())
    return ()


def comparison_chart(answer: Answer, caption: str) -> str:
    """Return the chart of what an answer compares, or ``""``; ``caption`` is HTML."""
    pairs = compared(answer)
    bars = [
        Bar(f"{c.place} {c.time or ''}".strip(), f.value, f.text, href=address(c.report_id, c.spans))
        for c, f in pairs
    ]
    unit = escape(pairs[0][1].unit) if pairs else ""
    return chart(bars, f"{caption}{f'（{unit}）' if unit else ''}")


def _report(citation: Citation, passages: Sequence[Hit], report_of: Callable[[str], Report]) -> Report | None:
    for hit in passages:
        if hit.report.id == citation.report_id:
            return hit.report
    try:
        return report_of(citation.report_id)
    except (QAError, KeyError):  # the index was rebuilt without it in the meantime
        return None


def _place_of_quote(citation: Citation, report: Report | None) -> tuple[Paragraph, int, int] | None:
    if report is None or not 0 <= citation.paragraph < len(report.paragraphs):
        return None
    paragraph = report.paragraphs[citation.paragraph]
    found = quote_range(paragraph, report.source.text, citation.quote, citation.spans)
    return (paragraph, *found) if found else None


def _card(
    citation: Citation, report: Report | None, place: tuple[Paragraph, int, int] | None, turn: int
) -> str:
    if place is None:
        body = f'<p class="qa-note">{both("unplaced")}</p><p class="qa-text"><mark>{escape(citation.quote)}</mark></p>'
    else:
        body = f'<p class="qa-text">{highlighted(place[0].text, [place[1:]])}</p>'
    link = open_link(citation.report_id, citation.spans) if report and citation.spans else ""
    copy = _copy_button(reference(report), "copy_reference") if report else ""
    return (
        f'<article class="qa-card" id="{citation_id(turn, citation.marker)}" tabindex="-1" '
        f'aria-label="[{citation.marker}] {escape(citation.place)} {escape(citation.time or "")}">'
        f'<header><a class="qa-number" href="#mark-{turn}-{citation.marker}">{citation.marker}'
        f'<span class="qa-hidden">{both("back")}</span></a>{where(citation.place, citation.time)}</header>'
        f"{origin(citation.title, citation.report, citation.heading)}{inferred(report)}{body}"
        f'<p class="qa-actions">{link}{copy}</p></article>'
    )


def _nearest(answer: Answer) -> str:
    cited = {(c.report_id, c.paragraph) for c in answer.citations}
    shown = [n for n in answer.nearest if n.hit.position not in cited]
    if not shown:
        return ""
    cards = []
    for passage in shown:
        hit = passage.hit
        fits = (passage.fits[0] - passage.start, passage.fits[1] - passage.start)
        time = time_at(hit, *passage.fits) or str(hit.report.period or "")
        cards.append(
            f'<article class="qa-card qa-near"><header>{where(hit.report.place.name, time)}</header>'
            f"{origin(hit.report.title, hit.report.source.name, ' › '.join(hit.paragraph.heading))}"
            f'<p class="qa-text">{highlighted(passage.text, [fits], tag="em")}</p>{nearest_link(passage)}</article>'
        )
    return f'<h3 class="qa-subtitle">{both("nearest")}</h3>{"".join(cards)}'


def _badge(answer: Answer, found: int) -> str:
    states: Counter[str] = Counter(figure.state for figure in amounts(answer))
    missing = len(answer.citations) - found
    items = [("doubt", both(f"reason_{answer.reason}"))] if answer.reason else []
    items += [("good", both("quotes_checked", count=found))] if found else []
    items += [("doubt", both("quotes_missing", count=missing))] if missing else []
    tones = {"quoted": "good", "derived": "good", "corrected": "doubt", "unsupported": "doubt"}
    items += [(tone, both(f"figures_{key}", count=states[key])) for key, tone in tones.items() if states[key]]
    items = items or [("none", both("nothing_cited"))]
    rows = "".join(f'<li class="qa-{tone}">{item}</li>' for tone, item in items)
    return f'<ul class="qa-badge">{rows}</ul>'


def _calculation(answer: Answer) -> str:
    if not answer.calculation:
        return ""
    rows = "".join(f"<li>{escape(formula)}</li>" for formula in answer.calculation)
    return f'<div class="qa-calculation"><span>{both("calculation")}</span><ul>{rows}</ul></div>'


def _copy_button(words: str, key: str) -> str:
    return (
        f'<button type="button" class="qa-copy" data-copy="{escape(words)}">'
        f'<span class="qa-idle">{both(key)}</span><span class="qa-done" role="status">{both("copied")}</span></button>'
    )
