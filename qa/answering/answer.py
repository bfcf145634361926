"""Query + Hits → Answer, one path for each kind of question; deterministic and extractive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import ceil

from qa.answering.candidates import evidence_of
from qa.answering.compose import Line, compose, lines_of, merged, with_change
from qa.answering.computation import operation_of
from qa.answering.corrections import DISAGREE, correction
from qa.answering.fact import Fact
from qa.answering.facts import facts_of_other_reports, facts_within, unanswered
from qa.answering.overview import LINES, asks_for_all, overview_lines
from qa.answering.premise import verdict, without_stated_figures
from qa.answering.ranking import limit
from qa.answering.refusal import chatter, refuse, unsure
from qa.answering.salience import of_mention, salient
from qa.answering.several import EVEN, asks_several, gives_result, is_sure, several, weighed_together
from qa.answering.side_by_side import differ, disagreeing, document_order, end_year, every_place
from qa.answering.statement import place_label
from qa.answering.summary import SENTENCES, headed, key_sentences, report_order, statements_that_fit
from qa.answering.sureness import chance_of, choose_answer, weighed
from qa.answering.sureness.span_answers import read_passages
from qa.answering.table_rows import extreme, without_other_parts
from qa.answering.wording import Wording, wording_of
from qa.index import Index
from qa.types import Answer, Form, Hit, Query, Scope


def answer(index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]) -> Answer:
    """Return the answer if it is sure enough, else one that abstains.

    Args:
        found: the hits of each scope, in the order of ``query.scopes``.
        passages: the hits shown as retrieved.
    """
    if not asks_several(query):
        only = _of_one(index, query, found, passages, limit("sureness", "sure"))
        return only if only.abstained or gives_result(query, only) else unsure(query, passages)
    whole = _of_whole(index, query, found, passages)
    if whole and is_sure(whole) and (whole.calculation or whole.certain or whole.reason == "false_premise"):
        return whole
    return several(index, query, passages, wording_of(index), partial(_likeliest, index), whole)


def _of_whole(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]
) -> Answer | None:
    """Return the likeliest answer to a question for several things of one place as a whole, however sure it is."""
    return _of_one(index, query, found, passages, 0.0) if len(query.scopes) == 1 else None


def _likeliest(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]
) -> tuple[Answer, ...]:
    """Return the answers to a question for one thing, however sure they are, the likeliest first."""
    plain, wording = replace(query, form=Form()), wording_of(index)
    proposed = by_rules(index, plain, [without_other_parts(plain, hits) for hits in found], passages)
    likeliest = with_change(choose_answer(plain, proposed, passages, wording, 0.0))
    weighed_each = weighed(plain, proposed, passages, wording)
    others = (replace(one, chance=chance_of(values)) for one, values in weighed_each)
    return likeliest, *sorted(others, key=lambda one: -(one.chance or 0.0))


def _of_one(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], least: float
) -> Answer:
    """Return the answer to a question that needs no operation if its chance is at least ``least``, else abstain."""
    found = [without_other_parts(query, hits) for hits in found]
    plain = replace(query, form=Form())  # whether there is an answer does not depend on its form
    proposed = by_rules(index, plain, found, passages)
    chosen = choose_answer(plain, proposed, passages, wording_of(index), least)
    if plain == query or not query.sums_up or chosen is not proposed or chosen.abstained:
        return with_change(chosen)
    formed = by_rules(index, query, found, passages)
    return replace(formed, chance=chosen.chance) if not formed.abstained else unsure(query, passages)


def weigh(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]
) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
    """Return every possible answer with its features, in the order of ``sureness.features.FEATURES``.

    The answer whose things are looked up one by one comes last.
    """
    wording = wording_of(index)
    together: tuple[tuple[Answer, tuple[float, ...]], ...] = ()
    if asks_several(query):
        whole = _of_whole(index, query, found, passages)
        together = weighed_together(index, query, passages, wording, partial(_likeliest, index), whole)
        if len(query.scopes) > 1:
            return together
    found = [without_other_parts(query, hits) for hits in found]
    return *weighed(query, by_rules(index, query, found, passages), passages, wording), *together


def by_rules(index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]) -> Answer:
    """Return the answer of the rules; arguments as for :func:`answer`."""
    wording = wording_of(index)
    if query.kind == "chatter":
        return chatter(query)
    if query.refusal:
        return refuse(query, query.refusal, passages, index.reports)
    if item := extreme(query, found[0], wording):
        made: Answer | None = compose(query, (Line((item.statement,)),), passages, short=item.short)
    elif query.sums_up or query.kind == "manner":
        made = _summarise(index, query, found, passages, wording)
    elif query.kind == "computation" and operation_of(query.standalone) != "sum" and len(query.parts) == 1:
        made = None  # of one thing compared with something unnamed, the bare figure is no answer
    else:
        made = disagreeing(index, query, found, passages, wording) or _facts(query, found, passages, wording)
    return made or refuse(query, "no_support", passages, index.reports)


def _facts(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """Return the figures, each with place and period, and whether they confirm one in the question."""
    hits = found[0]
    asking, scope = without_stated_figures(query, query.scopes[0])
    facts = facts_within(asking, asking.parts, scope, hits, wording)
    if facts is None:
        return None
    first, single = facts[0], len(query.parts) == 1
    premise = verdict(query, first) if first else ""
    chance = min(f.support for f in facts if f)  # of several things the least sure
    if premise == "no" and first and chance >= EVEN:
        opening, line = "报告的记载与问题不符：", Line((first.statement,))
        return compose(query, (line,), passages, abstained=True, reason="false_premise", opening=opening)
    if query.kind in ("figure", "comparison", "computation"):
        others = facts_of_other_reports(query.parts, scope, hits, facts, wording)
        if others and scope.place is None:
            groups = sorted([facts, *others], key=document_order)
            return replace(every_place(query, groups, [_line(g) for g in groups], passages), chance=chance)
        if others:
            groups = sorted([facts, *others], key=end_year, reverse=True)
            newest = [group for group in groups if end_year(group) == end_year(groups[0])]
            if len(newest) > 1:
                opening = DISAGREE if differ(newest) else ""
                return compose(query, [_line(g) for g in newest], passages, opening=opening, chance=chance)
            lines, latest = [_line(g) for g in groups[:2]], groups[0][0]
            short = latest.short if single and latest else None
            return compose(query, lines, passages, short=short, reason="earlier_figure", chance=chance)
        corrected = first and correction(first, evidence_of(hits), scope.topic, wording)
        if corrected:
            lines = [_line(facts), Line((corrected,))]
            return compose(query, lines, passages, opening=DISAGREE, chance=chance)
    missing = unanswered(asking.parts, facts)
    before = "是的，" if premise == "yes" else ""  # a "no" would need the figure that the question states
    stated = lines_of([f.statement for f in facts if f], before)
    short = first.short if single and first else None
    return compose(query, stated, passages, short=short, missing=missing, chance=chance)


def _line(facts: Sequence[Fact | None]) -> Line:
    return Line(merged([f.statement for f in facts if f]))


def _summarise(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    lines, chances, missing = list[Line](), list[float](), list[str]()
    for scope, hits in zip(query.scopes, found, strict=True):
        own, chance = _summary_of_scope(index, query, scope, hits, passages, wording)
        if len(query.scopes) > 1:  # headed by its place and years instead of its sections
            own = tuple(replace(line, label="" if at else scope.label) for at, line in enumerate(own))
        lines += own
        chances += (chance,) if own else ()
        missing += () if own else (scope.label,)
    if not lines:
        return None
    opening = f"{place_label(lines[0].statements[0].evidence)}：" if len(query.scopes) == 1 else ""
    return compose(query, lines, passages, opening=opening, missing=missing, chance=min(chances))


def _summary_of_scope(
    index: Index, query: Query, scope: Scope, hits: Sequence[Hit], passages: Sequence[Hit], wording: Wording
) -> tuple[tuple[Line, ...], float]:
    """Return the scope's lines and how likely they fit the topic; an overview if the topic has no subject."""
    label = len(f"{scope.label}：")
    characters = query.form.characters and query.form.characters // len(query.scopes) - label
    report = next((index.by_id[own] for own in reversed(scope.report_ids) if own in index.by_id), None)
    if report and (scope.place or len(scope.report_ids) == 1) and asks_for_all(scope.topic):
        most = ceil(LINES / len(query.scopes))
        return overview_lines(query.standalone, report, wording, most, characters), 1.0
    readings = {one.hit.position: one.reading for one in read_passages(query, passages)}
    newest = [hit for hit in hits if hit.report.id in scope.report_ids[-1:]] if scope.place else []
    most = ceil(SENTENCES / len(query.scopes))
    lines, chance = tuple[Line, ...](), 0.0
    for own in (newest, hits):  # the newest of several terms if it is about the topic
        key = key_sentences(
            of_mention(scope.mention, salient(query.standalone, scope.topic, own, wording, readings))
        )
        chosen = statements_that_fit([one.evidence for one in key], scope.topic, wording, most, characters)
        lines = headed(sorted(chosen.values(), key=report_order))
        chance = sum(key[at].chance for at in chosen) / max(len(chosen), 1)
        if chance >= limit("sureness", "summary"):
            break
    return lines, chance
