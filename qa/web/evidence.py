"""The evidence panel: a card for each mark of an answer, its quote highlighted at its exact position."""

from collections import Counter
from collections.abc import Callable

from markupsafe import Markup

from qa.checking.verify import amounts
from qa.errors import QAError
from qa.text.divisions import short_name
from qa.text.figure_context import counted_alike
from qa.text.figures import figures, same_value
from qa.text.spans import without_blanks
from qa.types import Answer, CheckedFigure, Citation, Paragraph, Report, Spans
from qa.web.answers import source_line
from qa.web.markup import Bar, address, both, chart, escape, highlighted, offsets_shown, render


def quote_range(paragraph: Paragraph, source_text: str, quote: str, spans: Spans) -> tuple[int, int] | None:
    """Return where a paragraph has the quote, by its spans; None if more than blanks and ``*`` differ there."""
    ranges = offsets_shown(paragraph, source_text, spans)
    if not ranges:
        return None
    start, end = ranges[0][0], ranges[-1][1]
    return (start, end) if without_blanks(paragraph.text[start:end]) == without_blanks(quote) else None


def evidence_section(answer: Answer, report_of: Callable[[str], Report], turn: int) -> Markup:
    """Return the section of one answer: what was checked, the cards, and passages that are near and not cited."""
    cited = [_card(citation, report_of) for citation in answer.citations]
    places = {(citation.report_id, citation.paragraph) for citation in answer.citations}
    return render(
        "answers.evidence",
        answer=answer,
        turn=turn,
        cited=cited,
        badge=_badge(answer, sum(bool(text) for *_, text, _ in cited)),
        copied=plain_copy(answer),
        chart=comparison_chart(answer),
        nearest=[near for near in answer.nearest if near.hit.position not in places],
    )


def plain_copy(answer: Answer) -> str:
    """Return the answer as plain text with a line for each source, to paste into a document."""
    sources = [f"[{c.marker}] {source_line(c)}" for c in answer.citations]
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
    operands = {each.value for formula in answer.calculation for each in figures(formula.partition("=")[0])}
    pairs = dict[tuple[int, float], tuple[Citation, CheckedFigure]]()
    for figure in amounts(answer):
        used = any(same_value(figure.value, value) for value in operands)
        if used and figure.state == "quoted" and figure.marker in cited:
            pairs.setdefault((figure.marker, figure.value), (cited[figure.marker], figure))
    scopes = {(citation.place, citation.time) for citation, _ in pairs.values()}
    alike = counted_alike(figure.unit for _, figure in pairs.values())
    every = all(any(same_value(value, figure.value) for _, figure in pairs.values()) for value in operands)
    return tuple(pairs.values()) if alike and every and 1 < len(pairs) == len(scopes) else ()


def comparison_chart(answer: Answer) -> Markup:
    """Return the chart of what an answer compares, or ``""``."""
    pairs = compared(answer)
    bars = [
        Bar(f"{c.place} {c.time}".strip(), f.value, f.text, href=address(c.report_id, c.spans))
        for c, f in pairs
    ]
    unit = escape(f"（{pairs[0][1].unit}）") if pairs and pairs[0][1].unit else ""
    return chart(bars, both("comparison") + unit)


def _card(
    citation: Citation, report_of: Callable[[str], Report]
) -> tuple[Citation, Report | None, Markup, str]:
    """Return the citation, its report, its paragraph with the quote marked or ``""``, and a reference."""
    text = Markup()
    try:
        report = report_of(citation.report_id)
    except (QAError, KeyError):  # the index was rebuilt without it in the meantime
        return citation, None, text, ""
    if 0 <= citation.paragraph < len(report.paragraphs):
        paragraph = report.paragraphs[citation.paragraph]
        if found := quote_range(paragraph, report.source.text, citation.quote, citation.spans):
            text = highlighted(paragraph.text, [found])
    return citation, report, text, reference(report)


def _badge(answer: Answer, found: int) -> list[tuple[str, Markup]]:
    """Return what was checked, each with its tone; ``found`` quotes stand in their paragraph."""
    states: Counter[str] = Counter(figure.state for figure in amounts(answer))
    missing = len(answer.citations) - found
    items = [("doubt", both(f"reason_{answer.reason}"))] if answer.reason else []
    items += [("good", both("quotes_checked", count=found))] if found else []
    items += [("doubt", both("quotes_missing", count=missing))] if missing else []
    tones = {"quoted": "good", "derived": "good", "corrected": "doubt", "unsupported": "doubt"}
    items += [(tone, both(f"figures_{key}", count=states[key])) for key, tone in tones.items() if states[key]]
    return items or [("none", both("nothing_cited"))]
