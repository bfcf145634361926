"""Compute the features of a formula over figures that were read, as an answer to a question."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log, log10

import numpy as np
from numpy.typing import NDArray

from embeddings import default_encoder
from embeddings.reader import default_question_reader
from qa.answering.programs.candidates import FORMULAS, Mention, Operand, Program
from qa.answering.sureness.features import BLIND, LOGIT, clip, years_asked, years_of
from qa.answering.wording import Wording
from qa.question.asides import without_asides
from qa.question.kinds import RESULTS, unit_of
from qa.text.changes import changes_in, is_by_how_much
from qa.text.figure_context import counted_alike, interchangeable, per_units, states_mean, whole_of
from qa.text.figures import amounts_in, unit_kind
from qa.text.numerals import DIGITS
from qa.text.states import asks_of_plans, state_of
from qa.text.when import years_named
from qa.types import Figure, Period, Query

Floats = NDArray[np.float64]
ROUNDED = 0.1  # relative difference of a figure and how a person states it, at most
LEAST = 1e-3  # least chance of a formula that counts
SOUNDS = "as the question sounds"
SOUNDS_LIKE = tuple(f"sounds like {formula}" for formula in (*FORMULAS, "none"))
_EACH = ("span", "inside", "clause", "words covered", "clause covered", "words asked", "a thing asked")
_OF_FORMULA = ("whole and part", "parts of one", "change", "in words alike", "apart", "by how much")
FEATURES = (
    *(f"{side} {name}" for side in ("least", "mean") for name in _EACH),
    *FORMULAS, *(f"{formula}: {name}" for formula in FORMULAS for name in _OF_FORMULA),
    SOUNDS, "told together", "told by all, not by one", "stated in the question",
    "least thing told", "things told", "as many as things", "fewer than things", "more than things",
    "in words alike", "how unlike in size", "one clause", "one sentence", "figures between", "of their kind between",
    "distance", "in order", "growth: in order", "unit as asked", "unit not as asked", "no unit asked",
    "for each as asked", "for each not as asked", "money for each", "of money", "as many as named", "not as many as named",
    "more than two", "operands", "a mean is printed", "plan and result", "plan and result, plans are asked",
    "plans, and results are asked", "results, and plans are asked", "of no year asked", "within years asked",
    "years told", "several years, all told", "answered", "answered, best", "rank", "one figure twice", *SOUNDS_LIKE,
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class _Known:
    """What is known of a figure for a question."""

    each: Floats  # the values of ``_EACH``
    told: Floats  # how much of each word of the topic its words tell
    things: Floats  # likewise of each thing
    vector: Floats  # of its words
    stated: bool  # whether the question has it, or about it
    by_how_much: bool  # whether it is by how much something changed
    mean: bool  # whether its clause states a mean
    plan: bool
    years: Period | None
    whole: int | None  # where the figure stands that it is a part of


class Asked:
    """What a question asks, set against figures and formulas over them; ``sounds`` is the log-probability of each formula by its words."""

    def __init__(self, query: Query, wording: Wording, sounds: Sequence[float]) -> None:
        question = query.standalone
        read = default_question_reader().read(question)
        self._asked, self._topic = without_asides(question), query.topic
        self._sounds = heard(sounds)
        self._unit, self._per, self._stated = unit_of(question), per_units(question), amounts_in(question)
        named = (DIGITS.get(character, 0) for a, b in read.each for character in question[a:b])
        self._named = max(named, default=0)  # how many things it says that it means
        parts = [part.topic or part.text for part in query.parts]
        things = parts if len(parts) > 1 else [question[a:b] for a, b in read.looked_up]
        self._things = [thing for thing in things if len(thing) > 1]
        self._wording = wording
        self._known = dict[Mention, _Known]()
        self._of_report = cache(
            lambda report: (years_asked(self._asked, report), asks_of_plans(self._asked, report))
        )

    def relevance(self, mention: Mention) -> float:
        """Return how much a figure has to do with the question, about -1 to 2."""
        each = self._of(mention).each
        return float(each[0] + each[3] + each[4])

    def _of(self, mention: Mention) -> _Known:
        if mention not in self._known:
            self._known[mention] = self._of_new(mention)
        return self._known[mention]

    def _of_new(self, mention: Mention) -> _Known:
        reading, (start, end), covers = mention.read.reading, mention.span, self._wording.coverage
        hit, words = mention.read.hit, mention.words or mention.text
        told = self._wording.told(self._topic, words)
        whole = whole_of(hit.paragraph.text, mention.figure)
        each = (
            max(reading.span(start, end), -BLIND) / BLIND,
            _mean(reading.inside[start:end]),
            _mean(reading.clause[start:end]),
            float(told.sum()) if mention.words else 0.0,
            covers(self._topic, mention.text),
            covers(mention.words, self._asked) if mention.words else 0.0,
            max((covers(thing, mention.words + mention.text) for thing in self._things), default=0.0),
        )
        return _Known(
            each=np.array(each),
            told=told,
            things=np.array([covers(thing, words) for thing in self._things]),
            vector=default_encoder().encode_passages([words])[0],
            stated=any(_about(mention.figure, other) for other in self._stated),
            by_how_much=is_by_how_much(hit.paragraph.text[:start]),
            mean=states_mean(mention.text),
            plan=state_of(hit, start, end) == "plan",
            years=years_of(hit, (start, end)),
            whole=whole.start if whole else None,
        )

    def features(self, program: Program) -> tuple[float, ...]:
        """Return the features of a candidate, in the order of ``FEATURES``; each lies between -1 and 2."""
        formula, own = program.formula, program.operands
        known = [self._of(one) for one in own]
        each, told = np.array([one.each for one in known]), np.array([one.told for one in known])
        values = dict(zip(FEATURES, (*each.min(0).tolist(), *each.mean(0).tolist()), strict=False))
        values |= zip(SOUNDS_LIKE, self._sounds, strict=True)
        together = float(told.max(0).sum())
        values |= {
            formula: 1.0,
            SOUNDS: self._sounds[FORMULAS.index(formula)],
            "told together": together,
            "told by all, not by one": together - float(told.sum(1).max()),
            "stated in the question": sum(one.stated for one in known) / len(own),
            f"{formula}: by how much": float(any(one.by_how_much for one in known)),
            "more than two": float(len(own) > 2),
            "operands": (len(own) - 2) / 3,
            "a mean is printed": float(any(one.mean for one in known)),
            "one figure twice": float(len({one.figure.value for one in own}) < len(own)),
        }
        if len(own) == 2:
            alike = float(known[0].vector @ known[1].vector)
            values["in words alike"] = values[f"{formula}: in words alike"] = alike
        if self._named:
            values["as many as named"] = float(self._named == len(own))
            values["not as many as named"] = float(self._named != len(own))
        if len(self._things) > 1:
            best, more = np.max([one.things for one in known], axis=0), len(own) - len(self._things)
            values |= {"least thing told": float(best.min()), "things told": float(best.mean())}
            values["as many as things"] = float(more == 0)
            values["fewer than things"], values["more than things"] = float(more < 0), float(more > 0)
        values |= units_as_asked(formula, own, self._unit, self._per)
        values |= self._of_times(program, known) | _of_places(program, known)
        return tuple(values.get(name, 0.0) for name in FEATURES)

    def of_one_time(self, own: Sequence[Mention]) -> bool:
        """Whether figures of several reports are of reports of the same time; of one report they may be of any."""
        periods = {(one.read.hit.report.place, one.read.hit.report.period) for one in own}
        return len({period for _, period in periods}) == 1 or len({place for place, _ in periods}) == 1

    def of_years(self, own: Sequence[Mention]) -> bool:
        """Whether no figure is of a single year other than the several ones that the question names."""
        asked, times = {*years_named(self._asked)}, [self._of(one).years for one in own]
        others = (one for one in times if one and one.start == one.end and one.start not in asked)
        return len(asked) < 2 or not any(others)

    def states_another(self, own: Sequence[Mention]) -> bool:
        """Whether the question states an amount in the unit of one of some figures, and it is none of them: 花了210万元，平均多少."""
        kinds = {one.kind for one in own}
        alike = [figure for figure in self._stated if unit_kind(figure.unit) in kinds]
        return any(not any(_about(one.figure, figure) for one in own) for figure in alike)

    def _of_times(self, program: Program, known: Sequence[_Known]) -> dict[str, float]:
        """Compare the years, and whether planned or done, with what is asked."""
        asked, ahead = self._of_report(program.operands[0].read.hit.report)
        planned = sum(one.plan for one in known)
        mixed = 0 < planned < len(known)
        values = {
            "plan and result": float(mixed),
            "plan and result, plans are asked": float(mixed and ahead),
            "plans, and results are asked": float(planned == len(known) and not ahead),
            "results, and plans are asked": float(not planned and ahead),
        }
        if asked:
            meets = [[bool(one.years and one.years.meets(wanted)) for wanted in asked] for one in known]
            met = [any(each) for each in zip(*meets, strict=True)]
            within = (one.years and any(_holds(wanted, one.years) for wanted in asked) for one in known)
            values["of no year asked"] = sum(not any(each) for each in meets) / len(known)
            values["within years asked"] = sum(map(bool, within)) / len(known)
            values["years told"] = sum(met) / len(met)
            values["several years, all told"] = float(len(met) > 1 and all(met))
        return values


def units_as_asked(
    formula: str, operands: Sequence[Operand], unit: str | None, per: Collection[str]
) -> dict[str, float]:
    """Compare the unit of the result with that asked for, and of what a mean is with what it is asked of."""
    first, last = operands[0], operands[-1]
    kind = RESULTS.get(formula, first.kind)
    fits = unit is not None and unit == kind
    may = fits or unit is None or counted_alike((unit, kind)) or interchangeable(unit, kind)
    values = {
        "unit as asked": float(fits),
        "unit not as asked": float(not may),
        "no unit asked": float(unit is None),
    }
    if formula == "ratio":
        each = any(
            last.kind == own or counted_alike((last.kind, own)) or interchangeable(last.kind, own)
            for own in per
        )
        values |= {"for each as asked": float(each), "for each not as asked": float(bool(per) and not each)}
        values |= {"money for each": float(first.kind == "元"), "of money": float(last.kind == "元")}
    if formula in ("sum", "difference", "rest"):
        sizes = [abs(one.figure.value) for one in operands if one.figure.value]
        values["how unlike in size"] = min(log10(max(sizes) / min(sizes)) / 6, 1.0) if sizes else 0.0
    return values


def heard(sounds: Sequence[float]) -> list[float]:
    """Return log-probabilities of formulas as features, -1 to 0."""
    return [max(each, log(LEAST)) / -log(LEAST) for each in sounds]


def _about(figure: Figure, stated: Figure) -> bool:
    """Whether a question states a figure, perhaps rounded: 一万一千多人 of 11259人."""
    return abs(figure.value - stated.value) <= ROUNDED * abs(figure.value)


def _holds(whole: Period, part: Period) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _of_places(program: Program, known: Sequence[_Known]) -> dict[str, float]:
    """Return how the figures stand to one another, and how well their passages answer."""
    formula, own = program.formula, program.operands
    reads = {id(one.read): one.read for one in own}.values()
    answered = [clip(read.reading.answered / LOGIT) for read in reads]
    values = {
        "answered": min(answered),
        "answered, best": max(answered),
        "rank": 1.0 / (1.0 + max(read.rank for read in reads)),
        f"{formula}: apart": float(len(reads) > 1),
    }
    if len(reads) > 1:
        return values
    text = own[0].read.hit.paragraph.text
    order, kinds = [one.figure.start for one in own], {one.kind for one in own}
    first, last = min(order), max(one.figure.end for one in own)
    between = [unit_kind(f.unit) for f in amounts_in(text) if first < f.start < last and f.start not in order]
    in_order = float(all(a < b for a, b in pairwise(order)))
    wholes = [one.whole for one in known]
    return values | {
        "one clause": float(len({one.clause for one in own}) == 1),
        "one sentence": float(len({one.sentence for one in own}) == 1),
        "figures between": min(len(between), 6) / 6,
        "of their kind between": min(sum(kind in kinds for kind in between), 6) / 6,
        "distance": min((last - first) / 100, 1.0),
        "in order": in_order,
        "growth: in order": in_order * (formula == "growth"),
        f"{formula}: whole and part": float(any(whole in order for whole in wholes)),
        f"{formula}: parts of one": float(None not in wholes and len(set(wholes)) == 1),
        f"{formula}: change": float(
            any({c.first.start, c.last.start} == set(order) for c in changes_in(text))
        ),
    }


def _mean(log_odds: NDArray[np.float32]) -> float:
    return clip(float(log_odds.mean()) / BLIND)
