"""Parse web pages: the article with its headings and tables, without navigation, advertising and footers.

Boilerplate is removed here: libraries for that lose the structure, and leave more of it or lose text on Chinese pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from qa.reading.encoding import read_text
from qa.reading.formats import PARAGRAPH_BREAK, Extract, Role, Writer, check_cells, is_note
from qa.reading.formats.html_boilerplate import LONGEST_BOILERPLATE, SiteLines, boilerplate_of, walk
from qa.reading.formats.tables import LONGEST_CELL, is_data, table_lines, write_table
from qa.reading.limits import TREE_DEPTH
from qa.text.spans import without_blanks

_DROPPED = (
    "del, s, strike, script, style, noscript, template, head > *, nav, aside, iframe, object, embed, svg, canvas, button, select, "
    "textarea, input, video, audio, dialog, body > footer, [hidden], [aria-hidden=true], [role=navigation], "
    "[role=banner], [role=contentinfo], [role=complementary], [role=search]"
)
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
})  # fmt: skip
_NESTING = re.compile(
    r"<(/?)(div|span|section|article|b|i|em|strong|font|center|table|ul|ol|blockquote)\b[^<>]*>", re.I
)
# A tag with absurdly many attributes: the parser compares each with all the others.
_CROWDED = re.compile(r"<([a-z][a-z0-9]*+)(?:\s++[^\s<>]++){1000,}+[^<>]*>", re.I)
_TITLE_PARTS = re.compile(r"\s*(?<![_|–—])(?:[_|]++|[–—]++(?!\s*\d))\s*+|\s+-\s+|-(?=[\u4e00-\u9fff]+$)")
# How a subtitle, a numbered heading or a label begins.
_BEGINS = re.compile(r"[—–―]|[（(]?[一二三四五六七八九十]{1,3}[、）)]|[\u4e00-\u9fff]{2,6}[:：]")
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t]*[\r\n]\s*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_MOST_SPANS = 200  # columns or rows that one cell may cover
_FEWEST_CELLS = 4  # with text, of a table that does not only place text
_TO_END = 1 << 30  # rows; what a cell of ``rowspan="0"`` covers ends with its section


def extract(path: Path) -> Extract:
    """Parse a web page; raises ReportError if it has no text."""
    return read(*read_text(path), path.name)


def read(markup: str, encoding: str, name: str) -> Extract:
    """Parse a decoded page."""
    tree = LexborHTMLParser(_CROWDED.sub(r"<\1>", _flattened(markup)))
    writer = Writer(name)
    if tree.body is not None:
        title = _title(tree)
        for node in tree.css(_DROPPED):
            node.decompose()
        for node in tree.css("sup"):
            if is_note(node.text(), (node.prev.text_content or "") if node.prev else ""):
                node.decompose()
        _write_page(writer, tree.body, title)
    return writer.finish("html", encoding)


def _flattened(markup: str) -> str:
    """Drop the tags that are nested too deep: the parser's time is quadratic in the depth."""
    parts, at, open_tags = [], 0, list[bool]()  # of each open tag, whether it was kept
    for tag in _NESTING.finditer(markup):
        keep = len(open_tags) < TREE_DEPTH
        if not tag[1]:
            open_tags.append(keep)
        elif open_tags:
            keep = open_tags.pop()
        if not keep:
            parts.append(markup[at : tag.start()])
            at = tag.end()
    return "".join(parts) + markup[at:]


def _title(tree: Any) -> str:
    """Return the title of the page, as it prints most of it, without the name of the site; "" if it has none."""
    shared, node, head = (tree.css_first(one) for one in ('meta[property="og:title"]', "title", "h1"))
    title = _collapse_spaces(shared.attributes.get("content") or "") if shared is not None else ""
    headed = _collapse_spaces(head.text()) if head is not None else ""
    lines = {headed, *map(_collapse_spaces, tree.body.text(separator="\n").split("\n"))}
    if not title and node is not None:
        first, *parts = _TITLE_PARTS.split(_collapse_spaces(node.text()))
        longest = max(parts, key=len, default="")
        title = longest if longest in lines and first not in lines and len(longest) > len(first) else first
    if without_blanks(headed) == without_blanks(title):
        return title
    # A line that only begins the title may be the first of several.
    whole = (line for line in lines if line in (title, headed) or not title.startswith(line))
    printed = max((line for line in whole if line in title), key=len, default="")
    return printed if 2 * len(printed) >= len(title) else title


class _Paragraphs:
    """Collects inline text until a block begins or ends, then writes it with its role."""

    def __init__(self, writer: Writer, title: str, *, added: bool) -> None:
        self.writer, self.title, self.bare, self.titled = writer, title, without_blanks(title), False
        self.pieces: list[tuple[str, bool, bool]] = []  # text, whether it is bold, whether it is in a link
        self._lines = SiteLines()
        self._above = bool(title) and not added  # above the title in the page, where sites put their own bar

    def close(self, role: Role, level: int = 0) -> None:
        text = _collapse_spaces("".join(text for text, *_ in self.pieces))
        if without_blanks(text) == self.bare:  # where the title has a space the page may begin a line
            text = self.title
        shown = [piece for piece in self.pieces if piece[0].strip()]
        bold, links = all(bold for _, bold, _ in shown), any(linked for *_, linked in shown)
        unlinked = "".join(piece for piece, _, linked in self.pieces if not linked)
        bar = self._above and links and len(text) <= LONGEST_BOILERPLATE and "。" not in text
        self.pieces = []
        if self._above and level == 1 and self.title not in text:  # the name of the site
            role, level = "line", 0
        self._above = self._above and role != "heading" and self.title not in text
        if not text or bar or self._lines.has(text, unlinked):
            return
        if text == self.title and not self.titled:
            self.titled = True
            role, level = "heading", 1
        elif role in ("line", "paragraph") and bold and len(text) <= 40 and text[-1] not in "。！？；，：:":
            role = "heading"
        self.writer.add(text, role, level)

    def close_lines(self) -> None:
        """Write preformatted text but its last paragraph; a short line ends one, too."""
        shown = [piece for piece in self.pieces if piece[0].strip()]
        lines = "".join(text for text, *_ in self.pieces).split("\n")
        half = max(map(len, lines)) // 2
        parts = PARAGRAPH_BREAK.split("\n".join(line if len(line) > half else f"{line}\n" for line in lines))
        for number, part in enumerate(parts):
            if number:
                self.close("line")
            self.pieces = [(part, all(bold for _, bold, _ in shown), all(linked for *_, linked in shown))]


