"""Plain text and Markdown: every printed line is a block; ``#`` headings, lists, quotes and tables by their marks.

A table becomes one line a row, as tables of other formats do; everything else stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qa.reading.encoding import decode, read_bytes
from qa.reading.extract import Block, Extract, Role
from qa.reading.formats.text_table import LINE, with_tables

__all__ = ["extract", "text_blocks"]

_HEADING = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_ROW = re.compile(r"\|.*\|\s*$")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*$")
_MARK = re.compile(r"(?:[-+*>•][ \t\u3000]+)+(?=\S)")  # of an item of a list or of a quotation


def extract(path: Path) -> Extract:
    """Read a text file; raises ReportError where it is empty, too large, binary or of an unknown encoding."""
    text, encoding = decode(read_bytes(path), path.name)
    markdown = path.suffix.lower() in (".md", ".markdown")
    text, rows = with_tables(text, path.name)
    kind = "md" if markdown else "txt"
    return Extract(text, encoding, kind, tuple(text_blocks(text, rows, markdown)), _damage(text, encoding))


def _damage(text: str, encoding: str) -> tuple[str, ...]:
    """What the reader should know where bytes could not be decoded, or only line by line."""
    lost = text.count("\ufffd")
    if lost:
        return (f"有 {lost} 个字符按 {encoding} 认不出来，没有读进来。请用原来的软件另存为 UTF-8 文本。",)
    if "," in encoding:
        return (f"文件混用了几种编码（{encoding}），已逐行辨认。请核对，或另存为 UTF-8 文本。",)
    return ()


def text_blocks(text: str, rows: dict[int, Role] | None = None, markdown: bool = False) -> Iterator[Block]:
    """Blocks of a text; ``#`` marks headings in both formats, since exports of web pages are often named .txt.

    Args:
        text: decoded, with its tables as lines.
        rows: roles of the lines that a table was turned into, by the offset of their first character.
        markdown: whether ``-`` and ``>`` before a line are marks.
    """
    printed = list(LINE.finditer(text))
    for number, match in enumerate(printed):
        line = match.group()
        left = len(line) - len(line.lstrip())
        if left == len(line):
            continue
        bare = line.strip()
        start = match.start() + left
        end = start + len(bare)
        role: Role = "line"
        level = 0
        if rows and start in rows:
            role = rows[start]
        elif bare[0] == "#" and len(bare) <= 120 and (mark := _HEADING.match(bare)):
            role, level = "heading", len(mark.group(1))
        elif bare[0] == "|" and _ROW.match(bare) and not _RULE.match(bare):
            role = "table row"
        elif markdown and (mark := _MARK.match(bare)):
            start += mark.end()
            wraps = number + 1 < len(printed) and _goes_on(text, match.end(), printed[number + 1])
            role = "cut line" if wraps else "line" if ">" in mark.group() else "item"
        yield Block(start, end, role, level)


def _goes_on(text: str, end: int, following: re.Match[str]) -> bool:
    """Whether the next line is the rest of an item: no blank line between, and no mark of its own."""
    bare = following.group().strip()
    apart = len(text[end : following.start()].replace("\r\n", "\n")) > 1
    return bool(bare) and not apart and bare[0] not in "#|" and not _MARK.match(bare)
