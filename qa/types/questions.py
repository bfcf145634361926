"""A question as it was understood: what is asked for, of where and when, and in which form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types.reports import Period, Place

QuestionKind: TypeAlias = Literal[
    "figure", "name", "list", "reason", "manner", "summary", "comparison", "computation", "check", "chatter"
]
IN_SENTENCES: Sequence[QuestionKind] = ("manner", "summary")  # that no word or figure answers
Reason: TypeAlias = Literal[
    "unknown_place",
    "unknown_indicator",
    "outside_period",
    "false_premise",
    "no_support",
    "unsure",
    "different_measure",
    "different_period",
    "earlier_figure",
]
About: TypeAlias = Literal["", "holdings", "newest", "ability", "identity"]
Shape: TypeAlias = Literal["", "paragraph", "points", "table"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One place and term that is searched on its own.

    Args:
        label: what a line of the answer is headed with, ``"温州（2018–2023）"``; ``""`` for all reports.
        place: the division that was asked about, or None.
        period: the term that was asked about, or None.
        report_ids: the reports that are searched, in order of time.
        topic: the words that are matched: no question words, no years, no place but one inside a quoted name.
        mention: a word that evidence must hold, where the place is only mentioned in a report; or ``""``.
        year: the one year of a longer term that is asked for, or None. Its first and last year may mean the term.
    """

    label: str
    place: Place | None
    period: Period | None
    report_ids: tuple[str, ...]
    topic: str
    mention: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One single thing that is asked for.

    Args:
        text: its own words, of several things without what they share.
        unit: the unit that is expected, or None.
        kind: what answers it.
        asked: it as a question of its own, with its place and time; ``""`` where only its own words are known.
        topic: the words of that which are matched, as a scope's topic.
    """

    text: str
    unit: str | None
    kind: QuestionKind
    asked: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The form that an answer is asked for in; as a rule none.

    Args:
        shape: ``""`` where the question asks for none.
        characters: how long a paragraph is to be at most, or None.
        shorter: how often the last answer was asked for at half its length.
        tone: another tone was asked for, which only a language model could give.
        of: the form in which the answer was first given, where that answer is asked for again in this one.
    """

    shape: Shape = ""
    characters: int | None = None
    shorter: int = 0
    tone: bool = False
    of: Form | None = None

    @property
    def first(self) -> Form:
        """The form in which the answer is made."""
        return self.of or self

    @property
    def flows(self) -> bool:
        """Whether the answer is to be a paragraph."""
        return self.shape == "paragraph"


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood. Made without a model: the same input gives the same Query.

    Args:
        asked: as it was typed.
        standalone: with the history taken into account.
        topic: the standalone question without place, period and polite words.
        focus: the part of the topic that was asked this time; the topic itself where nothing was carried over.
        kind: what is asked for.
        parts: what is asked for, one entry an item; at least one.
        scopes: what is searched, one entry a place and term; at least one.
        paired: the first part is asked of the first scope, the second of the second (前一届靠什么、后一届建了什么).
        refusal: known before any search: the place or the period is outside of all reports.
        outside: the words of the place or period that is outside, or ``""``.
        within: the reports that a person's filter leaves, all of them without one; nothing else is ever shown.
        form: the form that the answer is to have.
        about: what of the library itself is asked, its reports or what it can do; ``""`` of a question to the reports.
    """

    asked: str
    standalone: str
    topic: str
    focus: str
    kind: QuestionKind
    parts: tuple[Part, ...]
    scopes: tuple[Scope, ...]
    refusal: Reason | None = None
    outside: str = ""
    paired: bool = False
    within: tuple[str, ...] = ()
    form: Form = Form()
    about: About = ""

    @property
    def sums_up(self) -> bool:
        """Whether what is asked for is told by key sentences, of each of several places too (各做了什么)."""
        several = self.kind == "comparison" and len(self.scopes) > 1 and not self.paired
        return self.kind == "summary" or (several and all(part.kind in IN_SENTENCES for part in self.parts))
