"""Plain text and Markdown: every printed line is a block; ``#`` headings, lists, quotes and tables by their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qa.reading.encoding import decode, read_bytes
from qa.reading.extract import Block, Extract, Role

__all__ = ["extract", "text_blocks"]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_HEADING = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_ROW = re.compile(r"\|.*\|\s*$")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*$")


def extract(path: Path) -> Extract:
    """Read a text file; raises ReportError where it is empty, too large, binary or of an unknown encoding."""
    text, encoding = decode(read_bytes(path), path.name)
    markdown = path.suffix.lower() in (".md", ".markdown")
    return Extract(text, encoding, "md" if markdown else "txt", tuple(text_blocks(text)))


def text_blocks(text: str) -> Iterator[Block]:
    """Blocks of a text; ``#`` marks headings in both formats, since exports of web pages are often named .txt."""
    for match in _LINE.finditer(text):
        line = match.group()
        left = len(line) - len(line.lstrip())
        if left == len(line):
            continue
        bare = line.strip()
        start = match.start() + left
        end = start + len(bare)
        role: Role = "line"
        level = 0
        if bare[0] == "#" and len(bare) <= 120 and (mark := _HEADING.match(bare)):
            role, level = "heading", len(mark.group(1))
        elif bare[0] == "|" and _ROW.match(bare) and not _RULE.match(bare):
            role = "table row"
        yield Block(start, end, role, level)
