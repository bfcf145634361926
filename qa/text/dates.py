"""Find dates in Arabic or Chinese figures: 2026-02-03, 2026年2月3日, 二〇二六年二月三日; parse typed years.

Days without a year and years alone are read by :mod:`qa.text.when`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.text.numerals import number_of
from qa.types import Period, Span

_CHINESE = "〇○零一二三四五六七八九"
_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:年|[-/.])\s*(?P<month>1[0-2]|0?[1-9])(?!\d)(?:\s*(?:月|[-/.])\s*"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*日?)?)?"
    rf"|(?P<hanzi_year>[一二][{_CHINESE}]{{3}})\s*年\s*(?P<hanzi_month>十[一二]?|[一二三四五六七八九])\s*月"
    r"(?:\s*(?P<hanzi_day>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s*日)?"
)
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGITS = str.maketrans(_CHINESE, "000123456789")
_YEARS = re.compile(r"\s*((?:19|20)\d\d)\s*年?(?:\s*[-—–－~～至到]+\s*((?:19|20)\d\d)\s*年?)?\s*")


@dataclass(frozen=True, slots=True)
class DatePrinted:
    """A date: ``iso`` is ``"2026-02-03"`` or ``"2026-02"``, ``at`` its offsets in the text."""

    iso: str
    text: str
    at: Span

    @property
    def year(self) -> int:
        return int(self.iso[:4])


def days(text: str) -> Iterator[DatePrinted]:
    """Yield every date with a year and a month, in order.

    >>> [date.iso for date in days("二〇二六年一月二十七日通过，2026-02-03 09:02 发布")]
    ['2026-01-27', '2026-02-03']
    """
    for match in _DAY.finditer(text.translate(_NARROW)):
        if match["hanzi_year"]:
            year, parts = match["hanzi_year"].translate(_DIGITS), match.group("hanzi_month", "hanzi_day")
        else:
            year, parts = match["year"], match.group("month", "day")
        iso = "-".join((year, *(f"{number_of(part):02d}" for part in parts if part)))
        yield DatePrinted(iso, text[slice(*match.span())], match.span())


def typed_years(words: str) -> Period | None:
    """Return a year or a term, None if the words are neither or the term ends before it begins."""
    match = _YEARS.fullmatch(words.translate(_NARROW))
    if match is None:
        return None
    start, end = int(match[1]), int(match[2] or match[1])
    return Period(start, end) if start <= end else None
