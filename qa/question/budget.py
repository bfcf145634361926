"""Limit how much one question may ask: its cost grows with the places and things that it names."""

from __future__ import annotations

from qa.errors import QuestionError
from qa.types import Query

# What a question may name at most, far more than people ask at once.
MOST_SCOPES = 40  # places, names and years asked about one by one
MOST_PARTS = 12  # things asked of each
MOST_LOOKUPS = 24  # things of all scopes together, each read for in its own passages
MOST_CELLS = 48  # of a table, looked up one after the other
MOST_TURNS = 8  # earlier questions that complete a follow-up
MOST_MEANINGS = 4  # that a follow-up may have


def affordable(query: Query) -> Query:
    """Return the query itself; raise QuestionError if it asks more than the budget allows."""
    scopes, parts = len(query.scopes), len(query.parts)
    at_most(scopes, MOST_SCOPES, "个要分别查的地区、名称或年份")
    if not query.paired:
        at_most(parts, MOST_PARTS, "件要查的事")
        at_most(scopes * parts, MOST_LOOKUPS, "件要查的事（每个地区各算一件，用表格来问可以多些）")
    return query


def at_most(count: int, most: int, what: str) -> None:
    """Raise QuestionError if a question names more than ``most``."""
    if count > most:
        raise QuestionError(f"这一问里有 {count} {what}，一次最多 {most}。请分成几个问题来问。")
