"""Records that a parser hands to the layout stage: the text of a file and its blocks.

A parser never repairs anything: it states where each block is in the text, and its role.
:mod:`qa.reading.layout` restores sentences from printed lines.
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
        end: one past its last character; white space at both ends is excluded.
        role: ``"line"`` is a printed line that layout has to restore; ``"cut line"`` continues elsewhere, so that
            it is no heading; ``"paragraph"`` is whole and never cut or joined; ``"item"`` is a whole list item,
            prose however short; ``"note"`` is a footnote or a text box, separate from the prose.
        level: of a heading, 1 is the outermost; 0 for everything else, or if unknown.
        printed: span of the printed row, for a table row that was appended to the text; else None.
        column: display column where its column of the page begins, for text in two columns.
    """

    start: int
    end: int
    role: Role
    level: int = 0
    printed: tuple[int, int] | None = None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Extract:
    """A parsed file.

    Args:
        text: everything that was read, without byte order mark; all spans count its characters.
        encoding: of the file's bytes, ``"utf-8"``, ``"gb18030"``; ``""`` for binary formats.
        format: ``"txt"``, ``"md"``, ``"docx"`` …
        blocks: in reading order, never overlapping; they cover all characters but white space and list marks.
        notes: what could not be read, one sentence each, for the user.
    """

    text: str
    encoding: str
    format: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
