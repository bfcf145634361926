"""The answer to a computation: its operands, each with its citation, and the formula."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.comparison import alike
from qa.answering.compose import compose, lines_of
from qa.answering.computation import Operation, derive
from qa.answering.fact import Found
from qa.types import Answer, Hit, Query

OPERAND = 0.4  # support that each figure of a computation needs


def worked_out(
    query: Query, operation: Operation, chosen: Sequence[Found], passages: Sequence[Hit]
) -> Answer | None:
    """What follows from the figures that were found; None where they do not fit together or one is not sure."""
    derived = derive(operation, [f.figure for f in chosen if f.figure])
    unlike = len(query.scopes) > 1 and operation != "ratio" and not alike(chosen)
    if derived is None or unlike or min(f.support for f in chosen) < OPERAND:
        return None
    return compose(
        query,
        lines_of([item.statement for item in chosen]),
        passages,
        short=derived.text,
        calculation=(derived.formula,),
        closing=f"计算：{derived.formula}。",
        chance=min(f.support for f in chosen),
    )
