"""Parse Word files (docx): text, headings, tables, footnotes and text boxes, without hidden or deleted text.

Uses the standard library: python-docx returns hidden text, and neither footnotes nor text boxes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

from qa.errors import ReportError
from qa.reading.archives import open_archive
from qa.reading.formats import PARAGRAPH_BREAK, Extract, Role, Writer, check_cells, is_note
from qa.reading.formats import docx_parts as parts
from qa.reading.formats.docx_parts import Style, W, is_on, number_of, outline_level, value_of
from qa.reading.formats.tables import LONGEST_CELL, is_data, write_table
from qa.text.spans import without_blanks

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_SPANS = 100  # columns that one cell may cover
_SENTENCE = 30  # characters; a shorter paragraph of a text box may be a label
_OPEN = "。！？；：，;:,"  # after these no heading ends
_DELETED = frozenset((W + "del", W + "moveFrom", _FALLBACK))
_PARAGRAPH, _TABLE, _RUN, _TEXT, _BOX = (W + name for name in ("p", "tbl", "r", "t", "txbxContent"))
_ROW, _CELL = W + "tr", W + "tc"
_WRAPPERS = frozenset((W + "sdt", W + "sdtContent", W + "customXml"))  # content controls
_NO_TEXT = _DELETED | {W + "pPr", W + "rt"}  # the last is how to pronounce a word
_CHARACTERS = {W + "br": "\n", W + "cr": "\n", W + "tab": " ", W + "noBreakHyphen": "-"}
_REFERENCES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}


def extract(path: Path) -> Extract:
    """Parse a Word file; raises ReportError for damage, passwords, zip bombs and files without text."""
    with open_archive(path) as package:
        writer = Writer(path.name)
        try:
            main = parts.main_part(package, path.name)
            if main not in package.namelist():
                raise ReportError(f"不是 Word 文件：{path.name}。请检查后缀名，或用 Word 另存为 docx。")
            document = _Document(writer, parts.styles_of(package, path.name))
            for kind in ("footnote", "endnote"):
                for note in parts.root_of(package, f"word/{kind}s.xml", path.name).iterfind(W + kind):
                    if note.get(W + "type", "normal") == "normal":
                        text = "".join(p.text for p in _paragraphs(note, document.styles))
                        document.notes[kind, note.get(W + "id", "")] = text
            document.write(_outermost(parts.root_of(package, main, path.name)))
        except ET.ParseError:
            raise ReportError(f"Word 文件内容已损坏：{path.name}。请用 Word 打开并另存一份。") from None
    return writer.finish("docx")


def _outermost(root: ET.Element) -> Iterator[ET.Element]:
    """Yield the outermost paragraphs and tables of the body."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.tag in (_PARAGRAPH, _TABLE):
            yield node
        else:
            stack.extend(reversed(node))


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    parts: list[str]  # paragraphs that line breaks divide it into
    notes: list[tuple[str, str]]  # (kind, id)
    boxes: list[ET.Element]


def _paragraph(element: ET.Element, styles: dict[str, Style]) -> _Paragraph:
    """Return the visible text of a paragraph, with its text boxes and footnotes kept separate."""
    pieces: list[str] = []
    notes: list[tuple[str, str]] = []
    boxes: list[ET.Element] = []
    stack = [element]
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag == _TEXT:
            pieces.append(node.text or "")
        elif tag in _CHARACTERS:
            pieces.append(_CHARACTERS[tag])
        elif tag in _REFERENCES:
            notes.append((_REFERENCES[tag], node.get(W + "id", "")))
        elif tag == _BOX:
            boxes.append(node)
        elif tag == _RUN and (_is_hidden(node, styles) or _is_note_number(node, pieces)):
            continue
        elif tag not in _NO_TEXT:
            stack.extend(reversed(node))
    text = "".join(pieces)
    whole, *parts = (part.replace("\n", " ").strip() for part in (text, *PARAGRAPH_BREAK.split(text)))
    return _Paragraph(whole, parts, notes, boxes)


def _paragraphs(element: ET.Element, styles: dict[str, Style]) -> Iterator[_Paragraph]:
    """Yield the paragraphs below an element in order, each followed by those of its text boxes."""
    stack = [element]
    while stack:
        node = stack.pop()
        if node.tag == _PARAGRAPH:
            paragraph = _paragraph(node, styles)
            yield paragraph
            stack.extend(reversed(paragraph.boxes))
        else:
            stack.extend(reversed(node))


