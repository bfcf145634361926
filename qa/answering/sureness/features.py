"""Compute the features of a proposed answer; each lies between -1 and 1, so that weights are comparable."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log

import numpy as np
import numpy.typing as npt

from embeddings.reader import default_question_reader
from qa.answering.computation import gives_result
from qa.answering.sureness.proposals import LONG, Proposal
from qa.answering.sureness.span_answers import Read, SpanAnswer
from qa.answering.wording import Wording
from qa.ledger.circumstances import time_of, times_stated
from qa.ledger.indicators import levels, what_counts
from qa.question.question_words import asking as words_that_ask
from qa.text.figures import amounts_in, figures, unit_kind
from qa.text.normal import without_punctuation
from qa.text.sentences import holding, split_clauses
from qa.text.states import asks_of_plans, calendar_of, state_of
from qa.text.when import holds_now, time_expressions
from qa.types import IN_SENTENCES, MARK, Answer, Hit, Period, Query, Report, Span

KINDS = ("figure", "name", "list", "reason", "check", "comparison", "computation", "summary")
SOURCES = (  # each with its own weights; features of the other are 0
    "one passage",  # found in it by the reader
    "one by one",  # several things, places or terms, each a question of its own
)
SPAN_FEATURES = (
    "span", "span, as a chance", "another passage says the same",
    "a figure found", "span length", "several spans",
    "a span for each of several things", "in the clause that proves", "marked",
    "marked, lead over others", "unit not as asked", "what it counts is asked",
    "as many as named", "not as many as named", "its clause has the number named",
)  # fmt: skip
LOGIT = 6.0  # log-odds are clipped here
BLIND = 12.0  # the negative log-probability of a span is clipped here
NAMED = range(2, 13)  # how many things a question may say it means (哪四项)
EARLIER = "a figure of a term, and one of its earlier years is asked"
FEATURES = (
    *(f"a {kind}" for kind in KINDS), "answered", "answered, beyond doubt", "answered, rather not",
    "answered, lead over others", "rank", "answer covers topic", "words are far",
    "answer covers the least of several things",
    "figures of the same kind beside it", "asks much", "several things", "computed",
    "computed, as is asked", "not computed, as is asked", "not what is to be computed",
    "figures beside those found", "fewer figures than are asked", "length",
    "completed from what was asked before", "a plan, and results are asked",
    "a result, and plans are asked", "of the years asked", "of other years", "of more years than are asked",
    "of a place not asked", EARLIER, "of a level not asked", "a summary: answer covers topic",
    "a summary: answered", "a summary: the likeliest span",
    "a summary: a union's", "a union's", "a union's: answered", "near in meaning", *SPAN_FEATURES, "one by one",
    "one by one: least sure", "one by one: on average", "one by one: all at once",
    "one by one: counted alike", "one by one: not counted alike",
    "one by one: computed", "one by one: in one sentence",
    "one by one: said by the whole", "one by one: the whole, where it says all",
)  # fmt: skip
OF_STATE = ("a plan, and results are asked", "a result, and plans are asked")


def source_of(values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the index in ``SOURCES`` of the proposer, from features (..., features), as (...)."""
    source: npt.NDArray[np.int64] = np.asarray(values)[..., FEATURES.index("one by one")].astype(np.int64)
    return source


def of_each_source(values: npt.NDArray[np.float64]) -> list[npt.NDArray[np.bool_]]:
    """Return which rows, (n,), are of each source that any is of."""
    sources = source_of(values) if len(values) else np.zeros(0)
    return [sources == source for source in np.unique(sources)]


def log_odds(chance: float) -> float:
    """Return the log-odds of a chance, -1 to 1."""
    return clip(log(max(chance, 1e-9) / max(1.0 - chance, 1e-9)) / LOGIT)


