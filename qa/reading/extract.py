"""What a format hands to the layout stage: the text of a file and the blocks that it is made of.

A format never repairs anything. It says where each block stands in the text and how far its extent can be
trusted; restoring sentences from printed lines is the work of :mod:`qa.reading.layout`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["line", "cut line", "paragraph", "item", "heading", "table row", "caption", "note"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the extracted text, in reading order.

    Args:
        start: offset of its first character in the text of the extract.
        end: one past its last character; white space at both ends is left outside.
        role: ``"line"`` is a printed line that layout has to restore; ``"cut line"`` is one that goes on in the
            next column or line, so that it is no heading; ``"paragraph"`` is whole and is never cut or joined;
            ``"item"`` is a whole item of a list, prose however short; ``"note"`` is a footnote or a text box,
            kept apart from the prose.
        level: of a heading, 1 is the outermost; 0 for everything else, and where the format does not say.
        printed: where it is printed, for a row that was composed of the cells and heads of a text and stands behind
            this text; None where the block itself is what is printed.
        column: display column where its column of the page begins, for text whose columns stand side by side.
    """

    start: int
    end: int
    role: Role
    level: int = 0
    printed: tuple[int, int] | None = None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Extract:
    """A file as its format reader gives it.

    Args:
        text: everything that was read, byte order mark removed; spans of the whole program count its characters.
        encoding: of the file's bytes, ``"utf-8"``, ``"gb18030"``; ``""`` where the format has none of its own.
        format: ``"txt"``, ``"md"``, ``"docx"`` …
        blocks: in reading order, never overlapping; together they hold every character that is neither white space
            nor a mark that the format sets before an item of a list.
        notes: what could not be read, one sentence each, for the reader.
    """

    text: str
    encoding: str
    format: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
