"""Recompute a shown formula: ``65.9亿元 + 10.2亿元 = 76.1亿元``."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from qa.text.figures import figures
from qa.text.printing import precision

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
ROUNDING = (0.0051, 5.1e-4)  # tolerance of a printed result: absolute, relative


def adds_up(formula: str) -> bool:
    """Whether the printed result of a formula is that of its operands, up to rounding.

    A second result is the first with fewer digits.

    >>> adds_up("(120件 - 80件) / 80件 = 50%"), adds_up("3万元 + 2万元 = 6万元")
    (True, False)
    >>> adds_up("527个 - 400多个 = 127个，约100个"), adds_up("527个 - 400多个 = 127个，约200个")
    (True, False)
    """
    left, equals, right = formula.rpartition("=")
    result = figures(right)
    if not equals or not result:
        return False
    for figure in reversed(figures(left)):
        left = f"{left[: figure.start]}{figure.value!r}{left[figure.end :]}"
    try:
        value = _value(ast.parse(left.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return False
    if result[0].unit == "%":
        value *= 100
    printed = -abs(result[0].value) if right.strip().startswith("-") else result[0].value
    shorter = (abs(abs(value) - other.value) <= 0.51 * precision(other) for other in result[1:])
    return abs(value - printed) <= max(ROUNDING[0], ROUNDING[1] * abs(printed)) and all(shorter)


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return node.value
    raise ValueError(ast.dump(node))
