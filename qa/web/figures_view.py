"""Figures as HTML: a table whose rows unfold, the matrix of reports, the chart of one indicator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.ledger.tables import time_remark
from qa.types import Report
from qa.web.cards import Bar, chart, highlighted, inferred, open_link, origin, table, where
from qa.web.links import address, offsets_shown
from qa.web.words import both, escape

if TYPE_CHECKING:
    from qa.ledger import IndicatorGroup, LedgerFigure, Matrix

_BARS = 40  # of one chart


def figure_table(
    figures: Sequence[LedgerFigure], report_of: Callable[[str], Report], *, correctable: bool = False
) -> str:
    """Return a table with one row for each figure, and under each, folded, its card."""
    if not figures:
        return f'<p class="qa-empty">{both("no_figures")}</p>'
    rows = []
    for number, figure in enumerate(figures, 1):
        context = f"<small>{escape(figure.context)}</small>" if figure.context else ""
        rows.append(
            f'<tr class="qa-row"><th scope="row"><button type="button" class="qa-unfold" aria-expanded="false" '
            f'aria-controls="figure-{number}">{escape(figure.indicator or figure.text)}</button>{context}</th>'
            f'<td class="qa-value">{_shown(figure)}</td><td>{escape(figure.place)}</td><td>{when(figure)}</td>'
            f'<td class="qa-file">{escape(figure.title or figure.report)}</td></tr>'
            f'<tr class="qa-detail" id="figure-{number}" hidden><td colspan="5">'
            f"{figure_card(figure, report_of, correctable=correctable)}</td></tr>"
        )
    return table(map(both, ("indicator", "figure", "place", "period", "report")), rows, "qa-folding")


def figure_card(
    figure: LedgerFigure, report_of: Callable[[str], Report], *, correctable: bool = False
) -> str:
    """Return a figure in its sentence and paragraph, with a button to correct it if ``correctable``."""
    try:
        report = report_of(figure.report_id)
        paragraph = report.paragraphs[figure.paragraph]
        own = offsets_shown(paragraph, report.source.text, figure.spans)
    except (QAError, IndexError):  # the index was rebuilt without it in the meantime
        report, own, text = None, (), figure.sentence
    else:
        text = paragraph.text
    key = escape(address(figure.report_id, figure.spans))
    button = f'<button type="button" class="qa-correct" data-figure="{key}">{both("correct")}</button>'
    return (
        f'<article class="qa-card"><header>{where(figure.place, str(figure.period or ""))}</header>'
        f"{origin(figure.title, figure.report, ' › '.join(figure.heading))}{inferred(report)}{_corrected(figure)}"
        f'<p class="qa-text">{_marked(text, figure.sentence, own)}</p>'
        f'<p class="qa-actions">{open_link(figure.report_id, figure.spans)}{button if correctable else ""}</p></article>'
    )


def matrix_table(matrix: Matrix, first: int, rows: int) -> str:
    """Return some rows of the matrix; each figure links to its place in the report."""
    if not matrix.rows:
        return f'<p class="qa-empty">{both("no_figures")}</p>'
    body = []
    empty = {True: f"<small>{both('not_matched')}</small>", False: f"<small>{both('not_mentioned')}</small>"}
    for row in matrix.rows[first : first + rows]:
        cells = "".join(
            f"<td>{'<br>'.join(f'{_linked(f)}{time_remark(f, label)}' for f in cell) or empty[spoken]}</td>"
            for cell, spoken, (_, label) in zip(row.cells, row.spoken, matrix.reports, strict=True)
        )
        others = "、".join(w for w in row.group.wordings if w != row.group.name)
        note = f"<small>{escape(others)}</small>" if others else ""
        body.append(f'<tr><th scope="row">{escape(row.group.name)}{note}</th>{cells}</tr>')
    shown = table((both("indicator"), *(escape(label) for _, label in matrix.reports)), body, "qa-matrix")
    return f'<div class="qa-wide" tabindex="0" role="region" aria-label="matrix">{shown}</div>'


def chartable(groups: Sequence[IndicatorGroup]) -> list[IndicatorGroup]:
    """Return the indicators that two places or terms state, those that most state first."""
    counted = [(len({(f.place, f.period) for f in g.figures if f.kind == "amount"}), g) for g in groups]
    return [g for count, g in sorted(counted, key=lambda pair: -pair[0]) if count > 1]


def group_chart(group: IndicatorGroup) -> str:
    """Return the comparable figures of one indicator as bars, by place and time."""
    from qa.ledger.grouping import comparable

    def bar(figure: LedgerFigure) -> Bar:
        label = f"{figure.place} {figure.as_of or figure.period or ''}".strip()
        note = escape(figure.indicator) if figure.indicator != group.name else ""
        return Bar(label, figure.value, figure.text, note, address(figure.report_id, figure.spans))

    figures = sorted(comparable(group), key=lambda f: (f.place, f.period.start if f.period else 0, -f.value))
    if len({(f.place, f.period) for f in figures}) < 2:
        return f'<p class="qa-empty">{both("no_chart")}</p>'
    return chart([bar(figure) for figure in figures[:_BARS]], escape(group.name))


def when(figure: LedgerFigure) -> str:
    """Return the time of a figure as HTML."""
    if figure.kind == "plan":
        return both("planned", period=figure.period or "")
    return both("as_of", year=figure.as_of) if figure.as_of else escape(str(figure.period or ""))


def _shown(figure: LedgerFigure) -> str:
    if figure.correction is None or figure.correction.printed_value == figure.value:
        return escape(figure.text)
    return f"<s>{escape(figure.text)}</s> {figure.value:g}{escape(figure.unit)}"


def _linked(figure: LedgerFigure) -> str:
    return f'<a class="qa-open" href="{escape(address(figure.report_id, figure.spans))}">{_shown(figure)}</a>'


def _corrected(figure: LedgerFigure) -> str:
    if (done := figure.correction) is None:
        return ""
    read = f"{done.read_indicator} → {figure.indicator}" if done.read_indicator else ""
    words = "，".join(filter(None, (read, done.author, done.date.isoformat(), done.reason)))
    return f'<p class="qa-note">{both("corrected")} {escape(words)}</p>'


def _marked(text: str, sentence: str, own: Sequence[tuple[int, int]]) -> str:
    """Return the paragraph with the sentence marked and the figure in bold inside it."""
    at = own[0][0] if own else 0
    start = text.rfind(sentence, 0, at + len(sentence))
    if start < 0:
        return highlighted(text, own)
    end = start + len(sentence)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in own if a < end and b > start]
    return f"{escape(text[:start])}<mark>{highlighted(sentence, inside, 'b')}</mark>{escape(text[end:])}"
