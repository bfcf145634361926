"""The figures of a report as the ledger keeps them, built from its sentences and table rows."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby

from qa.ledger.circumstances import (
    FigureKind,
    divisions_inside,
    kind_of,
    quoted_spans,
    subjects,
    time_of,
    times_stated,
)
from qa.ledger.indicators import indicators
from qa.text.arithmetic import printed
from qa.text.figure_context import NEAR, in_unit_of_list, kind_shown
from qa.text.figures import figures, is_year
from qa.text.rows import RowFigure, row_figures
from qa.text.spans import Tracer
from qa.text.states import Outlook, calendar_of, parts_of, state_of_heading, state_of_sentence
from qa.text.when import Calendar
from qa.types import Figure, Level, Paragraph, Period, Place, Report, Sentence, Spans, State

BACK = 4  # sentences that 当地 may refer to
# of table rows
_ANY_FIGURE = re.compile(r"(?:数[量值据字]?|(?:指标)?值)?")  # heads that do not say what is counted
_PART = re.compile(r"^[（(]?(?:其中|含|包括|[一二三四五六七八九十\d]{1,2}[.、）)])[：:、\s]*")
_YEARS = re.compile(r"(?:19|20)\d\d\s*(?:[-—–~至]+\s*(?:19|20)\d\d)?\s*年?(?:[度底末]|全年)?")
_AT_END = re.compile(r"[底末]$|截至|累计|现有|总数")
_ROW_AT_END = re.compile(r"(?:[年期]末|年底|时点)(?:数|累计)")  # in a remark on the whole row
_NO_AMOUNT = re.compile(r"备注|说明|[序编]号|代码|电话|[名位]次|排名")
_WHEN = re.compile(r"年[份度]?$|时间|日期")
_COMPARED = re.compile(r"对照|对比|完成情况|执行情况")  # headings of tables of targets and results
_REACHED, _AIMED = re.compile(r"完成(?!目标|计划)|实[际绩现]"), re.compile(r"目标|计划|任务|预[期计]")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a value or an indicator by hand, and who is responsible for it."""

    printed_value: float
    author: str
    date: date
    reason: str = ""
    read_indicator: str = ""  # if it was corrected


@dataclass(frozen=True, slots=True)
class LedgerFigure:
    """One figure of a report."""

    kind: FigureKind  # ``"plan"``: still to be reached; ``"name"`` and ``"date"`` are never listed
    value: float  # in the base unit, 365800.0 for 36.58万; as corrected, if it was
    unit: str  # measure word, ``"人次"``; if none is printed, what the noun after it implies
    approximator: str  # ``"超"``, ``"近"``, ``"余"``, ``"多"``, ``"以上"`` or ``""``
    text: str  # as printed, with unit and approximator
    indicator: str  # what is counted, ``"提供法律援助"``; if vague, with the activity: ``"惠及职工（举办公益讲堂）"``
    context: str  # the activity of the clause before, or ``""``
    heading: tuple[str, ...]  # outermost first
    place: str  # full name of the division, or ``""``
    level: Level
    period: Period | None  # the years that it is about
    as_of: int | None  # the year at whose end it applied (目前, 现有, 累计); None if it is of a whole period
    report_id: str
    report: str  # file name
    title: str  # of the report
    paragraph: int
    sentence: str
    start: int  # offset in the paragraph
    spans: Spans  # in the source
    correction: Correction | None = None

    @property
    def right(self) -> str:
        """The figure as printed, or its value and unit after a correction."""
        if self.correction is None or self.correction.printed_value == self.value:
            return self.text
        return printed(self.value, self.unit, scaled=any(scale in self.text for scale in "万亿"))


@dataclass(frozen=True, slots=True)
class FigureRead:
    """What a sentence or a table row says of one of its figures; the fields are those of ``LedgerFigure``."""

    figure: Figure  # with offsets in the sentence or row
    kind: FigureKind
    place: Place
    period: Period | None
    as_of: int | None = None
    indicator: str = ""
    context: str = ""


def figures_of(report: Report, sentences: Iterable[Sentence]) -> Iterator[LedgerFigure]:
    """Yield every figure of a report and its ``sentences`` in reading order, those of names and dates included."""
    before: deque[str] = deque(maxlen=BACK)
    tables = _table_names(report.paragraphs)
    calendar = calendar_of(report)
    # Without headings each paragraph stands alone.
    parts = tuple(parts_of(report.paragraphs, calendar)) if any(p.heading for p in report.paragraphs) else ()
    for number, own in groupby(sentences, key=lambda s: s.paragraph):
        paragraph = report.paragraphs[number]
        tracer = Tracer(paragraph.text, paragraph.spans, report.source.text)
        part = parts[number] if parts else next(parts_of((paragraph,), calendar))
        for sentence in own:
            if number in tables:
                heading = (*paragraph.heading, tables[number])
                read = cell_figures(sentence.text, report.place, report.period, heading)
            else:
                read = _of_sentence(report, sentence, before, calendar, part)
                before.append(sentence.text)
            yield from (_entry(report, sentence, tracer, each) for each in read)


def _table_names(paragraphs: Iterable[Paragraph]) -> dict[int, str]:
    """Return paragraph number → caption of the table, or ``""``, for each table row."""
    names: dict[int, str] = {}
    above = ""
    for paragraph in paragraphs:
        if paragraph.kind == "table row":
            names[paragraph.number] = above
        else:
            above = above + paragraph.text if paragraph.kind == "caption" else ""
    return names


