"""Write answers with one line for each of several places, terms or reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.candidates import Evidence, evidence_of
from qa.answering.comparison import caveat, conclusion, inside_notes, scope_line
from qa.answering.compose import Line, compose
from qa.answering.corrections import DISAGREE
from qa.answering.fact import Fact, dated_question, find_facts
from qa.answering.facts import AS_GOOD, LEAST, NEARBY, facts_within
from qa.answering.salience import salient
from qa.answering.statement import WHOLE, place_label
from qa.answering.summary import compressed, key_sentences, report_order
from qa.answering.wording import Wording
from qa.index import Index
from qa.retrieval import search_scope
from qa.text.figures import same_value, unit_kind
from qa.text.states import asks_of_plans, state_of
from qa.types import Answer, Hit, Part, Period, Query, Reason, Scope

SAID = 2  # sentences of each scope if no figures are compared
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
    note, reason = caveat(facts, labels)
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


def side_by_side(
    query: Query,
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
    read: Sequence[Sequence[Fact | None]] | None = None,
) -> Answer | None:
    """Return one line per scope, also for a scope whose reports do not state the answer.

    Args:
        found: the hits of each scope.
        read: what the passage reader found of each scope; None: the rules find the figures.
    """
    lines: list[Line] = []
    labels: list[str] = []
    firsts: list[Fact | None] = []
    asks_figures = any(p.kind == "figure" for p in query.parts)
    for at, (scope, hits) in enumerate(zip(query.scopes, found, strict=True)):
        facts: Sequence[Fact | None] = ()
        parts = query.parts[at : at + 1] if query.paired else query.parts
        if read is not None or query.paired or asks_figures:
            facts = (_latest(query, parts, scope, hits, wording) or ()) if read is None else read[at]
            if (
                facts
                and facts[0]
                and _is_unasked_plan(facts[0].statement.evidence, dated_question(parts[0], scope))
            ):
                facts = ()
            line = scope_line(_heading(scope), facts)
        else:
            key = key_sentences(salient(query.standalone, scope.topic, hits, wording))[:SAID]
            statements = (compressed(one.evidence, scope.topic, wording, WHOLE) for one in key)
            line = Line(tuple(sorted(statements, key=report_order))) if key else None
        by_evidence = line and not _heading(scope)
        labels.append(place_label(line.statements[0].evidence) if line and by_evidence else scope.label)
        nothing = "报告里没有找到这一项" if scope.report_ids else "没有收录这里的报告"
        lines.append(line or Line((), label=scope.label, before=nothing))
        firsts.append(facts[0] if facts else None)
    if not any(line.statements for line in lines):
        return None
    cited = {s.evidence.hit.report.period for line in lines for s in line.statements}
    for at, (scope, line) in enumerate(zip(query.scopes, lines, strict=True)):
        # If no report of its years is cited, the label is the place alone.
        if not line.statements and scope.period not in cited:
            lines[at] = replace(line, label=scope.label.partition("（")[0])
    if len({line.statements for line in lines}) == 1 and not scope.mention:  # 由2011年的3座增加到2015年的9座
        return compose(query, (Line(lines[0].statements),), passages)
    apart = query.paired and len({p.unit for p in query.parts}) > 1
    closing, reason, formulas = _NO_COMPARISON if apart else _compared(query, labels, firsts)
    chance = min((f.support for f in firsts if f), default=None)
    answer = compose(
        query, lines, passages, reason=reason, calculation=formulas, closing=closing, chance=chance
    )
    return replace(answer, missing=tuple(line.label or "" for line in lines if not line.statements))


def _heading(scope: Scope) -> str:
    """Return the label of a scope's line; ``""`` where that of its evidence says more: 河南（2026，计划）."""
    own = (scope.mention or scope.year) and not scope.year_only_mentioned
    return scope.label if own else ""


def _is_unasked_plan(evidence: Evidence, asked: str) -> bool:
    planned = state_of(evidence.hit, evidence.start, evidence.end) == "plan"
    return planned and not asks_of_plans(asked, evidence.hit.report)


def _latest(
    query: Query, parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], wording: Wording
) -> tuple[Fact | None, ...] | None:
    """Return the facts of one of several scopes, of its latest report if the question names no term."""
    if len(scope.report_ids) > 1 and scope.place and not scope.mention:
        latest = [h for h in hits if h.report.id == scope.report_ids[-1]]
        if latest and (facts := facts_within(query, parts, scope, latest, wording)):
            return facts
    return facts_within(query, parts, scope, hits, wording)
