"""Write a checked draft as a Word file with a comment at each item.

A Word draft keeps its tracked changes, footnotes, tables and comments: runs are only split where a comment begins or
ends. Items where Word allows no comment, as in footnotes, are listed in one comment at the end.
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
from qa.drafts.words import verdict_text

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR, INITIALS = "核稿", "核"
WINDOWS = (24, 12, 6, 0)  # characters of context on both sides by which an item is located
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SKIPPED = frozenset({"del", "moveFrom", "Fallback"})
A4 = (210, 297)  # millimetres


@dataclass(slots=True)
class _Ink:
    """The characters of a document without white space, each with its run and its offset in the run's text."""

    text: str
    places: list[tuple[Any, int]]


def with_comments(check: DraftCheck, original: bytes | None = None) -> bytes:
    """Return the draft as docx.

    ``original`` is the Word file that was checked. If it is None, or python-docx fails on it (strict Open XML, damaged
    parts), a new document is made from the text.
    """
    import docx

    if original is not None:
        with suppress(Exception):  # python-docx raises errors of any kind
            return _commented(docx.Document(io.BytesIO(original)), check)
    return _commented(_new_document(check.text), check)


def _commented(document: Document, check: DraftCheck) -> bytes:
    ink = _ink_of(document)
    not_found, at = [], 0
    located: list[tuple[DraftItem, int, int]] = []
    draft = _without_space(check.text)
    for item in check.items:
        found = _locate(item, draft, ink.text, at)
        if found is None:
            not_found.append(item)
            continue
        at = found[1]
        located.append((item, *found))
    for item, start, end in sorted(located, key=lambda each: -each[1]):
        _comment(document, ink.places[start:end], verdict_text(item))
    if not_found:
        rest = "\n".join(f"“{item.text}”：{verdict_text(item)}" for item in not_found)
        paragraph = document.paragraphs[-1] if document.paragraphs else document.add_paragraph()
        run = paragraph.runs[-1] if paragraph.runs else paragraph.add_run(" ")
        text = _UNPRINTABLE.sub("", f"脚注等处不能加批注，列在这里：\n{rest}")
        document.add_comment(run, text=text, author=AUTHOR, initials=INITIALS)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _new_document(text: str) -> Document:
    import docx
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in A4)
    for line in _UNPRINTABLE.sub("", text).splitlines():
        if line.strip():
            document.add_paragraph(line)
    return document


def _ink_of(document: Document) -> _Ink:
    found = [
        (character, (run, offset))
        for run in _runs(document.element.body)
        for offset, character in enumerate(_text(run))
        if not character.isspace()
    ]
    return _Ink("".join(character for character, _ in found), [place for _, place in found])


def _runs(element: Any) -> Iterator[Any]:
    """Yield the runs of a body in order, without those of deleted text."""
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name == "r" and child.find(".//{*}txbxContent") is None:
            yield child
        elif name not in _SKIPPED:
            yield from _runs(child)


def _text(run: Any) -> str:
    return "".join(part.text or "" for part in run.iterchildren("{*}t"))


def _without_space(text: str) -> tuple[str, list[int]]:
    """Return the text without white space, and for each old offset the new one."""
    before, kept = [0], []
    for character in text:
        if not character.isspace() and not _UNPRINTABLE.match(character):
            kept.append(character)
        before.append(len(kept))
    return "".join(kept), before


def _locate(item: DraftItem, draft: tuple[str, list[int]], ink: str, at: int) -> tuple[int, int] | None:
    """Return the span of an item in the document, found by its context, after the previous item if possible."""
    text, before = draft
    start, end = before[item.start], before[item.end]
    for window in WINDOWS:
        left = max(0, start - window)
        piece = text[left : end + window]
        for begin in (at - window, 0) if window else (at,):
            if piece and (found := ink.find(piece, max(0, begin))) >= 0:
                return found + start - left, found + end - left
    return None


def _comment(document: Document, places: Sequence[tuple[Any, int]], text: str) -> None:
    """Split the runs at both ends of a span and add a comment to it."""
    from docx.text.run import Run

    (first, start), (last, end) = places[0], places[-1]
    _split(last, end + 1)
    opened = _split(first, start)
    closed = opened if first is last else last
    runs = [Run(element, document) for element in (opened, closed)]
    document.add_comment(runs, text=_UNPRINTABLE.sub("", text), author=AUTHOR, initials=INITIALS)


def _split(run: Any, at: int) -> Any:
    """Split a run before a character of its text and return the second part, or the run if one part is empty."""
    if not 0 < at < len(_text(run)):
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
