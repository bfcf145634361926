"""What passes the door between search and answer, and the three verbs that an engine has.

An engine reads; it verifies nothing, cites nothing and reckons nothing. What it states is judged behind the door, so
that rules, a small model and a large one differ only in how well they read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from qa.answering.candidates import Evidence
from qa.checking.statements import Fault
from qa.types import Answer, Figure, Hit, Query

StatementKind: TypeAlias = Literal["answer", "correction", "nearest"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question, what the user asked before (oldest first), and what the rules make of both."""

    question: str
    history: tuple[str, ...]
    query: Query


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to look up: in words that stand alone, and with the reports that are searched for it."""

    text: str
    query: Query


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look up, and what to do with it.

    Args:
        standalone: the question without its history.
        asks: at least one; places and years in them are those of the conversation or of the library.
        operation: as ``qa.answering.computation`` names it, ``"largest"``, ``"smallest"``, or ``""``.
        query: the standalone question as the grammar reads it.
    """

    standalone: str
    asks: tuple[Ask, ...]
    operation: str
    query: Query


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence without marks, and the sentences of reports that it rests on.

    ``unknown_marks`` are those that it gave and that name nothing which was shown.
    """

    text: str
    evidence: tuple[Evidence, ...]
    kind: StatementKind = "answer"
    unknown_marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure to be reckoned with, and the sentence that it stands in."""

    figure: Figure
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read about one thing.

    Args:
        passages: those that it was looked for in.
        statements: what was found; none where it is not here.
        short: the shortest answer, or ``""``.
        operation: to be done over ``operands``, or ``""``.
        missing: what is not here, in the engine's words, or ``""``.
        search: other words to look it up by, or ``""``.
        fallen: how many statements about it did not hold, earlier readings included.
    """

    ask: Ask
    passages: tuple[Hit, ...]
    statements: tuple[Statement, ...] = ()
    short: str = ""
    operation: str = ""
    operands: tuple[Operand, ...] = ()
    missing: str = ""
    search: str = ""
    fallen: int = 0


class Engine(Protocol):
    """Reads questions and passages. Raises LLMFailure where it cannot."""

    name: str
    wide: bool  # whether it is given the best of everywhere, too, beside what the places and years of a thing hold

    def plan(self, conversation: Conversation) -> Plan:
        """What to look up."""
        ...

    def read(
        self, plan: Plan, ask: Ask, passages: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]]
    ) -> Reading:
        """What some passages say of one thing; ``faults`` are those of an earlier reading, to be mended."""
        ...

    def say(self, plan: Plan, readings: Sequence[Reading], passages: Sequence[Hit]) -> Answer:
        """The answer, before it is checked."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done right now: ``about`` is what is looked up, ``count`` how many passages are read."""

    kind: Literal["plan", "search", "read", "check", "mend", "stated"]
    about: str = ""
    count: int = 0


Watch: TypeAlias = Callable[[Step], object]