def _write_page(writer: Writer, body: Any, title: str) -> None:
    """Walk the page once; data tables are written as rows, layout tables as their text."""
    skipped, nested = boilerplate_of(body)
    if missing := without_blanks(title) not in without_blanks(body.text()):
        writer.add(title, "heading", 1)
    page = _Paragraphs(writer, title, added=missing)
    role: Role = "paragraph"
    level = bold = links = preformatted = 0
    for entering, node in walk(body, skipped):
        tag = node.tag or ""
        if tag == "-text":
            if entering:
                page.pieces.append((node.text_content or "", bold > 0, links > 0))
            continue
        step = 1 if entering else -1
        bold += step * (tag in ("b", "strong"))
        links += step * (tag == "a")
        if preformatted and (tag == "br" or tag in _BLOCKS):
            page.close_lines()
        preformatted += step * (tag == "pre")
        if tag == "br" and entering:
            below = node.next.text().strip() if node.next is not None else ""
            if level and not _BEGINS.match(below):  # a heading goes on
                page.pieces.append(("\n", bold > 0, links > 0))
            else:
                page.close("line" if role == "paragraph" else role, level)
        if tag in _BLOCKS:
            page.close(role, level)
        if entering and tag == "table" and node.mem_id not in nested and node.mem_id not in skipped:
            grid, heads = _grid_of(node, skipped, writer.name)
            if is_data(grid) and sum(map(len, grid)) - sum(row.count("") for row in grid) >= _FEWEST_CELLS:
                for caption in node.css("caption"):
                    writer.add(_collapse_spaces(caption.text()), "caption")
                write_table(writer, grid, heads)
                skipped.add(node.mem_id)
        if re.fullmatch("h[1-6]", tag):
            role, level = ("heading", int(tag[1])) if entering else ("paragraph", 0)
        elif tag in ("figcaption", "caption"):
            role = "caption" if entering else "paragraph"
    page.close(role, level)


def first_table(markup: str, name: str, above: str) -> Iterator[tuple[str, Role]]:
    """Yield the caption and the lines of the first table, if it only places no text; ``above`` is the line above it."""
    for table in LexborHTMLParser(_flattened(markup)).css("table")[:1]:
        grid, heads = _grid_of(table, set(), name)
        for caption in table.css("caption") if grid else ():
            yield _collapse_spaces(caption.text()), "caption"
        yield from table_lines(grid, heads, above)


def _grid_of(table: Any, skipped: set[int], name: str) -> tuple[list[list[str]], int | None]:
    """Return the cells of a table, merged ones repeated, and the number of head rows if the markup states it."""
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column → rows that a cell above still covers, and its text
    heads = count = section = 0
    for line in table.css("tr"):
        if line.parent.mem_id != section:
            section = line.parent.mem_id
            below.clear()  # no cell reaches into another section
        cells: list[str] = []
        marks = []
        for cell in line.css("td, th"):
            _add_covered(cells, below)
            text, several = _cell_text(cell, skipped)
            if several and len(text) > LONGEST_CELL:  # the table only places text
                return [], None
            wide, rows = _span(cell.attributes.get("colspan")), cell.attributes.get("rowspan")
            high = _TO_END if (rows or "").strip() == "0" else _span(rows)
            marks.append(cell.tag == "th" or line.parent.tag == "thead")
            for _ in range(wide):
                if high > 1:
                    below[len(cells)] = (high - 1, text)
                cells.append(text)
            check_cells(name, count + len(cells))
        _add_covered(cells, below)
        count += len(cells)
        heads += bool(marks) and all(marks) and heads == len(grid)
        grid.append(cells)
    return grid, heads or None


def _cell_text(cell: Any, skipped: set[int]) -> tuple[str, bool]:
    """Return what a cell shows, with a space where a line or a block in it ends, and if those are several."""
    pieces: list[str] = []
    count, begun = 0, False
    for entering, node in walk(cell, skipped):
        if node.tag == "-text" and entering:
            pieces.append(node.text_content or "")
            new = not begun and bool(pieces[-1].strip())
            count, begun = count + new, begun or new
        elif node.tag == "br" or node.tag in _BLOCKS:
            pieces.append(" ")
            begun = False
    return _collapse_spaces("".join(pieces)), count > 1


def _add_covered(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Append the cells that those of earlier rows cover."""
    while (column := len(cells)) in below:
        rows, text = below.pop(column)
        if rows > 1:
            below[column] = (rows - 1, text)
        cells.append(text)


def _span(value: str | None) -> int:
    digits = (value or "").strip()
    return max(1, min(_MOST_SPANS, int(digits[:10]))) if digits.isdecimal() else 1


def _collapse_spaces(text: str) -> str:
    """Collapse white space as a browser does, and strip it; a line break between Chinese characters is dropped."""
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text)).strip()
