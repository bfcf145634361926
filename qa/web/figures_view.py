"""Figures as HTML: a table whose rows unfold to their sentence, the matrix, the chart of one indicator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.ledger.tables import beside
from qa.types import Report
from qa.web.cards import highlighted, inferred, open_link, origin, where
from qa.web.chart import Bar, chart
from qa.web.escaping import escape
from qa.web.links import address, offsets_shown
from qa.web.words import both

if TYPE_CHECKING:
    from qa.ledger import IndicatorGroup, LedgerFigure, Matrix

_BARS = 40  # of one chart


def figure_table(
    figures: Sequence[LedgerFigure], report_of: Callable[[str], Report], *, correctable: bool = False
) -> str:
    """One row a figure; under each, folded, its card, with a button to correct it where that is allowed."""
    if not figures:
        return f'<p class="qa-empty">{both("no_figures")}</p>'
    head = "".join(
        f'<th scope="col">{both(key)}</th>' for key in ("indicator", "figure", "place", "period", "report")
    )
    rows = []
    for number, figure in enumerate(figures, 1):
        context = f"<small>{escape(figure.context)}</small>" if figure.context else ""
        rows.append(
            f'<tr class="qa-row"><th scope="row"><button type="button" class="qa-unfold" aria-expanded="false" '
            f'aria-controls="figure-{number}">{escape(figure.indicator or figure.text)}</button>{context}</th>'
            f'<td class="qa-value">{_shown(figure)}</td><td>{escape(figure.place)}</td><td>{when(figure)}</td>'
            f'<td class="qa-file">{escape(figure.report)}</td></tr>'
            f'<tr class="qa-detail" id="figure-{number}" hidden><td colspan="5">'
            f"{figure_card(figure, report_of, correctable=correctable)}</td></tr>"
        )
    return f'<table class="qa-table qa-folding"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def figure_card(
    figure: LedgerFigure, report_of: Callable[[str], Report], *, correctable: bool = False
) -> str:
    """The sentence of a figure in its paragraph, the figure itself marked in the sentence."""
    try:
        report = report_of(figure.report_id)
        paragraph = report.paragraphs[figure.paragraph]
        own = offsets_shown(paragraph, report.source.text, figure.spans)
    except (QAError, IndexError):  # the index was rebuilt without it while the table was open
        report, own, text = None, (), figure.sentence
    else:
        text = paragraph.text
    return (
        f'<article class="qa-card"><header>{where(figure.place, str(figure.period or ""))}</header>'
        f"{origin(figure.title, figure.report, ' › '.join(figure.heading))}{inferred(report)}{_corrected(figure)}"
        f'<p class="qa-text">{_marked(text, figure.sentence, own)}</p>'
        f'<p class="qa-actions">{open_link(figure.report_id, figure.spans)}{_button(figure) if correctable else ""}</p></article>'
    )


def matrix_table(matrix: Matrix, first: int, rows: int) -> str:
    """Some rows of the matrix, each cell with links to the places that its figures stand at."""
    if not matrix.rows:
        return f'<p class="qa-empty">{both("no_figures")}</p>'
    head = "".join(f'<th scope="col">{escape(label)}</th>' for _, label in matrix.reports)
    body = []
    for row in matrix.rows[first : first + rows]:
        cells = "".join(
            f"<td>{'<br>'.join(f'{_linked(f)}{beside(f, label)}' for f in cell) or _empty(spoken)}</td>"
            for cell, spoken, (_, label) in zip(row.cells, row.spoken, matrix.reports, strict=True)
        )
        others = "、".join(w for w in row.group.wordings if w != row.group.name)
        note = f"<small>{escape(others)}</small>" if others else ""
        body.append(f'<tr><th scope="row">{escape(row.group.name)}{note}</th>{cells}</tr>')
    return (
        f'<div class="qa-wide" tabindex="0" role="region" aria-label="matrix"><table class="qa-table qa-matrix">'
        f'<thead><tr><th scope="col">{both("indicator")}</th>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def chartable(groups: Sequence[IndicatorGroup]) -> list[IndicatorGroup]:
    """The indicators that two places or terms give, those that most give first."""
    counted = [
        (len({(f.place, f.period) for f in g.figures if f.kind == "amount"}), n) for n, g in enumerate(groups)
    ]
    return [groups[n] for number, n in sorted(counted, key=lambda c: (-c[0], c[1])) if number > 1]


def group_chart(group: IndicatorGroup) -> str:
    """The figures of one indicator as bars, by place and time."""
    figures = [f for f in group.figures if f.kind == "amount"]
    figures.sort(key=lambda f: (f.place, f.period.start if f.period else 0, -f.value))
    bars = [
        Bar(
            f"{f.place} {_years(f)}".strip(),
            f.value,
            f.text,
            f.indicator if f.indicator != group.name else "",
            address(f.report_id, f.spans),
        )
        for f in figures[:_BARS]
    ]
    return chart(bars, escape(group.name))


def when(figure: LedgerFigure) -> str:
    """The time of a figure as HTML, in both languages where it takes words."""
    if figure.kind == "plan":
        return both("planned", period=figure.period or "")
    return both("as_of", year=figure.as_of) if figure.as_of else escape(str(figure.period or ""))


def _years(figure: LedgerFigure) -> str:
    return str(figure.as_of or figure.period or "")


def _shown(figure: LedgerFigure) -> str:
    if figure.correction is None or figure.correction.printed_value == figure.value:
        return escape(figure.text)
    return f"<s>{escape(figure.text)}</s> {figure.value:g}{escape(figure.unit)}"


def _linked(figure: LedgerFigure) -> str:
    return f'<a class="qa-open" href="{escape(address(figure.report_id, figure.spans))}">{_shown(figure)}</a>'


def _empty(spoken: bool) -> str:
    return f"<small>{both('not_matched' if spoken else 'not_mentioned')}</small>"


def _button(figure: LedgerFigure) -> str:
    key = escape(address(figure.report_id, figure.spans))
    return f'<button type="button" class="qa-correct" data-figure="{key}">{both("correct")}</button>'


def _corrected(figure: LedgerFigure) -> str:
    if figure.correction is None:
        return ""
    done = figure.correction
    read = f"{done.read_indicator} → {figure.indicator}" if done.read_indicator else ""
    words = "，".join(filter(None, (read, done.author, done.date.isoformat(), done.reason)))
    return f'<p class="qa-note">{both("corrected")} {escape(words)}</p>'


def _marked(text: str, sentence: str, own: Sequence[tuple[int, int]]) -> str:
    """The paragraph with the sentence marked and the figure in bold inside it."""
    at = own[0][0] if own else 0
    start = text.rfind(sentence, 0, at + len(sentence))
    if start < 0:
        return highlighted(text, own)
    end = start + len(sentence)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in own if a < end and b > start]
    return f"{escape(text[:start])}<mark>{highlighted(sentence, inside, 'b')}</mark>{escape(text[end:])}"
