"""The records of a language model's work: what it is asked, plans, reads and states.

It reads; it verifies, cites and computes nothing. Its statements are judged outside, so that a small model and a large
one differ only in how well they read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.answering.statement import Evidence
from qa.types import Answer, Figure, Hit, Query


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question as the rules understand it, with what was asked and answered before."""

    query: Query  # as the question is likeliest meant
    history: tuple[str, ...] = ()  # the user's earlier questions, oldest first
    others: Iterable[Query] = ()  # its further meanings, or the question without what asks nothing
    # Gives the answer to the question so many turns back, if there was one; 1 is the last.
    earlier: Callable[[int], Answer | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to look up, in standalone words, with the query that is searched for it."""

    text: str
    query: Query


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look up, and what to do with it."""

    # At least one; their places and years are those of the conversation or of the library.
    asks: tuple[Ask, ...]
    operation: str  # of ``qa.answering.computation``, ``"largest"``, ``"smallest"`` or ``""``
    query: Query  # the standalone question


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence without marks, and the sentences of reports that it cites."""

    text: str
    evidence: tuple[Evidence, ...]  # none if a mark names nothing that was shown
    kind: Literal["answer", "correction"] = "answer"


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure to compute with, and the sentence that contains it."""

    figure: Figure
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read about one thing."""

    ask: Ask
    passages: tuple[Hit, ...]  # that were read
    statements: tuple[Statement, ...] = ()
    short: str = ""  # the shortest answer
    operation: str = ""  # over ``operands``
    operands: tuple[Operand, ...] = ()
    missing: str = ""  # what is not in the passages, in the engine's words
    search: str = ""  # other words to search for
    rejected: int = 0  # statements that did not pass the check, in all readings of the thing


@dataclass(frozen=True, slots=True)
class Step:
    """The current step of the work."""

    kind: Literal["plan", "search", "read", "check", "mend", "stated"]
    about: str = ""  # what is looked up, or stated
    count: int = 0  # passages that are read


Watch: TypeAlias = Callable[[Step], object]
