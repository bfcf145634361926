"""Choose the formula that computes what is asked, with how likely it is right, and answer with it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import default_encoder
from embeddings.fitted import Network
from embeddings.reader import LEAST, default_question_reader
from qa.answering.beside import YES, confirming, is_limit
from qa.answering.comparison import (
    COMPARES,
    WORDED_APART,
    caveat,
    compared_in,
    counted_otherwise,
    inside_notes,
    larger,
    measured_alike,
    of_other_times,
    related,
)
from qa.answering.compose import Line, compose, merged, with_closing, with_result
from qa.answering.computation import fits_units, operation_of
from qa.answering.programs.candidates import FEW, Mention, Program, programs
from qa.answering.programs.features import Asked
from qa.answering.statement import Evidence, Fact, Hits, Statement, place_label, snippet
from qa.answering.sureness.features import LOGIT, years_of
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import Wording
from qa.question.kinds import each_asks
from qa.question.question_words import asking
from qa.text.changes import changes_in, is_by_how_much
from qa.text.divisions import short_name
from qa.text.figure_context import per_units
from qa.text.states import label_at, state_of
from qa.types import Answer, Figure, Query

WEIGHTS, NETWORK = (Path(__file__).with_name(name) for name in ("weights.json", "network.npz"))
LIMIT = "sure"  # key of the chance from which a result is given
COMPARED = "compared"  # and of that from which figures are compared
ASKED = "asked"  # and of that from which a question for a figure may ask to compute
# Formulas over figures that are not asked for one by one (几所学校，几个座位).
OF_ASKED = ("sum", "difference", "rest")
OF_TWO = ("difference", "multiple", "share", "growth")  # in which a figure is set against another
OF_UNLIKE = ("ratio", "product")  # over figures that cannot be compared
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
    program, operands = found.program, found.program.operands
    in_order = sorted(operands, key=partial(_place_in, query))
    statements = merged(tuple(_statements(query, in_order, wording)))
    lines = [Line(tuple(own)) for _, own in groupby(statements, key=place_label)]
    made = compose(query, lines, passages, chance=found.chance)
    if program.limit:
        return _beside_limit(query, made, program, statements[0])
    labels, note = [label_at(one.read.hit, *one.span) for one in in_order], ""
    if len(query.places) > 1:
        note, reason = caveat([(one.text, one.figure) for one in operands], labels)
        inside = inside_notes([one.read.hit.report.place for one in operands])
        unlike = reason == "different_measure"
        if (unlike and program.formula not in OF_TWO) or (inside and program.formula == "sum"):
            return None
        made = replace(made, reason=reason)
        note = WORDED_APART + of_other_times(labels) if unlike else note
    if program.formula == "difference" and compares(query):
        return _compared(query.standalone, made, program, _named(in_order, labels), note)
    return with_result(made, program.result, note)


def _compared(
    question: str, made: Answer, program: Program, named: Sequence[tuple[str, Figure]], note: str
) -> Answer:
    """Return the answer with which of two figures is larger, if that is asked, and what is to be minded."""
    asks = compared_in(question) or default_question_reader().read(question).operation in COMPARES
    told, formula = larger(question, named) if asks else ("", "")
    short = program.result.text if operation_of(question) == "difference" else None
    return replace(with_closing(made, told + note, formula), short=short)


def _beside_limit(query: Query, made: Answer, program: Program, statement: Statement) -> Answer:
    """Return whether the figure confirms what the question states, and else if it is below or above the limit."""
    (one,) = program.operands
    start = one.sentence[0]
    figure = replace(one.figure, start=one.figure.start - start, end=one.figure.end - start)
    told = confirming(query, made, Fact(statement, one.figure.text, figure))
    passes = program.limit is not None and is_limit(program.limit, query.standalone)
    if told.reason == "false_premise" and not passes:
        return replace(told, chance=made.chance)
    confirms = YES in told.text
    return replace(told, chance=made.chance) if confirms else with_closing(made, f"{program.result.text}。")


def _named(operands: Sequence[Mention], labels: Sequence[str]) -> list[tuple[str, Figure]]:
    """Return figures that are compared with their names: of which place and time, of which year, of what, or as printed."""
    years = [years_of(one.read.hit, one.span) for one in operands]
    dated = [
        f"{short_name(one.read.hit.report.place.name)}{own}年"
        for one, own in zip(operands, years, strict=True)
    ]
    words, printed = [one.words for one in operands], [one.figure.text for one in operands]
    names = next(each for each in (labels, dated, words, printed) if len({*each} - {""}) == len(each))
    return [(name, one.figure) for name, one in zip(names, operands, strict=True)]


def is_sure_result(query: Query, computed: Answer) -> bool:
    """Whether what is computed is sure enough to be given; what is compared, or set against an amount, needs less."""
    least = _table()[COMPARED if compares(query) or not computed.calculation else LIMIT]
    return computed.chance is not None and computed.chance >= least


def likeliest(query: Query, passages: Hits, wording: Wording) -> Computed | None:
    """Return the likeliest program of like figures, None if there is none; what programs of the same result are worth is added."""
    asked = Asked(query, wording, sounds(query.standalone).tolist())
    every = programs(query, read_passages(query, passages), asked.relevance)
    if len(query.places) > 2:
        return _of_all(query, asked, every) if compares(query) else None
    return _likeliest_of(query, asked, every)


def _likeliest_of(query: Query, asked: Asked, every: Sequence[Program]) -> Computed | None:
    """Return the likeliest of some programs, which compete with one another."""
    if not every:
        return None
    scores = _network().scores(np.array([asked.features(one) for one in every]))
    chances = np.exp(scores - np.logaddexp.reduce([0.0, *scores]))
    likely = np.argsort(-chances, kind="stable")[:FEW]
    fitting = [int(at) for at in likely if _fits(query, asked, every[at])]
    if not fitting:
        return None
    near = [at for at in fitting if 10 * chances[at] > chances[fitting[0]]]  # others are not meant
    first = next((at for at in near if asked.of_one_time(every[at].operands)), fitting[0])
    best = every[first]
    instead = set(fitting[: fitting.index(first)])  # they are of one place at another time
    left = {*range(len(every))}.difference(map(int, likely)).union(fitting)
    same = (at for at in left if every[at].result.text == best.result.text or at in instead)
    return Computed(best, sum(float(chances[at]) for at in same))


def _of_all(query: Query, asked: Asked, every: Sequence[Program]) -> Computed | None:
    """Return the figures of more than two places or terms: that of the surest pair with the first, and what is set against it."""
    places = query.places

    def against(place: frozenset[str], anchor: Mention | None = None) -> Computed | None:
        own = [one for one in every if one.formula == "difference" and _is_of(one, places[0], place)]
        return _likeliest_of(query, asked, [one for one in own if anchor in (None, *one.operands)])

    pairs = [found for place in places[1:] if (found := against(place))]
    if len(pairs) < len(places) - 1:
        return None
    surest = max(pairs, key=lambda one: one.chance)
    anchor = next(one for one in surest.program.operands if one.read.hit.report.id in places[0])
    pairs = [found for place in places[1:] if (found := against(place, anchor))]
    if len(pairs) < len(places) - 1:
        return None
    others = [one for pair in pairs for one in pair.program.operands if one is not anchor]
    return Computed(replace(surest.program, operands=(anchor, *others)), min(one.chance for one in pairs))


def _is_of(program: Program, *places: frozenset[str]) -> bool:
    """Whether the figures of a program are of just these places or terms, one of each."""
    reports = [one.read.hit.report.id for one in program.operands]
    return all(any(own in place for own in reports) for place in places)


def _fits(query: Query, asked: Asked, one: Program) -> bool:
    """Whether a program computes with what the question asks for, and leaves none of it out.

    A mean is for each of what is asked; planned and done are not added, nor set against each other for several places, nor
    is what is asked for one by one.
    """
    own, formula = one.operands, one.formula
    plans = {state_of(each.read.hit, *each.span) == "plan" for each in own}
    mixed = len(plans) > 1 and len({each.read.hit.report.place for each in own}) > 1
    if mixed or not asked.of_years(own):
        return False
    if one.limit:
        return True
    if query.kind == "comparison" and formula in OF_UNLIKE:
        return False
    if formula in OF_TWO and (len(query.places) > 1 or (formula == "difference" and compares(query))):
        return not counted_otherwise(*((each.text, each.figure) for each in own))
    if formula in OF_ASKED and len(asking(query.standalone)) >= len(own):
        return False
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
    if one.words and (one.words, one.sentence) == (other.words, other.sentence):  # 前年办9件，去年办12件
        return True
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


def compares(query: Query) -> bool:
    """Whether a question asks which of two figures is larger."""
    asked = default_question_reader().read(query.standalone).operation in ("compare", "extreme")
    may = query.kind == "comparison" or len(query.scopes) > 1
    return asked or may or (query.kind == "check" and bool(compared_in(query.standalone)))


def may_compute(query: Query) -> bool:
    """Whether something may have to be computed or compared, and by one formula."""
    computes = query.kind in ("computation", "comparison", "check") or (
        query.kind == "figure"
        and default_question_reader().read(query.standalone).computes >= _table()[ASKED]
    )
    if compares(query):
        apart = len({part.unit for part in query.parts if part.unit}) > 1
    else:
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
def _network() -> Network:
    return Network.read(NETWORK)


@cache
def _table() -> dict[str, Any]:
    return json.loads(WEIGHTS.read_text("utf-8"))  # type: ignore[no-any-return]
