"""Put beside an answer what other reports say of the same, what corrects it, and whether it confirms the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.compose import Line, compose
from qa.answering.corrections import DISAGREE, correction
from qa.answering.fact import Fact
from qa.answering.premise import verdict
from qa.answering.sureness import facts_in
from qa.answering.wording import Wording, names_held
from qa.index import Index
from qa.retrieval import search_scope
from qa.text.figure_context import interchangeable
from qa.text.figures import same_value, unit_kind
from qa.types import Answer, Query

NEARBY = 10  # passages of other reports that are searched
_FIGURES = ("figure", "comparison", "computation")  # kinds of questions that figures answer


def with_others(
    index: Index, query: Query, answer: Answer, fact: Fact, others: Sequence[Fact], wording: Wording
) -> Answer:
    """Return the answer with all that belongs beside it.

    Args:
        answer: states the fact.
        others: what other passages say, the likeliest first.
    """
    if query.kind == "check":
        return _confirming(query, answer, fact)
    if query.kind not in _FIGURES or fact.figure is None or answer.calculation:
        return answer
    scope, passages = query.scopes[0], answer.passages
    if two := _of_the_same_year(index, query, fact, wording):
        lines = [Line((each.statement,)) for each in sorted((fact, two), key=lambda one: -one.end_year)]
        return compose(query, lines, passages, opening=DISAGREE, reason="earlier_figure")
    same = _of_other_reports(scope.topic, fact, [one for one in others if one.report.id in scope.report_ids])
    if same and scope.place is None:
        lines = [Line((one.statement,)) for one in sorted([fact, *same], key=_document_order)]
        return compose(query, lines, passages, opening="各地报告分别写道：")
    if same:
        every = sorted([fact, *same], key=lambda one: -one.end_year)
        newest = [one for one in every if one.end_year == every[0].end_year]
        if len(newest) > 1:
            opening = DISAGREE if _differ(newest) else ""
            return compose(query, [Line((one.statement,)) for one in newest], passages, opening=opening)
        lines = [Line((one.statement,)) for one in every[:2]]
        return compose(query, lines, passages, short=every[0].short, reason="earlier_figure")
    if corrected := correction(fact, passages, scope.topic, wording):
        lines = [Line((fact.statement,)), Line((corrected,))]
        return compose(query, lines, passages, opening=DISAGREE)
    return answer


def _confirming(query: Query, answer: Answer, fact: Fact) -> Answer:
    """Return whether a fact confirms what the question states: a plain "no" would need the figure to be all there is."""
    premise, line = verdict(query, fact), Line((fact.statement,))
    if premise == "no":
        opening = "报告的记载与问题不符："
        return compose(
            query, (line,), answer.passages, abstained=True, reason="false_premise", opening=opening
        )
    if premise == "yes":
        return compose(query, (replace(line, before="是的，"),), answer.passages, short=fact.short)
    return answer


def _of_other_reports(topic: str, fact: Fact, others: Sequence[Fact]) -> list[Fact]:
    """Return the likeliest fact of each other report that counts the same thing, of the names asked no fewer."""
    found = dict[str, Fact]()
    held = names_held(topic, fact.statement.evidence.text)
    for other in others:
        if other.report.id == fact.report.id or not (other.figure and fact.figure):
            continue
        kinds = unit_kind(fact.figure.unit), unit_kind(other.figure.unit)
        alike = not all(kinds) or kinds[0] == kinds[1] or interchangeable(*kinds)
        if alike and names_held(topic, other.statement.evidence.text) >= held:
            found.setdefault(other.report.id, other)
    return list(found.values())


def _of_the_same_year(index: Index, query: Query, fact: Fact, wording: Wording) -> Fact | None:
    """Return what another report of the place states of the year that is asked for, if it differs."""
    scope = query.scopes[0]
    others = tuple(r.id for r in index.reports if r.place == scope.place and r.id not in scope.report_ids)
    if scope.year is None or query.kind != "figure" or not others:
        return None
    hits = search_scope(index, replace(scope, report_ids=others), NEARBY)
    hits = tuple(hit for hit in hits if str(scope.year) in hit.paragraph.text)
    facts = facts_in(query, hits, wording)
    dated = [one for one in facts if one.figure and str(scope.year) in one.statement.evidence.text]
    two = next(iter(_of_other_reports(scope.topic, fact, dated)), None)
    return None if two is None or not _differ((fact, two)) else two


def _differ(facts: Sequence[Fact]) -> bool:
    first, *rest = [fact.figure.value for fact in facts if fact.figure]
    return not all(same_value(first, value) for value in rest)


def _document_order(fact: Fact) -> tuple[str, str]:
    """Sort key of facts if no place is named: place and period of their report."""
    return fact.report.place.name, str(fact.report.period)
