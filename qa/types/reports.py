"""A report as it was read: its source, its paragraphs and sentences, where and when it is of, and its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]
ParagraphKind: TypeAlias = Literal["prose", "caption", "byline", "keywords", "table row", "note", "furniture"]
Level: TypeAlias = Literal["country", "province", "city", "district", "other"]
State: TypeAlias = Literal["result", "plan", ""]


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
