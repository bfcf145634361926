"""Parse plain text and Markdown: a block per printed line; headings, lists and tables by their marks.

The text stays as written; the rows of its tables, whose cells stand between bars, tabs, wide gaps or leaders, or in a
drawn frame, are appended to it, one line each.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, takewhile
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from qa.reading.encoding import read_text
from qa.reading.formats import Block, Extract, Role, check_characters
from qa.reading.formats.html import first_table
from qa.reading.formats.tables import table_lines
from qa.text.spans import stripped

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_PIPE = re.compile(r"(?<!\\)\|")
_LEADER = r"(?:…+|[.·]{3,})"  # dots that lead from a label to its figures
_GAP = re.compile(rf"[ \u3000]*{_LEADER}[ \u3000]*|\t+|[ \u3000]{{2,}}")
_BOXED = re.compile(r"[ \t\u3000]*[│┃║].*[│┃║][ \t\u3000]*")  # in a frame, where one wide space parts cells
_FRAMED_GAP = re.compile(r"[ \u3000]*(?:[│┃║\u3000]| {2})[ \u3000]*")
_COULD_BE_ROW = re.compile(rf"[|│┃║]|{_LEADER}|\S(?:\t|[ \u3000]{{2,}})\S")
_FIGURE = re.compile(r"[-+−]?\d[\d,，.]*\s*(?:[%％‰]|[万亿]?\w{0,3})|[-—/]+")
_LONGEST_CELL, _MOST_COLUMNS = 300, 100  # of a Markdown table; anything else is text with bars in it
_LONGEST_LOOSE = 30  # characters of a cell of a table without a rule below its heads
_SAMPLE = 4  # rows that decide whether lines are a table
_HTML_TABLE = re.compile(r"[ \t]*(?:<(?:html|body|div)\b[^<>]*>\s*){0,3}<table\b", re.IGNORECASE)
_HTML_TABLE_BEGIN = re.compile(r"<table\b", re.IGNORECASE)
_HTML_TABLE_END = re.compile("</table>", re.IGNORECASE)
_HTML_END = re.compile(r"(?:\s*</(?:html|body|div)>)*[ \t]*", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_PICTURE = re.compile(r"!\[(?P<shown>[^\[\]]*)\]\([^()\s]*\)(?:&nbsp;)?")
# A blank line by name, a rule, or the place for a table of contents.
_NOTHING = re.compile(r"&nbsp;|[*_-](?: *[*_-]){2,}|\[TOC\]", re.IGNORECASE)
# Fields between two rules above a text in Markdown.
_FRONT = re.compile(r"---[ \t]*\r?\n(?:(?:[\w-]+:|[ \t]|-[ \t]).*\n)+?---[ \t]*(?:\r?\n|$)")
_FRONT_TITLE = re.compile(r"title:[ \t]*([\"']?)(?P<title>[^\r\n]*\S)\1")
_TOP_HEADING = re.compile(r"^#\s*[^#\s]", re.MULTILINE)
_SHORTEST_CAPTION = 8  # characters of what a picture shows; less is a word for any picture
_MARK = re.compile(r"(?:[-+*>•][ \t\u3000]+)+(?:\[[ xX]\][ \t]+)?(?=\S)")  # of a list item or a quotation
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,20}\]:[ \t]*(?=\S)")
_NUMBERED = re.compile(r"\d{1,3}[.)][ \t\u3000]+(?=\S)")  # of an item of its own, which continues no other


# Offset of the first line of a table → where its last line ends, and the blocks to read in its place.
_Tables: TypeAlias = Mapping[int, tuple[int, list[Block]]]


def extract(path: Path) -> Extract:
    """Parse a text file; raises ReportError if it is empty, too large, binary or of an unknown encoding."""
    text, encoding = read_text(path)
    markdown = path.suffix.lower() in (".md", ".markdown")
    whole, tables = _with_tables(text, path.name, markdown)
    notes: tuple[str, ...] = ()
    if lost := text.count("\ufffd"):
        notes = (f"有 {lost} 个字符按 {encoding} 认不出来，没有读进来。请用原来的软件另存为 UTF-8 文本。",)
    elif "," in encoding:
        notes = (f"文件混用了几种编码（{encoding}），已逐行辨认。请核对，或另存为 UTF-8 文本。",)
    kind = "md" if markdown else "txt"
    return Extract(whole, encoding, kind, tuple(text_blocks(text, tables, markdown)), notes)


def text_blocks(text: str, tables: _Tables = MappingProxyType({}), markdown: bool = False) -> Iterator[Block]:
    """Yield the blocks of a text; ``#`` marks headings in .txt too, since web exports are often so named.

    ``tables`` are found by :func:`extract`; only in Markdown ``-`` and ``>`` before a line are marks.
    """
    printed = list(_LINE.finditer(text))
    fenced = False
    front = _FRONT.match(text) if markdown and not _TOP_HEADING.search(text) else None
    above = list(_front_matter(text, front.end())) if front else []
    yield from above
    done = front.end() if front and above else 0  # end of the last item or table
    for number, match in enumerate(printed):
        if match.start() < done:
            continue
        if table := tables.get(match.start()):
            done, rows = table
            yield from rows
            continue
        bare = match.group().strip()
        if not bare or (markdown and _NOTHING.fullmatch(bare)):
            continue
        start, end = stripped(text, *match.span())
        role: Role
        role, level = "line", 0
        if markdown and bare.startswith("```"):
            fenced = not fenced
        elif fenced:
            role = "item"
        elif bare[0] == "#" and len(bare) <= 120 and (mark := _HEADING.match(bare)):
            role, level = "heading", len(mark.group(1))
        elif markdown and (picture := _PICTURE.fullmatch(bare)):
            if len(picture["shown"]) < _SHORTEST_CAPTION:
                continue
            role, start, end = "caption", start + picture.start("shown"), start + picture.end("shown")
        elif markdown and (mark := _NOTE.match(bare)):
            start, role = start + mark.end(), "note"
        elif markdown and (mark := _MARK.match(bare)):
            start += mark.end()
            role = "line" if ">" in mark.group() else "item"
        if role == "item" and not fenced:
            last = printed[_last_line(text, printed, number, tables)]
            done = last.end()
            end = max(end, last.start() + len(last.group().rstrip()))
        yield Block(start, end, role, level)


def _front_matter(text: str, end: int) -> Iterator[Block]:
    """Yield the title named above a text as a heading, the fields beside it as captions; nothing without a title."""
    fields = [stripped(text, *match.span()) for match in _LINE.finditer(text, 0, end)][1:-1]
    titles = [(_FRONT_TITLE.fullmatch(text, *field), field) for field in fields]
    for title, (start, stop) in titles if any(title for title, _ in titles) else ():
        if title:
            yield Block(*title.span("title"), "heading", 1)
        elif start < stop:
            mark = _MARK.match(text, start, stop)
            yield Block(mark.end() if mark else start, stop, "caption")


def _last_line(text: str, printed: Sequence[re.Match[str]], number: int, tables: _Tables) -> int:
    """Return the number of an item's last line: it goes on until a blank line, a mark or a table."""
    while number + 1 < len(printed) and not _blank_after(text, printed, number):
        bare = printed[number + 1].group().strip()
        other = not bare or bare[0] in "#|`" or _MARK.match(bare) or _NUMBERED.match(bare)
        if other or printed[number + 1].start() in tables:
            break
        number += 1
    return number


