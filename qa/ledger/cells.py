"""Read the figures of a table row; row label and column head say what they count, and when."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.ledger.kinds import kind_of
from qa.ledger.records import FigureKind, FigureRead
from qa.ledger.times import base_period
from qa.text.divisions import find, within
from qa.text.figures import is_year
from qa.text.outlook import state_of_heading, state_of_sentence
from qa.text.rows import RowFigure, row_figures
from qa.text.when import Calendar
from qa.types import Period, Place, State

_ANY_FIGURE = re.compile(r"(?:数[量值据字]?|(?:指标)?值)?")  # heads that do not say what is counted
_PART = re.compile(r"^[（(]?(?:其中|含|包括|[一二三四五六七八九十\d]{1,2}[.、）)])[：:、\s]*")
_YEARS = re.compile(r"(?:19|20)\d\d\s*(?:[-—–~至]+\s*(?:19|20)\d\d)?\s*年?(?:[度底末]|全年)?")
_AT_END = re.compile(r"[底末]$|截至|累计|现有|总数")
_ROW_AT_END = re.compile(r"(?:[年期]末|年底|时点)(?:数|累计)")  # in a remark on the whole row
_NO_AMOUNT = re.compile(r"备注|说明|[序编]号|代码|电话|[名位]次|排名")
_WHEN = re.compile(r"年[份度]?$|时间|日期")
_COMPARED = re.compile(r"对照|对比|完成情况|执行情况")  # headings of tables of targets and results
_REACHED, _AIMED = re.compile(r"完成(?!目标|计划)|实[际绩现]"), re.compile(r"目标|计划|任务|预[期计]")


def cell_figures(
    row: str, place: Place, period: Period | None, heading: tuple[str, ...]
) -> tuple[FigureRead, ...]:
    """Return every figure of the cells of a row, such as ``县区：甲县；2019年：3万人``.

    ``place`` and ``period`` are the report's; ``heading`` ends with the name of the table.
    """
    at_end = _ROW_AT_END.search(row) is not None
    found = row_figures(row)
    texts = {cell: row[slice(*cell)] for cell in dict.fromkeys(f.cell for f in found)}
    return tuple(_cell_figure(f, texts[f.cell], place, period, heading, at_end) for f in found)


def _cell_figure(
    found: RowFigure, cell: str, place: Place, period: Period | None, heading: tuple[str, ...], at_end: bool
) -> FigureRead:
    words = (*found.labels, found.head)
    places = [_division(word, place) for word in words]
    indicator = "".join(
        part
        for word, named in zip(words, places, strict=True)
        if named is None and not _ANY_FIGURE.fullmatch(part := _PART.sub("", _YEARS.sub("", word)).strip())
    )
    when = base_period((*heading, *words), period)
    kind = _kind(found, cell, heading)
    own = base_period(words, None)
    if kind == "amount" and own and period and own.start > period.end:
        kind = "plan"
    return FigureRead(
        figure=found.figure,
        kind=kind,
        indicator=indicator,
        context="",
        place=next(filter(None, reversed(places)), place),
        period=own if kind == "plan" else when,
        as_of=when.end if when and (at_end or any(map(_AT_END.search, words))) else None,
    )


def _division(word: str, place: Place) -> Place | None:
    """Return the division that a label or head names, if it is inside the report's place."""
    return next(
        (
            named
            for start, end, named in find(word, near=(place,) if place.name else ())
            if (start, end) == (0, len(word)) and (not place.name or within(named, place))
        ),
        None,
    )


def _kind(found: RowFigure, cell: str, heading: tuple[str, ...]) -> FigureKind:
    figure, (start, _) = found.figure, found.cell
    if _NO_AMOUNT.search(found.head):
        return "name"
    if is_year(figure) and (figure.unit or _WHEN.search(found.head)):
        return "date"
    if _REACHED.search(found.head):
        return "amount"
    if _AIMED.search(found.head):
        return "plan"
    if is_year(figure):  # a number like a year under a head that counts
        return "amount"
    inside = replace(figure, start=figure.start - start, end=figure.end - start)
    calendar = Calendar(None)
    aims = any(state_of_heading(part, calendar) == "plan" for part in heading if not _COMPARED.search(part))
    part: State = "plan" if aims else ""
    return kind_of(inside, cell, (), state_of_sentence(cell, calendar, part, inside.start) == "plan")