def _of_sentence(
    report: Report, sentence: Sentence, before: Iterable[str], calendar: Calendar, part: Outlook
) -> list[FigureRead]:
    text, names = sentence.text, quoted_spans(sentence.text)
    state_at = partial(state_of_sentence, text, calendar, part.state)
    kinds = {f: kind_of(f, text, names, state_at(f.start) == "plan") for f in figures(text)}
    counted = [figure for figure, kind in kinds.items() if kind in ("amount", "plan")]
    base = sentence.period or report.period
    if not counted:
        return [FigureRead(figure, kind, report.place, base) for figure, kind in kinds.items()]
    told = dict(zip(counted, indicators(text, counted, names), strict=True))
    measured = dict(zip(counted, in_unit_of_list(text, counted), strict=True))
    places = subjects(text, report.place, before, names, counted[-1].start)
    times = times_stated(text, calendar, names)
    read = []
    for figure, kind in kinds.items():
        if figure not in told:
            read.append(FigureRead(figure, kind, report.place, base))
            continue
        place = places[bisect_right(places, figure.start, key=lambda s: s[0]) - 1][1]
        period, as_of = time_of(text, times, figure.start, base)
        if kind == "plan" and period == report.period:
            period = None
        read.append(FigureRead(measured[figure], kind, place, period, as_of, *told[figure]))
    return read


def _entry(report: Report, sentence: Sentence, tracer: Tracer, read: FigureRead) -> LedgerFigure:
    figure, start = read.figure, sentence.start + read.figure.start
    return LedgerFigure(
        kind=read.kind,
        value=float(f"{figure.value:.15g}"),  # 65.9亿 in binary is 6590000000.000001
        unit=re.sub("[()（）]", "", figure.unit)  # 人(次) is 人次
        or kind_shown(figure, sentence.text[figure.end : figure.end + NEAR]),
        approximator=figure.approximator,
        text=figure.text,
        indicator=read.indicator,
        context=read.context,
        heading=report.paragraphs[sentence.paragraph].heading,
        place=read.place.name,
        level=read.place.level,
        period=read.period,
        as_of=read.as_of,
        report_id=report.id,
        report=report.source.name,
        title=report.title,
        paragraph=sentence.paragraph,
        sentence=sentence.text,
        start=start,
        spans=tracer.spans(start, sentence.start + figure.end),
    )


def cell_figures(row: str, place: Place, period: Period | None, heading: tuple[str, ...]) -> list[FigureRead]:
    """Return every figure of the cells of a row, such as ``县区：甲县；2019年：3万人``.

    ``place`` and ``period`` are the report's; ``heading`` ends with the name of the table.
    """
    read, row_at_end = [], _ROW_AT_END.search(row) is not None
    for found in row_figures(row):
        cell, words = row[slice(*found.cell)], (*found.labels, found.head)
        places = {word: named for word in words if (named := _division(word, place))}
        parts = (_PART.sub("", _YEARS.sub("", word)).strip() for word in words if word not in places)
        years = _years_of(words, None)
        kind = _kind(found, cell, heading, reported=bool(years and period and years.end <= period.end))
        if kind == "amount" and years and period and years.start > period.end:
            kind = "plan"
        when = _years_of((*heading, *words), period)
        at_end = row_at_end or any(map(_AT_END.search, words))
        indicator = "".join(part for part in parts if not _ANY_FIGURE.fullmatch(part))
        where = [place, *places.values()][-1]
        as_of = when.end if when and at_end else None
        told = years if kind == "plan" else when
        read.append(FigureRead(found.figure, kind, where, told, as_of, indicator))
    return read


def _division(word: str, place: Place) -> Place | None:
    """Return the division that a label or head names, if it is inside the report's place."""
    inside = divisions_inside(word, place)
    return next((named for start, end, named in inside if (start, end) == (0, len(word))), None)


def _years_of(heading: Sequence[str], report: Period | None) -> Period | None:
    """Return the years of the innermost heading that states any, else those of the report."""
    for part in reversed(heading):
        if times := [time for time in times_stated(part, Calendar(report)) if not time.aside]:
            return times[-1].period
    return report


def _kind(found: RowFigure, cell: str, heading: tuple[str, ...], *, reported: bool) -> FigureKind:
    """Return the kind of a figure; ``reported``: its row or column names years of which the report tells results."""
    figure, (start, _) = found.figure, found.cell
    if _NO_AMOUNT.search(found.head):
        return "name"
    if is_year(figure) and (figure.unit or _WHEN.search(found.head)):
        return "date"
    planned = _AIMED.search(found.head)
    if _REACHED.search(found.head) or (is_year(figure) and not planned):  # like a year, but the head counts
        return "amount"
    if planned:
        return "plan"
    inside = replace(figure, start=figure.start - start, end=figure.end - start)
    calendar = Calendar(None)
    aims = any(state_of_heading(part, calendar) == "plan" for part in heading if not _COMPARED.search(part))
    part: State = "plan" if aims and not reported else ""
    return kind_of(inside, cell, (), state_of_sentence(cell, calendar, part, inside.start) == "plan")