def _with_tables(text: str, name: str, markdown: bool) -> tuple[str, _Tables]:
    """Append the tables to the text, one line a row; also return them by their offset in the text.

    Raises ReportError if the heads repeated in each row make the text too long.
    """
    ends = [end.end() for end in _HTML_TABLE_END.finditer(text)] if markdown else []  # of tables in HTML
    if not ends and not _COULD_BE_ROW.search(text):
        return text, {}
    printed = list(_LINE.finditer(text))
    parts = [text, "" if text.endswith("\n") else "\n"]
    tables: dict[int, tuple[int, list[Block]]] = {}
    length = sum(map(len, parts))
    number = 0
    while number < len(printed):
        start = printed[number].start()
        above = printed[number - 1].group().strip() if number else ""
        found: Iterable[tuple[str, Role]]
        found, at = _html_tables(text, start, ends, name, above)
        if not found:
            grid, heads = _markdown_rows(_adjacent_lines(text, printed, number))
            grid = grid or _loose_rows(_adjacent_lines(text, printed, number))
            if not grid:
                number += 1
                continue
            number += len(grid) - 1 + (heads is not None)  # with the rule below the heads, which is no row
            at = printed[number].end()
            found = table_lines(grid, heads, above)
        rows: list[Block] = []
        for line, role in found:
            rows.append(Block(length, length + len(line), role, printed=(start, at)))
            parts.append(f"{line}\n")
            length += len(parts[-1])
            check_characters(name, length)
        while number < len(printed) and printed[number].end() <= at:
            number += 1
        if number < len(printed) and printed[number].start() < at:  # the last line goes on behind the table
            behind, at = at, printed[number].end()
            if text[behind:at].strip():
                rows.append(Block(*stripped(text, behind, at), "line"))
            number += 1
        tables[start] = (at, rows)
    return ("".join(parts) if tables else text), tables


