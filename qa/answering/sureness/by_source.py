"""Compute the features of an answer that depend on who proposes it: the rules or the reader."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np

from embeddings.reader import default_reader
from qa.answering.reading import BEFORE, BLIND
from qa.answering.sureness.proposals import Proposal
from qa.answering.sureness.span_answers import Read, SpanAnswer
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.normal import without_punctuation
from qa.text.sentences import split_sentences
from qa.types import Answer, Query

RULES = (
    "rules: support", "rules: support, a union's", "rules: lines", "rules: not all that is asked",
    "rules: reader agrees", "rules: reader answers elsewhere", "rules: span",
)  # fmt: skip
READER = (
    "reader: rules agree", "reader: rules differ", "reader: span", "reader: span, in the words least sure",
    "reader: span, as a chance", "reader: another passage says the same", "reader: a figure",
    "reader: span length", "reader: several spans", "reader: several spans for a list",
    "reader: a span for each of several things", "reader: in the clause that proves",
    "reader: the sentence alone", "reader: the sentence alone, span", "reader: unit as asked",
    "reader: unit not as asked",
)  # fmt: skip
LOGIT = 6.0  # log-odds are clipped here


def of_rules(
    answer: Answer, every: Sequence[Proposal], own: Sequence[Read], unions: bool
) -> dict[str, float]:
    """Return features of an answer of the rules; ``unions``: it is from a union's report."""
    best = next((p.found for p in every if p.found), None)
    agrees = best is not None and states(answer, best)
    elsewhere = best is not None and best.read.hit.position not in {r.hit.position for r in own}
    support = answer.chance or 0.0
    return {
        "rules: support": support,
        "rules: support, a union's": unions * support,
        "rules: lines": min(answer.text.count("\n") / 8.0, 1.0),
        "rules: not all that is asked": float(bool(answer.missing)),
        "rules: reader agrees": float(agrees),
        "rules: reader answers elsewhere": float(elsewhere and not agrees),
        "rules: span": max((_span(answer.short, r) for r in own), default=-1.0),
    }


def of_reader(query: Query, answer: Answer, found: SpanAnswer, every: Sequence[Proposal]) -> dict[str, float]:
    """Return features of what the reader found: how sure it is, if the rules agree, if the unit fits."""
    rules = next((p.answer for p in every if not p.found), None)
    agrees = rules is not None and (rules.short == answer.short is not None or states(rules, found))
    unit = query.parts[0].unit
    own = [f for f in figures(found.text) if not is_year(f)]
    fits = unit is not None and any(unit_kind(f.unit) == unit_kind(unit) for f in own if f.unit)
    length = sum(b - a for a, b in found.spans)
    start, end = found.best
    proves = float(found.read.reading.clause[start:end].mean())
    least_sure = min(one.span(start, end) for one in found.read.apart)
    confirmed = any(_same(found, p.found) for p in every if p.found)
    text = found.read.hit.paragraph.text
    begin, stop = next((a, b) for a, b in split_sentences(text) if a <= start < b)
    before = text[max(0, begin - BEFORE) : begin]
    (alone,) = default_reader().read_each(found.read.asked, [(before, text[begin:stop])])
    return {
        "reader: rules agree": float(agrees),
        "reader: rules differ": float(rules is not None and not agrees),
        "reader: span": max(found.score, -BLIND) / BLIND,
        "reader: span, in the words least sure": max(least_sure / BLIND, -1.0),
        "reader: span, as a chance": exp(found.score),
        "reader: another passage says the same": float(confirmed),
        "reader: a figure": float(bool(own)),
        "reader: span length": min(length / 40.0, 1.0),
        "reader: several spans": float(len(found.spans) > 1),
        "reader: several spans for a list": float(query.kind == "list" and len(found.spans) > 1),
        "reader: a span for each of several things": float(1 < len(query.parts) <= len(found.spans)),
        "reader: in the clause that proves": clip(proves / LOGIT),
        "reader: the sentence alone": clip(alone.relevance / LOGIT),
        "reader: the sentence alone, span": max(alone.span(start - begin, end - begin), -BLIND) / BLIND,
        "reader: unit as asked": float(fits),
        "reader: unit not as asked": float(unit is not None and not fits),
    }


def _same(one: SpanAnswer, other: SpanAnswer) -> bool:
    """Whether different passages give the same figures, or the same words if there are no figures."""
    values = [[f.value for f in figures(found.text) if not is_year(f)] for found in (one, other)]
    alike = (
        values[0] == values[1]
        if any(values)
        else without_punctuation(one.text) == without_punctuation(other.text)
    )
    return alike and one.read.hit.position != other.read.hit.position


def states(answer: Answer, found: SpanAnswer) -> bool:
    """Whether an answer states what the reader found: its figures, or its words if there are no figures."""
    text = answer.short or answer.text
    own = [f for f in figures(found.text) if not is_year(f)]
    if own:
        stated = figures(text)
        return all(any(same_value(f.value, s.value) for s in stated) for f in own)
    return without_punctuation(found.text) in without_punctuation(text) or bool(
        answer.short and without_punctuation(text) in without_punctuation(found.text)
    )


def _span(short: str | None, read: Read) -> float:
    """Return how likely the reader takes the short answer of the rules to be the answer, -1 to 0."""
    at = read.hit.paragraph.text.find(short) if short else -1
    return -1.0 if at < 0 or not short else max(read.reading.span(at, at + len(short)), -BLIND) / BLIND


def clip(value: float) -> float:
    """Clip a value to -1 … 1."""
    return float(np.clip(value, -1.0, 1.0))
