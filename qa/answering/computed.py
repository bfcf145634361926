"""Write the answer to a computation: its operands with citations, and the formula."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.comparison import alike
from qa.answering.compose import compose, lines_of
from qa.answering.computation import Operation, derive
from qa.answering.fact import Fact
from qa.answering.facts import LEAST
from qa.types import Answer, Hit, Query


def computed(
    query: Query, operation: Operation, chosen: Sequence[Fact], passages: Sequence[Hit]
) -> Answer | None:
    """Return the answer computed from some figures; None if they do not fit together or one is not sure."""
    derived = derive(operation, [f.figure for f in chosen if f.figure])
    unlike = len(query.scopes) > 1 and operation != "ratio" and not alike(chosen)
    if derived is None or unlike or min(f.support for f in chosen) < LEAST:
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
