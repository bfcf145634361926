"""Convert a checked draft to JSON values, to a workbook, and to a Word file with a comment at each item.

A Word draft keeps its tracked changes, footnotes, tables and comments: runs are only split where a comment begins or
ends. Items where Word allows no comment, as in footnotes, are listed in one comment at the end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from itertools import accumulate, compress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.drafts import DraftCheck
from qa.drafts.judging import GOOD, DraftItem, Verdict
from qa.ledger.tables import Json
from qa.reading.formats import UNPRINTABLE
from qa.text.rows import is_row
from qa.text.sentences import cells
from qa.text.sheets import Row, write_xlsx

if TYPE_CHECKING:
    from docx.document import Document

COLUMNS = ("序号", "稿件里写的", "核对结果", "报告里的", "报告", "原文", "所在的句子")
AUTHOR, INITIALS = "核稿", "核"
AGREEING = "核稿（一致）"  # another author, so that Word can hide these comments by reviewer
# Characters of context before and behind, by which an item is located.
WINDOWS = ((24, 24), (12, 12), (6, 6), (6, 0), (0, 6))
STOPS = "。！？；\n"  # that end the sentence of an item
_SKIPPED = frozenset({"del", "moveFrom", "Fallback"})
_AMOUNT = re.compile(r"[\d.,，]+")  # of a value whose unit is not in its cell

LABELS: dict[Verdict, str] = {
    "agrees": "与报告一致",
    "agrees_otherwise": "与报告一致，写法不同",
    "differs": "与报告不符",
    "wrong_name": "名称或日期与报告不符",
    "other_term": "报告里说的是另一时期",
    "other_place": "报告里说的是别处",
    "plan_for_result": "报告里是计划，不是结果",
    "not_in_reports": "报告里没有找到",
}


def as_json(check: DraftCheck, draft_id: str) -> Json:
    """Return the items of a draft in order; offsets count characters of its text."""
    names = ("text", "start", "end", "verdict", "report", "quote", "spans", "right")
    items: list[Json] = [{name: getattr(item, name) for name in names} for item in check.items]
    for item in items:
        item["spans"] = [list(span) for span in item["spans"]] if item["quote"] else None
    return {"id": draft_id, "items": items}


def save_xlsx(check: DraftCheck, path: Path) -> None:
    """Write one row per item under a row of column names as a workbook; raise QAError if that fails."""
    rows: list[Row] = [COLUMNS]
    for number, item in enumerate(check.items, start=1):
        first = max(check.text.rfind(stop, 0, item.start) for stop in STOPS) + 1
        ends = (at for stop in STOPS if (at := check.text.find(stop, item.end)) >= 0)
        sentence = check.text[first : min(ends, default=len(check.text)) + 1].strip()
        source = (item.right or "", item.title or "", item.quote or "")
        rows.append((number, item.text, LABELS[item.verdict], *source, sentence))
    write_xlsx(path, [("核稿", rows)])


def with_comments(check: DraftCheck, original: bytes | None = None) -> bytes:
    """Return the draft as docx.

    ``original`` is the Word file that was checked. If it is None, or python-docx fails on it (strict Open XML, damaged
    parts), a new document is made from the text.
    """
    import docx

    if original is not None:
        with suppress(Exception):  # python-docx raises errors of any kind
            return _commented(docx.Document(io.BytesIO(original)), check)
    return _commented(new_document(check.text), check)


def _commented(document: Document, check: DraftCheck) -> bytes:
    from docx.text.run import Run

    runs = _runs(document.element.body)
    characters = ((character, run, at) for run in runs for at, character in enumerate(_text(run)))
    ink = [each for each in characters if not each[0].isspace()]
    inked = "".join(character for character, _, _ in ink)
    draft = _without_space(check.text)
    not_found, located, at = list[DraftItem](), list[tuple[int, int, DraftItem]](), 0
    for item in check.items:
        found = _locate_in_row(item, check.text, inked, at) or _locate(item, draft, inked, at)
        if found is None:
            not_found.append(item)
        else:
            at = found[1]
            located.append((*found, item))
    for start, end, item in sorted(located, key=lambda each: -each[0]):
        (_, first, offset), (_, last, past) = ink[start], ink[end - 1]
        _split(last, past + 1)
        opened = _split(first, offset)
        commented = [Run(run, document) for run in (opened, opened if first is last else last)]
        author = AGREEING if item.verdict in GOOD else AUTHOR
        text = UNPRINTABLE.sub("", verdict_text(item))
        document.add_comment(commented, text=text, author=author, initials=INITIALS)
    if not_found:
        rest = "\n".join(f"“{item.text}”：{verdict_text(item)}" for item in not_found)
        paragraph = document.paragraphs[-1] if document.paragraphs else document.add_paragraph()
        run = paragraph.runs[-1] if paragraph.runs else paragraph.add_run(" ")
        text = UNPRINTABLE.sub("", f"脚注等处不能加批注，列在这里：\n{rest}")
        document.add_comment(run, text=text, author=AUTHOR, initials=INITIALS)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def new_document(text: str = "") -> Document:
    """Return a Word document on A4 with a paragraph for each line of the text."""
    import docx
    from docx.shared import Mm

    document = docx.Document()
    document.sections[0].page_width, document.sections[0].page_height = Mm(210), Mm(297)
    for line in filter(str.strip, UNPRINTABLE.sub("", text).splitlines()):
        document.add_paragraph(line)
    return document


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
    kept = [not character.isspace() and not UNPRINTABLE.match(character) for character in text]
    return "".join(compress(text, kept)), [*accumulate(kept, initial=0)]


def _locate(item: DraftItem, draft: tuple[str, list[int]], ink: str, at: int) -> tuple[int, int] | None:
    """Return the span of an item in the document, found by its context, after the previous item if possible."""
    text, before = draft
    start, end = before[item.start], before[item.end]
    for ahead, behind in WINDOWS:
        left = max(0, start - ahead)
        piece = text[left : end + behind]
        for begin in (max(0, at - ahead), 0):
            if len(piece) > end - start and (found := ink.find(piece, begin)) >= 0:
                return found + start - left, found + end - left
    return None


def _locate_in_row(item: DraftItem, text: str, ink: str, at: int) -> tuple[int, int] | None:
    """Return the span in the document of an item of a table row, found by the cells of the row before it.

    Cells are printed without the heads that the text has, perhaps without a unit, and merged ones in their first row alone.
    """
    start = text.rfind("\n", 0, item.start) + 1
    row = text[start:].partition("\n")[0]
    spans = cells(row) if is_row(row) else ()
    values = [(a + row[a:b].find("：") + 1, a + len(row[a:b].rstrip("；;"))) for a, b in spans]
    own = next((n for n, (a, b) in enumerate(values) if a <= item.start - start < b), None)
    if own is None:
        return None
    before = len("".join(row[values[own][0] : item.start - start].split()))
    printed = list[str]()
    for a, b in values:
        value = "".join(row[a:b].split())
        amount = _AMOUNT.match(value)
        words = value[amount.end() :] if amount else ""
        unit = f"(?:{re.escape(words)})?"  # behind the number, or in a cell of its own before it
        printed.append(f"{unit}({re.escape(amount[0])}{unit})" if amount else f"({re.escape(value)})")
    alone = own == 0 or not _AMOUNT.match(row, values[own][0])  # a number alone may stand anywhere
    for first in range(own + alone):
        pattern = re.compile("".join(printed[first:]))
        if found := pattern.search(ink, max(0, at - len(row))) or pattern.search(ink):
            begin, end = found.span(own - first + 1)
            return begin + before, min(begin + before + len("".join(item.text.split())), end)
    return None


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
        words = own.text or "" if name == "t" else ""
        if seen < at < seen + len(words):
            own.text, copied.text = words[: at - seen], words[at - seen :]
            for part in (own, copied):
                part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif seen >= at:
            run.remove(own)
        else:
            second.remove(copied)
        seen += len(words)
    run.addnext(second)
    return second


def verdict_text(item: DraftItem) -> str:
    """Return the verdict with the report's text in one line, and a second line with the quote if there is one."""
    of = "所说的这里" if item.verdict in ("other_place", "other_term") else "报告"
    of = "更正后" if item.corrected else of
    right = f"，{of}是“{item.right}”" if item.right and item.right != item.text else ""
    line = f"{LABELS[item.verdict]}{right}{'（报告印的数已经更正）' if item.corrected else ''}。"
    return f"{line}\n{item.label}《{item.title}》：{item.quote}" if item.quote else line
