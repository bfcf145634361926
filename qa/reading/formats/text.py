"""Plain text and Markdown: every printed line is a block; ``#`` headings, lists, quotes and tables by their marks.

A table of Markdown becomes one line a row, as tables of other formats do; everything else stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qa.errors import ReportError
from qa.reading.encoding import decode, read_bytes
from qa.reading.extract import Block, Extract, Role
from qa.reading.formats.tables import table_lines
from qa.reading.limits import EXTRACTED_CHARACTERS

__all__ = ["extract", "text_blocks"]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_HEADING = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_ROW = re.compile(r"\|.*\|\s*$")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*$")
_MARK = re.compile(r"(?:[-+*>•][ \t\u3000]+)+(?=\S)")  # of an item of a list or of a quotation
_PIPE = re.compile(r"(?<!\\)\|")
_LONGEST_CELL, _MOST_COLUMNS = 300, 100  # of a table; anything else is text with bars in it


def extract(path: Path) -> Extract:
    """Read a text file; raises ReportError where it is empty, too large, binary or of an unknown encoding."""
    text, encoding = decode(read_bytes(path), path.name)
    markdown = path.suffix.lower() in (".md", ".markdown")
    text, rows = _with_tables(text, path.name)
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
    printed = list(_LINE.finditer(text))
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


def _with_tables(text: str, name: str) -> tuple[str, dict[int, Role]]:
    """The text with tables as one line a row, and the roles of these lines by their offsets."""
    if "|" not in text:
        return text, {}
    printed = list(_LINE.finditer(text))
    parts: list[str] = []
    roles: dict[int, Role] = {}
    at = length = 0
    number = 1
    while number < len(printed):
        head, rule = printed[number - 1], printed[number]
        width = len(_cells(rule.group()))
        heads = _cells(head.group())
        if not _is_rule(rule.group()) or "|" not in head.group() or width != len(heads) or not _fit(heads):
            number += 1
            continue
        grid = [heads]
        last = rule
        number += 1
        while number < len(printed) and "|" in (line := printed[number].group()):
            if len(text[last.end() : printed[number].start()].replace("\r\n", "\n")) > 1:
                break
            if not _fit(cells := _cells(line)):
                break
            grid.append(cells)
            last = printed[number]
            number += 1
        parts.append(text[at : head.start()])
        length += len(parts[-1])
        begin = length
        for line, role in table_lines(grid, 1 if any(heads) else 0):
            if length > begin:
                parts.append("\n")
                length += 1
            roles[length] = role
            parts.append(line)
            length += len(line)
            if length > EXTRACTED_CHARACTERS:
                limit = EXTRACTED_CHARACTERS // 10_000
                raise ReportError(f"文件里的文字超过 {limit} 万字：{name}。请拆分成几个文件。")
        at = last.end()
        number += 1
    return "".join([*parts, text[at:]]), roles


def _fit(cells: list[str]) -> bool:
    return len(cells) <= _MOST_COLUMNS and max(map(len, cells)) <= _LONGEST_CELL


def _is_rule(line: str) -> bool:
    return "|" in line and all(re.fullmatch(r":?-+:?", cell) for cell in _cells(line))


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return [cell.replace("\\|", "|").strip().strip("*").strip() for cell in _PIPE.split(bare)]
