"""Word files (docx): paragraphs, headings, tables, footnotes and text boxes, without hidden or deleted text.

Read with the standard library: python-docx and docx2python both give hidden text as text, and python-docx gives
neither footnotes nor text boxes. The XML is streamed, so a long document needs little memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from qa.errors import ReportError
from qa.reading.archives import opened
from qa.reading.formats.tables import write_table
from qa.reading.formats.writer import Writer, is_note
from qa.reading.limits import DOCUMENT_BYTES, check_file

if TYPE_CHECKING:
    from zipfile import ZipFile

    from qa.reading.extract import Extract
from qa.reading.formats.docx_package import W, events_of, part_of, root_of
from qa.reading.formats.docx_styles import Style, is_on, number_of, outline, styles_of, value_of

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LONGEST_CELL = 300  # characters; a table with a longer cell only places text on the page
_MOST_SPANS = 100  # columns that one cell may cover
_SENTENCE = 30  # characters of a paragraph that is no label
_PASSED_OVER = frozenset((W + "del", W + "moveFrom", _FALLBACK))
_PARAGRAPH, _TABLE, _RUN, _TEXT, _BOX = (W + name for name in ("p", "tbl", "r", "t", "txbxContent"))
_NO_TEXT = _PASSED_OVER | {W + "pPr"}
_CHARACTERS = {W + "br": "\n", W + "cr": "\n", W + "tab": " ", W + "noBreakHyphen": "-"}
_REFERENCES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_ENDED = re.compile(
    r"(?<=[。！？；：”])[ \u3000]*\n\s*|\n(?=\u3000\u3000)|\n\s*\n"
)  # a line break behind a sentence


def extract(path: Path) -> Extract:
    """Read a Word file; raises ReportError for damage, passwords, bombs and files without text."""
    check_file(path, DOCUMENT_BYTES)
    with opened(path) as package:
        if "word/document.xml" not in package.namelist():
            raise ReportError(f"不是 Word 文件：{path.name}。请检查后缀名，或用 Word 另存为 docx。")
        writer = Writer(path.name)
        try:
            styles = styles_of(package, path.name)
            _Document(writer, styles, _notes(package, path.name, styles)).write(_body(package, path.name))
        except ET.ParseError:
            raise ReportError(f"Word 文件内容已损坏：{path.name}。请用 Word 打开并另存一份。") from None
    return writer.finish("docx")


def _notes(package: ZipFile, name: str, styles: dict[str, Style]) -> dict[tuple[str, str], str]:
    """Texts of footnotes and endnotes by kind and id."""
    notes = {}
    for kind in ("footnote", "endnote"):
        data = part_of(package, f"word/{kind}s.xml", name)
        for note in root_of(data).iterfind(W + kind) if data else ():
            if note.get(W + "type", "normal") == "normal":
                pieces = (p.text for p in _paragraphs(note, styles))
                notes[kind, note.get(W + "id", "")] = "".join(pieces)
    return notes


def _body(package: ZipFile, name: str) -> Iterator[ET.Element]:
    """Paragraphs and tables of the body, one at a time, freed when the next is asked for."""
    open_elements: list[ET.Element] = []
    inside = 0  # paragraphs and tables that are open
    for event, element in events_of(part_of(package, "word/document.xml", name)):
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


@dataclass(slots=True)
class _Paragraph:
    text: str
    parts: list[str] = field(default_factory=list)  # the paragraphs that it holds, divided by line breaks
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[ET.Element] = field(default_factory=list)


def _paragraph(element: ET.Element, styles: dict[str, Style]) -> _Paragraph:
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
            paragraph.notes.append((_REFERENCES[tag], node.get(W + "id", "")))
        elif tag == _BOX:
            paragraph.boxes.append(node)
        elif tag == _RUN and (_is_hidden(node, styles) or _is_note(node, pieces)):
            continue
        elif tag not in _NO_TEXT:
            waiting.extend(reversed(node))
    text = "".join(pieces)
    paragraph.text = text.replace("\n", " ").strip()
    if "\n" not in text:
        paragraph.parts = [paragraph.text]
    else:
        paragraph.parts = [part.replace("\n", " ").strip() for part in _ENDED.split(text)]
    return paragraph


def _paragraphs(element: ET.Element, styles: dict[str, Style]) -> Iterator[_Paragraph]:
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


def _is_note(run: ET.Element, before: list[str]) -> bool:
    """Whether a run is the raised number of a note, which is not part of the figure that it stands at."""
    if value_of(run.find(f"{W}rPr/{W}vertAlign")) != "superscript":
        return False
    return is_note("".join(text.text or "" for text in run.iter(_TEXT)), before[-1] if before else "")


def _is_hidden(run: ET.Element, styles: dict[str, Style]) -> bool:
    """Whether nobody is to read a run: hidden, struck out, or too small."""
    properties = run.find(W + "rPr")
    if properties is None:
        return False
    if any(is_on(properties.find(W + struck)) for struck in ("strike", "dstrike")):
        return True
    vanish = properties.find(W + "vanish")
    if vanish is not None:
        return is_on(vanish)
    if number_of(properties.find(W + "sz"), 24) <= 2:  # half points: nobody can read that
        return True
    style = styles.get(value_of(properties.find(W + "rStyle")))
    return style is not None and style.hidden


class _Document:
    """Writes paragraphs, tables, text boxes and footnotes in reading order."""

    def __init__(self, writer: Writer, styles: dict[str, Style], notes: dict[tuple[str, str], str]) -> None:
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
        properties = element.find(W + "pPr")
        key = value_of(properties.find(W + "pStyle")) if properties is not None else ""
        style = self.styles.get(key, Style())
        paragraph = _paragraph(element, self.styles)
        level = style.level or outline(properties)
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
        for row in table.iterfind(W + "tr"):
            cells: list[str] = []
            for cell in row.iterfind(W + "tc"):
                if cell.find(W + "tbl") is not None:
                    return None
                pieces = (_paragraph(p, self.styles).text for p in cell.iterfind(W + "p"))
                text = " ".join(filter(None, pieces))
                if len(text) > _LONGEST_CELL:
                    return None
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and value_of(merge) != "restart" and grid and len(cells) < len(grid[-1]):
                    text = grid[-1][len(cells)]
                wide = number_of(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
                cells += [text] * min(max(wide, 1), _MOST_SPANS)
            count += len(cells)
            self.writer.check_cells(count)
            heads += heads == len(grid) and is_on(row.find(f"{W}trPr/{W}tblHeader"))
            grid.append(cells)
        if len(grid) < 2 or max(map(len, grid)) < 2:
            return None
        return grid, heads or None
