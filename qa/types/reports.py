"""A report as it was read: source, paragraphs, sentences, place, years and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]
ParagraphKind: TypeAlias = Literal["prose", "caption", "byline", "keywords", "table row", "note", "furniture"]
Level: TypeAlias = Literal["country", "province", "city", "district", "other"]
State: TypeAlias = Literal["result", "plan", ""]


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
        """What is embedded and matched."""
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
