"""Compute sums, differences, what is left of a whole, ratios and growth from quoted figures, with the formula."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from embeddings.reader import default_question_reader
from qa.question.kinds import RESULTS
from qa.text.changes import asks_by_how_much
from qa.text.figure_context import counted_alike, interchangeable, per_units, states_mean
from qa.text.figures import figure_of, figures, senses, unit_kind
from qa.text.printing import SCALES, precision, printed, rounded
from qa.types import Answer, Figure, Query

_OPERATIONS = {  # the question reader's name → ours
    "sum": "sum", "difference": "difference", "ratio": "ratio", "average": "ratio", "share": "share",
    "growth": "growth", "multiple": "times", "rest": "rest",
}  # fmt: skip
# Units of the results that these operations give.
UNITS = {_OPERATIONS[name]: unit for name, unit in RESULTS.items()} | {"times more": RESULTS["multiple"]}
# Senses of approximators: a sum of such figures is a least one, too.
AT_LEAST = frozenset(("over", "at least"))
_RISES = ("growth", "times more")  # of the first operand to the second


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed figure: value in the base unit, printed text, and the formula with operands as printed."""

    value: float
    text: str
    formula: str


def operation_of(question: str) -> str:
    """Return the operation that the question reader finds asked for, ``""`` if none; 增加了几倍 is not 是几倍."""
    found = _OPERATIONS.get(default_question_reader().read(question).operation, "")
    return "times more" if found == "times" and asks_by_how_much(question) else found


def operates(query: Query) -> bool:
    """Whether what is found has to be compared or computed with."""
    return query.kind in ("comparison", "computation")


def gives_result(query: Query, answer: Answer) -> bool:
    """Whether an answer has what is asked to be computed: as a formula, or printed (a mean, a share, one sum).

    So has every answer if nothing is to be computed.
    """
    operation = operation_of(query.standalone) if query.kind == "computation" else ""
    if answer.calculation or not operation:
        return True
    if operation in ("ratio", "rest"):
        return operation == "ratio" and states_mean(answer.text)
    if not counted_alike(part.unit for part in query.parts if part.unit):
        return True  # nothing can be worked out of what is counted in other units
    figure = figure_of(answer.short or "")
    if operation in UNITS:
        return figure is not None and unit_kind(figure.unit) == UNITS[operation]
    return len(query.parts) == 1


def as_divided(question: str, unit: str | None, known: Sequence[Figure]) -> Sequence[Figure]:
    """Return figures in the order in which a mean divides them: first what is in ``unit``, last that of which it is (每份).

    Return none if a mean is asked for and both count the same.
    """
    per = per_units(question)

    def fits(figure: Figure, kinds: Collection[str | None]) -> int:
        kind = unit_kind(figure.unit)
        return 2 * (kind in kinds) or any(interchangeable(kind, each) for each in kinds if each)

    averages = default_question_reader().read(question).operation == "average"
    if averages and counted_alike(figure.unit for figure in known):
        return ()
    return sorted(known, key=lambda figure: fits(figure, per) - fits(figure, (unit,)))


def derive(operation: str, operands: Sequence[Figure]) -> Derived | None:
    """Compute from figures in the order they were asked for; None if they do not fit together."""
    if len(operands) < 2:
        return None
    first, second = operands[0], operands[1]
    in_points = {f.unit.endswith("百分点") for f in operands}  # 61.61% is no change by 5.1个百分点
    counts = all(f.unit == first.unit or unit_kind(f.unit) != "天" for f in operands)  # 3小时 are no 3分钟
    alike = counts and len(in_points) == 1 and counted_alike(f.unit for f in operands)
    unit = first.unit
    if operation == "sum" and alike:
        value = sum(f.value for f in operands)
        left = " + ".join(_operand(f) for f in operands)
        if set[str]() < set[str]().union(*map(senses, operands)) <= AT_LEAST:
            text = f"{printed(round(value, 6), unit, _in_scale(value, operands))}以上"
            return Derived(value, text, f"{left} = {text}")
        return _made(value, unit, left, about=operands)
    if operation == "difference" and alike:
        high, low = (first, second) if first.value >= second.value else (second, first)
        formula = f"{_operand(high)} - {_operand(low)}"
        points = "个百分点" if unit_kind(unit) == "%" else unit
        return _made(high.value - low.value, points, formula, about=operands)
    if operation == "rest" and alike and unit_kind(unit) != "%":
        whole, *parts = sorted(operands, key=lambda figure: -figure.value)
        value = whole.value - sum(part.value for part in parts)
        return (
            _made(value, unit, " - ".join(map(_operand, (whole, *parts))), about=operands)
            if value >= 0
            else None
        )
    if operation == "ratio" and second.value:
        over, under = (first, second) if unit_kind(second.unit) != "元" else (second, first)
        if not under.value:
            return None
        unit = f"{over.unit or ''}/{under.unit or ''}".rstrip("/")
        made = _quotient(over.value / under.value, unit, f"{_operand(over)} / {_operand(under)}", operands)
        return made if made.value else None
    # A rate is no part of another, and does not grow by a rate.
    rates = not operation.startswith("times") and unit_kind(unit) == "%"
    if operation in ("share", "times", *_RISES) and alike and not rates and first.value >= 0 < second.value:
        low, high = first, second
        if operation not in _RISES:
            low, high = sorted(operands[:2], key=lambda figure: figure.value)
        if operation == "share":
            share = 100 * low.value / high.value
            return _quotient(share, "%", f"{_operand(low)} / {_operand(high)}", operands)
        if operation == "times" and low.value:
            return _quotient(high.value / low.value, "倍", f"{_operand(high)} / {_operand(low)}", operands)
        if operation in _RISES and low.value:
            rise = (high.value - low.value) / low.value
            shown = (100 * rise, "%") if operation == "growth" else (rise, "倍")
            return _quotient(*shown, f"({_operand(high)} - {_operand(low)}) / {_operand(low)}", operands)
    return None


