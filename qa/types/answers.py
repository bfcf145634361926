"""What was found for a question, and what is said: hits, citations, figures that were checked, tables, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types.questions import Reason, Scope
from qa.types.reports import Figure, Paragraph, Report, Sentence, Span, Spans

FigureState: TypeAlias = Literal["quoted", "derived", "corrected", "unsupported"]
Outcome: TypeAlias = Literal["answered", "not_sure", "not_reported"]
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
    """Why a passage was found. The three parts add up to its fused score, those of ``matched`` to its BM25 score.

    Args:
        standalone: the question with the history taken into account.
        scope: what was searched: place, period, reports, the words that were matched.
        reports: file names of the reports that were searched.
        words: the words that were looked up.
        synonyms: the words that were looked up as well, at a lower weight.
        matched: those of both that the passage holds; its headings, place and years belong to it.
        dense: part of the best sentence's meaning in the fused score.
        sparse: part of the words of the whole passage.
        coverage: part of how much of the topic the whole passage holds, its headings included.
    """

    standalone: str
    scope: Scope
    reports: tuple[str, ...]
    words: tuple[str, ...]
    synonyms: tuple[str, ...]
    matched: tuple[Matched, ...]
    dense: float
    sparse: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its report.

    Args:
        sentences: its sentences, best first.
        sentence_scores: the fused scores of the best of them.
        reasons: where they were asked for.
    """

    report: Report
    paragraph: Paragraph
    sentences: tuple[Sentence, ...]
    scores: Scores
    sentence_scores: tuple[float, ...] = ()
    reasons: Reasons | None = None

    @property
    def matched(self) -> tuple[Sentence, ...]:
        """The best sentences."""
        return self.sentences[: len(self.sentence_scores)]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage that is shown where there is no answer, cut around what fits the question best.

    Args:
        hit: the passage.
        start: offsets into the paragraph's text of what is shown, at most 400 characters.
        end: likewise, one past the last character.
        fits: offsets into the paragraph's text of the sentence that fits best, inside ``start`` and ``end``.
        spans: of what is shown, in the source.
    """

    hit: Hit
    start: int
    end: int
    fits: Span
    spans: Spans

    @property
    def text(self) -> str:
        return self.hit.paragraph.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark of an answer and the exact characters that it stands for.

    Args:
        period: of the report, ``"2018–2023"``, ``"2023"`` or None.
        years: that the sentence tells of, where these are others, or it is a plan; else ``""``.
        plan: whether it says what is to be done.
    """

    marker: int  # 1-based
    report: str  # file name
    report_id: str
    paragraph: int  # number of the paragraph in the report
    title: str
    place: str
    period: str | None
    heading: str
    quote: str  # 8 to 300 characters of the source
    spans: Spans
    years: str = ""
    plan: bool = False

    @property
    def time(self) -> str | None:
        """What the sentence tells of, as it is shown: ``"2021–2025"``, ``"2026，计划"``."""
        return f"{self.years}，计划" if self.plan else self.years or self.period


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of an answer with what the verifier found."""

    text: str
    value: float
    unit: str
    state: FigureState
    marker: int | None  # the citation that holds it; None for derived figures


@dataclass(frozen=True, slots=True)
class TableCell:
    """What one report says of one thing, or why nothing stands here.

    Args:
        state: ``"found"``; ``"not_matched"`` where the report speaks of it and nothing sure was found;
            ``"not_mentioned"`` where its words do not stand in the report; ``"not_held"`` without a report.
        text: the shortest answer, with its marks; ``""`` where nothing was found.
        figure: of the text, where there is one.
    """

    state: CellState
    text: str = ""
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A report, or a place without one; ``inside`` is the place above it that has a row of its own, or ``""``."""

    label: str
    inside: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Places and terms as rows, things as columns; its marks are those of the answer that it belongs to."""

    things: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What an answer took where a language model was asked.

    Args:
        engine: the model's name; ``""`` where the rules answered in its place.
        seconds: from the question to the answer.
        tokens: that the model took in and put out.
        counted: whether its service counted them; else they are an estimate.
    """

    engine: str
    seconds: float
    tokens: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the chat shows. Nothing unsupported inside.

    Args:
        question: as asked.
        standalone_question: after the history was taken into account.
        text: the answer with its marks ``[1]``; never empty, a refusal is a sentence too.
        short: the shortest direct answer, or None where several things are asked for.
        abstained: the reports do not hold the answer, it is not sure, or the question rests on a false premise.
        reason: of a refusal or a caveat, or None.
        calculation: formulas of computed figures, their operands in cited quotes.
        citations: in order of their markers.
        figures: every figure of ``text`` with its state.
        passages: retrieved passages, best first.
        nearest: what is shown in the place of an answer, at most three, best first.
        work: what a language model had to do with it; None where none was asked.
        missing: what else was asked and not found, in the question's own words.
        chance: how likely it is right, 0 to 1, as learned from questions with known answers; None where nothing was judged.
            Of a refusal how likely the best is that was found and not told.
        table: what ``text`` says as a table, where one was asked for.
    """

    question: str
    standalone_question: str
    text: str
    short: str | None
    abstained: bool
    reason: Reason | None
    calculation: tuple[str, ...]
    citations: tuple[Citation, ...]
    figures: tuple[CheckedFigure, ...]
    passages: tuple[Hit, ...]
    nearest: tuple[Nearest, ...] = ()
    work: Work | None = None
    missing: tuple[str, ...] = ()
    chance: float | None = None
    table: Table | None = None

    @property
    def certain(self) -> bool:
        """Whether there is nothing to be weighed: an overview claims no more than the report's own sections say."""
        return self.chance == 1.0

    @property
    def outcome(self) -> Outcome:
        """Answered, a corrected premise included; or found something and not sure of it; or not reported."""
        if not self.abstained or self.reason == "false_premise":
            return "answered"
        return "not_sure" if self.reason == "unsure" else "not_reported"
