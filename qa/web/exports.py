"""A conversation as a file: Markdown, and Word with a footnote for every mark.

Word files are written as the few parts of Open XML that they take (ECMA-376, part 1): the libraries that write
them know no footnotes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from qa.checking.patterns import MARK
from qa.text.visible import visible
from qa.types import Answer, Citation
from qa.web.chat import Turn
from qa.web.escaping import escape
from qa.web.words import chinese

__all__ = ["as_docx", "as_markdown", "source_line"]

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FIRST_NOTE = 2  # 0 and 1 are the lines that Word draws above footnotes
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same conversation gives the same bytes


def as_markdown(turns: Sequence[Turn]) -> str:
    """Questions as headings, answers with footnotes; nothing from a report or a user is markup."""
    parts = [f"# {_inert(chinese('title'))}"]
    notes = []
    for number, turn in enumerate(turns, 1):
        if turn.answer is None:
            continue
        parts.append(f"## {_inert(' '.join(turn.question.split()))}")
        pieces = (
            f"[^{number}-{piece.marker}]" if isinstance(piece, Citation) else _lines(piece)
            for piece in _pieces(turn.answer)
        )
        parts += [_inert(line) for line in _limited(turn)]
        parts.append("".join(pieces))
        parts += [f"- {_inert(line)}" for line in turn.answer.calculation]
        notes += [f"[^{number}-{c.marker}]: {_inert(source_line(c))}" for c in turn.answer.citations]
    return "\n\n".join([*parts, *notes]) + "\n"


def as_docx(turns: Sequence[Turn]) -> bytes:
    """The conversation as a Word file; the source of a mark stands in a footnote at its place."""
    body = [_paragraph(_run(chinese("title")), "Title")]
    notes: list[str] = []
    for turn in turns:
        if turn.answer is None:
            continue
        body.append(_paragraph(_run(" ".join(turn.question.split())), "Heading1"))
        body += [_paragraph(_run(line)) for line in _limited(turn)]
        line = ""
        for piece in _pieces(turn.answer):
            if isinstance(piece, Citation):
                notes.append(source_line(piece))
                line += _reference(_FIRST_NOTE + len(notes) - 1)
                continue
            first, *rest = piece.split("\n")
            line += _run(first)
            for text in rest:
                body.append(_paragraph(line))
                line = _run(text)
        body.append(_paragraph(line))
        body += [_paragraph(_run(formula)) for formula in turn.answer.calculation]
    return _packed(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
            "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{"".join(body)}<w:sectPr/></w:body></w:document>',
            "word/_rels/document.xml.rels": _relations(
                {"styles": "styles.xml", "footnotes": "footnotes.xml"}
            ),
            "word/styles.xml": _styles(),
            "word/footnotes.xml": _footnotes(notes),
        }
    )


def source_line(citation: Citation) -> str:
    """Where a quote stands, and the quote."""
    origin = (
        f"《{citation.title}》" if citation.title else "",
        citation.place,
        citation.period,
        citation.heading,
        citation.report,
    )
    return f"{'，'.join(filter(None, origin))}：“{citation.quote}”"


def _limited(turn: Turn) -> list[str]:
    """What the question was restricted to, where it was."""
    return [f"{chinese('limited')}“{'，'.join(turn.limits)}”"] if turn.limits else []


def _pieces(answer: Answer) -> Iterator[str | Citation]:
    """The text of an answer with its marks as the citations that they stand for."""
    cited = {c.marker: c for c in answer.citations}
    at = 0
    for match in MARK.finditer(answer.text):
        citation = cited.get(int(match[1]))
        if citation:
            yield answer.text[at : match.start()]
            yield citation
            at = match.end()
    yield answer.text[at:]


def _lines(text: str) -> str:
    """Escaped text whose lines stay lines; items stay items."""
    lines = text.split("\n")
    return "\n".join(
        f"- {_inert(line[2:])}" if number and line.startswith("- ") else _inert(line)
        for number, line in enumerate(lines)
    ).replace("\n", "  \n")


def _inert(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", visible(text))


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _paragraph(runs: str, style: str = "") -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}{runs}</w:p>"


def _reference(number: int) -> str:
    return (
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def _footnotes(notes: Sequence[str]) -> str:
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for number, (kind, mark) in enumerate(
            (("separator", "separator"), ("continuationSeparator", "continuationSeparator"))
        )
    )
    sign = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    told = "".join(
        f'<w:footnote w:id="{number}">{_paragraph(sign + _run(f" {note}"), "FootnoteText")}</w:footnote>'
        for number, note in enumerate(notes, _FIRST_NOTE)
    )
    return f'{_HEAD}<w:footnotes xmlns:w="{_W}">{lines}{told}</w:footnotes>'


def _styles() -> str:
    def style(name: str, id_: str, size: int, more: str = "", bold: bool = False) -> str:
        weight = "<w:b/>" if bold else ""
        return (
            f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/>{more}'
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
    told = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in parts.items()
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{told}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text.encode("utf-8"))
    return file.getvalue()
