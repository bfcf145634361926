"""The records of a checked draft; like all records, frozen and in terms of ``qa.types``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types import Figure, Period, Spans

Date: TypeAlias = tuple[int | None, int | None, int | None, int | None]  # since which year; year, month, day
UNKNOWN_YEAR = 0  # of a date: a year is said (去年) and nothing tells which
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
    """One figure, date or name with what a text says of it; drafts and reports are read into the same record.

    Args:
        text: as it is printed; of a corrected figure as it should be.
        figure: with its value and unit; None for a name.
        pace: the time for which a figure is told each time: 年 of 每年200元; or ``""``.
        plan: whether it is still to be reached.
        subject: what is counted, or what the name is said of, in the words of the clause.
        context: what the clause before says that this belongs to, or ``""``.
        clause: that it stands in, other figures of the clause left in.
        sentence: that it stands in.
        heading: what its paragraph stands under.
        date: of a date, None for what is not said and ``UNKNOWN_YEAR`` for a year that cannot be worked out.
        place: full name of the division that it is about, ``""`` where none is known.
        period: the years that it is about, or None.
        report_id: of the report; ``""`` in a draft.
        spans: of its characters in the source; likewise ``clause_spans``.
        paragraph: number of its paragraph.
        number: of its sentence in the text, from 0.
        corrected: whether its figure was corrected by hand.
    """

    kind: StatementKind
    text: str
    figure: Figure | None
    pace: str
    plan: bool
    subject: str
    context: str
    clause: str
    sentence: str
    heading: str
    date: Date | None
    place: str
    period: Period | None
    report_id: str
    spans: Spans
    clause_spans: Spans
    paragraph: int
    number: int
    corrected: bool


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A figure, date or name of a draft, judged.

    Args:
        text: the draft's characters from ``start`` to ``end``.
        report: file name of the report that it was found in, or None; likewise what follows.
        report_id: of this report.
        title: of this report.
        quote: the clause of the report, 8 to 300 characters.
        spans: of the quote in the source of the report.
        right: what the report has where the draft differs.
        corrected: whether the figure of the report was corrected by hand, so that the quote prints another.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    report: str | None = None
    report_id: str | None = None
    title: str | None = None
    quote: str | None = None
    spans: Spans = ()
    right: str | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """A draft with its items in order, never overlapping.

    Args:
        text: of the draft, as it was given or as it was read from its file.
        notes: what of its file could not be read, and what is to be known of the whole, a sentence each.
    """

    text: str
    items: tuple[DraftItem, ...]
    notes: tuple[str, ...] = ()
