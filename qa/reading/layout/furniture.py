"""Recognise parts of a website by their shape alone: buttons, breadcrumb trails, rows and labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.reading.layout.records import Line
from qa.text.dates import days

TOOL = 6  # characters of the longest button
TOOLS = 3  # short lines that show that a head has buttons, and short pieces that make a row of one line
PIECE = 16  # characters of a step of a trail

CLAUSE = re.compile(r"[，。；,;]")
LABEL = re.compile(r"[【\[（(•·]?[A-Za-z\u4e00-\u9fff\s\u3000]{2,14}[:：]")
_STEP = re.compile(r"\s*(?:[>›»→]+|->)\s*|\s+[/|｜·\\]\s+|[|｜]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_TOOLBOX = re.compile(r"[【\[][^【】\[\]]{1,20}[】\]]$")
_BETWEEN = re.compile(r"[\s【】\[\]|｜]+")


def is_row(printed: str) -> bool:
    """Whether a line is short items in a row, buttons or fields of a record; phrases of one length are a slogan.

    >>> is_row("[ 大字版 ] [ 朗读 ] [ 个人中心 ]"), is_row("凝心聚力 实干争先 再谱新篇")
    (True, False)
    """
    sizes = [len(piece) for piece in _BETWEEN.split(printed) if len(piece) > 1]  # one character is a name's
    short = [size for size in sizes if size <= TOOL]
    return len(short) >= TOOLS and 2 * len(short) > len(sizes) and len(set(short)) > 1


def has_tools(part: Sequence[Line]) -> bool:
    """Whether lines of a head or tail hold what only a web page has: buttons in a row, a trail, a box of tools."""
    row = 0
    for line in part:
        row = row + 1 if is_tool(line) else 0
        if row >= TOOLS or is_trail(line) or _TOOLBOX.search(_plain(line)):
            return True
        if LABEL.match(line.ink) and (line.ink[-1] in ":：" or any(days(line.ink))):
            return True
    return False


def is_tool(line: Line) -> bool:
    """Whether a line is as short as a button."""
    return len(line.ink) <= TOOL and line.kind in ("bare", "prose", "furniture") and not line.order


def is_trail(line: Line) -> bool:
    """Whether a line is a breadcrumb trail or links: short names with marks between them."""
    text = _plain(line)
    if len(_LINK.findall(line.ink)) > 1:
        return True
    pieces = [piece for piece in _STEP.split(text) if piece.strip()]
    marks = len(_STEP.findall(text))
    short = all(len(piece) <= PIECE and not CLAUSE.search(piece) for piece in pieces)
    return marks >= 2 and len(pieces) >= 2 and short and not any(days(text))


def _plain(line: Line) -> str:
    """Return the ink with Markdown links as their words, and white space around the steps of a trail."""
    return _LINK.sub(r" \1 ", line.ink).replace(")/[", ") / [").replace(" /", " / ").replace("/ ", " / ")
