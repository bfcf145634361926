"""Compute the features of an answer that depend on the spans that the reader found."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np

from qa.answering.sureness.proposals import Proposal
from qa.answering.sureness.span_answers import SpanAnswer
from qa.text.figures import figures, is_year, unit_kind
from qa.text.normal import without_punctuation
from qa.types import Query

SPAN_FEATURES = (
    "span", "span, as a chance", "another passage says the same",
    "a figure found", "span length", "several spans",
    "a span for each of several things", "in the clause that proves", "marked",
    "marked, lead over others", "unit not as asked",
)  # fmt: skip
LOGIT = 6.0  # log-odds are clipped here
BLIND = 12.0  # the negative log-probability of a span is clipped here


def of_span(query: Query, found: SpanAnswer, every: Sequence[Proposal]) -> dict[str, float]:
    """Return features of what the reader found: how sure it is, if others agree, if the unit fits.

    ``every``: the proposals of its passage, and of those that fit the place and the time asked for as well.
    """
    unit = query.parts[0].unit
    own = [f for f in figures(found.text) if not is_year(f)]
    fits = unit is not None and any(unit_kind(f.unit) == unit_kind(unit) for f in own if f.unit)
    length = sum(b - a for a, b in found.spans)
    start, end = found.best
    proves = float(found.read.reading.clause[start:end].mean())
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
        "unit not as asked": float(unit is not None and not fits),
    }


def _same(one: SpanAnswer, other: SpanAnswer) -> bool:
    """Whether different passages give the same figures, or the same words if there are no figures."""
    if one.read.hit.position == other.read.hit.position:
        return False
    values = [[f.value for f in figures(found.text) if not is_year(f)] for found in (one, other)]
    if any(values):
        return values[0] == values[1]
    return without_punctuation(one.text) == without_punctuation(other.text)


def clip(value: float) -> float:
    """Clip a value to -1 … 1."""
    return float(np.clip(value, -1.0, 1.0))
