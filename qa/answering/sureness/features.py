"""What speaks for and against an answer: the reader's verdicts, the search's ranks, the rules' support, and agreement.

Every feature lies between -1 and 1, so that no weight hides a unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embeddings.reader import default_reader
from qa.answering.reading import BEFORE, BLIND
from qa.answering.sureness.proposals import Proposal
from qa.answering.sureness.span_answers import Read, SpanAnswer, single_things
from qa.answering.wording import Wording
from qa.question.kinds import times_asked
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.normal import squeezed
from qa.text.outlook import stated
from qa.text.sentences import split_sentences
from qa.text.told import calendar_of, state_of
from qa.text.when import said
from qa.types import Answer, Query, Report, Span

__all__ = ["FEATURES", "features"]

FEATURES = (
    "rules",
    "reader",
    "rules: support",
    "rules: figure",
    "rules: name or list",
    "rules: check",
    "rules: summary",
    "rules: several places",
    "rules: computed",
    "rules: lines",
    "rules: not all that is asked",
    "rules: reader agrees",
    "rules: reader answers elsewhere",
    "rules: span",
    "reader: figure",
    "reader: name",
    "reader: list",
    "reader: list, several spans",
    "reader: reason",
    "reader: check",
    "reader: to be compared",
    "reader: to be computed",
    "reader: rules agree",
    "reader: rules differ",
    "reader: span",
    "reader: several spans",
    "reader: span length",
    "reader: computed",
    "reader: in the clause that proves",
    "reader: the sentence alone",
    "reader: the sentence alone, span",
    "reader: unit as asked",
    "reader: unit not as asked",
    "reader: each by itself",
    "reader: each by itself, of several places",
    "reader: each by itself, not found",
    "answered",
    "answered, beyond doubt",
    "answered, lead over others",
    "answered, in the words least sure",
    "reader: span, in the words least sure",
    "rank",
    "answer covers topic",
    "passage covers topic",
    "asks much",
    "asks for more than was taken apart",
    "several things: rules",
    "several things: reader",
    "several things: reader, a span for each",
    "completed from what was asked before",
    "a plan, and results are asked",
    "a result, and plans are asked",
    "of the years asked",
    "of other years",
    "of a place not asked",
    "a summary: rules, covers topic",
    "a summary: rules, answered",
    "a summary: rules, the reader's span",
    "a summary: rules, a union's",
    "a summary: reader",
    "a summary: reader, passage covers topic",
    "a union's: rules",
    "a union's: rules: support",
    "a union's: answered",
)
LOGIT = 6.0  # log-odds beyond which more makes no difference


def features(
    query: Query, proposal: Proposal, every: Sequence[Proposal], read: Sequence[Read], wording: Wording
) -> tuple[float, ...]:
    """The features of one proposal beside all others, in the order of ``FEATURES``."""
    by_rules = not proposal.found
    own = _cited(proposal.answer, read) if by_rules else [found.read for found in proposal.found]
    weakest = (
        min if len(query.scopes) > 1 or len(proposal.found) > 1 else max
    )  # of several things the least sure
    answered = weakest((r.reading.answered for r in own), default=-LOGIT)
    doubted = max((min(one.answered for one in r.apart) for r in own), default=-LOGIT)
    cited = {r.passage for r in own}
    others = max((r.reading.answered for r in read if r.passage not in cited), default=-LOGIT)
    covers = wording.coverage(query.topic, proposal.answer.text)
    around = max(
        (
            wording.coverage(query.topic, " ".join((*r.hit.paragraph.heading, r.hit.paragraph.text)))
            for r in own
        ),
        default=0.0,
    )
    shared = {
        "rules": float(by_rules),
        "reader": float(not by_rules),
        "answered": _clip(answered / LOGIT),
        "answered, beyond doubt": _clip((answered - 2.0) / LOGIT) if answered > 2.0 else 0.0,
        "answered, lead over others": _clip((answered - others) / LOGIT),
        "answered, in the words least sure": _clip(doubted / LOGIT),
        "rank": max((1.0 / (1.0 + r.rank) for r in own), default=0.0),
        "answer covers topic": covers,
        "passage covers topic": around,
        "asks much": min(len(query.topic) / 60.0, 1.0),
        "asks for more than was taken apart": _missed(query),
        "completed from what was asked before": float(len(query.standalone) > len(query.asked)),
    }
    if (asked := len(query.parts)) > 1:
        shared |= {
            "several things: rules": float(by_rules),
            "several things: reader": float(not by_rules),
            "several things: reader, a span for each": float(
                sum(len(found.spans) for found in proposal.found) >= asked
            ),
        }
    if query.kind == "summary":
        shared |= {
            "a summary: rules, covers topic": by_rules * covers,
            "a summary: rules, answered": by_rules * _clip(answered / LOGIT),
            "a summary: rules, the reader's span": by_rules * _likeliest(every),
            "a summary: rules, a union's": float(by_rules and any(_of_union(r.hit.report) for r in own)),
            "a summary: reader": float(not by_rules),
            "a summary: reader, passage covers topic": (not by_rules) * around,
        }
    if any(_of_union(r.hit.report) for r in own):  # the rules were made for reports of unions
        shared |= {
            "a union's: rules": float(by_rules),
            "a union's: rules: support": by_rules * (proposal.answer.chance or 0.0),
            "a union's: answered": shared["answered"],
        }
    shared |= _of_time(query, own, _place(proposal, own)) | {
        "of a place not asked": float(_elsewhere(query, own))
    }
    special = (
        _of_rules(query, proposal.answer, every, own) if by_rules else _of_reader(query, proposal, every)
    )
    values = shared | special
    return tuple(values.get(name, 0.0) for name in FEATURES)


def _missed(query: Query) -> float:
    """Words of asking beyond the single things that were understood, two or more of them being 1."""
    beyond = times_asked(query.standalone) - len(query.parts) * len(query.scopes)
    return min(max(beyond, 0) / 2.0, 1.0)


def _likeliest(every: Sequence[Proposal]) -> float:
    """How likely the reader takes its best span to be the answer, -1 to 0: where it is sure, one thing is asked."""
    scores = (found.score for proposal in every for found in proposal.found)
    return max((max(score, -BLIND) / BLIND for score in scores), default=-1.0)


def _of_rules(
    query: Query, answer: Answer, every: Sequence[Proposal], own: Sequence[Read]
) -> dict[str, float]:
    best = next((p.found for p in every if p.found), ())
    agrees = bool(best) and all(_says(answer, one) for one in best)
    return {
        "rules: support": answer.chance or 0.0,
        "rules: figure": float(query.kind == "figure"),
        "rules: name or list": float(query.kind in ("name", "list")),
        "rules: check": float(query.kind == "check"),
        "rules: summary": float(query.kind == "summary"),
        "rules: several places": float(len(query.scopes) > 1),
        "rules: computed": float(bool(answer.calculation)),
        "rules: not all that is asked": float(bool(answer.missing)),
        "rules: lines": min(answer.text.count("\n") / 8.0, 1.0),
        "rules: reader agrees": float(agrees),
        "rules: reader answers elsewhere": float(
            bool(best) and not agrees and best[0].read.passage not in {r.passage for r in own}
        ),
        "rules: span": max((_span(answer.short, r) for r in own), default=-1.0),
    }


def _of_reader(query: Query, proposal: Proposal, every: Sequence[Proposal]) -> dict[str, float]:
    found = min(proposal.found, key=lambda one: one.read.reading.answered)  # of several things the least sure
    rules = next((p.answer for p in every if not p.found), None)
    agrees = rules is not None and (
        rules.short == proposal.answer.short is not None or all(_says(rules, one) for one in proposal.found)
    )
    things = single_things(query)
    by_itself = found.read.thing is not None
    unit = things[found.read.thing or 0][1].unit
    own = [f for f in figures(found.text) if not is_year(f)]
    fits = unit is not None and any(unit_kind(f.unit) == unit_kind(unit) for f in own if f.unit)
    length = sum(b - a for a, b in found.spans)
    start, end = found.best
    proves = float(found.read.reading.clause[start:end].mean())
    text = found.read.hit.paragraph.text
    begin, stop = next((a, b) for a, b in split_sentences(text) if a <= start < b)
    (alone,) = default_reader().read_each(
        found.read.asked, [(text[max(0, begin - BEFORE) : begin], text[begin:stop])]
    )
    return {
        "reader: figure": float(query.kind == "figure"),
        "reader: name": float(query.kind == "name"),
        "reader: list": float(query.kind == "list"),
        "reader: list, several spans": float(query.kind == "list" and len(found.spans) > 1),
        "reader: reason": float(query.kind == "reason"),
        "reader: check": float(query.kind == "check"),
        "reader: to be compared": float(query.kind == "comparison"),
        "reader: to be computed": float(query.kind == "computation"),
        "reader: rules agree": float(rules is not None and agrees),
        "reader: rules differ": float(rules is not None and not agrees),
        "reader: span": max(found.score, -BLIND) / BLIND,
        "reader: several spans": float(len(found.spans) > 1),
        "reader: computed": float(bool(proposal.answer.calculation)),
        "reader: span length": min(length / 40.0, 1.0),
        "reader: in the clause that proves": _clip(proves / LOGIT),
        "reader: the sentence alone": _clip(alone.relevance / LOGIT),
        "reader: the sentence alone, span": max(alone.span(start - begin, end - begin), -BLIND) / BLIND,
        "reader: span, in the words least sure": max(
            min(one.span(start, end) for one in found.read.apart) / BLIND, -1.0
        ),
        "reader: unit as asked": float(fits),
        "reader: unit not as asked": float(unit is not None and not fits),
        "reader: each by itself": float(by_itself),
        "reader: each by itself, of several places": float(by_itself and len(query.scopes) > 1),
        "reader: each by itself, not found": by_itself * (1.0 - len(proposal.found) / len(things)),
    }


def _of_time(query: Query, own: Sequence[Read], at: Span) -> dict[str, float]:
    """Whether what is offered is of the time that is asked for: done or planned, and of which years."""
    if not own:
        return {}
    hit = own[0].hit
    calendar = calendar_of(hit.report)
    asked = [time.period for time in said(query.standalone, calendar) if not time.aside]
    ahead = stated(query.standalone, calendar, "") == "plan"
    start, end = at
    state = state_of(hit, start, end)
    years = next((s.period for s in hit.sentences if s.start <= start < s.end), None)
    meets = [years is not None and p.start <= years.end and years.start <= p.end for p in asked]
    return {
        "a plan, and results are asked": float(state == "plan" and not ahead),
        "a result, and plans are asked": float(state == "result" and ahead),
        "of the years asked": float(bool(asked) and any(meets)),
        "of other years": float(bool(asked) and years is not None and not any(meets)),
    }


def _place(proposal: Proposal, own: Sequence[Read]) -> Span:
    """Where in its paragraph an answer stands: the reader's first span, or the sentence that the rules cite first."""
    if proposal.found:
        return proposal.found[0].spans[0]
    if not own:
        return 0, 1
    paragraph = own[0].hit.paragraph
    quote = next(c.quote for c in proposal.answer.citations if c.paragraph == paragraph.number)
    at = max(paragraph.text.find(quote), 0)
    return at, at + max(len(quote), 1)