def features(
    query: Query, proposal: Proposal, every: Sequence[Proposal], read: Sequence[Read], wording: Wording
) -> tuple[float, ...]:
    """Return the features of one proposal among all others, in the order of ``FEATURES``."""
    own, answer = proposal.found.read, proposal.answer
    alone = query.parts[0].asked if len(query.parts) == 1 else ""
    asking, elsewhere = alone or query.standalone, _elsewhere(query, own.hit)
    time = _of_time(asking, own.hit, proposal.found.spans[0])
    least = -1 if elsewhere else _fit(asking, own.hit, time)
    rivals = [r for r in read if r.hit.position != own.hit.position and _fit_of(query, asking, r) >= least]
    others = max((r.reading.answered for r in rivals), default=-LOGIT)
    beside = {own.hit.position, *(rival.hit.position for rival in rivals)}
    answered = own.reading.answered
    covers = wording.coverage(query.topic, answer.text)
    asked = "summary" if query.kind in IN_SENTENCES else query.kind
    things = max(len(query.parts), len(words_that_ask(query.standalone)))
    only_figures = all(part.kind == "figure" for part in query.parts)
    computed = float(bool(answer.calculation))
    computes = default_question_reader().read(query.standalone).computes
    values = {
        **{f"a {kind}": float(asked == kind) for kind in KINDS},
        "answered": clip(answered / LOGIT),
        "answered, beyond doubt": clip((answered - 2.0) / LOGIT) if answered > 2.0 else 0.0,
        "answered, rather not": clip(min(answered, 0.0) / LOGIT),
        "answered, lead over others": clip((answered - others) / LOGIT),
        "rank": 1.0 / (1.0 + own.rank),
        "answer covers topic": covers,
        "words are far": 1.0 - max(wording.coverage(query.topic, r.hit.paragraph.text) for r in read),
        "asks much": min(len(query.topic) / 60.0, 1.0),
        "several things": float(len(query.parts) > 1),
        "computed": computed,
        "computed, as is asked": computed * computes,
        "not computed, as is asked": (1.0 - computed) * (1.0 - computes),
        "not what is to be computed": computes * (not gives_result(query, answer)),
        "figures beside those found": min(max(proposal.figures - len(proposal.found.figures), 0) / 6.0, 1.0),
        "fewer figures than are asked": only_figures * max(things - proposal.figures, 0) / things,
        "length": min(len(answer.text) / LONG, 1.0),
        "completed from what was asked before": float(len(query.standalone) > len(query.asked)),
        "of a place not asked": float(elsewhere),
        "near in meaning": wording.likenesses(query.topic, [answer.text]).get(answer.text, 0.0),
    }
    if len(query.parts) > 1:
        of_parts = (wording.coverage(part.text, answer.text) for part in query.parts)
        values["answer covers the least of several things"] = min(of_parts)
    unions = "工会" in own.hit.report.organisation + own.hit.report.title
    if asked == "summary":
        values |= {
            "a summary: answer covers topic": covers,
            "a summary: answered": values["answered"],
            "a summary: the likeliest span": max(max(one.found.score, -BLIND) / BLIND for one in every),
            "a summary: a union's": float(unions),
        }
    if unions:
        values |= {"a union's": 1.0, "a union's: answered": values["answered"]}
    values |= time | _of_measure(query, answer) | _of_count(asking, proposal, wording)
    values |= _of_span(query, proposal.found, [one for one in every if one.found.read.hit.position in beside])
    return tuple(values.get(name, 0.0) for name in FEATURES)


def _of_time(asking: str, hit: Hit, at: Span) -> dict[str, float]:
    """Compare the time of a stretch of a passage with the time asked for: result or plan, and years."""
    asked, ahead = years_asked(asking, hit.report), asks_of_plans(asking, hit.report)
    state, years = state_of(hit, *at), years_of(hit, at)
    meets = years is not None and any(p.start <= years.end and years.start <= p.end for p in asked)
    within = years is not None and any(p.start <= years.start <= years.end <= p.end for p in asked)
    earlier = years is not None and any(years.start <= p.start == p.end < years.end for p in asked)
    return {
        "a plan, and results are asked": float(state == "plan" and not ahead),
        "a result, and plans are asked": float(state == "result" and ahead),
        "of the years asked": float(meets),
        "of other years": float(bool(asked) and years is not None and not meets),
        "of more years than are asked": float(meets and not within),
        EARLIER: float(earlier and not within and bool(amounts_in(hit.paragraph.text[slice(*at)]))),
    }


def _fit_of(query: Query, asking: str, read: Read) -> int:
    """Return how well place and time of what a passage answers fit those asked: -1 for another place, 2 is best."""
    if _elsewhere(query, read.hit):
        return -1
    best = next(iter(read.reading.spans), None)
    at = (best.start, best.end) if best else (0, 1)
    return _fit(asking, read.hit, _of_time(asking, read.hit, at))


def _fit(asking: str, hit: Hit, time: Mapping[str, float]) -> int:
    """Return 0 for a plan instead of a result, the reverse, or other years, 1 for more years than asked, else 2.

    If no time is asked, all fit.
    """
    if not years_asked(asking, hit.report) and not asks_of_plans(asking, hit.report):
        return 2
    if any(time[name] for name in (*OF_STATE, "of other years")):
        return 0
    return 1 if time["of more years than are asked"] else 2