def _html_tables(
    text: str, at: int, ends: Sequence[int], name: str, above: str
) -> tuple[list[tuple[str, Role]], int]:
    """Return the lines of the tables in HTML that begin here, one behind the other, and where the last ends.

    ``ends`` are those of all such tables. One that holds another is not read.
    """
    lines: list[tuple[str, Role]] = []
    length = 0
    while table := _HTML_TABLE.match(text, at):
        nearest = bisect(ends, table.end())
        if nearest == len(ends) or _HTML_TABLE_BEGIN.search(text, table.end(), ends[nearest]):
            break
        count = len(lines)
        for line in first_table(text[at : ends[nearest]], name, "" if lines else above):
            lines.append(line)
            length += len(line[0])
            check_characters(name, length)
        if len(lines) == count:
            break
        closing = _HTML_END.match(text, ends[nearest])
        at = closing.end() if closing else ends[nearest]
    return lines, at


def _blank_after(text: str, printed: Sequence[re.Match[str]], number: int) -> bool:
    """Return whether a blank line follows this line, which is not the last one."""
    return len(text[printed[number].end() : printed[number + 1].start()].replace("\r\n", "\n")) > 1


def _adjacent_lines(text: str, printed: Sequence[re.Match[str]], first: int) -> Iterator[str]:
    """Yield the lines from this one on that could be rows, up to a blank line."""
    for number in range(first, len(printed)):
        line = printed[number].group()
        if not _COULD_BE_ROW.search(line) or (number > first and _blank_after(text, printed, number - 1)):
            break
        yield line


def _markdown_rows(block: Iterator[str]) -> tuple[list[list[str]], int | None]:
    """Return the rows of a table with heads above a rule, and how many are heads; no rows if none."""
    top = list(islice(block, 2))
    if len(top) < 2 or not all("|" in line for line in top):
        return [], None
    heads, rule = map(_cells, top)
    ruled = len(rule) == len(heads) and all(re.fullmatch(r":?-+:?", cell) for cell in rule)
    rows = takewhile(_fit, chain([heads], map(_cells, takewhile(lambda line: "|" in line, block))))
    return ([*rows], int(any(heads))) if ruled and _fit(heads) else ([], None)


def _loose_rows(block: Iterator[str]) -> list[list[str]]:
    """Return rows of equally many cells, figures in most of them; empty if there are none."""
    top = list(islice(block, _SAMPLE))
    if len(top) < 2:
        return []
    splits: tuple[tuple[Callable[[str], list[str]], int], ...] = (
        (_cells, 2),
        (lambda line: [cell.strip() for cell in line.rstrip().split("\t")], 2),
        (lambda line: _GAP.split(line.strip()), 3),
    )
    if all(map(_BOXED.fullmatch, top)):
        splits = ((lambda line: _FRAMED_GAP.split(line.strip(" \t\u3000│┃║")), 2),)
    for split, least in splits:
        grid = _same_width(map(split, top))
        if len(grid) >= 2 and len(grid[0]) >= least and _is_data(grid):
            return _same_width(map(split, chain(top, block)))
    return []


def _same_width(rows: Iterator[list[str]]) -> list[list[str]]:
    """Return the rows at the top as wide as the second; the first may lack the head of its first column."""
    first, second = next(rows), next(rows)
    if len(first) == len(second) - 1:
        first = ["", *first]
    if len(first) != len(second):
        return []
    return [first, second, *takewhile(lambda row: len(row) == len(second) and _is_narrow(row), rows)]


def _is_narrow(row: Sequence[str]) -> bool:
    return len(row) <= _MOST_COLUMNS and all(len(cell) <= _LONGEST_LOOSE and "。" not in cell for cell in row)


def _is_data(grid: Sequence[Sequence[str]]) -> bool:
    figures = sum(any(map(_FIGURE.fullmatch, row[1:])) for row in grid[1:])
    return all(map(_is_narrow, grid)) and 2 * figures > len(grid) - 1 and bool(grid[1][0])


def _fit(cells: list[str]) -> bool:
    return len(cells) <= _MOST_COLUMNS and max(map(len, cells)) <= _LONGEST_CELL


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return [cell.replace("\\|", "|").strip().strip("*").strip() for cell in _PIPE.split(bare)]