def _of_union(report: Report) -> bool:
    return "工会" in report.organisation + report.title


def _elsewhere(query: Query, own: Sequence[Read]) -> bool:
    """Whether a place is asked for and the passage is of a report that it did not lead to."""
    meant = {report for scope in query.scopes for report in scope.report_ids}
    placed = any(scope.place for scope in query.scopes)
    return placed and any(r.hit.report.id not in meant for r in own)


def _says(answer: Answer, found: SpanAnswer) -> bool:
    """Whether an answer holds what the reader found: its figures, or else its words."""
    text = answer.short or answer.text
    own = [f for f in figures(found.text) if not is_year(f)]
    if own:
        told = figures(text)
        return all(any(same_value(f.value, t.value) for t in told) for f in own)
    return squeezed(found.text) in squeezed(text) or bool(
        answer.short and squeezed(text) in squeezed(found.text)
    )


def _cited(answer: Answer, read: Sequence[Read]) -> list[Read]:
    """The passages that an answer cites, in the order of its marks, each as it was read for what it answers best."""
    by_place = {r.passage: r for r in sorted(read, key=lambda r: r.reading.answered)}
    cited = dict.fromkeys((c.report_id, c.paragraph) for c in answer.citations)
    return [by_place[key] for key in cited if key in by_place]


def _span(short: str | None, read: Read) -> float:
    """How likely the reader takes the short answer of the rules to be one, -1 to 0."""
    at = read.hit.paragraph.text.find(short) if short else -1
    return -1.0 if at < 0 or not short else max(read.reading.span(at, at + len(short)), -BLIND) / BLIND


def _clip(value: float) -> float:
    return float(np.clip(value, -1.0, 1.0))
