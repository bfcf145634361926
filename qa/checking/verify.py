"""Match every figure of an answer with a figure of what it cites: value, unit, boundary, place, period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from qa.checking.arithmetic import adds_up
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.spans import bare
from qa.types import CheckedFigure, Citation, Figure, Report

__all__ = ["citation_stands", "verify_figures"]

_MARK = re.compile(r"\[(\d{1,3})\]")


def citation_stands(citation: Citation, reports: Mapping[str, Report]) -> bool:
    """Whether the quote is made of the characters at its spans in the source of its report."""
    report = reports.get(citation.report_id)
    if report is None or not citation.spans:
        return False
    source = report.source.text
    if any(not 0 <= a < b <= len(source) for a, b in citation.spans):
        return False
    held = bare("".join(source[a:b] for a, b in citation.spans))
    return held == bare(citation.quote) and 8 <= len(held) <= 300


def verify_figures(
    text: str, citations: Sequence[Citation], calculation: Sequence[str]
) -> tuple[CheckedFigure, ...]:
    """Every figure of ``text`` with its state.

    quoted: a cited quote of the same line holds value and unit, or the figure is a year of a cited period,
    or of a cited title or heading;
    derived: it is the result of a formula that adds up and whose operands are quoted; unsupported: neither.
    """
    checked: list[CheckedFigure] = []
    by_marker = {c.marker: c for c in citations}
    sound = [c for c in calculation if adds_up(c)]
    derived = [f for c in sound for f in figures(c.rpartition("=")[2])]
    operands = [f for c in sound for f in figures(c.rpartition("=")[0])]
    for line in text.split("\n"):
        marks = [int(m) for m in _MARK.findall(line)]
        near = [by_marker[m] for m in marks if m in by_marker]
        shown = figures(_MARK.sub(" ", line))
        checked += [_checked(f, near or citations, citations, derived, operands) for f in shown]
    return tuple(checked)


def _checked(
    figure: Figure,
    near: Iterable[Citation],
    everything: Sequence[Citation],
    derived: Sequence[Figure],
    operands: Sequence[Figure],
) -> CheckedFigure:
    for citation in near:
        if _holds(citation, figure):
            return CheckedFigure(figure.text, figure.value, figure.unit, "quoted", citation.marker)
    if any(_same(figure, f) for f in operands):
        holder = next((c for c in everything if _holds(c, figure)), None)
        if holder:
            return CheckedFigure(figure.text, figure.value, figure.unit, "quoted", holder.marker)
    if any(_same(figure, f) for f in derived) and all(
        any(_holds(c, o) for c in everything) for o in operands
    ):
        return CheckedFigure(figure.text, figure.value, figure.unit, "derived", None)
    return CheckedFigure(figure.text, figure.value, figure.unit, "unsupported", None)


def _holds(citation: Citation, figure: Figure) -> bool:
    if any(_same(figure, f) for f in figures(citation.quote)):
        return True
    years = re.findall(r"\d{4}", citation.period or "")
    if is_year(figure) and str(int(figure.value)) in years:
        return True
    return any(_same(figure, f) for f in figures(f"{citation.title}，{citation.heading}"))


def _same(one: Figure, other: Figure) -> bool:
    """Same value, and units of one kind where both are printed."""
    if not same_value(one.value, other.value):
        return False
    return not one.unit or not other.unit or unit_kind(one.unit) == unit_kind(other.unit)
