"""Records of a checked draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types import Figure, Period, Spans

# First year of a span; year, month, day.
Date: TypeAlias = tuple[int | None, int | None, int | None, int | None]
UNKNOWN_YEAR = 0  # of a date: a year is stated (去年) but cannot be resolved
StatementKind: TypeAlias = Literal["figure", "date", "name"]
Verdict: TypeAlias = Literal[
    "agrees",
    "agrees_otherwise",
    "differs",
    "wrong_name",
    "other_term",
    "other_place",
    "plan_for_result",
    "not_in_reports",
]


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure, date or name of a draft or a report, with its context."""

    kind: StatementKind
    text: str  # as printed, or as corrected by hand
    figure: Figure | None
    pace: str  # 年 for 每年200元, or ``""``
    relative: bool  # per something, or against another time: 人均2000元, 比上年增加3家
    plan: bool
    subject: str  # what is counted or named, in the words of the clause
    context: str  # the activity of the clause before that it belongs to, or ``""``
    clause: str
    sentence: str
    at: int  # offset in the sentence
    heading: str
    date: Date | None  # with None for parts that are not stated
    place: str  # full name of the division, or ``""``
    period: Period | None
    report_id: str  # ``""`` in a draft
    spans: Spans  # of the source, likewise ``clause_spans``
    clause_spans: Spans
    paragraph: int
    number: int  # of its sentence in the text, from 0
    corrected: bool  # whether the figure was corrected by hand


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A figure, date or name of a draft with its verdict and the report that it was found in, if any."""

    text: str
    start: int
    end: int
    verdict: Verdict
    report: str | None = None  # file name
    report_id: str | None = None
    title: str | None = None
    label: str | None = None  # of the report, its place and years
    quote: str | None = None  # the clause of the report, 8 to 300 characters
    spans: Spans = ()  # of the quote in the source of the report
    right: str | None = None  # what the report states, if the draft differs
    corrected: bool = False  # whether the report's figure was corrected by hand, so that the quote differs


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """A draft with its items in order, never overlapping."""

    text: str
    items: tuple[DraftItem, ...]
    notes: tuple[str, ...] = ()  # on the whole draft, and on parts of its file that could not be read
