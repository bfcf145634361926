"""Print values as reports do."""

from __future__ import annotations

import re

from qa.text.figures import unit_kind
from qa.types import Figure

SCALES = ((1e8, "亿"), (1e4, "万"))
_DIGITS = re.compile(r"\d+(?:\.(\d+))?")


def printed(value: float, unit: str, scaled: bool = False) -> str:
    """Return a value as reports print it: 76.1亿元, 18443件; ``scaled`` prints counts as 93.23万人, too."""
    for size, word in SCALES:
        counted = abs(value) < 1e6 and value == int(value) and unit_kind(unit) != "元"
        if abs(value) >= size and (scaled or not counted):
            digits = f"{value / size:.4f}".rstrip("0").rstrip(".")
            return f"{digits}{word}{unit}"
    return f"{rounded(value)}{unit}"


def rounded(value: float) -> str:
    """Return a value with at most two decimals, none from a thousand on."""
    digits = 0 if abs(value) >= 1000 else 2
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def precision(figure: Figure) -> float:
    """Return the value of one unit in the last printed digit, of an approximate figure in the last that is not 0.

    That is 100 for 1.45万 and for 400多个, 1 for a figure without digits.
    """
    digits = _DIGITS.search(figure.text.replace(",", ""))
    if not digits or not float(digits[0]):
        return 1.0
    last = 0.1 ** len(digits[1] or "")
    if figure.approximator and not digits[1]:
        last = 10.0 ** (len(digits[0]) - len(digits[0].rstrip("0")))
    return round(abs(figure.value) / float(digits[0]) * last, 9)
