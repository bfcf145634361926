"""What was found for a question and what is answered: hits, citations, checked figures, tables, the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types.records import Figure, Paragraph, Period, Reason, Report, Scope, Sentence, Span, Spans

__all__ = [
    "MARK", "Answer", "CheckedFigure", "Citation", "FigureState", "Hit", "Matched", "Nearest", "Outcome", "Reasons",
    "Scores", "Table", "TableCell", "TableRow", "Work",
]  # fmt: skip

FigureState: TypeAlias = Literal["quoted", "derived", "corrected", "unsupported"]
Outcome: TypeAlias = Literal["answered", "not_sure", "not_reported"]
MARK = re.compile(r"\[(\d{1,3})\]")  # of a citation in the text of an answer
CellState: TypeAlias = Literal["found", "not_matched", "not_mentioned", "not_held"]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a hit, higher is better: cosine (-1 to 1), BM25 (0 up), fused (standard deviations)."""

    dense: float
    sparse: float
    fused: float


@dataclass(frozen=True, slots=True)
class Matched:
    """A word that a question and a passage share, and what it adds to the passage's BM25 score."""

    word: str
    score: float
    synonym: bool  # not a word of the question itself


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a passage was found: ``dense``, ``sparse`` and ``coverage`` add up to its fused score."""

    standalone: str  # the question with the history taken into account
    scope: Scope
    reports: tuple[str, ...]  # file names of the reports that were searched
    words: tuple[str, ...]  # that were looked up
    synonyms: tuple[str, ...]  # that were looked up as well, at a lower weight
    matched: tuple[Matched, ...]  # in the passage, its headings, place or years; add up to its BM25 score
    dense: float  # share of the best sentence's meaning
    sparse: float  # share of the words of the whole passage
    coverage: float  # share of the topic that the whole passage holds, its headings included


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its report."""

    report: Report
    paragraph: Paragraph
    sentences: tuple[Sentence, ...]  # best first
    scores: Scores
    sentence_scores: tuple[float, ...] = ()  # fused scores of the best sentences
    reasons: Reasons | None = None  # if they were asked for

    @property
    def matched(self) -> tuple[Sentence, ...]:
        return self.sentences[: len(self.sentence_scores)]

    @property
    def position(self) -> tuple[str, int]:
        """The id of its report and the number of its paragraph, which identify it."""
        return self.report.id, self.paragraph.number


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage shown when there is no answer, cut around the sentence that fits the question best.

    ``start``, ``end`` and ``fits`` are offsets into the paragraph's text.
    """

    hit: Hit
    start: int
    end: int  # at most 400 characters are shown
    fits: Span  # the best sentence, inside ``start`` and ``end``
    spans: Spans  # of what is shown, in the source

    @property
    def text(self) -> str:
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        return self.hit.paragraph.text[slice(*self.fits)]


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark of an answer and the exact characters that it refers to."""

    marker: int  # 1-based
    report: str  # file name
    report_id: str
    paragraph: int  # number of the paragraph in the report
    title: str
    place: str
    period: Period | None  # of the report
    heading: str
    quote: str  # 8 to 300 characters of the source
    spans: Spans
    years: Period | None = None  # of the sentence, if they differ from the report's or it is a plan
    plan: bool = False  # whether it says what is to be done

    def meets(self, other: Citation) -> bool:
        """Whether the reports of both are of the same time, as far as both state theirs."""
        return not self.period or not other.period or self.period.meets(other.period)

    @property
    def time(self) -> str:
        """The time of the sentence as it is shown: ``"2021–2025"``, ``"2026，计划"``; ``""`` if it is not known."""
        own = filter(None, (str(self.years or ""), "计划" if self.plan else ""))
        return "，".join(own) or str(self.period or "")

    def is_of(self, time: str) -> bool:
        """Whether a time as it is shown is that of the sentence or of its report."""
        return bool(time) and time in (self.time, str(self.period))


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of an answer with what the verifier found."""

    text: str
    value: float
    unit: str
    state: FigureState  # quoted, derived by a formula, corrected by an administrator, or unsupported
    marker: int | None  # the citation that holds it; None for derived figures


@dataclass(frozen=True, slots=True)
class TableCell:
    """What one report says of one thing, or why the cell is empty.

    ``"not_matched"``: the report mentions it but nothing sure was found; ``"not_mentioned"``: the report does not
    hold its words; ``"not_held"``: there is no report.
    """

    state: CellState
    text: str = ""  # the shortest answer, with its marks
    figure: Figure | None = None  # of the text


@dataclass(frozen=True, slots=True)
class TableRow:
    """A report, or a place without one; ``inside`` is the place above it that has a row of its own, or ``""``."""

    label: str
    inside: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Reports (places and terms) as rows, things asked as columns; its marks are those of its answer."""

    things: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What an answer cost if a language model was asked."""

    engine: str  # the model's name; "" if the rules answered in its place
    seconds: float  # from the question to the answer
    tokens: int  # read and written by the model
    counted: bool  # whether the service counted the tokens; else they are an estimate


@dataclass(frozen=True, slots=True)
class Answer:
    """What the chat shows. Nothing unsupported inside."""

    question: str  # as asked
    standalone_question: str  # with the history taken into account
    text: str  # the answer with its marks [1]; never empty, a refusal is a sentence too
    short: str | None = None  # the shortest direct answer; None if several things are asked for
    abstained: bool = False  # the reports do not hold the answer, it is not sure, or the premise is false
    reason: Reason | None = None  # of a refusal or a caveat
    calculation: tuple[str, ...] = ()  # formulas of computed figures, their operands in cited quotes
    citations: tuple[Citation, ...] = ()  # in order of their markers
    figures: tuple[CheckedFigure, ...] = ()  # every figure of ``text``
    passages: tuple[Hit, ...] = ()  # retrieved passages, best first
    nearest: tuple[Nearest, ...] = ()  # shown where all or a part has no answer, at most three, best first
    work: Work | None = None  # None if no language model was asked
    missing: tuple[str, ...] = ()  # what was asked and not found, in the question's own words
    # How likely the answer is right, 0 to 1, as learned from questions with known answers; of a refusal, how likely
    # the best answer is that was found and withheld; None if nothing was judged.
    chance: float | None = None
    table: Table | None = None  # what ``text`` says, if a table was asked for

    @property
    def certain(self) -> bool:
        """Whether the answer needs no judgement, as an overview, which only repeats what the report's sections say."""
        return self.chance == 1.0

    @property
    def outcome(self) -> Outcome:
        """Answered, a corrected premise included; or found something and not sure of it; or not reported."""
        if not self.abstained or self.reason == "false_premise":
            return "answered"
        return "not_sure" if self.reason == "unsure" else "not_reported"
