"""A report as it was read (source, paragraphs, sentences, place, years, figures), and a question as it was understood."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = [
    "CAVEATS", "IN_SENTENCES", "About", "Change", "Edit", "Figure", "Form", "Inference", "Level", "Paragraph",
    "ParagraphKind", "Part", "Period", "Place", "Query", "QuestionKind", "Reason", "Report", "Scope", "Sentence",
    "Shape", "Source", "Span", "Spans", "State",
]  # fmt: skip

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]
ParagraphKind: TypeAlias = Literal["prose", "caption", "byline", "keywords", "table row", "note", "furniture"]
Level: TypeAlias = Literal["country", "province", "city", "district", "other"]
State: TypeAlias = Literal["result", "plan", ""]

QuestionKind: TypeAlias = Literal[
    "figure", "name", "list", "reason", "manner", "summary", "comparison", "computation", "check", "chatter"
]
IN_SENTENCES: Sequence[QuestionKind] = ("manner", "summary")  # not answered by a word or figure
Reason: TypeAlias = Literal[
    "unknown_place", "unknown_indicator", "outside_period", "false_premise", "no_support", "unsure",
    "different_measure", "different_period", "earlier_figure",
]  # fmt: skip
CAVEATS: Sequence[Reason] = ("different_measure", "different_period", "earlier_figure")  # of what is answered
About: TypeAlias = Literal["", "holdings", "newest", "ability", "identity"]
Shape: TypeAlias = Literal["", "paragraph", "points", "table"]
Change: TypeAlias = Literal["", "drop", "keep", "add", "swap", "sort"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was decoded, without byte order mark, line ends unchanged; rows of its tables follow the text.

    For formats other than text, ``text`` is what the reader extracted.
    """

    name: str  # file name, as citations print it
    format: str  # "txt", "md", …
    encoding: str  # "utf-8", "gb18030", …
    text: str = field(repr=False)
    sha256: str  # of the file's bytes


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative division."""

    name: str  # the most specific division in full, "温州市"; "" if none is known
    parents: tuple[str, ...] = ()  # nearest last: ("浙江省", "杭州市") for 钱塘区
    level: Level = "other"  # of ``name``


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
    """Why a field of the metadata has its value."""

    field: str  # "title", "place", "period", "organisation", "delivered", "published" or "as_of"
    basis: str  # the words of the report (or reports.toml) that it rests on
    confidence: float  # 0 to 1; under 0.5 is shown as a warning


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A restored paragraph; its characters are the source's at ``spans``, white space and ``*`` aside.

    A mark of Markdown that opens an item of a list, a quotation or a heading that is text (``- ``, ``> ``, ``# ``) is
    outside its span, before it.
    """

    report_id: str
    number: int  # position in the restored report, from 0
    heading: tuple[str, ...]  # path, outermost first; empty if there is none
    text: str
    kind: ParagraphKind
    spans: Spans


@dataclass(frozen=True, slots=True)
class Report:
    """One report, restored."""

    id: str  # hash of name and content, stable over rebuilds
    source: Source
    title: str
    subtitle: str
    organisation: str
    place: Place
    period: Period | None  # the years whose results it reports
    inferences: tuple[Inference, ...]
    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    published: str = ""  # as far as the text says: "2024-06-18", "2023-12", "2023" or ""
    as_of: str = ""  # the time of its present figures (截至…), in the same forms
    notes: tuple[str, ...] = ()  # in Chinese, what of the file could not be read
    delivered: str = ""  # the day on which ``speaker`` delivered it, by its head
    speaker: str = ""
    plans: Period | None = None  # the years for which it announces plans


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is embedded and matched; ``start`` and ``end`` are offsets into its paragraph's text."""

    report_id: str
    paragraph: int  # number of its paragraph in the report
    start: int
    end: int
    text: str
    context: str  # from report and headings, ends with a line break or is ""; never quoted
    state: State = ""  # result or plan; "" of what is no prose, such as a byline
    period: Period | None = None  # its own years or those of its part of the report

    @property
    def search_text(self) -> str:
        return self.context + self.text


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is printed and as it compares; ``start`` and ``end`` are offsets into the text searched."""

    value: float  # in the base unit: 36.58万 is 365800.0, 92.3% is 92.3 with unit "%"
    unit: str  # the measure word, "人次", "元", "%"; "" if none is printed
    approximator: str  # "超", "近", "余", "多", "以上" or ""
    text: str  # as printed, unit and approximator included
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scope:
    """One place and term that is searched on its own."""

    label: str  # heads its line of the answer, "温州（2018–2023）"; "" for all reports
    place: Place | None  # the division that was asked about
    period: Period | None  # the term that was asked about
    report_ids: tuple[str, ...]  # the reports that are searched, in order of time
    topic: str  # the words to match: no question words, no years, no place but one inside a quoted name
    mention: str = ""  # a word that evidence must hold, if a report only mentions the place
    # The one year of a longer term that is asked for; the term's first or last year may stand for the whole term.
    year: int | None = None
    # Whether that year is none of its report's own, which only mentions it, as that of a plan.
    year_only_mentioned: bool = False

    @property
    def name(self) -> str:
        """Its label without years: what is said to be missing has no quote that proves them."""
        return self.label.partition("（")[0]

    @property
    def has_reports(self) -> bool:
        """Whether reports are of it, and do not only mention the place."""
        return not self.mention or self.year_only_mentioned


@dataclass(frozen=True, slots=True)
class Part:
    """One single thing that is asked for."""

    text: str  # its own words, without those that it shares with the other things asked
    unit: str | None  # kind of unit expected; None if any
    kind: QuestionKind
    asked: str = ""  # as a question of its own, with place and time; "" if only its own words are known
    topic: str = ""  # the words of ``asked`` to match, as in a scope


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the last answer that a clause asks for."""

    change: Change  # "" if the clause is not understood
    words: str  # the clause
    thing: str = ""  # the words of it that name what is taken out, kept, added, or sorted by
    instead: str = ""  # those that name what takes its place, if it is swapped


