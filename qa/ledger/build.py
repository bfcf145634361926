"""A report's sentences → its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from qa.ledger.indicators import indicators
from qa.ledger.kinds import kind_of, sheltered
from qa.ledger.places import Places
from qa.ledger.records import LedgerFigure
from qa.ledger.times import base_period, time_of
from qa.text.beside import kind_shown
from qa.text.figures import figures
from qa.text.spans import locate
from qa.types import Paragraph, Report, Sentence

__all__ = ["figures_of"]


def figures_of(report: Report, sentences: Iterable[Sentence]) -> Iterator[LedgerFigure]:
    """Every figure of a report in reading order, those of names and dates included.

    Args:
        sentences: of this report, in document order.
    """
    places = Places(report.place)
    paragraphs = {paragraph.number: paragraph for paragraph in report.paragraphs}
    for number, own in groupby(sentences, key=lambda s: s.paragraph):
        for sentence in own:
            yield from _of_sentence(report, paragraphs[number], sentence, places)


def _of_sentence(
    report: Report, paragraph: Paragraph, sentence: Sentence, places: Places
) -> Iterator[LedgerFigure]:
    text = sentence.text
    found = figures(text)
    if not found:
        places.passed(text)
        return
    names = sheltered(text)
    subjects = places.subjects(text, names, found[-1].start)
    places.passed(text)
    kinds = [kind_of(figure, text, names, paragraph.heading) for figure in found]
    counted = [f for f, kind in zip(found, kinds, strict=True) if kind in ("amount", "plan")]
    told = dict(zip((f.start for f in counted), indicators(text, counted, names), strict=True))
    base = base_period(paragraph.heading, report.period)
    for figure, kind in zip(found, kinds, strict=True):
        indicator = told.get(figure.start)
        place, period, as_of = report.place, base, None
        if indicator is not None:
            place = next(place for start, place in reversed(subjects) if start <= figure.start)
            period, as_of = time_of(text, indicator.clause, figure.start, base, names)
        yield LedgerFigure(
            kind=kind,
            value=float(f"{figure.value:.15g}"),  # 65.9亿 as binary is 6590000000.000001
            unit=_unit(figure.unit, kind_shown(figure, text[figure.end :])),
            approximator=figure.approximator,
            text=figure.text,
            indicator=indicator.text if indicator else "",
            context=indicator.context if indicator else "",
            heading=paragraph.heading,
            place=place.name,
            level=place.level,
            period=None if kind == "plan" and period == base else period,
            as_of=as_of,
            report_id=report.id,
            report=report.source.name,
            title=report.title,
            paragraph=paragraph.number,
            sentence=text,
            spans=locate(
                paragraph, report.source.text, sentence.start + figure.start, sentence.start + figure.end
            ),
        )


def _unit(printed: str, shown: str) -> str:
    """The measure word with its brackets off: 人(次) is 人次."""
    return printed.replace("(", "").replace(")", "").replace("（", "").replace("）", "") or shown