def _below(parent: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Yield the children with this tag, those in content controls among them."""
    stack = list(reversed(parent))
    while stack:
        node = stack.pop()
        if node.tag == tag:
            yield node
        elif node.tag in _WRAPPERS:
            stack.extend(reversed(node))


def _is_note_number(run: ET.Element, before: list[str]) -> bool:
    """Return whether a run is the superscript number of a note, which is not part of the figure before it."""
    if value_of(run.find(f"{W}rPr/{W}vertAlign")) != "superscript":
        return False
    return is_note("".join(text.text or "" for text in run.iter(_TEXT)), before[-1] if before else "")


def _is_hidden(run: ET.Element, styles: dict[str, Style]) -> bool:
    """Return whether a run is hidden, struck out or too small to read."""
    properties = f"{W}rPr/{W}"
    if any(is_on(run.find(properties + name)) for name in ("strike", "dstrike")):
        return True
    if (vanish := run.find(properties + "vanish")) is not None:
        return is_on(vanish)
    tiny = number_of(run.find(properties + "sz"), 24) <= 2  # half points
    return tiny or styles.get(value_of(run.find(properties + "rStyle")), Style()).hidden


def _list_level(paragraph: ET.Element) -> int:
    """Return the level of a paragraph that Word numbers, 1 for the outermost, 0 if it does not."""
    numbers = f"{W}pPr/{W}numPr/{W}"
    listed = number_of(paragraph.find(numbers + "numId"), 0) > 0
    return number_of(paragraph.find(numbers + "ilvl"), 0) + 1 if listed else 0


def _is_entry(element: ET.Element, text: str) -> bool:
    """Return whether a paragraph is nothing but a link to a heading, as in a table of contents."""
    links = (link for link in element.iter(f"{W}hyperlink") if link.get(f"{W}anchor", "").startswith("_Toc"))
    linked = "".join(part.text or "" for link in links for part in link.iter(_TEXT))
    return bool(linked) and without_blanks(linked) == without_blanks(text)


@dataclass(frozen=True, slots=True)
class _Document:
    """Writes paragraphs, tables, text boxes and footnotes in reading order."""

    writer: Writer
    styles: dict[str, Style]
    notes: dict[tuple[str, str], str] = field(default_factory=dict)  # texts by kind and id

    def write(self, elements: Iterator[ET.Element]) -> None:
        levels = (0, 0, 0)  # in lists, of the element before, this one and the next
        told = (each for each in elements if without_blanks("".join(each.itertext())))
        for element, following in pairwise(chain(told, (ET.Element("end"),))):
            ends = following.tag == "end" or self._level(following) > 0
            levels = (levels[1], _list_level(element), 1 if ends else _list_level(following))
            stack = [element]
            while stack:
                current = stack.pop()
                if current.tag == _PARAGRAPH:
                    self._write_paragraph(current, levels)
                elif current.tag == _TABLE and (table := self._grid(current)) is not None:
                    grid, heads, paragraphs = table
                    write_table(self.writer, grid, heads)
                    for paragraph in paragraphs:
                        self._write_beside(paragraph)
                elif current.tag not in _DELETED:
                    stack.extend(reversed(current))

    def _style(self, element: ET.Element) -> Style:
        return self.styles.get(value_of(element.find(f"{W}pPr/{W}pStyle")), Style())

    def _level(self, element: ET.Element) -> int:
        """Return the level of a heading, 0 of anything else."""
        return self._style(element).level or outline_level(element)

    def _write_paragraph(self, element: ET.Element, levels: tuple[int, int, int]) -> None:
        """Write a paragraph; of those that Word numbers a phrase beside no other of its level is a heading."""
        style = self._style(element)
        paragraph = _paragraph(element, self.styles)
        if style.name.startswith(("toc ", "table of ")) or style.hidden or _is_entry(element, paragraph.text):
            return
        above, listed, below = levels
        phrase = len(paragraph.text) <= _SENTENCE and paragraph.text[-1:] not in _OPEN
        heads = above != listed and not 0 < below <= listed and phrase
        if level := self._level(element) or listed * heads:
            self.writer.add(paragraph.text, "heading", level)
        else:
            plain: Role = "item" if listed else "paragraph"
            for part in paragraph.parts:
                self.writer.add(part, "caption" if style.name in ("caption", "题注") else plain)
        self._write_beside(paragraph)

    def _write_beside(self, paragraph: _Paragraph) -> None:
        """Write the text boxes and the notes of a paragraph."""
        for box in paragraph.boxes:
            texts = [inner.text for inner in _paragraphs(box, self.styles)]
            sentences = any(len(text) >= _SENTENCE and "。" in text for text in texts)
            prose = sentences or not self.writer.last  # at the top it holds the title, elsewhere labels
            for text in texts:
                self.writer.add(text, "paragraph" if prose else "note")
        for note in paragraph.notes:
            self.writer.add(self.notes.get(note, ""), "note")

    def _grid(self, table: ET.Element) -> tuple[list[list[str]], int | None, list[_Paragraph]] | None:
        """Return the cells of a data table, the number of its head rows and its paragraphs; None for a layout table."""
        grid: list[list[str]] = []
        paragraphs: list[_Paragraph] = []
        heads = count = 0
        for row in _below(table, _ROW):
            cells = [""] * min(number_of(row.find(f"{W}trPr/{W}gridBefore"), 0), _MOST_SPANS)
            for cell in _below(row, _CELL):
                if next(_below(cell, _TABLE), None) is not None:
                    return None
                inside = [_paragraph(p, self.styles) for p in _below(cell, _PARAGRAPH)]
                texts = [paragraph.text for paragraph in inside if paragraph.text]
                text = " ".join(texts)
                if len(text) > LONGEST_CELL and len(texts) > 1:
                    return None
                paragraphs += inside
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and value_of(merge) != "restart" and grid and len(cells) < len(grid[-1]):
                    text = grid[-1][len(cells)]
                wide = number_of(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
                cells += [text] * min(max(wide, 1), _MOST_SPANS)
            count += len(cells)
            check_cells(self.writer.name, count)
            heads += heads == len(grid) and is_on(row.find(f"{W}trPr/{W}tblHeader"))
            grid.append(cells)
        return (grid, heads or None, paragraphs) if is_data(grid) else None