def years_asked(asking: str, report: Report) -> list[Period]:
    """Return the years that a question names; all up to a report's results if it asks for what is so now (现有多少家)."""
    named = [time.period for time in time_expressions(asking, calendar_of(report)) if not time.aside]
    now = not named and holds_now(asking, len(asking)) and not asks_of_plans(asking, report)
    return [Period(0, report.period.end)] if now and report.period else named


def years_of(hit: Hit, at: Span) -> Period | None:
    """Return the years of the first figure of a stretch, else of its sentence."""
    sentence = next((s for s in hit.sentences if s.start <= at[0] < s.end), None)
    if sentence is None:
        return None
    start, end = at[0] - sentence.start, at[1] - sentence.start
    first = next((f.start for f in amounts_in(sentence.text) if start <= f.start < end), None)
    if first is None:
        return sentence.period
    times = times_stated(sentence.text, calendar_of(hit.report))
    return time_of(sentence.text, times, first, sentence.period)[0]


def _of_measure(query: Query, answer: Answer) -> dict[str, float]:
    """Return whether the figure is of another level or kind than asked, and how many others fit."""
    short = next(iter(amounts_in(answer.short or "")), None)
    quotes = [citation.quote for citation in answer.citations]
    alike = [f for f in figures(" ".join(quotes)) if short and unit_kind(f.unit) == unit_kind(short.unit)]
    own = levels(what_counts(quotes[0], short)) if short and quotes else levels(MARK.sub("", answer.text))
    return {
        "figures of the same kind beside it": min(max(len(alike) - 1, 0) / 6.0, 1.0),
        "of a level not asked": float(not own <= levels(query.topic)),
    }


def _of_count(asking: str, proposal: Proposal, wording: Wording) -> dict[str, float]:
    """Return how much of what a figure counts is asked, and whether there are as many things as the question says."""
    found, text = proposal.found, proposal.found.read.hit.paragraph.text
    (start, end), values = found.sentence, dict[str, float]()
    own = next((f for f in found.figures if start <= f.start < end), None)
    placed = replace(own, start=own.start - start, end=own.end - start) if own else None
    if placed and (counted := what_counts(text[start:end], placed)):
        values["what it counts is asked"] = wording.coverage(counted, asking)
    if named := {f.value for f in amounts_in(asking) if f.unit and f.value in NAMED}:
        items = max(len(found.spans), found.text.count("、") + 1)
        clause = text[slice(*holding(split_clauses(text), found.best[0]))]
        values["as many as named"] = float(items in named)
        values["not as many as named"] = float(items not in named)
        values["its clause has the number named"] = float(any(f.value in named for f in amounts_in(clause)))
    return values


def _elsewhere(query: Query, hit: Hit) -> bool:
    """Whether a place is asked for and a passage is of a report of another place."""
    return any(scope.place for scope in query.scopes) and hit.report.id not in query.report_ids


def _of_span(query: Query, found: SpanAnswer, every: Sequence[Proposal]) -> dict[str, float]:
    """Return features of what the reader found: how sure it is, if others agree, if the unit fits.

    ``every``: the proposals of its passage, and of those that fit the place and the time asked for as well.
    """
    unit = query.parts[0].unit
    own = amounts_in(found.text)
    length = sum(b - a for a, b in found.spans)
    proves = float(found.read.reading.clause[slice(*found.best)].mean())
    confirmed = any(_same(found, proposal.found) for proposal in every)
    others = (one.found.marked for one in every if one.found.spans != found.spans)
    return {
        "span": max(found.score, -BLIND) / BLIND,
        "span, as a chance": exp(found.score),
        "another passage says the same": float(confirmed),
        "a figure found": float(bool(own)),
        "span length": min(length / 40.0, 1.0),
        "several spans": float(len(found.spans) > 1),
        "a span for each of several things": float(1 < len(query.parts) <= len(found.spans)),
        "in the clause that proves": clip(proves / LOGIT),
        "marked": clip(found.marked / LOGIT),
        "marked, lead over others": clip((found.marked - max(others, default=-LOGIT)) / LOGIT),
        "unit not as asked": float(unit is not None and all(unit_kind(f.unit) != unit for f in own)),
    }


def _same(one: SpanAnswer, other: SpanAnswer) -> bool:
    """Whether different passages give the same figures, or the same words if there are no figures."""
    if one.read.hit.position == other.read.hit.position:
        return False
    values = [[f.value for f in amounts_in(found.text)] for found in (one, other)]
    if any(values):
        return values[0] == values[1]
    return without_punctuation(one.text) == without_punctuation(other.text)


def clip(value: float) -> float:
    """Clip a value to -1 … 1."""
    return float(np.clip(value, -1.0, 1.0))
