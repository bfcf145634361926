"""How much one question may ask: what is looked up for it grows with the places and the things that it names."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import QuestionError
from qa.types import Query


@dataclass(frozen=True, slots=True)
class Budget:
    """What a question may name at most; far more than people ask at once.

    Args:
        scopes: places, names and years that are asked about one by one.
        parts: things that are asked of each.
        lookups: things of all scopes together, each read for in the passages of its own.
        cells: those of a table, which are looked up one after the other.
        turns: earlier questions that a follow-up is read by.
    """

    scopes: int = 40
    parts: int = 12
    lookups: int = 24
    cells: int = 48
    turns: int = 8


BUDGET = Budget()


def affordable(query: Query, budget: Budget) -> Query:
    """The query itself.

    Raises:
        QuestionError: it asks more than the budget allows.
    """
    at_most(len(query.scopes), budget.scopes, "个要分别查的地区、名称或年份")
    if not query.paired:
        at_most(len(query.parts), budget.parts, "件要查的事")
        at_most(
            len(query.scopes) * len(query.parts),
            budget.lookups,
            "件要查的事（每个地区各算一件，用表格来问可以多些）",
        )
    return query


def at_most(count: int, most: int, what: str) -> None:
    """Nothing, where a question names no more than ``most``.

    Raises:
        QuestionError: it names more.
    """
    if count > most:
        raise QuestionError(f"这一问里有 {count} {what}，一次最多 {most}。请分成几个问题来问。")
