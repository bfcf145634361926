"""Apply an administrator's corrections in the ledger to an answer, with what is printed, by whom and when.

This comes after all checks: they compare an answer with the report, which still prints what was corrected.
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
_OLD_FORMULA = "算式用的是更正前的数。"
_NOT_CHECKED = "数字没有按更正核过：ledger.toml 用不了，原因见数据台账。"


@dataclass(frozen=True, slots=True)
class _CitedCorrection:
    """A correction of a cited figure; ``marker`` is that of the citation."""

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
    """Return the answer with its cited figures as corrected by hand; the answer itself if none were.

    ``corrected`` returns the corrected figures of the ledger; if it fails, a line of the answer says so.
    """
    try:
        corrections = _cited_corrections(answer, corrected())
    except LedgerError:  # the pages of the ledger show what is wrong with it
        return replace(answer, text=f"{answer.text}\n{_NOT_CHECKED}") if answer.figures else answer
    if not corrections:
        return answer
    notes = [one.note for one in corrections]
    operands = [operand.value for formula in answer.calculation for operand in numbers(formula)]
    if any(same_value(one.correction.printed_value, value) for one in corrections for value in operands):
        notes.append(_OLD_FORMULA)
    short = answer.short
    for one in corrections:
        short = short.replace(one.figure.text, one.right) if short else short
    return replace(
        answer,
        text="\n".join([_corrected(answer.text, corrections), *notes]),
        short=short,
        figures=tuple(_checked(figure, corrections) for figure in answer.figures),
        table=answer.table and _table(answer.table, corrections),
    )


def _cited_corrections(answer: Answer, figures: Iterable[LedgerFigure]) -> list[_CitedCorrection]:
    """Return the corrections of figures that a citation contains and whose printed value the answer gives."""
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
                found.append(_CitedCorrection(citation.marker, figure, correction))
    return found


def _corrected(text: str, corrections: Sequence[_CitedCorrection]) -> str:
    """Replace each figure in the words before its own mark."""
    done, at = "", 0
    for match in _MARK.finditer(text):
        words = text[at : match.start()]
        for one in corrections:
            if f"[{one.marker}]" in match.group():
                words = words.replace(one.figure.text, one.right, 1)
        done += words + match.group()
        at = match.end()
    return done + text[at:]


def _checked(figure: CheckedFigure, corrections: Sequence[_CitedCorrection]) -> CheckedFigure:
    for one in corrections:
        if figure.marker == one.marker and same_value(figure.value, one.correction.printed_value):
            return replace(figure, text=one.right, value=one.figure.value, state="corrected")
    return figure


def _table(table: Table, corrections: Sequence[_CitedCorrection]) -> Table:
    def cell(own: TableCell) -> TableCell:
        text = _corrected(own.text, corrections)
        if text == own.text or own.figure is None:
            return replace(own, text=text)
        one = next(m for m in corrections if same_value(m.correction.printed_value, own.figure.value))
        return replace(own, text=text, figure=replace(own.figure, value=one.figure.value, text=one.right))

    rows = tuple(replace(row, cells=tuple(map(cell, row.cells))) for row in table.rows)
    return replace(table, rows=rows)
