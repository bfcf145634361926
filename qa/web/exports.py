"""Write a conversation as Markdown, or as Word with footnotes, which no library writes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from qa.text.visible import visible
from qa.types import MARK, Citation
from qa.web.chat import Turn, cells_of, is_row
from qa.web.markup import chinese, render

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_TYPES = (("document", "document.main"), ("styles", "styles"), ("footnotes", "footnotes"))
_RELATED = (("styles", "styles.xml"), ("footnotes", "footnotes.xml"))
_FIRST_NOTE = 2  # 0 and 1 are the lines that Word draws above footnotes
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same conversation gives the same bytes


def as_markdown(turns: Sequence[Turn]) -> str:
    """Return questions as headings and answers with footnotes; text of reports and users is escaped."""
    parts = [f"# {_inert(chinese('title'))}"]
    notes = []
    for number, turn in enumerate(turns, 1):
        if turn.answer is None:
            continue
        parts.append(f"## {_inert(' '.join(turn.question.split()))}")
        cited = {c.marker: c for c in turn.answer.citations}
        parts += [_inert(line) for line in _limits(turn)]
        parts += _markdown_blocks(turn.answer.text, cited, number)
        parts += [f"- {_inert(line)}" for line in turn.answer.calculation]
        notes += [f"[^{number}-{c.marker}]: {_inert(source_line(c))}" for c in turn.answer.citations]
    return "\n\n".join([*parts, *notes]) + "\n"


def as_docx(turns: Sequence[Turn]) -> bytes:
    """Return a Word file; marks become footnotes with their source."""
    blocks: list[tuple[str, Sequence[Any]]] = [("Title", [chinese("title")])]
    notes: list[str] = []
    for turn in turns:
        if turn.answer is None:
            continue
        blocks.append(("Heading1", [" ".join(turn.question.split())]))
        blocks += [("", [line]) for line in _limits(turn)]
        cited = {c.marker: c for c in turn.answer.citations}
        for is_table, lines in groupby(turn.answer.text.split("\n"), key=is_row):
            if is_table:
                rows = [[_runs(cell, cited, notes) for cell in row] for row in cells_of(lines)]
                blocks.append(("table", rows))
            else:
                blocks += [("", _runs(line, cited, notes)) for line in lines]
        blocks += [("", [formula]) for formula in turn.answer.calculation]
    parts = {
        "[Content_Types].xml": render("word.content_types", types=_TYPES),
        "_rels/.rels": render("word.relations", targets=[("officeDocument", "word/document.xml")]),
        "word/document.xml": render("word.document", blocks=blocks),
        "word/_rels/document.xml.rels": render("word.relations", targets=_RELATED),
        "word/styles.xml": render("word.styles"),
        "word/footnotes.xml": render("word.footnotes", notes=notes),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text.encode("utf-8"))
    return file.getvalue()


def source_line(citation: Citation) -> str:
    """Return where a quote stands, and the quote."""
    title = f"《{citation.title}》" if citation.title else ""
    origin = (title, citation.place, citation.time, citation.heading, citation.report)
    return f"{'，'.join(filter(None, origin))}：“{citation.quote}”"


def _limits(turn: Turn) -> list[str]:
    return [f"{chinese('limited')}“{'，'.join(turn.limits)}”"] if turn.limits else []


def _pieces(text: str, cited: Mapping[int, Citation]) -> Iterator[str | Citation]:
    """Yield the text between marks, and the citation of each mark."""
    at = 0
    for match in MARK.finditer(text):
        if citation := cited.get(int(match[1])):
            yield text[at : match.start()]
            yield citation
            at = match.end()
    yield text[at:]


def _markdown_blocks(text: str, cited: Mapping[int, Citation], number: int) -> Iterator[str]:
    """Yield the tables of an answer, and the lines between them."""

    def written(part: str) -> str:
        return "".join(
            f"[^{number}-{piece.marker}]" if isinstance(piece, Citation) else _inert(piece)
            for piece in _pieces(part, cited)
        )

    for is_table, lines in groupby(text.split("\n"), key=is_row):
        if is_table:
            head, *rows = ([written(cell) for cell in row] for row in cells_of(lines))
            yield "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
        else:  # two blanks at its end break a line
            yield "  \n".join(f"- {written(x[2:])}" if x.startswith("- ") else written(x) for x in lines)


def _inert(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", visible(text))


def _runs(text: str, cited: Mapping[int, Citation], notes: list[str]) -> list[str | int]:
    """Return the runs of a line; a mark becomes the number of a footnote, which is added to ``notes``."""
    runs: list[str | int] = []
    for piece in _pieces(text, cited):
        if isinstance(piece, Citation):
            runs.append(_FIRST_NOTE + len(notes))
            notes.append(source_line(piece))
        else:
            runs.append(piece)
    return runs
