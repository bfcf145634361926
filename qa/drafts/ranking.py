"""Which statement of the reports a draft's statement is about: one score over plain features, or none at all.

The score is linear; its weights were fitted on marked drafts (``qa.drafts.train``) and lie in ``weights.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from qa.drafts.comparing import length, likeness, name_overlap, slip
from qa.drafts.context import Context
from qa.drafts.records import Statement
from qa.drafts.register import Floats, Register
from qa.text.figures import same_measure, same_value
from qa.types import Report

MOST = 24  # candidates that are looked at closely
BATCH = 256  # statements of a draft that are compared at once
FEATURES = (
    *("subject held", "subject holds", "clause held", "clause holds", "clause in sentence", "sentence held"),
    *("same value", "worded otherwise", "slip", "value in another unit", "same and subject", "same and long"),
    *("measure", "other measure", "both results", "name overlap"),
    *("place", "other place", "term", "other term", "outdone", "claimed", "neighbours"),
)
ROUGH = np.array([1.0, 0.5, 1.0, 0.5, 1.0, 0.5])  # what the overlaps weigh before the closer look
SAME_VALUE = 2.0  # and what the same value adds to them


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement of a report that a draft's statement may be about.

    Args:
        number: in the register.
        features: in the order of ``FEATURES``.
        score: higher is better; above 0 is better than none.
    """

    number: int
    features: tuple[float, ...]
    score: float = 0.0


def candidates(register: Register, said: Sequence[tuple[Statement, Context]]) -> list[tuple[Candidate, ...]]:
    """For each statement of a draft what it may be about; what its neighbours are about is not yet known."""
    found: list[tuple[Candidate, ...]] = []
    for start in range(0, len(said), BATCH):
        found += _batch(register, said[start : start + BATCH])
    return found


def scored(
    found: Sequence[Candidate], neighbours: Mapping[int, float], claimed: Mapping[int, float]
) -> tuple[Candidate, ...]:
    """The candidates best first, with what the statements around are about taken into account.

    Args:
        neighbours: number in the register → 0 to 1, how much of what stands around is found beside it.
        claimed: number in the register → 1 where a statement beside this one fits it better.
    """
    weight, bias = weights()
    made = []
    for each in found:
        features = (*each.features[:-2], claimed.get(each.number, 0.0), neighbours.get(each.number, 0.0))
        made.append(Candidate(each.number, features, float(np.dot(weight, features) + bias)))
    return tuple(sorted(made, key=lambda c: (-c.score, c.number)))


@cache
def weights() -> tuple[Floats, float]:
    """The weights of ``FEATURES`` and what is added, so that none at all scores 0."""
    held = json.loads(files("qa.drafts").joinpath("weights.json").read_text(encoding="utf-8"))
    return np.array([held["weights"][name] for name in FEATURES]), float(held["bias"])


def words_fit(candidate: Candidate) -> float:
    """How well the words around a draft's statement fit a candidate's, whatever figure, place or years both name."""
    weight, _ = weights()
    return float(np.dot(weight[: len(ROUGH)], candidate.features[: len(ROUGH)]))


def _batch(register: Register, said: Sequence[tuple[Statement, Context]]) -> list[tuple[Candidate, ...]]:
    if not register.statements:
        return [() for _ in said]
    overlaps = register.overlaps([statement for statement, _ in said])
    columns = (
        *overlaps["subject", "subject"],
        *overlaps["clause", "clause"],
        overlaps["clause", "sentence"][0],
        overlaps["sentence", "sentence"][0],
    )  # in the order of FEATURES
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
        found.append(
            tuple(
                Candidate(n, _features(register, statement, context, n, words[:, n], behind))
                for n, behind in zip(best, outdone, strict=True)
            )
        )
    return found


def _features(
    register: Register, said: Statement, context: Context, number: int, words: Floats, outdone: float
) -> tuple[float, ...]:
    stated = register.statements[number]
    report = register.reports[stated.report_id]
    like = likeness(said, stated)
    own, theirs = said.figure, stated.figure
    both = own is not None and theirs is not None and bool(own.unit) and bool(theirs.unit)
    measure = both and own is not None and theirs is not None and same_measure(own.unit, theirs.unit)
    value = own is not None and theirs is not None and same_value(own.value, theirs.value)
    place = _place(said, context, stated, report)
    term = _term(said, context, report)
    return (
        *map(float, words),
        float(like == "same"),
        float(like == "otherwise"),
        float(like == "other" and own is not None and theirs is not None and slip(own, theirs)),
        float(like == "other" and value),
        float(like != "other") * float(max(words[0], words[1])),
        float(like != "other") * length(said),
        float(measure),
        float(both and not measure),
        float(said.plan == stated.plan),
        name_overlap(said.text, stated.text) if said.kind == "name" else 0.0,
        float(place is True),
        float(place is False),
        float(term is True),
        float(term is False),
        outdone,
        0.0,
        0.0,
    )


def _place(said: Statement, context: Context, stated: Statement, report: Report) -> bool | None:
    """Whether the place is that of the report, or None where the draft names none."""
    names = {said.place, context.place.name} - {""}
    if not names:
        return None
    return bool(names & {stated.place, report.place.name})


def _term(said: Statement, context: Context, report: Report) -> bool | None:
    """Whether the years are those of the report, or None where the draft names none."""
    period = said.period or context.period
    if period is None or report.period is None:
        return None
    return period.meets(report.period)
