"""What an administrator corrected in the ledger is what an answer says, with what is printed, by whom and when.

It comes after all checks: these compare an answer with the report, and the report still prints what was corrected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from qa.ledger import Correction, LedgerError, LedgerFigure
from qa.text.figures import figures as numbers
from qa.text.figures import same_value
from qa.types import Answer, CheckedFigure, Table, TableCell

_MARK = re.compile(r"(?:\[\d{1,3}\])+")
_RECKONED = "算式用的是更正前的数。"
_UNREAD = "数字没有按更正核过：ledger.toml 用不了，原因见数据台账。"


@dataclass(frozen=True, slots=True)
class _Made:
    """A correction as it shows in an answer: the mark of its citation, what is printed, and what is right."""

    marker: int
    figure: LedgerFigure
    correction: Correction

    @property
    def right(self) -> str:
        return self.figure.right

    @property
    def note(self) -> str:
        who = f"{self.correction.author}，{self.correction.date.isoformat()}"
        why = f"{self.correction.reason}；" if self.correction.reason else ""
        return f"已更正：[{self.marker}] 印作“{self.figure.text}”，应为{self.right}（{why}{who}）。"


def with_corrections(answer: Answer, corrected: Callable[[], Iterable[LedgerFigure]]) -> Answer:
    """The answer with what was corrected by hand in the figures that it cites; the answer itself where nothing was.

    Args:
        corrected: gives the figures of the ledger that were. Where it cannot, a line of the answer says so.
    """
    try:
        made = _made(answer, corrected())
    except LedgerError:  # the pages of the ledger say what is wrong with it
        return replace(answer, text=f"{answer.text}\n{_UNREAD}") if answer.figures else answer
    if not made:
        return answer
    notes = [one.note for one in made]
    reckoned = [operand.value for formula in answer.calculation for operand in numbers(formula)]
    if any(same_value(one.correction.printed_value, value) for one in made for value in reckoned):
        notes.append(_RECKONED)
    short = answer.short
    for one in made:
        short = short.replace(one.figure.text, one.right) if short else short
    return replace(
        answer,
        text="\n".join([_corrected(answer.text, made), *notes]),
        short=short,
        figures=tuple(_checked(figure, made) for figure in answer.figures),
        table=answer.table and _table(answer.table, made),
    )


def _made(answer: Answer, figures: Iterable[LedgerFigure]) -> list[_Made]:
    """The corrected figures whose characters a citation holds and whose value the answer gives."""
    given = {(figure.marker, figure.value) for figure in answer.figures}
    found = []
    for figure in figures:
        correction = figure.correction
        if correction is None or same_value(correction.printed_value, figure.value):
            continue
        for citation in answer.citations:
            inside = any(a <= figure.spans[0][0] < b for a, b in citation.spans)
            says = any(m == citation.marker and same_value(v, correction.printed_value) for m, v in given)
            if citation.report_id == figure.report_id and inside and says:
                found.append(_Made(citation.marker, figure, correction))
    return found


def _corrected(text: str, made: Sequence[_Made]) -> str:
    """Each figure in the words before its own mark as it should be."""
    done, at = "", 0
    for match in _MARK.finditer(text):
        said = text[at : match.start()]
        for one in made:
            if f"[{one.marker}]" in match.group() and one.figure.text in said:
                said = said.replace(one.figure.text, one.right, 1)
        done += said + match.group()
        at = match.end()
    return done + text[at:]


def _checked(figure: CheckedFigure, made: Sequence[_Made]) -> CheckedFigure:
    for one in made:
        if figure.marker == one.marker and same_value(figure.value, one.correction.printed_value):
            return replace(figure, text=one.right, value=one.figure.value, state="corrected")
    return figure


def _table(table: Table, made: Sequence[_Made]) -> Table:
    def cell(own: TableCell) -> TableCell:
        text = _corrected(own.text, made)
        if text == own.text or own.figure is None:
            return replace(own, text=text)
        one = next(m for m in made if same_value(m.correction.printed_value, own.figure.value))
        return replace(own, text=text, figure=replace(own.figure, value=one.figure.value, text=one.right))

    rows = tuple(replace(row, cells=tuple(map(cell, row.cells))) for row in table.rows)
    return replace(table, rows=rows)
