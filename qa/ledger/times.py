"""The years that a figure is about: those of its clause, else of its sentence, else of its heading or report."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.text.beside import LONGEST_NAME, NEAR
from qa.text.figures import number_of
from qa.text.firsts import first_before
from qa.text.spans import touching
from qa.types import Period, Span

__all__ = ["YearsTold", "base_period", "time_of", "years_told"]

_YEAR = r"((?:19|20)\d\d)"
_RANGE = re.compile(rf"(?<!\d){_YEAR}\s*年?\s*[-—–－~～至到]+\s*{_YEAR}(?!\d)\s*年?(?!行动|计划|规划)")
_ONE = re.compile(rf"(?<!\d){_YEAR}(?!\d)(?:\s*年|(?=区|市|省|全))")
_SINCE = re.compile(
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:初|底|末)?(?:以来|开始|至今|算起|起|(?:第[一二三四]季度)?以来)"
)
_UNTIL = re.compile(r"(?:截至|截止|到|至)\s*$")
_END = re.compile(r"\s*(?:\d{1,2}月)?(?:\d{1,2}日)?\s*(?:底|末|年底|年末)")
_NOW = re.compile(
    r"目前|现有|现已|现共|截至|截止到|累计|迄今|至今|如今|现在|当前|总数(?:达|为)|已达|已有|共有|已建立"
)
_LAST_YEAR, _THIS_YEAR = re.compile(r"去年|上年"), re.compile(r"今年|全年|本年")
_LATELY = re.compile(r"(?:近|过去|最近)([一二两三四五六七八九十]|\d{1,2})年(?:来|以来|间|里|[，,])")
_ANY = re.compile(
    "|".join(each.pattern for each in (_NOW, _LAST_YEAR, _THIS_YEAR, _LATELY)) + r"|(?:19|20)\d\d"
)
_MORE = re.compile(r"(?:比|较|同比|对比|相比)\s*(?:于)?\s*$")


@dataclass(frozen=True, slots=True)
class YearsTold:
    """Years that a sentence writes, up to ``end``, and the year at whose end something held, or None."""

    end: int
    period: Period
    as_of: int | None


def years_told(sentence: str, base: Period | None, names: Sequence[Span] = ()) -> tuple[YearsTold, ...]:
    """All years that a sentence writes, in order, comparisons (比2018年) aside.

    Args:
        base: of the report, or of the heading.
        names: spans in order whose years are parts of names.
    """
    return tuple(_years(sentence, base, names)) if _tells(sentence) else ()


def time_of(
    sentence: str, years: Sequence[YearsTold], at: int, base: Period | None
) -> tuple[Period | None, int | None]:
    """The years of a figure, and the year at whose end it held, or None.

    Args:
        sentence: that holds the figure.
        years: ``years_told(sentence, base, …)``.
        at: offset of the figure.
        base: of the report, or of the heading.
    """
    if not _tells(sentence):
        return base, None
    if before := bisect_right(years, at, key=lambda told: told.end):
        return years[before - 1].period, years[before - 1].as_of
    state = bool(first_before(_NOW, sentence, at))
    if base is None:
        return None, None
    if lately := first_before(_LATELY, sentence, at):
        size = number_of(lately[1])
        if 1 <= size < base.end - base.start:  # a term of five years touches six of the calendar
            return Period(base.end - size + 1, base.end), base.end if state else None
    if first_before(_LAST_YEAR, sentence, at):
        return Period(base.end - 1, base.end - 1), None
    if first_before(_THIS_YEAR, sentence, at) and base.end - base.start <= 1:
        return Period(base.end, base.end), None
    return base, base.end if state else None


def base_period(heading: Iterable[str], report: Period | None) -> Period | None:
    """The years of the innermost heading that names any, else those of the report."""
    for part in reversed(tuple(heading)):
        if found := tuple(_years(part, report, ())):
            return found[-1].period
    return report


@lru_cache(maxsize=16)  # asked for each figure of a sentence
def _tells(sentence: str) -> bool:
    return _ANY.search(sentence) is not None


def _years(text: str, base: Period | None, names: Sequence[Span]) -> Iterator[YearsTold]:
    """The years that are written, in order, those of names and of comparisons (比2018年) aside."""
    ranges = [
        match
        for match in _RANGE.finditer(text)
        if int(match[1]) <= int(match[2]) and not _inside(match.span(), names)
    ]
    spans = [match.span() for match in ranges]
    found = [YearsTold(match.end(), Period(int(match[1]), int(match[2])), None) for match in ranges]
    for match in _ONE.finditer(text):
        start, end = match.span()
        before = max(0, start - NEAR)
        if _inside((start, end), names) or _inside((start, end), spans):
            continue
        if _MORE.search(text, before, start):
            continue
        year = int(match[1])
        if _SINCE.match(text, end) and base and base.end >= year:
            found.append(YearsTold(end, Period(year, base.end), base.end))
        elif _UNTIL.search(text, before, start) or _END.match(text, end):
            found.append(YearsTold(end, Period(year, year), year))
        else:
            found.append(YearsTold(end, Period(year, year), None))
    yield from sorted(found, key=lambda told: told.end)


def _inside(span: Span, names: Sequence[Span]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in touching(names, *span, LONGEST_NAME))
