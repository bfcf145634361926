"""The years that a figure is about: those written last before it, else those of its sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from qa.text.beside import LONGEST_NAME
from qa.text.spans import touching
from qa.text.when import Calendar, Said, holds_now, said
from qa.types import Period, Span


def years_told(sentence: str, calendar: Calendar, names: Sequence[Span] = ()) -> tuple[Said, ...]:
    """All times that a sentence tells, in order, comparisons (比2018年) and those inside of names aside.

    Args:
        calendar: of its report.
        names: spans in order whose years are parts of names.
    """
    return tuple(time for time in said(sentence, calendar) if not time.aside and not _inside(time.at, names))


def time_of(
    sentence: str, years: Sequence[Said], at: int, base: Period | None
) -> tuple[Period | None, int | None]:
    """The years of a figure, and the year at whose end it held, or None.

    Args:
        sentence: that holds the figure.
        years: ``years_told(sentence, …)``.
        at: offset of the figure.
        base: of the sentence, where it names none before the figure.
    """
    if before := bisect_right(years, at, key=lambda time: time.at[1]):
        return years[before - 1].period, years[before - 1].held
    return base, base.end if base and holds_now(sentence, at) else None


def base_period(heading: Iterable[str], report: Period | None) -> Period | None:
    """The years of the innermost heading that names any, else those of the report."""
    for part in reversed(tuple(heading)):
        if times := years_told(part, Calendar(report)):
            return times[-1].period
    return report


def _inside(span: Span, names: Sequence[Span]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in touching(names, *span, LONGEST_NAME))
