"""Records of restoration: lines, decisions, headings."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types import Paragraph, Span, Spans

Kind: TypeAlias = Literal[
    "prose", "bare", "heading", "caption", "byline", "keywords", "furniture", "table row", "note"
]
Chain: TypeAlias = tuple[int, ...]  # positions of the lines of one heading or paragraph, in order
What: TypeAlias = Kind | Literal["join", "fragment", "moved", "title"]


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line, or several that a hard wrap had cut, on its way to becoming part of a paragraph."""

    spans: Spans  # in the source, without white space at the ends, control and format characters
    ink: str  # the same characters without white space and ``*``; never empty
    gap: int  # blank lines before it; 99 before the first
    indent: int = 0  # columns of white space at its start
    width: int = 0  # columns of its last printed line without the indent, a wide character is two
    length: int = 0  # characters of its last printed line, the indent included
    kind: Kind = "prose"  # "bare" is a short line that could be a heading, a caption or a piece of a sentence
    # Of a heading's mark, "#2", "一、", "#2一、"; "names" of a byline of names, roles and days only.
    style: str = ""
    order: int = 0  # number that its mark counts, 3 for 三、; 0 if it has none
    fixed: bool = False  # the format vouches for its extent; it is never joined to another
    # What was printed before it has been moved away, or stopped because its column was full, so that its neighbour
    # is likely its beginning.
    torn: bool = False
    why: tuple[float, str] | None = None  # confidence and reason of its kind, if its neighbours decided it
    title: bool = False  # a line of the report's title at the head of a copied page

    @property
    def marked(self) -> bool:
        """Whether the format itself makes it a heading."""
        return self.kind == "heading" and self.fixed

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that restoration decided and a reader may want to check."""

    what: What  # "join" for two pieces made one, "moved" for what was put back, …
    at: Span  # where in the source it happened
    to: Span | None  # the other place, of a join or a move
    confidence: float  # 0 to 1
    reason: str  # in Chinese, for the reader


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading or a line of the title, level 1 is the outermost."""

    text: str
    spans: Spans
    level: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A report put in order: every character of ink is in exactly one title line, heading or paragraph.

    Ink is what is neither white space nor ``*`` nor a control or format character.
    """

    titles: tuple[Heading, ...]
    headings: tuple[Heading, ...]
    paragraphs: tuple[Paragraph, ...]
    decisions: tuple[Decision, ...] = ()
