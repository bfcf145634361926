"""Sums, differences, ratios and growth derived from quoted figures, with the formula shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.reader import default_question_reader
from qa.question.kinds import ARITHMETIC
from qa.text.figures import unit_kind
from qa.text.printing import SCALES, grain, printed, rounded
from qa.types import Figure

Operation = str  # "sum", "difference", "ratio", "share", "growth", "times"

_TOLD = {"average": "ratio", "multiple": "times"}  # as the question reader calls them
_COUNTED = {"家": "个", "户": "个", "部门": "个"}  # institutions are counted in either


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed figure: value in the base unit, how it is printed, and the formula with its operands as printed."""

    value: float
    text: str
    formula: str


def operation_of(question: str) -> Operation:
    """What a question wants computed: by its words of arithmetic, else as the question reader tells, else a sum."""
    said = ARITHMETIC.search(question)
    told = default_question_reader().read(question).operation
    told = _TOLD.get(told, told)
    return (said and said.lastgroup) or (told if told in ARITHMETIC.groupindex else "sum")


def counted_alike(figures: Sequence[Figure]) -> bool:
    """Whether figures are of one kind of unit, or all without one; institutions are counted in 家, 户 or 个 alike."""
    return len({_COUNTED.get(unit_kind(f.unit), unit_kind(f.unit)) for f in figures}) <= 1


def derive(operation: Operation, figures: Sequence[Figure]) -> Derived | None:
    """Compute from figures in the order in which they were asked for; None where they do not fit together."""
    if len(figures) < 2:
        return None
    first, second = figures[0], figures[1]
    alike = counted_alike(figures)
    unit = first.unit
    if operation == "sum" and alike:
        value = sum(f.value for f in figures)
        return _made(value, unit, " + ".join(_operand(f) for f in figures), about=figures)
    if operation == "difference" and alike:
        high, low = (first, second) if first.value >= second.value else (second, first)
        formula = f"{_operand(high)} - {_operand(low)}"
        points = "个百分点" if unit_kind(unit) == "%" else unit
        return _made(high.value - low.value, points, formula, about=figures)
    if operation == "ratio" and second.value:
        over, under = (first, second) if unit_kind(second.unit) != "元" else (second, first)
        if not under.value:
            return None
        value = over.value / under.value
        shown = rounded(value)
        text = f"{shown}{over.unit or ''}/{under.unit or ''}".rstrip("/")
        return Derived(float(shown), text, f"{_operand(over)} / {_operand(under)} = {text}")
    if operation in ("share", "times", "growth") and alike and first.value >= 0 < second.value:
        low, high = (
            sorted((first, second), key=lambda f: f.value) if operation != "growth" else (first, second)
        )
        if operation == "share":
            return _percent(low.value / high.value, f"{_operand(low)} / {_operand(high)}")
        if operation == "times" and low.value:
            shown = rounded(high.value / low.value)
            return Derived(float(shown), f"{shown}倍", f"{_operand(high)} / {_operand(low)} = {shown}倍")
        if operation == "growth" and low.value:
            formula = f"({_operand(high)} - {_operand(low)}) / {_operand(low)}"
            return _percent((high.value - low.value) / low.value, formula)
    return None


def _made(value: float, unit: str, left: str, about: Sequence[Figure]) -> Derived:
    finer = [round(value / grain(f.text, f.value), 6) % 1 for f in about]  # 1.45万 - 3943 is about 10557
    soft = any(finer) or any(f.approximator for f in about)
    text = printed(round(value, 6), unit, _in_scale(value, about))
    text = f"约{text}" if soft else text
    return Derived(value, text, f"{left} = {text}")


def _in_scale(value: float, about: Sequence[Figure]) -> bool:
    """Whether 万 and 亿 are said: where all operands are, or the largest and the result is round (80.5万, not 1.8443万)."""
    scaled = [any(c in f.text for c in "万亿") for f in about]
    largest = max(range(len(about)), key=lambda i: abs(about[i].value))
    size = next((size for size, word in SCALES if abs(value) >= size), 1.0)
    return all(scaled) or (scaled[largest] and round(value / size, 2) == value / size)


def _percent(share: float, left: str) -> Derived:
    shown = f"{share * 100:.2f}".rstrip("0").rstrip(".")
    return Derived(float(shown), f"{shown}%", f"{left} = {shown}%")


def _operand(figure: Figure) -> str:
    """A figure as it is printed, without its approximator."""
    softened = figure.approximator or ""
    return figure.text.removeprefix(softened).removesuffix(softened)
