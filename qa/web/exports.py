"""Write a conversation as Markdown, or as Word (ECMA-376, part 1) with footnotes, which no library writes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from qa.text.visible import visible
from qa.types import MARK, Citation
from qa.web.chat import Turn, cells_of, is_row
from qa.web.words import chinese, escape

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FIRST_NOTE = 2  # 0 and 1 are the lines that Word draws above footnotes
_FOOTNOTE_STYLE = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
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
    body = [_paragraph(_run(chinese("title")), "Title")]
    notes: list[str] = []
    for turn in turns:
        if turn.answer is None:
            continue
        body.append(_paragraph(_run(" ".join(turn.question.split())), "Heading1"))
        body += [_paragraph(_run(line)) for line in _limits(turn)]
        cited = {c.marker: c for c in turn.answer.citations}
        for is_table, lines in groupby(turn.answer.text.split("\n"), key=is_row):
            if is_table:
                body.append(_table([[_runs(cell, cited, notes) for cell in row] for row in cells_of(lines)]))
            else:
                body += [_paragraph(_runs(line, cited, notes)) for line in lines]
        body += [_paragraph(_run(formula)) for formula in turn.answer.calculation]
    return _packed(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
            "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{"".join(body)}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>',
            "word/_rels/document.xml.rels": _relations(
                {"styles": "styles.xml", "footnotes": "footnotes.xml"}
            ),
            "word/styles.xml": _styles(),
            "word/footnotes.xml": _footnotes(notes),
        }
    )


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


def _runs(text: str, cited: Mapping[int, Citation], notes: list[str]) -> str:
    """Return the runs of a line; a mark becomes a footnote, whose text is added to ``notes``."""
    runs = ""
    for piece in _pieces(text, cited):
        if isinstance(piece, Citation):
            runs += f'<w:r>{_FOOTNOTE_STYLE}<w:footnoteReference w:id="{_FIRST_NOTE + len(notes)}"/></w:r>'
            notes.append(source_line(piece))
        else:
            runs += _run(piece)
    return runs


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table with borders; each cell is given as its runs."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in sides)
    width = f'<w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{lines}</w:tblBorders>'
    grid = "<w:gridCol/>" * len(rows[0])
    cells = ("".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    body = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    return f"<w:tbl><w:tblPr>{width}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _paragraph(runs: str, style: str = "") -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}{runs}</w:p>"


def _footnotes(notes: Sequence[str]) -> str:
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in enumerate(("separator", "continuationSeparator"))
    )
    sign = f"<w:r>{_FOOTNOTE_STYLE}<w:footnoteRef/></w:r>"
    body = "".join(
        f'<w:footnote w:id="{number}">{_paragraph(sign + _run(f" {note}"), "FootnoteText")}</w:footnote>'
        for number, note in enumerate(notes, _FIRST_NOTE)
    )
    return f'{_HEAD}<w:footnotes xmlns:w="{_W}">{lines}{body}</w:footnotes>'


def _styles() -> str:
    def style(name: str, id_: str, size: int, bold: bool = False) -> str:
        weight = "<w:b/>" if bold else ""
        return (
            f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/>'
            f'<w:pPr><w:spacing w:before="120" w:after="80" w:line="340" w:lineRule="auto"/></w:pPr>'
            f'<w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr></w:style>'
        )

    return (
        f'{_HEAD}<w:styles xmlns:w="{_W}">'
        f"{style('Normal', 'Normal', 24)}{style('Title', 'Title', 36, bold=True)}"
        f"{style('heading 1', 'Heading1', 28, bold=True)}{style('footnote text', 'FootnoteText', 18)}"
        '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>'
    )


def _content_types() -> str:
    parts = {"document": "document.main", "styles": "styles", "footnotes": "footnotes"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in parts.items()
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def _packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text.encode("utf-8"))
    return file.getvalue()
