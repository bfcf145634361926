"""The second engine: a language model. It plans, reads and names operands; it computes nothing and cites by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.computation import operation_of
from qa.checking.statements import Fault
from qa.engines.client import Failure, LLMFailure, Model
from qa.engines.composing import composed
from qa.engines.planning import Grammar, in_full, only_ask, plan_of, planning_material
from qa.engines.prompts import PLAN, READ
from qa.engines.reading import reading_material, reading_of
from qa.engines.records import Ask, Conversation, Plan, Reading, Statement
from qa.question import Catalogue
from qa.types import Answer, Hit, Report

_PASSING: frozenset[Failure] = frozenset(("busy", "malformed", "refused"))  # the next call may go well


class LanguageModel:
    """Reads with a model behind ``model``; every call may raise LLMFailure.

    Args:
        name: as the service has it.
        grammar: reads what the model plans, under the same filters as the question.
        context: tokens of a call, question and reply together.
    """

    wide = True

    def __init__(
        self,
        model: Model,
        name: str,
        catalogue: Catalogue,
        grammar: Grammar,
        reports: Sequence[Report],
        context: int,
    ) -> None:
        self.name = name
        self._model = model
        self._catalogue = catalogue
        self._grammar = grammar
        self._reports = reports
        self._context = context

    def plan(self, conversation: Conversation) -> Plan:
        """What the model would look up; what the rules would, where its reply fails."""
        try:
            reply = self._model(PLAN, planning_material(conversation, self._catalogue))
        except LLMFailure as failure:
            if failure.kind not in _PASSING:
                raise
            return planned_by_rules(conversation)
        return plan_of(reply, conversation, self._catalogue, self._grammar)

    def read(
        self, plan: Plan, ask: Ask, passages: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]]
    ) -> Reading:
        """What the model states of one thing."""
        shown, material = reading_material(plan, ask, passages, faults, self._context)
        if not shown.passages:
            return Reading(ask, (), missing=ask.text)
        hits = [own[0].hit for own in shown.passages]
        return reading_of(self._model(READ, material), ask, hits, shown)

    def say(self, plan: Plan, readings: Sequence[Reading], passages: Sequence[Hit]) -> Answer:
        """The statements in the order in which they were asked for, and what follows from them."""
        return composed(plan, readings, passages, self._reports)


def planned_by_rules(conversation: Conversation) -> Plan:
    """A thing to look up for each place and term that the rules find in the question."""
    query = replace(conversation.query, standalone=in_full(conversation))
    whole = only_ask(query)
    if len(query.scopes) == 1:
        return whole
    asks = tuple(Ask(f"{s.label}{s.topic}", replace(query, scopes=(s,))) for s in query.scopes)
    operation = operation_of(query.standalone) if query.kind == "computation" else ""
    return Plan(query.standalone, asks, operation, query)
