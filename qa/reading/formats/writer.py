"""Builds an extract block by block, so that offsets and text cannot drift apart."""

from __future__ import annotations

import re

from qa.errors import ReportError
from qa.reading.extract import Block, Extract, Role
from qa.reading.limits import EXTRACTED_CHARACTERS, TABLE_CELLS

# C0 and C1 controls, lone surrogates and non-characters: never text, and half of them break a terminal or JSON.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NOTE = re.compile(r"[\[［(（〔【]?(?:\d{1,3}|[*†‡①-⑳])[\]］)）〕】]?")


def is_note(raised: str, before: str) -> bool:
    """Whether raised characters are the number of a note, not a power: those stand behind letters (m²) alone.

    >>> is_note("1", "建成123"), is_note("2", "km")
    (True, False)
    """
    return _NOTE.fullmatch(raised.strip()) is not None and re.search(r"[A-Za-z]$", before) is None


def check_cells(name: str, cells: int) -> None:
    """Raises ReportError for more cells than the tables of one file may have, those that merged ones cover included."""
    if cells > TABLE_CELLS:
        raise ReportError(f"表格超过 {TABLE_CELLS // 10_000} 万格：{name}。请拆分成几个文件。")


class Writer:
    """Holds the text that has been written so far; one block is one line of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._cells = 0

    @property
    def last(self) -> str:
        """The text of the last block; "" before the first."""
        return self._parts[-1] if self._parts else ""

    def check_cells(self, cells: int) -> None:
        """Raises ReportError where a table of so many cells is one too many."""
        check_cells(self._name, self._cells + cells)

    def count_cells(self, cells: int) -> None:
        """Note that a table is written. Raises ReportError where it is one too many."""
        self.check_cells(cells)
        self._cells += cells

    def add(self, text: str, role: Role, level: int = 0) -> None:
        """Append a block; blank text is no block. Raises ReportError past the limit of characters."""
        text = _UNPRINTABLE.sub("", text).strip()
        if not text:
            return
        start = self._length
        self._length += len(text) + 1
        if self._length > EXTRACTED_CHARACTERS:
            raise ReportError(
                f"文件里的文字超过 {EXTRACTED_CHARACTERS // 10_000} 万字：{self._name}。请拆分成几个文件。"
            )
        self._parts.append(text)
        self._blocks.append(Block(start, start + len(text), role, level))

    def finish(self, kind: str, encoding: str = "", notes: tuple[str, ...] = ()) -> Extract:
        """The extract; raises ReportError where no text was written at all."""
        if not self._blocks:
            raise ReportError(f"文件里没有可读的文字：{self._name}。请检查文件内容。")
        return Extract("\n".join(self._parts) + "\n", encoding, kind, tuple(self._blocks), notes)
