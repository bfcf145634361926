"""A few values as bars, and what an answer compares: one figure of one unit for each of several places and terms.

The chart is a table whose cells hold their bar, so that it reads aloud, wraps and follows the theme. Gradio's plots bring a
charting library of a megabyte and data frames; half a dozen bars do not need them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from qa.checking.amounts import amounts
from qa.text.figures import figures, same_value, unit_kind
from qa.types import Answer, CheckedFigure, Citation
from qa.web.escaping import escape
from qa.web.links import address


@dataclass(frozen=True, slots=True)
class Bar:
    """One value.

    Args:
        label: what it is the value of, ``"温州市 2018–2023"``.
        value: its length; bars of one chart have one unit.
        text: as it is printed.
        note: a second line under the label, or ``""``.
        href: where its source opens, or ``""``.
    """

    label: str
    value: float
    text: str
    note: str = ""
    href: str = ""


def chart(bars: Sequence[Bar], caption: str) -> str:
    """The chart; ``caption`` is HTML. Nothing for no bars."""
    if not bars:
        return ""
    largest = max(abs(bar.value) for bar in bars) or 1.0
    rows = []
    for bar in bars:
        share = round(100 * abs(bar.value) / largest, 1)
        value = f"<b>{escape(bar.text)}</b>"
        if bar.href:
            value = f'<a class="qa-open" href="{escape(bar.href)}">{value}</a>'
        note = f"<small>{escape(bar.note)}</small>" if bar.note else ""
        rows.append(
            f'<tr><th scope="row">{escape(bar.label)}{note}</th>'
            f'<td><span class="qa-track"><i style="width:{share}%"></i></span>{value}</td></tr>'
        )
    return f'<table class="qa-chart"><caption>{caption}</caption><tbody>{"".join(rows)}</tbody></table>'


def compared(answer: Answer) -> tuple[tuple[Citation, CheckedFigure], ...]:
    """The quoted figures that are reckoned with, of one unit, one for each place and term; nothing for fewer than two.

    Where a place has two figures of the unit, nobody can tell which of them is compared; and where the answer itself
    sets none against another, nobody knows that they measure the same: nothing is shown.
    """
    if not answer.calculation or answer.reason:
        return ()
    cited = {citation.marker: citation for citation in answer.citations}
    by_unit: defaultdict[str, dict[tuple[int, float], tuple[Citation, CheckedFigure]]] = defaultdict(dict)
    reckoned = [operand.value for formula in answer.calculation for operand in figures(formula)]
    for figure in amounts(answer):
        used = any(same_value(figure.value, value) for value in reckoned)
        if used and figure.state == "quoted" and figure.marker in cited:
            by_unit[unit_kind(figure.unit)].setdefault(
                (figure.marker, figure.value), (cited[figure.marker], figure)
            )
    for pairs in by_unit.values():
        scopes = {(citation.place, citation.time) for citation, _ in pairs.values()}
        if len(pairs) > 1 and len(scopes) == len(pairs):
            return tuple(pairs.values())
    return ()


def comparison_chart(answer: Answer, caption: str) -> str:
    """The bars of a comparison; ``caption`` is HTML. Nothing where an answer compares nothing."""
    bars = [
        Bar(
            f"{citation.place} {citation.time or ''}".strip(),
            figure.value,
            figure.text,
            href=address(citation.report_id, citation.spans),
        )
        for citation, figure in compared(answer)
    ]
    unit = escape(compared(answer)[0][1].unit) if bars else ""
    return chart(bars, f"{caption}{f'（{unit}）' if unit else ''}")
