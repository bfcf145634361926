"""Limit how much one question may ask: its cost grows with the places and things that it names."""

from dataclasses import dataclass

from qa.errors import QuestionError
from qa.types import Query


@dataclass(frozen=True, slots=True)
class Budget:
    """What a question may name at most, far more than people ask at once."""

    scopes: int = 40  # places, names and years asked about one by one
    parts: int = 12  # things asked of each
    lookups: int = 24  # things of all scopes together, each read for in its own passages
    cells: int = 48  # of a table, looked up one after the other
    turns: int = 8  # earlier questions that complete a follow-up
    meanings: int = 4  # that a follow-up may have


BUDGET = Budget()


def affordable(query: Query) -> Query:
    """Return the query itself; raise QuestionError if it asks more than the budget allows."""
    scopes, parts = len(query.scopes), len(query.parts)
    at_most(scopes, BUDGET.scopes, "个要分别查的地区、名称或年份")
    if not query.paired:
        at_most(parts, BUDGET.parts, "件要查的事")
        at_most(scopes * parts, BUDGET.lookups, "件要查的事（每个地区各算一件，用表格来问可以多些）")
    return query


def at_most(count: int, most: int, what: str) -> None:
    """Raise QuestionError if a question names more than ``most``."""
    if count > most:
        raise QuestionError(f"这一问里有 {count} {what}，一次最多 {most}。请分成几个问题来问。")
