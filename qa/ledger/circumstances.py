"""Find where and when: the division that a figure is about, and its years.

The place is that of the report, or one inside it that is the subject. The years are the last ones stated
before the figure, else those of its sentence. A time that something is compared with
(由2019年的6214户下降到1385户) is that of the figure right behind it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter

from qa.text.divisions import find, within
from qa.text.figure_context import LONGEST_NAME, NEAR
from qa.text.spans import touching
from qa.text.when import Calendar, TimeExpression, belongs_to, holds_now, time_expressions
from qa.types import Period, Place, Span

BACK = 4  # sentences that 当地 may refer to
_OPENS = re.compile(r"(?:^|[，,；;。：:、\s）)])(?:其中|例?如|[仅在由向])?[“\"]?$")
_WHOLE = re.compile(r"全[省市区县](?![首唯最推总率范工])|我[省市区县]|[市省区县]总工会")
_THERE = re.compile(r"^(?:[如现]今|目前|现在)?[，,]?(?:当地|[这那]里|该[省市区县镇乡村街])")
NAME_PART = re.compile(r"[^，,。；;]{0,6}等|工匠|银行|学院|大学|医院|公司|集团")


def subjects(
    sentence: str, report: Place, before: Iterable[str], names: Sequence[Span], end: int
) -> tuple[tuple[int, Place], ...]:
    """Return the subjects of a sentence as (offset from which it applies, place), the first at 0.

    ``report`` is the place of the report. In the sentences ``before``, 当地 means the last place named.
    ``names`` are the spans of quoted names, which contain no subject; ``end`` is the offset of the last figure.
    """
    earlier = before if _THERE.match(sentence) else ()
    places = [report, *(place for text in earlier for _, _, place in _parts_named(text, report))]
    found = [(0, places[-1])]
    for start, stop, place in _parts_named(sentence[:end], report):
        in_name = any(a <= start < b for a, b in touching(names, start, stop, LONGEST_NAME))
        opens = _OPENS.search(sentence, max(0, start - NEAR), start)
        if not in_name and opens and not NAME_PART.match(sentence, stop):
            found.append((start, place))
    found += [(match.start(), report) for match in _WHOLE.finditer(sentence, 0, end)]
    return tuple(sorted(found, key=itemgetter(0)))


def _parts_named(text: str, place: Place) -> list[tuple[int, int, Place]]:
    return [named for named in divisions_inside(text, place) if named[2].name != place.name]


def divisions_inside(text: str, place: Place) -> list[tuple[int, int, Place]]:
    """Return (start, end, division) of what a text names of a place and in it, or anywhere if it has no name."""
    near = (place,) if place.name else ()
    return [named for named in find(text, near) if not near or within(named[2], place)]


def times_stated(sentence: str, calendar: Calendar, names: Sequence[Span] = ()) -> tuple[TimeExpression, ...]:
    """Return all times of a sentence in order, without those inside names."""
    return tuple(
        time
        for time in time_expressions(sentence, calendar)
        if not any(a < time.at[1] and time.at[0] < b for a, b in touching(names, *time.at, LONGEST_NAME))
    )


def time_of(
    sentence: str, years: Sequence[TimeExpression], at: int, base: Period | None
) -> tuple[Period | None, int | None]:
    """Return the years of the figure at an offset, and the year at whose end it applied, or None.

    ``years`` is ``times_stated(sentence, …)``; ``base`` applies if none are stated before the figure.
    """
    for time in reversed(years):
        if time.at[1] <= at and (not time.aside or belongs_to(time, sentence, at)):
            return time.period, time.held
    return base, base.end if base and holds_now(sentence, at) else None


def base_period(heading: Iterable[str], report: Period | None) -> Period | None:
    """Return the years of the innermost heading that states any, else those of the report."""
    for part in reversed(tuple(heading)):
        if times := [time for time in times_stated(part, Calendar(report)) if not time.aside]:
            return times[-1].period
    return report
