"""Answers with a line for each of several places, terms or reports: asked for, or found to differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.candidates import Evidence, evidence_of
from qa.answering.comparison import caveat, conclusion, scope_line
from qa.answering.compose import Line, compose
from qa.answering.corrections import DISAGREE
from qa.answering.fact import Found, find_parts, in_time
from qa.answering.salience import salient
from qa.answering.statement import place_label
from qa.answering.summary import compressed, key_sentences, place_in_report
from qa.answering.told import AS_GOOD, LEAST, NEARBY, told_within
from qa.answering.wording import Wording
from qa.index import Index
from qa.retrieval import search_scope
from qa.text.figures import same_value, unit_kind
from qa.text.told import asks_of_plans, state_of
from qa.types import Answer, Hit, Part, Period, Query, Scope

SAID, ROOM = 2, 90  # sentences of each place where no figures are compared, and characters of each


def disagreeing(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """What two reports of one place say of one year, where they differ: the newer report first."""
    scope = query.scopes[0]
    others = tuple(r.id for r in index.reports if r.place == scope.place and r.id not in scope.report_ids)
    if scope.year is None or query.kind != "figure" or len(query.parts) > 1 or not others:
        return None
    told = told_within(query, query.parts, scope, found[0], wording)
    hits = search_scope(index, replace(scope, report_ids=others), NEARBY)
    evidence = [item for item in evidence_of(hits) if str(scope.year) in item.text]
    other = find_parts(query.parts, scope, evidence, wording)[0]
    one = told[0] if told else None
    two = other if other and other.support >= LEAST else None
    if not (one and two and one.figure and two.figure) or same_value(one.figure.value, two.figure.value):
        return None
    held = [wording.coverage(scope.topic, f.statement.evidence.text) for f in (one, two)]
    if unit_kind(one.figure.unit) != unit_kind(two.figure.unit) or held[1] < AS_GOOD * held[0]:
        return None
    newest_first = sorted((one, two), key=lambda f: end_year((f,)), reverse=True)
    lines = [Line((f.statement,)) for f in newest_first]
    return compose(query, lines, passages, opening=DISAGREE, reason="earlier_figure")


def everywhere(
    query: Query, groups: Sequence[Sequence[Found | None]], lines: Sequence[Line], passages: Sequence[Hit]
) -> Answer:
    """What every place reports where none is named; which is most, where that is asked."""
    firsts = [next((f for f in group if f), None) for group in groups]
    labels = [place_label(f.statement.evidence) if f else "" for f in firsts]
    note, reason = caveat(firsts, labels) if query.kind == "comparison" else ("", None)
    larger, formula = "", ""
    if query.kind == "comparison" and reason != "different_measure":
        larger, formula = conclusion(query, labels, [f.figure if f else None for f in firsts])
    return compose(
        query,
        lines,
        passages,
        reason=reason,
        calculation=(formula,) if formula else (),
        opening="各地报告分别写道：",
        closing=larger + note,
    )


def differ(groups: Sequence[Sequence[Found | None]]) -> bool:
    """Whether the first figures of the groups are not all the same."""
    return len({group[0].figure.value for group in groups if group[0] and group[0].figure}) > 1


def document_order(group: Sequence[Found | None]) -> tuple[str, str]:
    """What groups are sorted by where no place is named: place and period of their report."""
    report = next(f for f in group if f).statement.evidence.hit.report
    return (report.place.name, str(report.period))


def end_year(group: Sequence[Found | None]) -> int:
    """The last year of a group's report, 0 where its period is unknown."""
    period = next(f for f in group if f).statement.evidence.hit.report.period
    return (period or Period(0, 0)).end


def side_by_side(
    query: Query,
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
    read: Sequence[Sequence[Found | None]] | None = None,
) -> Answer | None:
    """One line a scope; a scope whose reports do not say it has a line that says so.

    Args:
        found: the hits of each scope.
        read: what the reader found of each scope; None: the rules look for it.
    """
    lines: list[Line] = []
    labels: list[str] = []
    firsts: list[Found | None] = []
    everything: list[Found | None] = []
    asks_figures = any(p.kind == "figure" for p in query.parts)
    for at, (scope, hits) in enumerate(zip(query.scopes, found, strict=True)):
        told: Sequence[Found | None] = ()
        parts = query.parts[at : at + 1] if query.paired else query.parts
        if read is not None or query.paired or asks_figures:
            told = (_latest(query, parts, scope, hits, wording) or ()) if read is None else read[at]
            if told and told[0] and _hoped_for(told[0].statement.evidence, in_time(parts[0], scope)):
                told = ()  # what is hoped for is not what there is
            line = scope_line(scope.label if scope.mention or scope.year else "", told)
        else:
            key = key_sentences(salient(query.standalone, scope.topic, hits, wording))[:SAID]
            said = (compressed(one.evidence, scope.topic, wording, ROOM) for one in key)
            line = Line(tuple(sorted(said, key=place_in_report))) if key else None
        own = line is not None and not scope.mention
        labels.append(place_label(line.statements[0].evidence) if line and own else scope.label)
        nothing = "报告没有写明这一项" if scope.report_ids else "没有收录这里的报告"
        lines.append(line or Line((), label=scope.label, before=nothing))
        firsts.append(told[0] if told else None)
        everything += told
    if not any(line.statements for line in lines):
        return None
    cited = {s.evidence.hit.report.period for line in lines for s in line.statements}
    lines = [
        line if line.statements or scope.period in cited else replace(line, label=_place_of(scope))
        for scope, line in zip(query.scopes, lines, strict=True)
    ]
    if len({line.statements for line in lines}) == 1 and not scope.mention:  # 由2011年的3座增加到2015年的9座
        return compose(query, (Line(lines[0].statements),), passages)
    apart = query.paired and len({p.unit for p in query.parts}) > 1
    note, reason = ("", None) if apart else caveat(firsts, labels)
    larger, formula = "", ""
    if not apart and reason != "different_measure":
        larger, formula = conclusion(query, labels, [f.figure if f else None for f in firsts])
    calculation = (formula,) if formula else ()
    answer = compose(
        query,
        lines,
        passages,
        reason=reason,
        calculation=calculation,
        closing=larger + note,
        chance=min((f.support for f in firsts if f), default=None),
    )
    return replace(answer, missing=tuple(line.label or "" for line in lines if not line.statements))


def _hoped_for(evidence: Evidence, asked: str) -> bool:
    """Whether a sentence tells of a plan, and none is asked for."""
    ahead = state_of(evidence.hit, evidence.start, evidence.end) == "plan"
    return ahead and not asks_of_plans(asked, evidence.hit.report)


def _place_of(scope: Scope) -> str:
    """The place alone: years that no cited report is of are not shown."""
    return scope.label.partition("（")[0]


def _latest(
    query: Query, parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], wording: Wording
) -> tuple[Found | None, ...] | None:
    """What answers within one scope of several: of the latest report where none of its terms is named."""
    if len(scope.report_ids) > 1 and scope.place and not scope.mention:
        latest = [h for h in hits if h.report.id == scope.report_ids[-1]]
        if latest and (told := told_within(query, parts, scope, latest, wording)):
            return told
    return told_within(query, parts, scope, hits, wording)
