"""Figures as HTML: a table whose rows unfold, the matrix of reports, the chart of one indicator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from qa.errors import QAError
from qa.ledger.tables import time_remark
from qa.types import Report
from qa.web.cards import Bar, chart, empty
from qa.web.links import address, offsets_shown
from qa.web.templates import highlighted, render
from qa.web.words import escape

if TYPE_CHECKING:
    from qa.ledger import IndicatorGroup, LedgerFigure, Matrix

_BARS = 40  # of one chart


def figure_table(
    figures: Sequence[LedgerFigure], report_of: Callable[[str], Report], *, correctable: bool = False
) -> Markup:
    """Return a table with one row for each figure, and under each, folded, its card."""
    if not figures:
        return empty("no_figures")
    rows = [(figure, figure_card(figure, report_of, correctable=correctable)) for figure in figures]
    return render("reports.figures", rows=rows)


def figure_card(
    figure: LedgerFigure, report_of: Callable[[str], Report], *, correctable: bool = False
) -> Markup:
    """Return a figure in its sentence and paragraph, with a button to correct it if ``correctable``."""
    report: Report | None
    try:
        report = report_of(figure.report_id)
        paragraph = report.paragraphs[figure.paragraph]
        own = offsets_shown(paragraph, report.source.text, figure.spans)
    except (QAError, IndexError):  # the index was rebuilt without it in the meantime
        report, own, text = None, (), figure.sentence
    else:
        text = paragraph.text
    return render(
        "reports.figure",
        figure=figure,
        report=report,
        corrected=_corrected(figure),
        text=_marked(text, figure.sentence, own),
        correctable=correctable,
    )


def matrix_table(matrix: Matrix, first: int, rows: int) -> Markup:
    """Return some rows of the matrix; each figure links to its place in the report."""
    if not matrix.rows:
        return empty("no_figures")
    columns = [label for _, label in matrix.reports]
    return render(
        "reports.matrix", columns=columns, rows=matrix.rows[first : first + rows], remark=time_remark
    )


def chartable(groups: Sequence[IndicatorGroup]) -> list[IndicatorGroup]:
    """Return the indicators that two places or terms state, those that most state first."""
    counted = [(len({(f.place, f.period) for f in g.figures if f.kind == "amount"}), g) for g in groups]
    return [g for count, g in sorted(counted, key=lambda pair: -pair[0]) if count > 1]


def group_chart(group: IndicatorGroup) -> Markup:
    """Return the comparable figures of one indicator as bars, by place and time."""
    from qa.ledger.grouping import comparable

    def bar(figure: LedgerFigure) -> Bar:
        label = f"{figure.place} {figure.as_of or figure.period or ''}".strip()
        note = figure.indicator if figure.indicator != group.name else ""
        return Bar(label, figure.value, figure.text, note, address(figure.report_id, figure.spans))

    figures = sorted(comparable(group), key=lambda f: (f.place, f.period.start if f.period else 0, -f.value))
    if len({(f.place, f.period) for f in figures}) < 2:
        return empty("no_chart")
    return chart([bar(figure) for figure in figures[:_BARS]], group.name)


def _corrected(figure: LedgerFigure) -> str:
    """Return what was corrected by whom, when and why, or ``""``."""
    if (done := figure.correction) is None:
        return ""
    read = f"{done.read_indicator} → {figure.indicator}" if done.read_indicator else ""
    return "，".join(filter(None, (read, done.author, done.date.isoformat(), done.reason)))


def _marked(text: str, sentence: str, own: Sequence[tuple[int, int]]) -> Markup:
    """Return the paragraph with the sentence marked and the figure in bold inside it."""
    at = own[0][0] if own else 0
    start = text.rfind(sentence, 0, at + len(sentence))
    if start < 0:
        return highlighted(text, own)
    end = start + len(sentence)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in own if a < end and b > start]
    mark = Markup("{}<mark>{}</mark>{}")
    return mark.format(escape(text[:start]), highlighted(sentence, inside, "b"), escape(text[end:]))
