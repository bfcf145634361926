"""The records that every stage speaks in. This file imports nothing of ours.

Glossary, one name for one thing:

- source: a file as it was decoded; every offset counts characters of its text.
- span: a half-open pair ``(start, end)`` of offsets into the source text.
- paragraph: a restored piece of a report; a *passage* is a paragraph that was retrieved.
- sentence: the unit that is embedded and matched; its paragraph is what is returned.
- quote: characters of the source, traced by spans; only white space and ``*`` may differ.
- hit: a passage with its best sentences and scores (higher is better).
- generation: one complete, immutable state of the index on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "About",
    "Answer",
    "CellState",
    "CheckedFigure",
    "Citation",
    "Figure",
    "FigureState",
    "Form",
    "Hit",
    "Inference",
    "Level",
    "Matched",
    "Nearest",
    "Outcome",
    "Paragraph",
    "ParagraphKind",
    "Part",
    "Period",
    "Place",
    "Query",
    "QuestionKind",
    "Reason",
    "Reasons",
    "Report",
    "Scope",
    "Scores",
    "Sentence",
    "Shape",
    "Source",
    "Span",
    "Spans",
    "State",
    "Table",
    "TableCell",
    "TableRow",
    "Work",
]

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]

ParagraphKind: TypeAlias = Literal["prose", "caption", "byline", "keywords", "table row", "note", "furniture"]
Level: TypeAlias = Literal["country", "province", "city", "district", "other"]
QuestionKind: TypeAlias = Literal[
    "figure", "name", "list", "reason", "summary", "comparison", "computation", "check", "chatter"
]
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
State: TypeAlias = Literal["result", "plan", ""]
FigureState: TypeAlias = Literal["quoted", "derived", "unsupported"]
Outcome: TypeAlias = Literal["answered", "not_sure", "not_reported"]
About: TypeAlias = Literal["", "holdings", "newest", "ability", "identity"]
Shape: TypeAlias = Literal["", "paragraph", "points", "table"]
CellState: TypeAlias = Literal["found", "not_matched", "not_mentioned", "not_held"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was decoded: byte order mark removed, line ends as they are; behind it the rows of its tables.

    Other formats than text have no text of their own: theirs is what the reader extracted.
    """

    name: str  # file name, as citations print it
    format: str  # "txt", "md", …
    encoding: str  # "utf-8", "gb18030", …
    text: str
    sha256: str  # of the file's bytes


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative division.

    Args:
        name: the most specific division in full, ``"温州市"``; ``""`` where none is known.
        parents: the divisions above it, nearest last: ``("浙江省", "杭州市")`` for 钱塘区.
        level: the level of ``name``.
    """

    name: str
    parents: tuple[str, ...] = ()
    level: Level = "other"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Years, both ends included; a report of one year has ``start == end``."""

    start: int
    end: int

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}–{self.end}"

    def meets(self, other: Period) -> bool:
        """Whether they share a year; two terms that only share the year of a congress do not meet."""
        overlap = min(self.end, other.end) - max(self.start, other.start)
        single = self.start == self.end or other.start == other.end
        return overlap > 0 or (overlap == 0 and single)


@dataclass(frozen=True, slots=True)
class Inference:
    """Why a field of the metadata has its value.

    Args:
        field: ``"title"``, ``"place"``, ``"period"``, ``"organisation"``, ``"delivered"``, ``"published"`` or
            ``"as_of"``.
        basis: the words of the report (or ``reports.toml``) that it rests on.
        confidence: 0 to 1; under 0.5 is shown as a warning.
    """

    field: str
    basis: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A restored paragraph; its characters are the source's at ``spans``, white space and ``*`` aside.

    A mark of Markdown that opens an item of a list or a quotation (``- ``, ``> ``) stands before its span.
    """

    report_id: str
    number: int  # position in the restored report, from 0
    heading: tuple[str, ...]  # path, outermost first; empty where there is none
    text: str
    kind: ParagraphKind
    spans: Spans


@dataclass(frozen=True, slots=True)
class Report:
    """One report, restored. ``id`` is a hash of its name and content, stable over rebuilds.

    ``published`` is the day it appeared and ``as_of`` the time that its present figures hold for, both as far as the
    text tells: ``"2024-06-18"``, ``"2023-12"``, ``"2023"`` or ``""``. ``delivered`` is the day on which ``speaker`` gave
    it, as its head says. ``period`` are the years whose results it reports, ``plans`` those for which it says what is to
    be done, or None. ``notes`` say in Chinese what of the file could not be read.
    """

    id: str
    source: Source
    title: str
    subtitle: str
    organisation: str
    place: Place
    period: Period | None
    inferences: tuple[Inference, ...]
    paragraphs: tuple[Paragraph, ...]
    published: str = ""
    as_of: str = ""
    notes: tuple[str, ...] = ()
    delivered: str = ""
    speaker: str = ""
    plans: Period | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is embedded and matched.

    Args:
        paragraph: number of its paragraph in the report.
        start: offsets into the paragraph's text; ``end`` likewise, one past the last character.
        context: what its report and its headings say of it, ``""`` or up to a line break; never quoted.
        state: whether it tells what was done or what is to be done; ``""`` of what is no prose, such as a byline.
        period: the years that it speaks of, its own or those of its part of the report; None where nothing tells.
    """

    report_id: str
    paragraph: int
    start: int
    end: int
    text: str
    context: str
    state: State = ""
    period: Period | None = None

    @property
    def search_text(self) -> str:
        """What is embedded and matched."""
        return self.context + self.text


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is printed and as it compares.

    Args:
        value: in the base unit, ``36.58万`` is 365800.0, ``92.3%`` is 92.3 with unit ``"%"``.
        unit: the measure word, ``"人次"``, ``"元"``, ``"%"``; ``""`` where none is printed.
        approximator: ``"超"``, ``"近"``, ``"余"``, ``"多"``, ``"以上"`` or ``""``.
        text: as it is printed, unit and approximator included.
        start: offsets into the text it was found in.
        end: likewise, one past the last character.
    """

    value: float
    unit: str
    approximator: str
    text: str
    start: int
    end: int


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
    """One thing that is asked for: its words, the unit that is expected (or None), and its kind."""

    text: str
    unit: str | None
    kind: QuestionKind


@dataclass(frozen=True, slots=True)
class Form:
    """The form that an answer is asked for in; as a rule none.

    Args:
        shape: ``""`` where the question asks for none.
        characters: how long a paragraph is to be at most, or None.
        shorter: how often the last answer was asked for at half its length.
        tone: another tone was asked for, which only a language model could give.
    """

    shape: Shape = ""
    characters: int | None = None
    shorter: int = 0
    tone: bool = False

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
    """A retrieved passage with its report and its best sentences, best first, and their fused scores.

    ``reasons`` are there where they were asked for.
    """

    report: Report
    paragraph: Paragraph
    sentences: tuple[Sentence, ...]
    scores: Scores
    sentence_scores: tuple[float, ...] = ()
    reasons: Reasons | None = None


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
    """A mark of an answer and the exact characters that it stands for."""

    marker: int  # 1-based
    report: str  # file name
    report_id: str
    paragraph: int  # number of the paragraph in the report
    title: str
    place: str
    period: str | None  # "2018–2023", "2023" or None
    heading: str
    quote: str  # 8 to 300 characters of the source
    spans: Spans


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
