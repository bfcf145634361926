"""Rank the statements of the reports that a draft's statement may be about, by a linear score over features.

The weights were fitted on marked drafts (``qa.drafts.train``) and are stored in ``weights.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from qa.drafts.comparing import distinctiveness, is_slip, likeness, name_overlap
from qa.drafts.context import Context
from qa.drafts.records import Statement
from qa.drafts.register import Floats, Register
from qa.text.figures import same_measure, same_value
from qa.types import Report

MOST = 24  # candidates that get all features
BATCH = 256  # statements of a draft compared at once
FEATURES = (
    *("subject held", "subject holds", "clause held", "clause holds", "clause in sentence", "sentence held"),
    *("same value", "worded otherwise", "slip", "value in another unit", "same and subject", "same and long"),
    *("measure", "other measure", "both results", "name overlap"),
    *("place", "other place", "term", "other term", "outdone", "claimed", "neighbours"),
)
ROUGH = np.array([1.0, 0.5, 1.0, 0.5, 1.0, 0.5])  # weights of the overlaps in the preselection
SAME_VALUE = 2.0  # weight of the same value in the preselection


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement of a report that a draft's statement may be about."""

    number: int  # in the register
    features: tuple[float, ...]  # in the order of ``FEATURES``
    score: float = 0.0  # higher is better; above 0 is better than no candidate


def candidates(register: Register, said: Sequence[tuple[Statement, Context]]) -> list[tuple[Candidate, ...]]:
    """Return the candidates of each statement of a draft, without the features of its neighbours."""
    found: list[tuple[Candidate, ...]] = []
    for start in range(0, len(said), BATCH):
        found += _batch(register, said[start : start + BATCH])
    return found


def rescored(
    found: Sequence[Candidate], neighbours: Mapping[int, float], claimed: Mapping[int, float]
) -> tuple[Candidate, ...]:
    """Return the candidates with their scores, best first.

    Args:
        neighbours: number in the register → 0 to 1, share of the neighbouring statements found close to it.
        claimed: number in the register → 1 if a neighbouring statement fits it better.
    """
    weight, bias = weights()
    made = []
    for each in found:
        features = (*each.features[:-2], claimed.get(each.number, 0.0), neighbours.get(each.number, 0.0))
        made.append(Candidate(each.number, features, float(np.dot(weight, features) + bias)))
    return tuple(sorted(made, key=lambda c: (-c.score, c.number)))


@cache
def weights() -> tuple[Floats, float]:
    """Return the weights of ``FEATURES`` and the bias; no candidate at all scores 0."""
    stored = json.loads(files("qa.drafts").joinpath("weights.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES]), float(stored["bias"])


def words_fit(candidate: Candidate) -> float:
    """Return how well the words around both statements fit, without figure, place and years."""
    weight, _ = weights()
    return float(np.dot(weight[: len(ROUGH)], candidate.features[: len(ROUGH)]))


def _batch(register: Register, said: Sequence[tuple[Statement, Context]]) -> list[tuple[Candidate, ...]]:
    if not register.statements:
        return [() for _ in said]
    overlaps = register.overlaps([statement for statement, _ in said])
    # In the order of FEATURES.
    columns = (
        *overlaps["subject", "subject"],
        *overlaps["clause", "clause"],
        overlaps["clause", "sentence"][0],
        overlaps["sentence", "sentence"][0],
    )
    found = []
    for row, (statement, context) in enumerate(said):
        words = np.stack([column[row] for column in columns])
        rough = ROUGH @ words
        if statement.figure is not None:
            rough = rough + SAME_VALUE * register.of_value(statement.figure.value)
        rough = np.where(register.of_kind[statement.kind], rough, -1.0)
        most = np.argpartition(-rough, MOST)[:MOST] if len(rough) > MOST else np.arange(len(rough))
        best = [int(n) for n in sorted(most, key=lambda n: (-rough[n], n)) if rough[n] > 0]
        subject = (words[0] + words[1]) / 2
        outdone = [float(subject[register.sentence(n)].max() - subject[n]) for n in best]
        made = (_features(register, statement, context, n, words[:, n]) for n in best)
        found.append(
            tuple(
                Candidate(n, (*own, gap, 0.0, 0.0)) for n, own, gap in zip(best, made, outdone, strict=True)
            )
        )
    return found


def _features(
    register: Register, said: Statement, context: Context, number: int, words: Floats
) -> tuple[float, ...]:
    """Return all features but the last three, which depend on other candidates and on the neighbours."""
    stated = register.statements[number]
    report = register.reports[stated.report_id]
    like = likeness(said, stated)
    own, theirs = said.figure, stated.figure
    both = measure = value = slipped = False
    if own is not None and theirs is not None:
        both = bool(own.unit) and bool(theirs.unit)
        measure = both and same_measure(own.unit, theirs.unit)
        value = same_value(own.value, theirs.value)
        slipped = like == "other" and is_slip(own, theirs)
    place = _place(said, context, stated, report)
    term = _term(said, context, report)
    return (
        *map(float, words),
        float(like == "same"),
        float(like == "otherwise"),
        float(slipped),
        float(like == "other" and value),
        float(like != "other") * float(max(words[0], words[1])),
        float(like != "other") * distinctiveness(said),
        float(measure),
        float(both and not measure),
        float(said.plan == stated.plan),
        name_overlap(said.text, stated.text) if said.kind == "name" else 0.0,
        float(place is True),
        float(place is False),
        float(term is True),
        float(term is False),
    )


def _place(said: Statement, context: Context, stated: Statement, report: Report) -> bool | None:
    """Return whether the place is that of the report, or None if the draft names none."""
    names = {said.place, context.place.name} - {""}
    return bool(names & {stated.place, report.place.name}) if names else None


def _term(said: Statement, context: Context, report: Report) -> bool | None:
    """Return whether the years are those of the report, or None if either has none."""
    period = said.period or context.period
    if period is None or report.period is None:
        return None
    return period.meets(report.period)