@dataclass(frozen=True, slots=True)
class Form:
    """The form that an answer is asked for in; as a rule none."""

    shape: Shape = ""  # "" if the question asks for none
    characters: int | None = None  # of a paragraph, at most
    points: int | None = None  # or sentences, at most
    each: int | None = None  # characters of a point, at most
    shorter: int = 0  # how often the last answer was asked for at half its length
    fuller: bool = False  # the last answer was asked for in more detail
    more: int = 0  # how often what the last answer did not show was asked for
    tone: bool = False  # another tone was asked for, which only a language model could give
    of: Form | None = None  # the form of the first answer, if that answer is asked for again in this one
    edits: tuple[Edit, ...] = ()  # changes of that answer, the earliest first
    # The column by which the rows of a table are sorted, and whether the least is first.
    order: tuple[str, bool] | None = None
    undone: tuple[str, ...] = ()  # clauses of ``edits`` that nothing in the table answers to

    @property
    def first(self) -> Form:
        """The form in which the answer is made."""
        return self.of or self

    @property
    def flows(self) -> bool:
        return self.shape == "paragraph"


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood. No language model is involved: the same input gives the same Query."""

    asked: str  # as it was typed
    standalone: str  # with the history taken into account
    topic: str  # the standalone question without place, period and polite words
    focus: str  # the part of the topic that was asked this time; all of it if nothing was carried over
    kind: QuestionKind
    parts: tuple[Part, ...]  # the things asked for, at least one
    scopes: tuple[Scope, ...]  # the places and terms to search, at least one
    refusal: Reason | None = None  # known before any search: place or period is outside of all reports
    outside: str = ""  # the words of that place or period
    paired: bool = False  # the first part is asked of the first scope, the second of the second (前一届靠什么、后一届建了什么)
    unnamed: bool = False  # the scopes are all places, for the question names none (各地, 哪个市)
    # Ids of all reports, or of those that the user's filter leaves; no other is ever shown.
    within: tuple[str, ...] = ()
    form: Form = Form()
    about: About = ""  # what is asked of the library itself; "" of a question to the reports
    meant: float = 0.0  # log-odds that a follow-up is meant like this, if it may be meant in several ways
    shortened: bool = False  # without the clauses that tell who asks and why

    def untold(self, told: Container[int]) -> list[str]:
        """Return the names of the scopes of which nothing is told; of a place that is told, its other term."""
        places = {scope.place for at, scope in enumerate(self.scopes) if at in told}
        rest = (scope for at, scope in enumerate(self.scopes) if at not in told)
        names = (f"{scope.name}的另一届" if scope.place in places else scope.name for scope in rest)
        return [*dict.fromkeys(filter(None, names))]

    @property
    def report_ids(self) -> set[str]:
        """Ids of the reports that are searched."""
        return {own for scope in self.scopes for own in scope.report_ids}

    @property
    def places(self) -> tuple[frozenset[str], ...]:
        """The ids of the reports of each place or term that is asked about; of all together if none is named."""
        if self.unnamed:
            return (frozenset(self.report_ids),)
        return tuple(dict.fromkeys(frozenset(scope.report_ids) for scope in self.scopes))

    @property
    def sums_up(self) -> bool:
        """Whether key sentences answer the question, also for each of several places (各做了什么)."""
        several = self.kind == "comparison" and len(self.scopes) > 1 and not self.paired
        return self.kind == "summary" or (several and all(part.kind in IN_SENTENCES for part in self.parts))
