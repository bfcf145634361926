"""Build the ledger figures of a report from its sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby

from qa.ledger.cells import cell_figures
from qa.ledger.indicators import indicators
from qa.ledger.kinds import kind_of, quoted_spans
from qa.ledger.places import Places
from qa.ledger.records import FigureRead, LedgerFigure
from qa.ledger.times import time_of, times_stated
from qa.text.figure_context import NEAR, kind_shown
from qa.text.figures import figures
from qa.text.outlook import state_of_sentence
from qa.text.spans import Tracer
from qa.text.states import Part, calendar_of, parts_of
from qa.text.when import Calendar
from qa.types import Paragraph, Report, Sentence


def figures_of(report: Report, sentences: Iterable[Sentence]) -> Iterator[LedgerFigure]:
    """Yield every figure of a report in reading order, those of names and dates included.

    ``sentences`` are those of the report, in document order.
    """
    places = Places(report.place)
    paragraphs = {paragraph.number: paragraph for paragraph in report.paragraphs}
    names = _table_names(report.paragraphs)
    calendar = calendar_of(report)
    parts = dict(zip(paragraphs, parts_of(report.paragraphs, calendar), strict=True))
    for number, own in groupby(sentences, key=lambda s: s.paragraph):
        paragraph = paragraphs[number]
        tracer = Tracer(paragraph.text, paragraph.spans, report.source.text)
        for sentence in own:
            if number in names:
                heading = (*paragraph.heading, names[number])
                read: Iterable[FigureRead] = cell_figures(sentence.text, report.place, report.period, heading)
            else:
                read = _of_sentence(report, sentence, places, calendar, parts[number])
            yield from (_entry(report, paragraph, sentence, tracer, each) for each in read)


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
    report: Report, sentence: Sentence, places: Places, calendar: Calendar, part: Part
) -> Iterator[FigureRead]:
    text = sentence.text
    found = figures(text)
    names = quoted_spans(text)
    subjects = places.subjects(text, names, found[-1].start if found else 0)
    places.passed(text)
    planned = [state_of_sentence(text, calendar, part.state, figure.start) == "plan" for figure in found]
    kinds = [kind_of(figure, text, names, ahead) for figure, ahead in zip(found, planned, strict=True)]
    counted = [f for f, kind in zip(found, kinds, strict=True) if kind in ("amount", "plan")]
    by_start = dict(zip((f.start for f in counted), indicators(text, counted, names), strict=True))
    base = sentence.period or report.period
    years = times_stated(text, calendar, names)
    for figure, kind in zip(found, kinds, strict=True):
        indicator = by_start.get(figure.start)
        place, period, as_of = report.place, base, None
        if indicator is not None:
            place = subjects[bisect_right(subjects, figure.start, key=lambda s: s[0]) - 1][1]
            period, as_of = time_of(text, years, figure.start, base)
        words, context = (indicator.text, indicator.context) if indicator else ("", "")
        if kind == "plan" and period == report.period:
            period = None
        yield FigureRead(figure, kind, words, context, place, period, as_of)


def _entry(
    report: Report, paragraph: Paragraph, sentence: Sentence, tracer: Tracer, read: FigureRead
) -> LedgerFigure:
    figure = read.figure
    return LedgerFigure(
        kind=read.kind,
        value=float(f"{figure.value:.15g}"),  # 65.9亿 in binary is 6590000000.000001
        unit=re.sub("[()（）]", "", figure.unit)  # 人(次) is 人次
        or kind_shown(figure, sentence.text[figure.end : figure.end + NEAR]),
        approximator=figure.approximator,
        text=figure.text,
        indicator=read.indicator,
        context=read.context,
        heading=paragraph.heading,
        place=read.place.name,
        level=read.place.level,
        period=read.period,
        as_of=read.as_of,
        report_id=report.id,
        report=report.source.name,
        title=report.title,
        paragraph=paragraph.number,
        sentence=sentence.text,
        spans=tracer.spans(sentence.start + figure.start, sentence.start + figure.end),
    )
