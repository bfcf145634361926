"""Choose the formula that computes what is asked, with how likely it is right, and answer with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import default_encoder
from embeddings.fitted import Linear
from embeddings.reader import LEAST, default_question_reader
from qa.answering.comparison import caveat, inside_notes, measured_alike, related
from qa.answering.compose import Line, compose, merged, with_result
from qa.answering.computation import fits_units
from qa.answering.programs.candidates import FEW, Mention, Program, programs
from qa.answering.programs.features import FEATURES, Asked
from qa.answering.statement import Evidence, Hits, Statement, place_label, snippet
from qa.answering.sureness.features import LOGIT
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import Wording
from qa.question.kinds import each_asks
from qa.question.question_words import asking
from qa.text.changes import changes_in, is_by_how_much
from qa.text.figure_context import per_units
from qa.text.states import label_at, state_of
from qa.types import Answer, Query

WEIGHTS = "weights.json"
LIMIT = "sure"  # key of the chance from which a result is given
ASKED = "asked"  # and of that from which a question for a figure may ask to compute
# Formulas over figures that are not asked for one by one (几所学校，几个座位).
OF_ASKED = ("sum", "difference", "rest")
OF_ONE_STATE = ("sum", "share")  # over figures that are all planned, or all done
OF_ONE_THING = ("difference", "rest", "growth")  # over two figures of the same


@dataclass(frozen=True, slots=True)
class Computed:
    """The likeliest program and the chance, 0 to 1, that its result is what is asked for."""

    program: Program
    chance: float


def computed_answer(query: Query, passages: Hits, wording: Wording) -> Answer | None:
    """Return the answer that computes what is asked from figures of the passages, with its chance; None if there is none.

    What is of two places or terms is set against each other as far as it counts the same, with what is to be minded.
    """
    found = likeliest(query, passages, wording) if may_compute(query) else None
    if found is None:
        return None
    operands = found.program.operands
    in_order = sorted(operands, key=partial(_place_in, query))
    statements = merged(tuple(_statements(query, in_order, wording)))
    lines = [Line(tuple(own)) for _, own in groupby(statements, key=place_label)]
    made = compose(query, lines, passages, chance=found.chance)
    note = ""
    if len(query.scopes) > 1:
        of_each = [label_at(one.read.hit, *one.span) for one in operands]
        note, reason = caveat([(one.text, one.figure) for one in operands], of_each)
        inside = inside_notes([one.read.hit.report.place for one in operands])
        if reason == "different_measure" or (inside and found.program.formula == "sum"):
            return None
        made = replace(made, reason=reason)
    return with_result(made, found.program.result, note)


def sure_result() -> float:
    """Return the chance from which what is computed is given."""
    return float(_table()[LIMIT])


def likeliest(query: Query, passages: Hits, wording: Wording) -> Computed | None:
    """Return the likeliest program of like figures, None if there is none; what programs of the same result are worth is added."""
    asked = Asked(query, wording, sounds(query.standalone).tolist())
    every = programs(query, read_passages(query, passages), asked.relevance)
    if not every:
        return None
    scores = np.array([_model().score(asked.features(one)) for one in every])
    chances = np.exp(scores - np.logaddexp.reduce([0.0, *scores]))
    likely = np.argsort(-chances, kind="stable")[:FEW]
    fitting = [int(at) for at in likely if _fits(query, asked, every[at])]
    if not fitting:
        return None
    best = every[fitting[0]]
    left = {*range(len(every))}.difference(map(int, likely)).union(fitting)
    same = (float(chances[at]) for at in left if every[at].result.text == best.result.text)
    return Computed(best, sum(same))


def _fits(query: Query, asked: Asked, one: Program) -> bool:
    """Whether a program computes with what the question asks for, and leaves none of it out.

    A mean is for each of what is asked; planned and done are not added, nor is what is asked for one by one.
    """
    own, formula = one.operands, one.formula
    if formula in OF_ASKED and len(asking(query.standalone)) >= len(own):
        return False
    plans = {state_of(each.read.hit, *each.span) == "plan" for each in own}
    if (len(plans) > 1 and formula in OF_ONE_STATE) or (formula == "sum" and len(own) < len(query.parts)):
        return False
    if formula == "ratio":
        per = per_units(query.standalone)
        if not (per <= {"个"} or fits_units(own[1].figure, per) > 1):  # 个 counts whatever is named
            return False
    return not asked.states_another(own) and (len(query.parts) > 1 or _is_of_one_thing(one))


def _is_of_one_thing(program: Program) -> bool:
    """Whether two figures of which one is set against the other count the same thing, or one what is left of the other is taken from.

    By how much something changed is taken from no level.
    """
    if program.formula not in OF_ONE_THING or len(program.operands) > 2 or program.operands[0].kind == "%":
        return True
    one, other = program.operands
    said = [(each.text, each.figure) for each in program.operands]
    befores = [each.read.hit.paragraph.text[: each.figure.start] for each in program.operands]
    changes = changes_in(one.read.hit.paragraph.text) if one.read is other.read else ()
    if any({c.first.start, c.last.start} == {one.figure.start, other.figure.start} for c in changes):
        return True
    if len(set(map(is_by_how_much, befores))) > 1:
        return False
    return measured_alike(said) if program.formula != "rest" else related(*said) >= LEAST


def sound_vector(question: str) -> NDArray[np.float64]:
    """Return by what the formula that a question asks for is told: its vector and the question reader's verdict, (n,)."""
    read = [
        np.log(max(chance, 1e-4)) / LOGIT for _, chance in default_question_reader().read(question).operations
    ]
    return np.concatenate([default_encoder().encode_query(question), read, [1.0]])


def sounds(question: str) -> NDArray[np.float64]:
    """Return the log-probability of each of ``FORMULAS``, and last of none of them, by the words of a question."""
    scores = np.array(_table()["sounds"]) @ sound_vector(question)
    return np.asarray(scores - np.logaddexp.reduce(scores))


def may_compute(query: Query) -> bool:
    """Whether something may have to be computed, and by one formula."""
    computes = query.kind == "computation" or (
        query.kind == "figure"
        and default_question_reader().read(query.standalone).computes >= _table()[ASKED]
    )
    apart = each_asks(query.parts, query.standalone)  # 几所学校，几个座位
    return computes and not (apart or query.refusal or query.form.shape)


def _place_in(query: Query, one: Mention) -> tuple[int, int, int]:
    """Return where a figure is told: in the order of the places and terms that are asked for, then as it was found."""
    own = (at for at, scope in enumerate(query.scopes) if one.read.hit.report.id in scope.report_ids)
    return next(own, len(query.scopes)), one.read.rank, one.figure.start


def _statements(query: Query, operands: Sequence[Mention], wording: Wording) -> Iterator[Statement]:
    for one in operands:
        evidence = Evidence(one.read.hit, *one.sentence, one.read.rank)
        start = one.sentence[0]
        yield snippet(evidence, (one.figure.start - start, one.figure.end - start), query.topic, wording)


@cache
def _model() -> Linear:
    return Linear.of(_table(), FEATURES)


@cache
def _table() -> dict[str, Any]:
    return json.loads(resources.files("qa.answering.programs").joinpath(WEIGHTS).read_text("utf-8"))  # type: ignore[no-any-return]
