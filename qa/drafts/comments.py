"""A checked draft as a Word file with a comment at each item; a draft that was Word stays as it is otherwise.

Tracked changes, footnotes, tables and comments of the original are kept: only runs are cut where a comment begins or
ends. What stands where Word allows no comment, as in a footnote, is told in one comment at the end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.drafts.records import DraftCheck, DraftItem
from qa.drafts.words import remark

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR, INITIALS = "核稿", "核"
WINDOWS = (24, 12, 6, 0)  # characters on both sides by which an item is found again
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PASSED_OVER = frozenset({"del", "moveFrom", "Fallback"})
A4 = (210, 297)  # millimetres


@dataclass(slots=True)
class _Ink:
    """The characters of a document that are no white space, and where each stands: run and offset in its text."""

    text: str
    places: list[tuple[Any, int]]


def with_comments(check: DraftCheck, original: bytes | None = None) -> bytes:
    """The draft as docx.

    Args:
        original: the Word file that was checked; a new one is made of the text where it is None, or where the library
            cannot work with it, as with strict Open XML and with damaged parts.
    """
    import docx

    if original is not None:
        with suppress(Exception):  # the library raises whatever it comes upon
            return _commented(docx.Document(io.BytesIO(original)), check)
    return _commented(_written(check.text), check)


def _commented(document: Document, check: DraftCheck) -> bytes:
    ink = _ink(document)
    lost, at = [], 0
    placed: list[tuple[DraftItem, int, int]] = []
    told = _inked(check.text)
    for item in check.items:
        found = _find(item, told, ink.text, at)
        if found is None:
            lost.append(item)
            continue
        at = found[1]
        placed.append((item, *found))
    for item, start, end in sorted(placed, key=lambda each: -each[1]):
        _comment(document, ink.places[start:end], remark(item))
    if lost:
        rest = "\n".join(f"“{item.text}”：{remark(item)}" for item in lost)
        paragraph = document.paragraphs[-1] if document.paragraphs else document.add_paragraph()
        run = paragraph.runs[-1] if paragraph.runs else paragraph.add_run(" ")
        document.add_comment(
            run,
            text=_UNPRINTABLE.sub("", f"脚注等处不能加批注，列在这里：\n{rest}"),
            author=AUTHOR,
            initials=INITIALS,
        )
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _written(text: str) -> Document:
    import docx
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in A4)
    for line in _UNPRINTABLE.sub("", text).splitlines():
        if line.strip():
            document.add_paragraph(line)
    return document


def _ink(document: Document) -> _Ink:
    places = [
        (run, offset)
        for run in _runs(document.element.body)
        for offset, character in enumerate(_text(run))
        if not character.isspace()
    ]
    texts: dict[Any, str] = {}
    letters = []
    for run, offset in places:
        if run not in texts:
            texts[run] = _text(run)
        letters.append(texts[run][offset])
    return _Ink("".join(letters), places)


def _runs(element: Any) -> Iterator[Any]:
    """The runs of a body in order, those of deleted text left out."""
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name in _PASSED_OVER:
            continue
        if name == "r" and child.find(".//{*}txbxContent") is None:
            yield child
        else:
            yield from _runs(child)


def _text(run: Any) -> str:
    return "".join(part.text or "" for part in run.iterchildren("{*}t"))


def _inked(text: str) -> tuple[str, list[int]]:
    """The text without white space, and for each offset how many characters are kept before it."""
    before, kept = [0], []
    for character in text:
        printed = not character.isspace() and not _UNPRINTABLE.match(character)
        if printed:
            kept.append(character)
        before.append(len(kept))
    return "".join(kept), before


def _find(item: DraftItem, told: tuple[str, list[int]], ink: str, at: int) -> tuple[int, int] | None:
    """Where an item stands in the document, by the characters around it; behind the last one first."""
    text, before = told
    start, end = before[item.start], before[item.end]
    for window in WINDOWS:
        left = max(0, start - window)
        piece = text[left : end + window]
        for begin in (at - window, 0) if window else (at,):
            if piece and (found := ink.find(piece, max(0, begin))) >= 0:
                return found + start - left, found + end - left
    return None


def _comment(document: Document, places: Sequence[tuple[Any, int]], text: str) -> None:
    """Cut the runs at both ends of a stretch, and let a comment point at it."""
    from docx.text.run import Run

    (first, start), (last, end) = places[0], places[-1]
    if first is last:
        _cut(first, end + 1)
        opened = _cut(first, start)
        closed = opened
    else:
        _cut(last, end + 1)
        closed, opened = last, _cut(first, start)
    runs = [Run(element, document) for element in (opened, closed)]
    document.add_comment(runs, text=_UNPRINTABLE.sub("", text), author=AUTHOR, initials=INITIALS)


def _cut(run: Any, at: int) -> Any:
    """Cut a run before a character of its text; gives the second part, the run itself where nothing stands before."""
    if at <= 0:
        return run
    if at >= len(_text(run)):
        return run
    second = deepcopy(run)
    seen = 0
    for own, copied in zip(list(run), list(second), strict=True):
        name = str(own.tag).rpartition("}")[2]
        if name == "rPr":
            continue
        size = len(own.text or "") if name == "t" else 0
        if name == "t" and seen < at < seen + size:
            words = own.text
            own.text, copied.text = words[: at - seen], words[at - seen :]
            for part in (own, copied):
                part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif seen >= at:
            run.remove(own)
        else:
            second.remove(copied)
        seen += size
    run.addnext(second)
    return second
