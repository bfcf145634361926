"""Word files (docx): paragraphs, headings, tables, footnotes and text boxes, without hidden or deleted text.

Read with the standard library: python-docx and docx2python both give hidden text as text, and python-docx gives
neither footnotes nor text boxes. The XML is streamed, so a long document needs little memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from qa.errors import ReportError
from qa.reading.archives import opened
from qa.reading.formats.tables import write_table
from qa.reading.formats.writer import Writer
from qa.reading.limits import DOCUMENT_BYTES, EXPANDED_BYTES, check_file

if TYPE_CHECKING:
    from zipfile import ZipFile

    from qa.reading.extract import Extract

__all__ = ["extract"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"  # what "Strict Open XML" calls the same names
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LONGEST_CELL = 300  # characters; a table with a longer cell only places text on the page
_MOST_SPANS = 100  # columns that one cell may cover
_PIECE = 1 << 16  # bytes that are parsed at once
_SENTENCE = 30  # characters of a paragraph that is no label
_PASSED_OVER = frozenset((_W + "del", _W + "moveFrom", _FALLBACK))
_PARAGRAPH, _TABLE, _RUN, _TEXT, _BOX = (_W + name for name in ("p", "tbl", "r", "t", "txbxContent"))
_NO_TEXT = _PASSED_OVER | {_W + "pPr"}
_CHARACTERS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": " ", _W + "noBreakHyphen": "-"}
_REFERENCES = {_W + "footnoteReference": "footnote", _W + "endnoteReference": "endnote"}
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_ENDED = re.compile(
    r"(?<=[。！？；：”])[ \u3000]*\n\s*|\n(?=\u3000\u3000)|\n\s*\n"
)  # a line break behind a sentence
_OFF = ("0", "false", "off")


def extract(path: Path) -> Extract:
    """Read a Word file; raises ReportError for damage, passwords, bombs and files without text."""
    check_file(path, DOCUMENT_BYTES)
    with opened(path) as package:
        if "word/document.xml" not in package.namelist():
            raise ReportError(f"不是 Word 文件：{path.name}。请检查后缀名，或用 Word 另存为 docx。")
        writer = Writer(path.name)
        try:
            styles = _styles(package, path.name)
            _Document(writer, styles, _notes(package, path.name, styles)).write(_body(package, path.name))
        except ET.ParseError:
            raise ReportError(f"Word 文件内容已损坏：{path.name}。请用 Word 打开并另存一份。") from None
    return writer.finish("docx")


def _part(package: ZipFile, part: str, name: str) -> bytes:
    """A part of the package, b"" where it is missing; a document type declaration is refused unread."""
    try:
        size = package.getinfo(part).file_size
    except KeyError:
        return b""
    if size > EXPANDED_BYTES:
        raise ReportError(f"Word 文件的正文超过 {EXPANDED_BYTES >> 20} MB：{name}。请拆分成几个文件。")
    data = package.read(part)
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ReportError(f"Word 文件里有文档类型声明，可能是攻击，没有读：{name}。")

    def stop(*_: object) -> None:
        raise StopIteration

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
    try:
        parser.Parse(data, True)
    except StopIteration:
        pass
    except expat.ExpatError:
        raise ET.ParseError from None
    return data.replace(_STRICT.encode(), _W[1:-1].encode())


def _root(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - without a document type declaration there are no entities


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    level: int = 0  # of a heading
    hidden: bool = False


def _styles(package: ZipFile, name: str) -> dict[str, _Style]:
    """Styles by id, what they inherit filled in."""
    data = _part(package, "word/styles.xml", name)
    if not data:
        return {}
    elements = {style.get(_W + "styleId", ""): style for style in _root(data).iter(_W + "style")}
    styles: dict[str, _Style] = {}
    for style in elements:
        chain: dict[
            str, None
        ] = {}  # from this style to one that is known, or is based on none or on one of these
        at = style
        while at in elements and at not in chain and at not in styles:
            chain[at] = None
            at = _value(elements[at].find(_W + "basedOn"))
        base = styles.get(at, _Style())
        for each in reversed(chain):
            element = elements[each]
            hidden = base.hidden or _is_on(element.find(f"{_W}rPr/{_W}vanish"))
            base = _Style(_value(element.find(_W + "name")).lower(), _level(element) or base.level, hidden)
            styles[each] = base
    return styles


def _level(style: ET.Element) -> int:
    name = _value(style.find(_W + "name"))
    if name.lower() in ("title", "标题"):
        return 1
    if name.lower() in ("subtitle", "副标题"):
        return 2
    numbered = _HEADING_NAME.match(name)
    return int(numbered[1]) if numbered else _outline(style.find(_W + "pPr"))


def _outline(properties: ET.Element | None) -> int:
    outline = _number(properties.find(_W + "outlineLvl"), 9) if properties is not None else 9
    return outline + 1 if outline < 9 else 0


def _value(element: ET.Element | None) -> str:
    return (element.get(_W + "val") or "") if element is not None else ""


def _number(element: ET.Element | None, without: int) -> int:
    """The whole number that an element holds; ``without`` where it holds none, or one of absurd length."""
    digits = _value(element)
    return int(digits) if digits.isdecimal() and len(digits) < 10 else without


def _is_on(element: ET.Element | None) -> bool:
    return element is not None and _value(element) not in _OFF


def _notes(package: ZipFile, name: str, styles: dict[str, _Style]) -> dict[tuple[str, str], str]:
    """Texts of footnotes and endnotes by kind and id."""
    notes = {}
    for kind in ("footnote", "endnote"):
        data = _part(package, f"word/{kind}s.xml", name)
        for note in _root(data).iterfind(_W + kind) if data else ():
            if note.get(_W + "type", "normal") == "normal":
                pieces = (p.text for p in _paragraphs(note, styles))
                notes[kind, note.get(_W + "id", "")] = "".join(pieces)
    return notes


def _body(package: ZipFile, name: str) -> Iterator[ET.Element]:
    """Paragraphs and tables of the body, one at a time, freed when the next is asked for."""
    open_elements: list[ET.Element] = []
    inside = 0  # paragraphs and tables that are open
    for event, element in _events(_part(package, "word/document.xml", name)):
        counts = element.tag == _PARAGRAPH or element.tag == _TABLE
        if event == "start":
            open_elements.append(element)
            inside += counts
            continue
        open_elements.pop()
        inside -= counts
        if counts and inside == 0:
            yield element
        if inside == 0 and open_elements:
            open_elements[-1].clear()


def _events(data: bytes) -> Iterator[tuple[str, ET.Element]]:
    """Elements as they open and close.

    A piece in which none does is followed by a larger one: expat reads a comment from its beginning at every piece.
    """
    parser: Any = ET.XMLPullParser(("start", "end"))
    at, size = 0, _PIECE
    while at < len(data):
        parser.feed(data[at : at + size])
        at += size
        events = list(parser.read_events())
        size = _PIECE if events else 2 * size
        yield from events
    parser.close()
    yield from parser.read_events()


@dataclass(slots=True)
class _Paragraph:
    text: str
    parts: list[str] = field(default_factory=list)  # the paragraphs that it holds, divided by line breaks
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[ET.Element] = field(default_factory=list)


def _paragraph(element: ET.Element, styles: dict[str, _Style]) -> _Paragraph:
    """The visible text of a paragraph; its text boxes and footnotes apart."""
    pieces: list[str] = []
    paragraph = _Paragraph("")
    waiting = [element]
    while waiting:
        node = waiting.pop()
        tag = node.tag
        if tag == _TEXT:
            pieces.append(node.text or "")
        elif tag in _CHARACTERS:
            pieces.append(_CHARACTERS[tag])
        elif tag in _REFERENCES:
            paragraph.notes.append((_REFERENCES[tag], node.get(_W + "id", "")))
        elif tag == _BOX:
            paragraph.boxes.append(node)
        elif tag not in _NO_TEXT and not (tag == _RUN and _is_hidden(node, styles)):
            waiting.extend(reversed(node))
    text = "".join(pieces)
    paragraph.text = text.replace("\n", " ").strip()
    if "\n" not in text:
        paragraph.parts = [paragraph.text]
    else:
        paragraph.parts = [part.replace("\n", " ").strip() for part in _ENDED.split(text)]
    return paragraph


def _paragraphs(element: ET.Element, styles: dict[str, _Style]) -> Iterator[_Paragraph]:
    """The paragraphs below an element in their order, each followed by those of its text boxes."""
    waiting = [element]
    while waiting:
        node = waiting.pop()
        if node.tag == _PARAGRAPH:
            paragraph = _paragraph(node, styles)
            yield paragraph
            waiting.extend(reversed(paragraph.boxes))
        else:
            waiting.extend(reversed(node))


def _is_hidden(run: ET.Element, styles: dict[str, _Style]) -> bool:
    properties = run.find(_W + "rPr")
    if properties is None:
        return False
    vanish = properties.find(_W + "vanish")
    if vanish is not None:
        return _is_on(vanish)
    if _number(properties.find(_W + "sz"), 24) <= 2:  # half points: nobody can read that
        return True
    style = styles.get(_value(properties.find(_W + "rStyle")))
    return style is not None and style.hidden


class _Document:
    """Writes paragraphs, tables, text boxes and footnotes in reading order."""

    def __init__(self, writer: Writer, styles: dict[str, _Style], notes: dict[tuple[str, str], str]) -> None:
        self.writer = writer
        self.styles = styles
        self.notes = notes

    def write(self, elements: Iterator[ET.Element]) -> None:
        for element in elements:
            waiting = [element]
            while waiting:
                current = waiting.pop()
                if current.tag == _PARAGRAPH:
                    self._write_paragraph(current)
                elif current.tag == _TABLE and (grid := self._grid(current)) is not None:
                    write_table(self.writer, *grid)
                elif current.tag not in _PASSED_OVER:
                    waiting.extend(reversed(current))

    def _write_paragraph(self, element: ET.Element) -> None:
        properties = element.find(_W + "pPr")
        key = _value(properties.find(_W + "pStyle")) if properties is not None else ""
        style = self.styles.get(key, _Style())
        paragraph = _paragraph(element, self.styles)
        level = style.level or _outline(properties)
        if style.name.startswith(("toc ", "table of ")) or style.hidden:
            return
        if level:
            self.writer.add(paragraph.text, "heading", level)
        else:
            for part in paragraph.parts:
                self.writer.add(part, "caption" if style.name in ("caption", "题注") else "paragraph")
        for box in paragraph.boxes:
            self._write_box([inner.text for inner in _paragraphs(box, self.styles)])
        for note in paragraph.notes:
            self.writer.add(self.notes.get(note, ""), "note")

    def _write_box(self, texts: list[str]) -> None:
        """A text box: part of the text where it holds whole sentences or the title, else a note beside it."""
        whole = not self.writer.last or any(len(text) >= _SENTENCE and "。" in text for text in texts)
        for text in texts:
            self.writer.add(text, "paragraph" if whole else "note")

    def _grid(self, table: ET.Element) -> tuple[list[list[str]], int | None] | None:
        """Cells of a table of data and the number of its head rows; None where it only places text."""
        grid: list[list[str]] = []
        heads = count = 0
        for row in table.iterfind(_W + "tr"):
            cells: list[str] = []
            for cell in row.iterfind(_W + "tc"):
                if cell.find(_W + "tbl") is not None:
                    return None
                pieces = (_paragraph(p, self.styles).text for p in cell.iterfind(_W + "p"))
                text = " ".join(filter(None, pieces))
                if len(text) > _LONGEST_CELL:
                    return None
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is not None and _value(merge) != "restart" and grid and len(cells) < len(grid[-1]):
                    text = grid[-1][len(cells)]
                wide = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
                cells += [text] * min(max(wide, 1), _MOST_SPANS)
            count += len(cells)
            self.writer.check_cells(count)
            heads += heads == len(grid) and _is_on(row.find(f"{_W}trPr/{_W}tblHeader"))
            grid.append(cells)
        if len(grid) < 2 or max(map(len, grid)) < 2:
            return None
        return grid, heads or None