def computed_again(formula: str, right: Mapping[str, str]) -> Derived | None:
    """Compute a formula of :func:`derive` from other operands; None if they do not fit, or their order changes.

    >>> again = computed_again("1.45万件 - 3943件 = 10557件，约1.06万件", {"1.45万件": "1.48万件"})
    >>> again.formula if again else ""
    '1.48万件 - 3943件 = 10857件，约1.09万件'
    """
    left, _, result = formula.partition(" = ")
    sign = next((sign for sign in (" + ", " - ", " / ") if sign in left), "")
    operation = {" + ": "sum", " - ": "rest" if left.count(sign) > 1 else "difference"}.get(sign) or (
        "share" if result.endswith("%") else "times" if result.endswith("倍") else "ratio"
    )
    operands = left.split(sign) if sign else []
    if left.startswith("("):  # (later - earlier) / earlier
        operation = "times more" if result.endswith("倍") else "growth"
        operands = left[1 : left.index(")")].split(sign)[::-1]
    known = [figure for text in operands for figure in figures(right.get(text, text))]
    made = derive(operation, known) if len(known) == len(operands) else None
    printed_first = right.get(operands[0], operands[0]) if operands else ""
    same_order = made is not None and made.formula.lstrip("(").startswith(printed_first)
    return made if same_order or operation in (*_RISES, "sum") else None


def _made(value: float, unit: str, left: str, about: Sequence[Figure]) -> Derived:
    """Return a sum or difference; its text is no more exact than its least exact operand.

    1.45万件 - 3943件 = 10557件，约1.06万件.
    """
    exact = printed(round(value, 6), unit, _in_scale(value, about))
    step = max(map(precision, about))
    while abs(round(value / step) * step - value) > abs(value) / 4:  # 约100亿斤 says nothing of 50.97亿斤
        step /= 10
    if not any(f.approximator for f in about) and not round(value / step, 6) % 1:
        return Derived(value, exact, f"{left} = {exact}")
    near = round(round(value / step) * step, 6) or value
    text = f"约{exact if near == value else printed(near, unit, scaled=True)}"
    return Derived(near, text, f"{left} = {text if near == value else f'{exact}，{text}'}")


def _in_scale(value: float, about: Sequence[Figure]) -> bool:
    """Whether 万 and 亿 are used: all operands use them, or the largest does and the result is round."""
    scaled = [any(c in f.text for c in "万亿") for f in about]
    largest = max(range(len(about)), key=lambda i: abs(about[i].value))
    size = next((size for size, word in SCALES if abs(value) >= size), 1.0)
    return all(scaled) or (scaled[largest] and round(value / size, 2) == value / size)


def _quotient(value: float, unit: str, left: str, about: Sequence[Figure]) -> Derived:
    """Return a mean, a share or a growth; it is 约 if an operand is."""
    shown = rounded(value)
    text = f"{'约' if any(figure.approximator for figure in about) else ''}{shown}{unit}"
    return Derived(float(shown), text, f"{left} = {text}")


def _operand(figure: Figure) -> str:
    """Return a figure as printed, without its approximator."""
    approximator = figure.approximator or ""
    return figure.text.removeprefix(approximator).removesuffix(approximator)
