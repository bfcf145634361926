"""The engine of a language model: it plans, reads and names operands, and computes nothing.

What it reads becomes a prompt, and its reply a Reading, whose statements are judged elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.answering.computation import operation_of
from qa.checking.statements import Fault
from qa.engines.client import Failure, LLMFailure, Model
from qa.engines.composing import composed
from qa.engines.frame import Shown, framed, labelled, neutral, pieces, shown_sentences
from qa.engines.planning import Grammar, in_full, only_ask, operation_named, plan_of, planning_material
from qa.engines.prompts import ANSWER_LABELS, FAULTS, MEND, PLAN, READ
from qa.engines.records import Ask, Conversation, Operand, Plan, Reading, Statement, StatementKind
from qa.question import Catalogue
from qa.text.figures import amounts_in
from qa.text.injection import is_injection
from qa.types import Answer, Hit, Report

REPLY = 700  # tokens reserved for the reply
LONGEST_SHORT = 60  # characters
MOST_STATEMENTS = 24

_KINDS: dict[str, StatementKind] = {"answer": "answer", "correction": "correction"}
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


def reading_material(
    plan: Plan, ask: Ask, hits: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]], context: int
) -> tuple[Shown, str]:
    """Return the sentences shown and the user's message, whose numbers name them.

    Args:
        context: tokens of input and output together; a Chinese character counts as one.
    """
    after = [f"问题：{neutral(plan.query.standalone)}"]
    if len(plan.asks) > 1:
        after.append(f"现在只答其中这一项：{neutral(ask.text)}")
    if faults:
        after += [MEND, *(f"未采用：{_quoted(one)}（{FAULTS[fault.kind]}）" for one, fault in faults)]
    room = context - REPLY - len(READ) - sum(map(len, after))
    shown = shown_sentences(hits, room)
    return shown, framed(shown, *after)


def _quoted(statement: Statement) -> str:
    return "略" if is_injection(statement.text) else neutral(statement.text)


def reading_of(reply: str, ask: Ask, hits: Sequence[Hit], shown: Shown) -> Reading:
    """Parse the statements of a reply, with the sentences that its marks name."""
    lines = labelled(reply, ANSWER_LABELS)
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, text in lines:
        by_kind[kind] += [text] if text else []
    statements = tuple(_statements(lines, shown))[:MOST_STATEMENTS]
    if not statements and not by_kind["missing"]:  # another format: its faults will be pointed out
        statements = tuple(_stated(by_kind[""], "answer", shown))[:MOST_STATEMENTS]
    operation = next(iter(by_kind["operation"]), "")
    operands = tuple(_operands(operation, shown))
    short = next((piece for text in by_kind["short"] for piece, _ in pieces(text)), "")
    return Reading(
        ask=ask,
        passages=tuple(hits),
        statements=statements,
        short=short if len(short) <= LONGEST_SHORT else "",
        operation=operation_named(operation) if len(operands) > 1 else "",
        operands=operands,
        missing="；".join(by_kind["missing"]),
        search=next((text for text in by_kind["search"] if 1 < len(text) <= LONGEST_SHORT), ""),
    )


def _statements(lines: Sequence[tuple[str, str]], shown: Shown) -> Iterator[Statement]:
    for kind, text in lines:
        marked = any(numbers for _, numbers in pieces(text))
        if kind in _KINDS or (not kind and marked):
            yield from _stated((text,), _KINDS.get(kind, "answer"), shown)


def _stated(texts: Iterable[str], kind: StatementKind, shown: Shown) -> Iterator[Statement]:
    items = shown.numbered
    for text in texts:
        for piece, numbers in pieces(text):
            evidence = tuple(items[n - 1] for n in numbers if 1 <= n <= len(items))
            unknown = tuple(n for n in numbers if not 1 <= n <= len(items))
            yield Statement(piece, evidence, kind, unknown)


def _operands(text: str, shown: Shown) -> Iterator[Operand]:
    """Yield the last amount before each group of marks, with the first sentence that the marks name."""
    items = shown.numbered
    for piece, numbers in pieces(text):
        amounts = amounts_in(piece)
        evidence = next((items[n - 1] for n in numbers if 1 <= n <= len(items)), None)
        if amounts and evidence:
            yield Operand(amounts[-1], evidence)
