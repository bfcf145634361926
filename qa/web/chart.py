"""Bar charts of a few values, and of the figures that an answer compares.

The chart is an HTML table whose cells hold their bar: it reads aloud, wraps, follows the theme, and needs no
charting library, where Gradio's plots bring a megabyte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from qa.checking.amounts import amounts
from qa.text.figures import figures, same_value, unit_kind
from qa.types import Answer, CheckedFigure, Citation
from qa.web.links import address
from qa.web.words import escape


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; bars of one chart have one unit."""

    label: str  # such as "温州市 2018–2023"
    value: float
    text: str  # the value as printed
    note: str = ""  # a second line under the label
    href: str = ""  # where its source opens


def chart(bars: Sequence[Bar], caption: str) -> str:
    """Return the chart, ``""`` without bars; ``caption`` is HTML."""
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
