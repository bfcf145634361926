"""The engine of a language model: it plans, reads and names operands, and computes nothing."""

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
    """Reads with a language model; every call may raise LLMFailure.

    Args:
        grammar: parses what the model plans, with the filters of the question.
        context: tokens of a call, question and reply together.
    """

    wide = True

    def __init__(
        self,
        model: Model,
        catalogue: Catalogue,
        grammar: Grammar,
        reports: Sequence[Report],
        context: int,
    ) -> None:
        self._model = model
        self._catalogue = catalogue
        self._grammar = grammar
        self._reports = reports
        self._context = context

    def plan(self, conversation: Conversation) -> Plan:
        """Return the model's plan, or that of the rules if its reply fails."""
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
        """Return what the model states about one thing."""
        shown, material = reading_material(plan, ask, passages, faults, self._context)
        if not shown.passages:
            return Reading(ask, (), missing=ask.text)
        hits = [own[0].hit for own in shown.passages]
        return reading_of(self._model(READ, material), ask, hits, shown)

    def say(self, plan: Plan, readings: Sequence[Reading], passages: Sequence[Hit]) -> Answer:
        """Return the statements in the order in which they were asked for, and what is computed from them."""
        return composed(plan, readings, passages, self._reports)


def planned_by_rules(conversation: Conversation) -> Plan:
    """Return a plan with one thing to look up for each place and term that the rules find in the question."""
    query = replace(conversation.query, standalone=in_full(conversation))
    whole = only_ask(query)
    if len(query.scopes) == 1:
        return whole
    asks = tuple(Ask(f"{s.label}{s.topic}", replace(query, scopes=(s,))) for s in query.scopes)
    operation = operation_of(query.standalone) if query.kind == "computation" else ""
    return Plan(asks, operation, query)
