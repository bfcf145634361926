"""Parse plain text and Markdown: a block per printed line; headings, lists and tables by their marks.

The text stays as written; the rows of its tables are appended to it, one line each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from qa.reading.encoding import read_text
from qa.reading.extract import Block, Extract, Role
from qa.reading.formats.text_table import LINE, Region, blank_after, with_tables

_HEADING = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_ROW = re.compile(r"\|.*\|\s*$")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*$")
_MARK = re.compile(r"(?:[-+*>•][ \t\u3000]+)+(?:\[[ xX]\][ \t]+)?(?=\S)")  # of a list item or a quotation
_NUMBERED = re.compile(r"\d{1,3}[.)][ \t\u3000]+(?=\S)")  # of an item of its own, which continues no other


def extract(path: Path) -> Extract:
    """Parse a text file; raises ReportError if it is empty, too large, binary or of an unknown encoding."""
    text, encoding = read_text(path)
    markdown = path.suffix.lower() in (".md", ".markdown")
    whole, tables = with_tables(text, path.name)
    kind = "md" if markdown else "txt"
    return Extract(whole, encoding, kind, tuple(text_blocks(text, tables, markdown)), _damage(text, encoding))


def _damage(text: str, encoding: str) -> tuple[str, ...]:
    """Return a note for the user if bytes could not be decoded, or only line by line."""
    lost = text.count("\ufffd")
    if lost:
        return (f"有 {lost} 个字符按 {encoding} 认不出来，没有读进来。请用原来的软件另存为 UTF-8 文本。",)
    if "," in encoding:
        return (f"文件混用了几种编码（{encoding}），已逐行辨认。请核对，或另存为 UTF-8 文本。",)
    return ()


def text_blocks(
    text: str, tables: Mapping[int, Region] = MappingProxyType({}), markdown: bool = False
) -> Iterator[Block]:
    """Yield the blocks of a text; ``#`` marks headings in .txt too, since web exports are often so named.

    Args:
        text: decoded.
        tables: by the offset of their first line.
        markdown: whether ``-`` and ``>`` before a line are marks.
    """
    printed = list(LINE.finditer(text))
    fenced = False
    done = 0  # end of the last item or table
    for number, match in enumerate(printed):
        if match.start() < done:
            continue
        if region := tables.get(match.start()):
            yield from region.blocks
            done = region.end
            continue
        line = match.group()
        bare = line.strip()
        if not bare:
            continue
        start = match.start() + len(line) - len(line.lstrip())
        end = start + len(bare)
        role: Role = "line"
        level = 0
        if markdown and bare.startswith("```"):
            fenced = not fenced
        elif fenced:
            role = "item"
        elif bare[0] == "#" and len(bare) <= 120 and (mark := _HEADING.match(bare)):
            role, level = "heading", len(mark.group(1))
        elif bare[0] == "|" and _ROW.match(bare) and not _RULE.match(bare):
            role = "table row"
        elif markdown and (mark := _MARK.match(bare)):
            start += mark.end()
            role = "line" if ">" in mark.group() else "item"
        if role == "item" and not fenced:
            last = printed[_last_line(text, printed, number, tables)]
            done = last.end()
            end = max(end, last.start() + len(last.group().rstrip()))
        yield Block(start, end, role, level)


def _last_line(text: str, printed: Sequence[re.Match[str]], number: int, tables: Mapping[int, Region]) -> int:
    """Return the number of an item's last line: it goes on until a blank line, a mark or a table."""
    while number + 1 < len(printed) and not blank_after(text, printed, number):
        match = printed[number + 1]
        bare = match.group().strip()
        if (
            not bare
            or bare[0] in "#|`"
            or _MARK.match(bare)
            or _NUMBERED.match(bare)
            or match.start() in tables
        ):
            break
        number += 1
    return number
