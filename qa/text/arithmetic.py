"""Compute sums, differences, the rest of a whole, ratios and growth, with the formula; print values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.text.figure_context import comparable_units
from qa.text.figures import figures, same_value, senses, unit_kind
from qa.types import Figure

# Senses of approximators: a sum of such figures is a least one, too.
AT_LEAST = frozenset(("over", "at least"))
RISES = ("growth", "times more")  # of the first operand to the second
SCALES = ((1e8, "亿"), (1e4, "万"))
DIGITS = 3  # of a quotient
BESIDE = (
    "没有达到所问的数",
    "已达到所问的数",
    "已超过所问的数",
)  # what a figure below, at and above a limit does
NEAR = 0.9  # share of a limit above which a least figure may have reached it
_DIGITS = re.compile(r"\d+(?:\.(\d+))?")


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
    first, second, *_ = operands
    unit, is_rate = first.unit, unit_kind(first.unit) == "%"
    in_points = {f.unit.endswith("百分点") for f in operands}  # 61.61% is no change by 5.1个百分点
    counts = all(f.unit == unit or unit_kind(f.unit) != "天" for f in operands)  # 3小时 are no 3分钟
    alike = counts and len(in_points) == 1 and all(comparable_units(unit, f.unit) for f in operands)
    if operation == "ratio" and second.value:
        over, under = (first, second) if unit_kind(second.unit) != "元" else (second, first)
        if not under.value:
            return None
        each = f"{over.unit}/{under.unit}".rstrip("/")
        made = _quotient(over.value / under.value, each, f"{_operand(over)} / {_operand(under)}", operands)
        return made if made.value else None
    if operation == "product":
        return _product(first, second)
    if not alike:
        return None
    if operation == "sum":
        value = sum(f.value for f in operands)
        left = " + ".join(map(_operand, operands))
        if set[str]() < set[str]().union(*map(senses, operands)) <= AT_LEAST:
            text = f"{printed(round(value, 6), unit, _in_scale(value, operands))}以上"
            return Derived(value, text, f"{left} = {text}")
        return _made(value, unit, left, operands)
    if operation == "difference" or (operation == "rest" and not is_rate):
        whole, *parts = sorted(operands[: 2 if operation == "difference" else None], key=lambda f: -f.value)
        value = whole.value - sum(part.value for part in parts)
        left = " - ".join(map(_operand, (whole, *parts)))
        exact = not any(f.approximator for f in operands)  # 突破5000万 and 近5000万 do not differ by 0
        told = value > 0 or (value == 0 and exact)
        return _made(value, "个百分点" if is_rate else unit, left, operands) if told else None
    # A rate is no part of another, and does not grow by a rate.
    if (is_rate and operation not in ("multiple", "times more")) or not first.value >= 0 < second.value:
        return None
    low, high = operands[:2] if operation in RISES else sorted(operands[:2], key=lambda f: f.value)
    if operation == "share":
        return _quotient(100 * low.value / high.value, "%", f"{_operand(low)} / {_operand(high)}", operands)
    if operation == "multiple" and low.value:
        return _quotient(high.value / low.value, "倍", f"{_operand(high)} / {_operand(low)}", operands)
    if operation in RISES and low.value:
        rise = (high.value - low.value) / low.value
        shown = (100 * rise, "%") if operation == "growth" else (rise, "倍")
        return _quotient(*shown, f"({_operand(high)} - {_operand(low)}) / {_operand(low)}", operands)
    return None


def beside(figure: Figure, limit: Figure) -> Derived | None:
    """Return how far a figure is from a limit, in words: negative and 没有达到 below it, 0 and 已达到 at it, else 已超过.

    None for the limit itself, which only confirms the question, and a figure that may be larger (超590家) or smaller.
    """
    more, own = senses(figure), figure.value
    if same_value(own, limit.value):
        below, over = more.isdisjoint(AT_LEAST), "over" in more
        return Derived(own - limit.value, BESIDE[1 - below + over], "") if more - {"about"} else None
    unclear = {"about", *(AT_LEAST if own < limit.value else ())}
    if not more.isdisjoint(unclear) and NEAR * limit.value < own < limit.value / NEAR:
        return None
    return Derived(own - limit.value, BESIDE[2 * (own > limit.value)], "")


def _product(first: Figure, second: Figure) -> Derived | None:
    """Return what a rate of an amount is (1.87亿元 × 78%), or what an amount for each is for all (120元 × 1340人)."""
    share = 0.01 if unit_kind(second.unit) == "%" else 1.0
    value = first.value * second.value * share
    if value <= 0 or second.unit.endswith("百分点"):
        return None
    scaled = any(c in first.text for c in "万亿") or value >= SCALES[-1][0]
    about = "约" if first.approximator or second.approximator else ""
    text = f"{about}{printed(value, first.unit, scaled)}"
    return Derived(value, text, f"{_operand(first)} × {_operand(second)} = {text}")


def _made(value: float, unit: str, left: str, about: Sequence[Figure]) -> Derived:
    """Return a sum or difference, no more exact than its operands: 1.45万件 - 3943件 = 10557件，约1.06万件."""
    exact = printed(round(value, 6), unit, _in_scale(value, about))
    step = max(map(precision, about))
    while abs(round(value / step) * step - value) > abs(value) / 50:  # 约100亿斤 says nothing of 50.97亿斤
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
    """Return a mean, a share or a growth, in 万 or 亿 where the dividend is, with three digits: 759.16元/户，约759元/户.

    Where an operand is approximate, more digits would say nothing.
    """
    scales = (each for each in SCALES if each[1] in about[0].text and abs(value) >= each[0])
    size, word = next(scales, (1.0, ""))
    exact, near = rounded(value / size), rounded(value / size, DIGITS)
    made = round(float(near) * size, 6)
    approximate = any(figure.approximator for figure in about)
    if approximate or near == exact:
        far = abs(made - value) > max(0.005, 5e-4 * abs(value))  # 3.5133万元 is 约3.51万元
        text = f"{'约' if approximate or far else ''}{near}{word}{unit}"
        return Derived(made, text, f"{left} = {text}")
    text = f"约{near}{word}{unit}"
    return Derived(made, text, f"{left} = {exact}{word}{unit}，{text}")


def _operand(figure: Figure) -> str:
    """Return a figure as printed, without its approximator."""
    approximator = figure.approximator or ""
    return figure.text.removeprefix(approximator).removesuffix(approximator)


def printed(value: float, unit: str, scaled: bool = False) -> str:
    """Return a value as reports print it, with all its digits: 76.1亿元, 18443件; ``scaled`` prints counts as 93.23万人, too."""
    for size, word in SCALES:
        counted = abs(value) < 1e6 and value == int(value) and unit_kind(unit) != "元"
        if abs(value) >= size and (scaled or not counted):
            digits = f"{value / size:.8f}".rstrip("0").rstrip(".")
            return f"{digits}{word}{unit}"
    digits = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{digits}{unit}"


def rounded(value: float, digits: int = 15) -> str:
    """Return a value with at most two decimals, none from a thousand on, and no more digits before these than there are.

    >>> rounded(759.157), rounded(759.157, 3), rounded(28.166, 3), rounded(4959.6, 3)
    ('759.16', '759', '28.2', '4960')
    """
    whole = len(f"{abs(value):.0f}")
    decimals = 0 if abs(value) >= 1000 else max(min(2, digits - whole), 0)
    text = f"{value * (1 + 1e-12):.{decimals}f}"  # a half goes up
    return text.rstrip("0").rstrip(".") if decimals else text


def precision(figure: Figure) -> float:
    """Return the value of one unit in the last printed digit, of an approximate figure in the last that is not 0.

    That is 100 for 1.45万 and for 400多个, 10,000 for 1亿2000万, 1 for a figure without digits.
    """
    text = figure.text.replace(",", "")
    printed_digits = [*_DIGITS.finditer(text)]
    if not printed_digits or not float((digits := printed_digits[-1])[0]):
        return 1.0
    (least,) = figures(text[digits.start() :])  # 2000万 of 1亿2000万
    last = 0.1 ** len(digits[1] or "")
    if figure.approximator and not digits[1]:
        last = 10.0 ** (len(digits[0]) - len(digits[0].rstrip("0")))
    return round(least.value / float(digits[0]) * last, 9)
