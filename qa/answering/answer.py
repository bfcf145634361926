"""Query + Hits → Answer: one way for each kind of question. Deterministic and extractive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from qa.answering.candidates import evidence_of
from qa.answering.compose import Line, compose, lines_of, merged
from qa.answering.computation import operation_of
from qa.answering.corrections import DISAGREE, correction
from qa.answering.operands import operands
from qa.answering.overview import LINES, asks_for_all, overview_lines
from qa.answering.premise import opened, verdict
from qa.answering.ranking import limit
from qa.answering.refusal import chatter, refuse, unsure
from qa.answering.salience import salient
from qa.answering.series import extreme
from qa.answering.side_by_side import (
    differ,
    disagreeing,
    document_order,
    end_year,
    everywhere,
    side_by_side,
)
from qa.answering.statement import place_label
from qa.answering.summary import SENTENCES, filled, headed, key_sentences, place_in_report
from qa.answering.sureness import settle, weighed
from qa.answering.sureness.span_answers import read_passages
from qa.answering.told import told_of_others, told_within, unanswered
from qa.answering.wording import Wording, wording_of
from qa.answering.worked_out import worked_out
from qa.index import Index
from qa.types import Answer, Form, Hit, Query, Scope

CORRECTS = 0.5  # support from which what a question states is corrected


def answer(index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]) -> Answer:
    """Answer a query from what each of its scopes found, where it is sure enough.

    Args:
        index: the opened index.
        query: the question, understood.
        found: the hits of each scope, in the order of ``query.scopes``.
        passages: what is shown as retrieved.
    """
    plain = replace(query, form=Form())  # whether there is an answer does not depend on its form
    proposed = by_rules(index, plain, found, passages)
    told = settle(plain, proposed, found, passages, wording_of(index))
    if plain == query or not query.sums_up or told is not proposed or told.abstained:
        return told
    made = by_rules(index, query, found, passages)
    return replace(made, chance=told.chance) if not made.abstained else unsure(query, passages)


def weigh(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]
) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
    """Every answer that might be given, with its features in the order of ``sureness.features.FEATURES``."""
    return weighed(query, by_rules(index, query, found, passages), found, passages, wording_of(index))


def by_rules(index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]) -> Answer:
    """What the rules answer; the arguments are those of :func:`answer`."""
    wording = wording_of(index)
    if query.kind == "chatter":
        return chatter(query)
    if query.refusal:
        return refuse(query, query.refusal, passages, index.reports)
    if item := extreme(query, found[0], wording):
        told: Answer | None = compose(query, (Line((item.statement,)),), passages, short=item.short)
    elif query.sums_up or query.kind == "manner":
        told = _summarise(index, query, found, passages, wording)
    elif query.kind == "comparison" and len(query.scopes) > 1:
        told = side_by_side(query, found, passages, wording)
    elif query.kind == "computation":
        told = _compute(query, found, passages, wording)
    else:
        told = disagreeing(index, query, found, passages, wording) or _facts(query, found, passages, wording)
    return told or refuse(query, "no_support", passages, index.reports)


def _facts(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """Figures: the shortest sentence that gives each, with its place and period, and whether it bears out what is asked."""
    hits = found[0]
    asking, scope = opened(query, query.scopes[0])
    told = told_within(asking, asking.parts, scope, hits, wording)
    if told is None:
        return None
    premise = verdict(query, told[0]) if told[0] else ""
    chance = min(f.support for f in told if f)  # of several things the least sure
    if premise == "no" and told[0] and chance >= CORRECTS:
        line = Line((told[0].statement,))
        return compose(
            query, (line,), passages, abstained=True, reason="false_premise", opening="报告的记载与问题不符："
        )
    short = told[0].short if len(query.parts) == 1 and told[0] else None
    if query.kind in ("figure", "comparison", "computation"):
        others = told_of_others(query.parts, scope, hits, told, wording)
        if others and scope.place is None:
            groups = sorted([told, *others], key=document_order)
            lines = [Line(merged([f.statement for f in g if f])) for g in groups]
            return replace(everywhere(query, groups, lines, passages), chance=chance)
        if others:
            groups = sorted([told, *others], key=end_year, reverse=True)
            latest = groups[0]
            as_new = [group for group in groups if end_year(group) == end_year(latest)]
            shown = as_new if len(as_new) > 1 else groups[:2]
            lines = [Line(merged([f.statement for f in g if f])) for g in shown]
            if len(as_new) > 1:
                opening = DISAGREE if differ(as_new) else ""
                return compose(query, lines, passages, opening=opening, chance=chance)
            short = latest[0].short if len(query.parts) == 1 and latest[0] else None
            return compose(query, lines, passages, short=short, reason="earlier_figure", chance=chance)
        corrected = told[0] and correction(told[0], evidence_of(hits), scope.topic, wording)
        if told[0] and corrected:
            lines = [Line(merged([f.statement for f in told if f])), Line((corrected,))]
            return compose(query, lines, passages, opening=DISAGREE, chance=chance)
    lacking = unanswered(asking.parts, told)
    before = "是的，" if premise == "yes" else ""  # without the figure asked about it may deny
    own = lines_of([f.statement for f in told if f], before)
    return compose(query, own, passages, short=short, missing=lacking, chance=chance)


def _summarise(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    told, chances, silent = list[Line](), list[float](), list[str]()  # of each scope
    for scope, hits in zip(query.scopes, found, strict=True):
        own, chance = _of_scope(index, query, scope, hits, passages, wording)
        if len(query.scopes) > 1:  # headed by its place and years instead of its sections
            own = tuple(replace(line, label="" if at else scope.label) for at, line in enumerate(own))
        told += own
        chances += (chance,) if own else ()
        silent += () if own else (scope.label,)
    if not told:
        return None
    opening = f"{place_label(told[0].statements[0].evidence)}：" if len(query.scopes) == 1 else ""
    return compose(query, told, passages, opening=opening, missing=silent, chance=min(chances))


def _of_scope(
    index: Index, query: Query, scope: Scope, hits: Sequence[Hit], passages: Sequence[Hit], wording: Wording
) -> tuple[tuple[Line, ...], float]:
    """Its share of a summary, and how likely that is about the topic; of a topic without a subject its whole report."""
    label = len(f"{scope.label}：")  # which stands before it
    characters = query.form.characters and query.form.characters // len(query.scopes) - label
    report = next((index.by_id[own] for own in reversed(scope.report_ids) if own in index.by_id), None)
    if report and (scope.place or len(scope.report_ids) == 1) and asks_for_all(scope.topic):
        most = ceil(LINES / len(query.scopes))
        return overview_lines(query.standalone, report, wording, most, characters), 1.0
    readings = {one.passage: one.reading for one in read_passages(query, passages)}
    newest = [hit for hit in hits if hit.report.id in scope.report_ids[-1:]] if scope.place else []
    most = ceil(SENTENCES / len(query.scopes))
    told: tuple[tuple[Line, ...], float] = ((), 0.0)
    for own in (newest, hits):  # of several terms the newest, where it tells of the topic
        key = key_sentences(salient(query.standalone, scope.topic, own, wording, readings))
        chosen = filled([one.evidence for one in key], scope.topic, wording, most, characters)
        lines = headed(sorted(chosen.values(), key=place_in_report))
        told = lines, sum(key[at].chance for at in chosen) / max(len(chosen), 1)
        if told[1] >= limit("sureness", "summary"):
            break
    return told


def _compute(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """What is worked out over several places or terms; of one, the figures as they stand there.

    Where one thing of one place is to be compared with what is not named, its bare figure is not what was asked for.
    """
    operation = operation_of(query.standalone)
    if len(query.scopes) == 1:
        stands = operation == "sum" or len(query.parts) > 1
        return _facts(query, found, passages, wording) if stands else None
    told = worked_out(query, operation, operands(query, operation, found, wording), passages)
    return told or side_by_side(query, found, passages, wording)
