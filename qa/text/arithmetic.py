"""Compute sums, differences, what is left of a whole, ratios and growth from figures, with the formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.text.figure_context import counted_alike
from qa.text.figures import senses, unit_kind
from qa.text.printing import SCALES, precision, printed, rounded
from qa.types import Figure

# Senses of approximators: a sum of such figures is a least one, too.
AT_LEAST = frozenset(("over", "at least"))
RISES = ("growth", "times more")  # of the first operand to the second


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed figure: value in the base unit, printed text, and the formula with operands as printed."""

    value: float
    text: str
    formula: str


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
    if operation in ("share", "times", *RISES) and alike and not rates and first.value >= 0 < second.value:
        low, high = first, second
        if operation not in RISES:
            low, high = sorted(operands[:2], key=lambda figure: figure.value)
        if operation == "share":
            share = 100 * low.value / high.value
            return _quotient(share, "%", f"{_operand(low)} / {_operand(high)}", operands)
        if operation == "times" and low.value:
            return _quotient(high.value / low.value, "倍", f"{_operand(high)} / {_operand(low)}", operands)
        if operation in RISES and low.value:
            rise = (high.value - low.value) / low.value
            shown = (100 * rise, "%") if operation == "growth" else (rise, "倍")
            return _quotient(*shown, f"({_operand(high)} - {_operand(low)}) / {_operand(low)}", operands)
    return None


def _made(value: float, unit: str, left: str, about: Sequence[Figure]) -> Derived:
    """Return a sum or difference; its text is no more exact than its least exact operand.

    1.45万件 - 3943件 = 10557件，约1.06万件.
    """
    exact = printed(round(value, 6), unit, _in_scale(value, about))
    step, off = max(map(precision, about)), 0.05 if any(f.approximator for f in about) else 0.25
    while abs(round(value / step) * step - value) > off * abs(value):  # 约2000元 says little of 1900元
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
