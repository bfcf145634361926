"""The engine of the rules: they plan by grammar, and read and write in one step over all that was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering import answer
from qa.checking.statements import Fault
from qa.engines.records import Ask, Conversation, Plan, Reading, Statement
from qa.index import Index
from qa.types import Answer, Hit


@dataclass(frozen=True, slots=True)
class Rules:
    """Answers by grammar, trained rankers and the reader; deterministic and extractive."""

    index: Index

    wide = False

    def plan(self, conversation: Conversation) -> Plan:
        """Return one thing to look up for each place and term of the question."""
        query = conversation.query
        asks = tuple(Ask(scope.topic, replace(query, scopes=(scope,))) for scope in query.scopes)
        return Plan(asks, "", query)

    def read(
        self, plan: Plan, ask: Ask, passages: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]]
    ) -> Reading:
        """Return the passages as found; which sentence answers is decided over all things at once."""
        del plan, faults  # nothing is stated yet
        return Reading(ask, tuple(passages))

    def say(self, plan: Plan, readings: Sequence[Reading], passages: Sequence[Hit]) -> Answer:
        """Return the extractive answer."""
        return answer(self.index, plan.query, [reading.passages for reading in readings], passages)
