"""Compose an Answer from statements that hold: marks, computed results, what is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice

from qa.answering.compose import compose
from qa.answering.refusal import chatter, refuse
from qa.answering.statement import Evidence, cite, quotable_part
from qa.engines.records import Operand, Plan, Reading, Statement
from qa.text.arithmetic import Derived, derive
from qa.text.divisions import short_name
from qa.text.figure_context import counted_alike
from qa.text.figures import amounts_in, figures
from qa.types import IN_SENTENCES, Answer, Citation, Figure, Hit, QuestionKind, Report

NOT_WRITTEN = "报告没有写明这一项。"
NOT_VERIFIED = "这一项没有能核对无误的回答。"
CORRECTED = "报告的记载与问题不符："
AT_A_GLANCE = 160  # characters of an answer to one thing
MARKED = 8  # characters of a line's bullet, mark and full stop
_SEVERAL: tuple[QuestionKind, ...] = ("list", *IN_SENTENCES, "comparison")
_EXTREMES = {"largest": "最多", "smallest": "最少"}


def composed(
    plan: Plan, readings: Sequence[Reading], passages: Sequence[Hit], reports: Sequence[Report]
) -> Answer:
    """Return the answer of readings whose statements all hold; a refusal may name any of the library's ``reports``."""
    if plan.query.kind == "chatter":
        return chatter(plan.query)
    statements = _statements(plan, readings)
    if not statements:
        return refuse(plan.query, plan.query.refusal or "no_support", passages, reports)
    operands = _operands(readings)
    result = _result(plan, readings, operands)
    computed = [(o.figure.text, (o.evidence,)) for o in operands] if result else []
    sources = [*((s.text, s.evidence) for s in statements), *computed]
    marks, citations = citations_of(sources)
    lines = [f"{s.text}{''.join(f'[{n}]' for n in own)}。" for s, own in zip(statements, marks, strict=False)]
    lines += _missing(readings)
    body = "\n".join(lines if len(lines) == 1 else [f"- {line}" for line in lines])
    corrected = any(s.kind == "correction" for s in statements)
    short = readings[0].short or None if len(readings) == 1 else None
    made = compose(
        plan.query,
        (),
        passages,
        short=result.text if result else short,
        reason="false_premise" if corrected else None,
        opening=f"{CORRECTED}\n{body}" if corrected else body,
        closing=_closing(plan, readings, result),
    )
    return replace(made, citations=citations, calculation=(result.formula,) if result else ())


def citations_of(
    sources: Sequence[tuple[str, Sequence[Evidence]]],
) -> tuple[tuple[tuple[int, ...], ...], tuple[Citation, ...]]:
    """Return the marks of each statement and the citations; a long sentence is cited in part.

    ``sources`` are each statement's text and the sentences that it rests on.
    """
    marks, citations = cite([quotable_part(item, text) for text, own in sources for item in own])
    unused = iter(marks)
    return tuple(tuple(dict.fromkeys(islice(unused, len(own)))) for _, own in sources), citations


def _statements(plan: Plan, readings: Sequence[Reading]) -> list[Statement]:
    """Return each statement once; if one thing is asked, only as many as can be read at a glance."""
    by_text = {statement.text: statement for reading in readings for statement in reading.statements}
    if len(plan.asks) > 1 or plan.query.kind in _SEVERAL:
        return [*by_text.values()]
    told = accumulate(len(text) + MARKED for text in by_text)
    few = sum(characters <= AT_A_GLANCE for characters in told)
    return [*by_text.values()][: max(1, few)]


def _missing(readings: Sequence[Reading]) -> Iterator[str]:
    """Yield a line for each of several things without a statement: nothing was found, or nothing held.

    It begins with the place asked about, else with the words of the thing if they contain no figure.
    """
    for reading in readings if len(readings) > 1 else ():
        if not reading.statements:
            places = dict.fromkeys(short_name(s.place.name) for s in reading.ask.query.scopes if s.place)
            topic = reading.ask.query.topic
            named = "、".join(places) or (topic if not figures(topic) else "另一项")
            yield f"{named}：{NOT_VERIFIED if reading.rejected else NOT_WRITTEN}"


def _amount(reading: Reading) -> Operand | None:
    """Return the figure that answers: the short answer's if a statement has it, else the first amount."""
    if reading.missing:
        return None  # the statements are about something similar
    short = next(iter(amounts_in(reading.short)), None)
    for statement in reading.statements:
        fitting = [f for f in amounts_in(statement.text) if short is None or f.value == short.value]
        if fitting and statement.evidence:
            return Operand(fitting[0], statement.evidence[0])
    return None


def _operands(readings: Sequence[Reading]) -> list[Operand]:
    if len(readings) == 1:
        return list(readings[0].operands)
    return [amount for reading in readings if (amount := _amount(reading))]


def _result(plan: Plan, readings: Sequence[Reading], operands: Sequence[Operand]) -> Derived | None:
    """Compute over all things that were asked for, or within the only one."""
    operation = plan.operation if len(readings) > 1 else readings[0].operation
    whole_plan = len(readings) == 1 or len(operands) == len(readings)
    if not operation or operation in _EXTREMES or not whole_plan or _counted_twice(operands):
        return None
    return derive(operation, [operand.figure for operand in operands])


def _counted_twice(operands: Sequence[Operand]) -> bool:
    """Whether two operands are the same characters of a report: a total found for each of its parts."""
    asked = Counter((o.evidence.hit.position, o.evidence.text, o.figure.value) for o in operands)
    return any(
        times > max(1, sum(figure.value == value for figure in figures(sentence)))
        for (_, sentence, value), times in asked.items()
    )


def _closing(plan: Plan, readings: Sequence[Reading], result: Derived | None) -> str:
    if result:
        return f"计算：{result.formula}。"
    found = [(reading, amount.figure) for reading in readings if (amount := _amount(reading))]
    if plan.operation not in _EXTREMES or len(found) < 2 or not counted_alike(f.unit for _, f in found):
        return ""
    pick = max if plan.operation == "largest" else min
    best = pick(found, key=lambda pair: pair[1].value)
    named = [_named(reading, figure) for reading, figure in found if figure.value == best[1].value]
    return f"其中{_EXTREMES[plan.operation]}的是{'、'.join(named)}。" if all(named) else ""


def _named(reading: Reading, figure: Figure) -> str:
    scope = reading.ask.query.scopes[0]
    label = scope.label.partition("（")[0] or (short_name(scope.place.name) if scope.place else "")
    return f"{label}（{figure.text}）" if label else ""
