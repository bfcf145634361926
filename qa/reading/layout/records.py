"""What restoration works on and what it hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from qa.types import ParagraphKind, Span, Spans

Kind: TypeAlias = Literal[
    "prose", "bare", "heading", "caption", "byline", "keywords", "furniture", "table row", "note"
]
What: TypeAlias = Literal[
    "join", "fragment", "caption", "byline", "keywords", "furniture", "heading", "moved", "title"
]


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line, or several that a hard wrap had cut, on its way to becoming part of a paragraph.

    Args:
        spans: its characters in the source, without white space at the ends, control and format characters.
        ink: the same characters without white space and ``*``; never empty.
        gap: blank lines before it; 99 before the first.
        indent: columns of white space at its start.
        width: columns of its last printed line without the indent, a wide character is two.
        length: characters of its last printed line, the indent included.
        kind: ``"bare"`` is a short line that could be a heading, a caption or a piece of a sentence.
        style: of a heading's mark, ``"#2"``, ``"一、"``, ``"#2一、"``; ``"names"`` of a byline of roles and names alone;
            else ``""``.
        order: number that its mark counts, 3 for ``三、``; 0 where it has none.
        fixed: the format vouches for its extent; it is never joined to another.
        title: it stands at the head of a copied page as a line of the report's title.
        torn: what was printed before it has been moved away, or stopped where
            its column was full, so that its neighbour is likely its beginning.
    """

    spans: Spans
    ink: str
    gap: int
    indent: int = 0
    width: int = 0
    length: int = 0
    kind: Kind = "prose"
    style: str = ""
    order: int = 0
    fixed: bool = False
    torn: bool = False
    title: bool = False

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that restoration decided and a reader may want to check.

    Args:
        what: ``"join"`` for two pieces made one, ``"moved"`` for a heading that was put back, …
        at: where in the source it happened.
        to: the other place, of a join or a move.
        confidence: 0 to 1.
        reason: in Chinese, for the reader.
    """

    what: What
    at: Span
    to: Span | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading or a line of the title, level 1 is the outermost."""

    text: str
    spans: Spans
    level: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A paragraph before it belongs to a report."""

    heading: tuple[str, ...]
    text: str
    kind: ParagraphKind
    spans: Spans


@dataclass(frozen=True, slots=True)
class Restored:
    """A report put in order: every character that is ink stands in exactly one title line, heading or paragraph.

    Ink is what is neither white space nor ``*`` nor a control or format character.
    """

    titles: tuple[Heading, ...]
    headings: tuple[Heading, ...]
    paragraphs: tuple[Draft, ...]
    decisions: tuple[Decision, ...] = field(default=())
