"""An answer as HTML that grows in the chat, and a conversation as Markdown, or as Word with footnotes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup

from qa.checking.verify import amounts
from qa.drafts.exports import new_document
from qa.engines import Step
from qa.text.normal import visible, without_punctuation
from qa.text.states import label_at
from qa.types import MARK, Answer, Citation
from qa.web.markup import both, chinese, cut, english, escape, in_both, lines, render, said

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

    from qa.web.chat import Turn

Text = TypeVar("Text", str, Markup)
_CHUNK = 5  # characters of plain text that appear at once
_STEPS = 20  # states of an answer at most: a long one appears faster
_SEARCHED = 60  # characters of the search words that are shown
_BULLET = Markup('<i class="qa-item">- </i>')
_BREAK = Markup("<br>")
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_FIRST_NOTE = 2  # 0 and 1 are the lines that Word draws above footnotes
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def growing_html(answer: Answer, turn: int, limits: tuple[str, ...] = ()) -> Iterator[Markup]:
    """Yield the HTML of an answer as it grows; every state is valid and escaped."""
    completed = answer.standalone_question  # from the history; shown if it differs from what was typed
    as_typed = without_punctuation(completed) == without_punctuation(answer.question)
    states = list(accumulate(pieces(answer, turn)))
    step = len(states) // _STEPS + 1
    around = {
        "limits": "，".join(limits),
        "understood": "" if as_typed else completed,
        "below": render("answers.below", answer=answer),
        "turn": turn,
    }
    for text in (*states[step - 1 : -1 : step], states[-1]):
        yield render("answers.answer", html=_told(answer, _with_blocks(text)), **around)


def pieces(answer: Answer, turn: int) -> tuple[Markup, ...]:
    """Return the HTML of an answer in pieces: bold figures, linked marks, bullets, our own words in both languages."""
    markers = "|".join(sorted((str(c.marker) for c in answer.citations), key=len, reverse=True)) or r"(?!)"
    bold = sorted({re.escape(f.text) for f in amounts(answer) if f.text}, key=len, reverse=True)
    figures = "|".join(bold) or r"(?!)"
    token = re.compile(
        rf"\[(?P<mark>{markers})\]|(?<![\d.])(?P<figure>{figures})(?!\d|\.\d)|^(?P<item>- )"
        rf"|(?:^|(?<=[：。]))(?P<said>{'|'.join(said())})",
        re.M,
    )
    found, at, linked = list[Markup](), 0, set[str]()
    for match in token.finditer(answer.text):
        found += _plain(answer.text[at : match.start()])
        if mark := match["mark"]:
            anchor = Markup() if mark in linked else Markup(' id="mark-{}-{}"').format(turn, mark)
            linked.add(mark)
            link = Markup('<a class="qa-mark"{} href="#cite-{}-{}">[{}]</a>')
            found.append(link.format(anchor, turn, int(mark), mark))
        elif match["item"]:
            found.append(_BULLET)
        elif words := match["said"]:
            found.append(both(said()[words]))
        else:
            found.append(Markup("<b>{}</b>").format(escape(match["figure"])))
        at = match.end()
    return (*found, *_plain(answer.text[at:]))


def _with_blocks(html: Markup) -> Markup:
    """Make complete table lines a table, and each list item a block, which is indented; no tag spans lines."""
    item = Markup('<span class="qa-line">{}</span>')
    found, after_table = Markup(), True
    for is_table, group in groupby(html.split(_BREAK), key=is_row):
        if is_table:
            head, *body = cells_of(group)
            shown = render("answers.rows", head=head, body=body)
        else:
            shown = _BREAK.join(item.format(line) if line.startswith(_BULLET) else line for line in group)
        found += shown if after_table else _BREAK + shown
        after_table = is_table
    return found


def is_row(line: str) -> bool:
    """Whether a line of an answer is one of a table."""
    return line.startswith("| ") and line.endswith(" |")


def cells_of(rows: Iterable[Text]) -> list[list[Text]]:
    """Return the cells of a table without its second line, the dashes."""
    cells = [row[2:-2].split(" | ") for row in rows]
    return cells[:1] + cells[2:]


def _plain(text: str) -> list[Markup]:
    return [lines(text[i : i + _CHUNK]) for i in range(0, len(text), _CHUNK)]


def _told(answer: Answer, html: Markup) -> Markup:
    """Return a refusal, which quotes nothing, in both languages; answers quote and stay Chinese."""
    if not answer.abstained or answer.citations or answer.reason is None:
        return html
    why = f"{english(f'reason_{answer.reason}')}. {english('nearest_shown') if answer.nearest else ''}"
    return in_both(html, escape(why))


def steps_html(steps: tuple[Step, ...]) -> Markup:
    """Return the HTML of the current step, below the sentences verified so far."""
    stated = [step.about for step in steps if step.kind == "stated"]
    last = next((step for step in reversed(steps) if step.kind != "stated"), Step("plan"))
    doing = both(f"doing_{last.kind}", about=cut(last.about, _SEARCHED), count=last.count)
    return render("answers.steps", stated=stated, doing=doing)


def as_markdown(turns: Sequence[Turn]) -> str:
    """Return questions as headings and answers with footnotes; text of reports and users is escaped."""
    parts, notes = [f"# {_inert(chinese('title'))}"], list[str]()
    for number, question, limits, answer, below in _answered(turns):
        parts += [f"## {_inert(question)}", *map(_inert, limits)]
        parts += _markdown_blocks(answer, number)
        parts += [f"- {_inert(line)}" for line in below]
        notes += [f"[^{number}-{c.marker}]: {_inert(source_line(c, c.heading))}" for c in answer.citations]
    return "\n\n".join([*parts, *notes]) + "\n"


def as_docx(turns: Sequence[Turn]) -> bytes:
    """Return a Word file; marks become footnotes with their source."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml.parser import parse_xml

    document, notes = new_document(), list[str]()

    def write(paragraph: Paragraph, text: str, answer: Answer) -> None:
        for piece in _pieces(text, answer):
            if isinstance(piece, str):
                paragraph.add_run(visible(piece))
            else:
                notes.append(source_line(piece, piece.heading))
                mark = render("word.mark", number=_FIRST_NOTE + len(notes) - 1)
                paragraph._p.append(parse_xml(mark))

    document.add_heading(chinese("title"), 0)
    for _, question, limits, answer, below in _answered(turns):
        document.add_heading(visible(question), 1)
        for line in limits:
            document.add_paragraph(visible(line))
        for is_table, group in groupby(answer.text.split("\n"), key=is_row):
            if is_table:
                rows = cells_of(group)
                table = document.add_table(0, len(rows[0]), "Table Grid")
                for row in rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        write(cell.paragraphs[0], text, answer)
            else:
                for line in group:
                    write(document.add_paragraph(), line, answer)
        for line in below:
            document.add_paragraph(visible(line))
    name, content = PackURI("/word/footnotes.xml"), render("word.footnotes", notes=notes).encode()
    part = Part(name, _FOOTNOTES, content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def source_line(citation: Citation, heading: str = "") -> str:
    """Return where a quote stands, with the heading if given, and the quote."""
    title = f"《{citation.title}》" if citation.title else ""
    origin = (title, citation.place, citation.time, heading, citation.report)
    return f"{'，'.join(filter(None, origin))}：“{citation.quote}”"


def _answered(turns: Sequence[Turn]) -> Iterator[tuple[int, str, list[str], Answer, list[str]]]:
    """Yield the number, the question and its limits in words, the answer, and what stands below it, of each turn."""
    for number, turn in enumerate(turns, 1):
        if answer := turn.answer:
            limits = [f"{chinese('limited')}“{'，'.join(turn.limits)}”"] if turn.limits else []
            nearest = (
                f"{label_at(near.hit, *near.fits)}，{near.hit.report.source.name}：“{near.sentence}”"
                for near in answer.nearest
            )
            yield number, " ".join(turn.question.split()), limits, answer, [*answer.calculation, *nearest]


def _pieces(text: str, answer: Answer) -> list[str | Citation]:
    """Return the text between marks, and the citation of each mark."""
    cited = {c.marker: c for c in answer.citations}
    found = enumerate(MARK.split(text))  # the number of a mark is every second one
    return [cited.get(int(each), f"[{each}]") if at % 2 else each for at, each in found]


def _markdown_blocks(answer: Answer, number: int) -> Iterator[str]:
    """Yield the tables of an answer, and the lines between them."""

    def written(part: str) -> str:
        runs = _pieces(part, answer)
        return "".join(_inert(r) if isinstance(r, str) else f"[^{number}-{r.marker}]" for r in runs)

    for is_table, group in groupby(answer.text.split("\n"), key=is_row):
        if is_table:
            head, *rows = ([written(cell) for cell in row] for row in cells_of(group))
            yield "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
        else:  # two blanks at its end break a line
            yield "  \n".join(f"- {written(x[2:])}" if x.startswith("- ") else written(x) for x in group)


def _inert(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", visible(text))
