"""Apply an administrator's corrections in the ledger to an answer, with what is printed, by whom and when.

This comes after all checks: they compare an answer with the report, which still prints what was corrected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.compose import APART
from qa.answering.computation import computed_again
from qa.ledger import Correction, LedgerError, LedgerFigure
from qa.text.figures import figures as numbers
from qa.text.figures import same_value
from qa.types import Answer, CheckedFigure, Table, TableCell

_MARK = re.compile(r"(?:\[\d{1,3}\])+")
_OLD_FORMULA = "算式用的是更正前的数。"
_NOT_CHECKED = "数字没有按更正核过：ledger.toml 用不了，原因见数据台账。"


@dataclass(frozen=True, slots=True)
class _Cited:
    """A corrected figure with the mark of a citation that contains it as printed."""

    marker: int
    figure: LedgerFigure
    correction: Correction

    @property
    def note(self) -> str:
        """What is printed and what is right, why, by whom and when."""
        who = f"{self.correction.author}，{self.correction.date.isoformat()}"
        why = f"{self.correction.reason}；" if self.correction.reason else ""
        return f"已更正：[{self.marker}] 印作“{self.figure.text}”，应为{self.figure.right}（{why}{who}）。"

    def prints(self, value: float) -> bool:
        """Whether a value is the printed one."""
        return same_value(self.correction.printed_value, value)


def with_corrections(answer: Answer, corrected: Callable[[], Iterable[LedgerFigure]]) -> Answer:
    """Return the answer with its cited figures as corrected by hand; the answer itself if none were.

    ``corrected`` returns the corrected figures of the ledger; if it fails, a line of the answer says so.
    """
    try:
        cited = [one for figure in corrected() for one in _cited(answer, figure)]
    except LedgerError:  # the pages of the ledger show what is wrong with it
        return replace(answer, text=f"{answer.text}\n{_NOT_CHECKED}") if answer.figures else answer
    if not cited:
        return answer
    notes = [one.note for one in cited]
    answer, computed = _computed(answer, cited)
    if not computed:
        notes.append(_OLD_FORMULA)
    short = answer.short
    for one in cited:
        short = short.replace(one.figure.text, one.figure.right) if short else short
    return replace(
        answer,
        text="\n".join([_corrected(answer.text, cited), *notes]),
        short=short,
        figures=tuple(_checked(figure, cited) for figure in answer.figures),
        table=answer.table and _table(answer.table, cited),
    )


def _computed(answer: Answer, cited: Sequence[_Cited]) -> tuple[Answer, bool]:
    """Return the answer with its formulas computed from what is right, and whether all that need it could be."""
    whole = True
    for formula in answer.calculation:
        operands = numbers(formula.partition(" = ")[0])
        right = {f.text: one.figure.right for f in operands for one in cited if one.prints(f.value)}
        if not right:
            continue
        made, (old,) = computed_again(formula, right), numbers(formula)[-1:]
        if made is None:
            whole = False
            continue
        new = replace(numbers(made.text)[0], text=made.text)
        answer = replace(
            answer,
            text=answer.text.replace(f"{old.text}（{formula}", f"{made.text}（{made.formula}")
            .replace(formula, made.formula)
            .replace(f"{APART}{old.text}", f"{APART}{made.text}"),
            short=made.text if answer.short == old.text else answer.short,
            calculation=tuple(made.formula if one == formula else one for one in answer.calculation),
            figures=tuple(
                replace(figure, text=new.text, value=new.value)
                if figure.marker is None and same_value(figure.value, old.value)
                else figure
                for figure in answer.figures
            ),
        )
    return answer, whole


def _cited(answer: Answer, figure: LedgerFigure) -> Iterator[_Cited]:
    """Yield a figure with its correction for each citation that contains it and for which the answer prints it."""
    correction = figure.correction
    if correction is None or same_value(correction.printed_value, figure.value):
        return
    for citation in answer.citations:
        one = _Cited(citation.marker, figure, correction)
        inside = any(a <= figure.spans[0][0] < b for a, b in citation.spans)
        said = any(own.marker == citation.marker and one.prints(own.value) for own in answer.figures)
        if citation.report_id == figure.report_id and inside and said:
            yield one


def _corrected(text: str, cited: Sequence[_Cited]) -> str:
    """Replace each figure in the words before its own mark."""
    done, at = "", 0
    for match in _MARK.finditer(text):
        words = text[at : match.start()]
        for one in cited:
            if f"[{one.marker}]" in match.group():
                words = words.replace(one.figure.text, one.figure.right, 1)
        done += words + match.group()
        at = match.end()
    return done + text[at:]


def _checked(figure: CheckedFigure, cited: Sequence[_Cited]) -> CheckedFigure:
    own = (one.figure for one in cited if one.marker == figure.marker and one.prints(figure.value))
    right = next(own, None)
    return replace(figure, text=right.right, value=right.value, state="corrected") if right else figure


def _table(table: Table, cited: Sequence[_Cited]) -> Table:
    def cell(own: TableCell) -> TableCell:
        text = _corrected(own.text, cited)
        if text == own.text or own.figure is None:
            return replace(own, text=text)
        right = next(one.figure for one in cited if one.prints(own.figure.value))
        return replace(own, text=text, figure=replace(own.figure, value=right.value, text=right.right))

    rows = tuple(replace(row, cells=tuple(map(cell, row.cells))) for row in table.rows)
    return replace(table, rows=rows)
