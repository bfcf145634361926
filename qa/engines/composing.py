"""Statements that hold → an Answer: marks, what is reckoned from them, what is missing. It is checked like any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qa.answering.candidates import Evidence
from qa.answering.computation import Derived, counted_alike, derive
from qa.answering.refusal import chatter, refuse
from qa.answering.statement import around, cite
from qa.engines.records import Operand, Plan, Reading, Statement
from qa.engines.words import NOT_VERIFIED, NOT_WRITTEN
from qa.text.divisions import short_name
from qa.text.figures import figures, is_year
from qa.types import IN_SENTENCES, Answer, Citation, Figure, Hit, QuestionKind, Reason, Report

CORRECTED = "报告的记载与问题不符："
AT_A_GLANCE = 160  # characters of an answer to one thing
MARKED = 8  # characters of a line's bullet, mark and stop
_SEVERAL: tuple[QuestionKind, ...] = ("list", *IN_SENTENCES, "comparison")
_EXTREMES = {"largest": "最多", "smallest": "最少"}


def composed(
    plan: Plan, readings: Sequence[Reading], passages: Sequence[Hit], reports: Sequence[Report]
) -> Answer:
    """The answer that some readings make together; each statement in them holds.

    Args:
        passages: what is shown as retrieved.
        reports: all of the library, for a refusal to name.
    """
    if plan.query.kind == "chatter":
        return chatter(plan.query)
    said = list(_said(plan, readings))
    if not said:
        return refuse(plan.query, plan.query.refusal or "no_support", passages, reports)
    result = _result(plan, readings)
    operands = list(_operands(readings)) if result else []
    rests = [(s.text, s.evidence) for s in said] + [(o.figure.text, (o.evidence,)) for o in operands]
    numbers, citations = citations_of(rests)
    lines = [f"{s.text}{_marks(own)}。" for s, own in zip(said, numbers, strict=False)]
    lines += _missing(readings)
    body = "\n".join(lines if len(lines) == 1 else [f"- {line}" for line in lines])
    corrected = any(s.kind == "correction" for s in said)
    reason: Reason | None = "false_premise" if corrected else None
    closing = _closing(plan, readings, result)
    opening = CORRECTED if corrected else ""
    return Answer(
        question=plan.query.asked,
        standalone_question=plan.standalone,
        text="\n".join(part for part in (opening, body, closing) if part),
        short=result.text if result else _short(readings),
        abstained=corrected,
        reason=reason,
        calculation=(result.formula,) if result else (),
        citations=citations,
        figures=(),
        passages=tuple(passages),
    )


def citations_of(
    rests: Sequence[tuple[str, Sequence[Evidence]]],
) -> tuple[tuple[tuple[int, ...], ...], tuple[Citation, ...]]:
    """The marks of each statement, and the citations of the sentences that it rests on; of a long one its part."""
    marks, citations = cite([around(item, text) for text, own in rests for item in own])
    rest = iter(marks)
    return tuple(tuple(dict.fromkeys(next(rest) for _ in own)) for _, own in rests), citations


def _said(plan: Plan, readings: Sequence[Reading]) -> Iterator[Statement]:
    """What is said, each thing once; where one thing is asked, as much of it as a reader takes in at a glance."""
    told = {statement.text: statement for reading in readings for statement in reading.statements}
    room = AT_A_GLANCE if len(plan.asks) == 1 and plan.query.kind not in _SEVERAL else None
    for number, statement in enumerate(told.values()):
        if room is not None:
            room -= len(statement.text) + MARKED
            if number and room < 0:
                return
        yield statement


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _short(readings: Sequence[Reading]) -> str | None:
    told = [reading.short for reading in readings if reading.statements]
    return told[0] if len(readings) == 1 and told and told[0] else None


def _missing(readings: Sequence[Reading]) -> Iterator[str]:
    """A line for each of several things that nothing is stated of, and whether nothing was found or nothing held.

    It is headed with the place that was asked of, else with the words of the thing where no figure is in them.
    """
    for reading in readings if len(readings) > 1 else ():
        if not reading.statements:
            places = dict.fromkeys(short_name(s.place.name) for s in reading.ask.query.scopes if s.place)
            topic = reading.ask.query.topic
            named = "、".join(places) or (topic if not figures(topic) else "另一项")
            yield f"{named}：{NOT_VERIFIED if reading.fallen else NOT_WRITTEN}"


def _amount(reading: Reading) -> Operand | None:
    """The figure that answers a reading: of its short answer where a statement has it, else its first amount."""
    if reading.missing:
        return None  # what is stated is of something near
    asked = [f for f in figures(reading.short) if not is_year(f)]
    for statement in reading.statements:
        amounts = [f for f in figures(statement.text) if not is_year(f)]
        held = [f for f in amounts if not asked or f.value == asked[0].value]
        if held and statement.evidence:
            return Operand(held[0], statement.evidence[0])
    return None


def _operands(readings: Sequence[Reading]) -> Iterator[Operand]:
    if len(readings) == 1:
        yield from readings[0].operands
        return
    for reading in readings:
        if amount := _amount(reading):
            yield amount


def _result(plan: Plan, readings: Sequence[Reading]) -> Derived | None:
    """What is reckoned: over all things that were asked for, or within the only one."""
    operation = plan.operation if len(readings) > 1 else readings[0].operation
    operands = list(_operands(readings))
    whole_plan = len(readings) == 1 or len(operands) == len(readings)
    if not operation or operation in _EXTREMES or not whole_plan or _counted_twice(operands):
        return None
    return derive(operation, [operand.figure for operand in operands])


def _counted_twice(operands: Sequence[Operand]) -> bool:
    """Whether two operands are the same characters of a report: a total that was found for each of its parts."""
    asked = Counter(
        (o.evidence.hit.report.id, o.evidence.hit.paragraph.number, o.evidence.text, o.figure.value)
        for o in operands
    )
    return any(
        times > max(1, sum(figure.value == value for figure in figures(sentence)))
        for (_, _, sentence, value), times in asked.items()
    )


def _closing(plan: Plan, readings: Sequence[Reading], result: Derived | None) -> str:
    if result:
        return f"计算：{result.formula}。"
    found = [(reading, amount.figure) for reading in readings if (amount := _amount(reading))]
    if plan.operation not in _EXTREMES or len(found) < 2 or not counted_alike([f for _, f in found]):
        return ""
    pick = max if plan.operation == "largest" else min
    best = pick(found, key=lambda pair: pair[1].value)
    named = [_named(reading, figure) for reading, figure in found if figure.value == best[1].value]
    return f"其中{_EXTREMES[plan.operation]}的是{'、'.join(named)}。" if all(named) else ""


def _named(reading: Reading, figure: Figure) -> str:
    scope = reading.ask.query.scopes[0]
    label = scope.label.partition("（")[0] or (short_name(scope.place.name) if scope.place else "")
    return f"{label}（{figure.text}）" if label else ""
