"""What an answer compares, as bars: one figure of one unit for each of several places and terms."""

from __future__ import annotations

from collections import defaultdict

from qa.checking.amounts import amounts
from qa.text.figures import unit_kind
from qa.types import Answer, CheckedFigure, Citation
from qa.web.chart import Bar, chart
from qa.web.escaping import escape
from qa.web.links import address

__all__ = ["compared", "comparison_chart"]


def compared(answer: Answer) -> tuple[tuple[Citation, CheckedFigure], ...]:
    """The quoted figures of one unit, one for each place and term, where there are two or more; else nothing.

    Where a place has two figures of the unit, nobody can tell which of them is compared; and where the answer itself
    sets none against another, nobody knows that they measure the same: nothing is shown.
    """
    if not answer.calculation or answer.reason:
        return ()
    cited = {citation.marker: citation for citation in answer.citations}
    by_unit: defaultdict[str, dict[tuple[int, float], tuple[Citation, CheckedFigure]]] = defaultdict(dict)
    for figure in amounts(answer):
        if (
            figure.state == "quoted" and figure.marker in cited
        ):  # said again in a calculation, it is the same one
            by_unit[unit_kind(figure.unit)].setdefault(
                (figure.marker, figure.value), (cited[figure.marker], figure)
            )
    for pairs in by_unit.values():
        scopes = {(citation.place, citation.period) for citation, _ in pairs.values()}
        if len(pairs) > 1 and len(scopes) == len(pairs):
            return tuple(pairs.values())
    return ()


def comparison_chart(answer: Answer, caption: str) -> str:
    """The bars of a comparison; ``caption`` is HTML. Nothing where an answer compares nothing."""
    bars = [
        Bar(
            f"{citation.place} {citation.period or ''}".strip(),
            figure.value,
            figure.text,
            href=address(citation.report_id, citation.spans),
        )
        for citation, figure in compared(answer)
    ]
    unit = escape(compared(answer)[0][1].unit) if bars else ""
    return chart(bars, f"{caption}{f'（{unit}）' if unit else ''}")
