"""Find the years that a figure is about: the last ones stated before it, else those of its sentence.

A time that something is compared with (由2019年的6214户下降到1385户) is that of the figure right behind it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.text.figure_context import LONGEST_NAME
from qa.text.spans import touching
from qa.text.when import Calendar, TimeExpression, belongs_to, holds_now, time_expressions
from qa.types import Period, Span


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
