"""Parse a file by its suffix into an extract, its text and blocks; parsers are imported on first use.

A parser repairs nothing: it states where each block is and its role; :mod:`qa.reading.layout` restores sentences.
Parsers run in a child process, which :mod:`qa.reading` starts, and raise ``ReportError`` for a file that they refuse.
"""

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, TypeAlias

from qa.errors import ReportError
from qa.reading.limits import DOCUMENT_BYTES, EXTRACTED_CHARACTERS, TABLE_CELLS, TEXT_BYTES, check_file
from qa.text.normal import one_line
from qa.types import Span

# "line" is a printed line that layout has to restore; "cut line" continues elsewhere, so that it is no heading;
# "paragraph" is whole and never cut or joined; "item" is a whole list item, prose however short; "note" is a
# footnote or a text box, separate from the prose.
Role: TypeAlias = Literal["line", "cut line", "paragraph", "item", "heading", "table row", "caption", "note"]
# C0 and C1 controls, lone surrogates and non-characters: never text, and many break a terminal or JSON.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NOTE = re.compile(r"[\[［(（〔【]?(?:\d{1,3}|[*†‡①-⑳])[\]］)）〕】]?")
# A line break that ends a paragraph: after a sentence, before an indent, or with a blank line.
PARAGRAPH_BREAK = re.compile(r"(?<=[。！？；：”])[ \u3000]*\n\s*|\n(?=\u3000\u3000)|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the extracted text, in reading order."""

    start: int  # offset of its first character in the text of the extract
    end: int  # one past its last character; white space at both ends is excluded
    role: Role
    level: int = 0  # of a heading, 1 is the outermost; 0 for everything else, or if unknown
    printed: Span | None = None  # of the printed table, for a row of it that was appended to the text


@dataclass(frozen=True, slots=True)
class Extract:
    """A parsed file."""

    text: str  # everything that was read, without byte order mark; all spans count its characters
    encoding: str  # of the file's bytes, "utf-8", "gb18030"; "" for binary formats
    format: str  # "txt", "md", "docx" …
    blocks: tuple[Block, ...]  # never overlapping; they cover all but white space and list marks
    notes: tuple[str, ...] = ()  # what could not be read, one sentence each, for the user


def is_note(raised: str, before: str) -> bool:
    """Return whether superscript is the number of a note, not a power, which follows letters (m²).

    >>> is_note("1", "建成123"), is_note("2", "km")
    (True, False)
    """
    return _NOTE.fullmatch(raised.strip()) is not None and re.search(r"[A-Za-z]$", before) is None


def check_cells(name: str, cells: int) -> None:
    """Raise ReportError for more cells than the tables of one file may have, merged ones at full size."""
    if cells > TABLE_CELLS:
        raise ReportError(f"表格超过 {TABLE_CELLS // 10_000} 万格：{name}。请拆分成几个文件。")


def check_characters(name: str, characters: int) -> None:
    """Raise ReportError for more text than one file may have."""
    if characters > EXTRACTED_CHARACTERS:
        most = f"{EXTRACTED_CHARACTERS // 10_000} 万字"
        raise ReportError(f"文件里的文字超过 {most}：{name}。请拆分成几个文件。")


class Writer:
    """Collects the text of a file; one block is one line of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._cells = 0

    @property
    def last(self) -> str:
        """The text of the last block; "" before the first."""
        return self._parts[-1] if self._parts else ""

    def count_cells(self, cells: int) -> None:
        """Count the cells of a table that is written; raises ReportError past the limit."""
        self._cells += cells
        check_cells(self.name, self._cells)

    def add(self, text: str, role: Role, level: int = 0) -> None:
        """Append a block unless the text is blank; raises ReportError past the limit of characters."""
        text = UNPRINTABLE.sub("", text).strip()
        if not text:
            return
        start = self._blocks[-1].end + 1 if self._blocks else 0
        check_characters(self.name, start + len(text) + 1)
        self._parts.append(text)
        self._blocks.append(Block(start, start + len(text), role, level))

    def finish(self, kind: str, encoding: str = "", notes: tuple[str, ...] = ()) -> Extract:
        """Return the extract; raises ReportError if no text was written."""
        if not self._blocks:
            raise ReportError(f"文件里没有可读的文字：{self.name}。请检查文件内容。")
        return Extract("\n".join(self._parts) + "\n", encoding, kind, tuple(self._blocks), notes)


EXTRACTORS = {  # suffix → module of this package
    **dict.fromkeys((".txt", ".md", ".markdown"), "text"),
    **dict.fromkeys((".html", ".htm"), "html"),
    ".docx": "docx",
    ".pdf": "pdf",
    **dict.fromkeys((".xlsx", ".csv", ".tsv"), "sheet"),
}
_DOCUMENTS = (".docx", ".pdf", ".xlsx")


def check(path: Path) -> None:
    """Raise ReportError for an unknown suffix, or a file that cannot be opened or is too large."""
    check_suffix(path)
    check_file(path, DOCUMENT_BYTES if path.suffix.lower() in _DOCUMENTS else TEXT_BYTES)


def check_suffix(path: Path) -> None:
    """Raise ReportError for a suffix of no format in ``EXTRACTORS``."""
    if path.suffix.lower() not in EXTRACTORS:
        known = f"能读的有 {'、'.join(sorted(EXTRACTORS))}；旧的 .doc、.xls 请另存为新格式。"
        raise ReportError(f"不认识的文件格式：{one_line(path.name)}。{known}")


def extract(path: Path, recognise: bool = False) -> Extract:
    """Parse a file of a format in ``EXTRACTORS``, a PDF with OCR if ``recognise``; raises ReportError."""
    parser = import_module(f"{__name__}.{EXTRACTORS[path.suffix.lower()]}")
    result: Extract = parser.extract(path, recognise=True) if recognise else parser.extract(path)
    return result
