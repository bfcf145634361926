"""Write what several reports say of the same thing, if the question names none of their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.candidates import evidence_of
from qa.answering.comparison import caveat, conclusion, inside_notes
from qa.answering.compose import Line, compose
from qa.answering.corrections import DISAGREE
from qa.answering.fact import Fact, find_facts
from qa.answering.facts import AS_GOOD, LEAST, NEARBY, facts_within
from qa.answering.statement import place_label
from qa.answering.wording import Wording
from qa.index import Index
from qa.retrieval import search_scope
from qa.text.figures import same_value, unit_kind
from qa.types import Answer, Hit, Period, Query, Reason

_NO_COMPARISON: tuple[str, None, tuple[str, ...]] = ("", None, ())  # no closing words, reason or formulas


def disagreeing(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """Return what two reports of one place state of one year, newer first, if they differ; else None."""
    scope = query.scopes[0]
    others = tuple(r.id for r in index.reports if r.place == scope.place and r.id not in scope.report_ids)
    if scope.year is None or query.kind != "figure" or len(query.parts) > 1 or not others:
        return None
    one = (facts_within(query, query.parts, scope, found[0], wording) or (None,))[0]
    hits = search_scope(index, replace(scope, report_ids=others), NEARBY)
    evidence = [item for item in evidence_of(hits) if str(scope.year) in item.text]
    two = find_facts(query.parts, scope, evidence, wording)[0]
    if not (one and two and one.figure and two.figure) or two.support < LEAST:
        return None
    covered = [wording.coverage(scope.topic, f.statement.evidence.text) for f in (one, two)]
    comparable = unit_kind(one.figure.unit) == unit_kind(two.figure.unit)
    if same_value(one.figure.value, two.figure.value) or not comparable or covered[1] < AS_GOOD * covered[0]:
        return None
    newest_first = sorted((one, two), key=lambda f: end_year((f,)), reverse=True)
    lines = [Line((f.statement,)) for f in newest_first]
    return compose(query, lines, passages, opening=DISAGREE, reason="earlier_figure")


def every_place(
    query: Query, groups: Sequence[Sequence[Fact | None]], lines: Sequence[Line], passages: Sequence[Hit]
) -> Answer:
    """Return what every place reports, for a question that names none, and which is most, if that is asked."""
    firsts = [next((f for f in group if f), None) for group in groups]
    labels = [place_label(f.statement.evidence) if f else "" for f in firsts]
    closing, reason, formulas = (
        _compared(query, labels, firsts) if query.kind == "comparison" else _NO_COMPARISON
    )
    opening = "各地报告分别写道："
    return compose(
        query, lines, passages, reason=reason, calculation=formulas, opening=opening, closing=closing
    )


def _compared(
    query: Query, labels: Sequence[str], facts: Sequence[Fact | None]
) -> tuple[str, Reason | None, tuple[str, ...]]:
    """Return the closing words of a comparison, the reason for a caveat and the formulas."""
    note, reason = caveat([(f.statement.text, f.figure) for f in facts if f and f.figure], labels)
    if reason == "different_measure":
        return note, reason, ()
    note += "".join(inside_notes([f.statement.evidence.hit.report.place for f in facts if f]))
    larger, formula = conclusion(query, labels, [f.figure if f else None for f in facts])
    return larger + note, reason, (formula,) if formula else ()


def differ(groups: Sequence[Sequence[Fact | None]]) -> bool:
    """Whether the first figures of the groups are not all the same."""
    return len({group[0].figure.value for group in groups if group[0] and group[0].figure}) > 1


def document_order(group: Sequence[Fact | None]) -> tuple[str, str]:
    """Sort key of groups if no place is named: place and period of their report."""
    report = next(f for f in group if f).statement.evidence.hit.report
    return (report.place.name, str(report.period))


def end_year(group: Sequence[Fact | None]) -> int:
    """Return the last year of a group's report, 0 if its period is unknown."""
    period = next(f for f in group if f).statement.evidence.hit.report.period
    return (period or Period(0, 0)).end
