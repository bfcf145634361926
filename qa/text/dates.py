"""Find dates in Arabic or Chinese figures: 2026-02-03, 2026年2月3日, 二〇二六年二月三日; parse typed years.

Days without a year and years alone are read by :mod:`qa.text.when`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa.text.normal import same_length
from qa.text.numerals import number_of
from qa.types import Period, Span

MONTH = "1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_HANZI_DAY = "三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
DAY = rf"(?:3[01]|[12]\d|0?[1-9])(?!\d)|(?<!\d月)(?:{_HANZI_DAY})(?=\s*日)"  # 4月一日游 is a trip of a day
_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*"
    rf"(?:年\s*(?P<month>{MONTH})\s*月(?:\s*(?P<day>{DAY})\s*日?)?"
    r"|[-/.]\s*(?P<second>1[0-2]|0?[1-9])(?!\d)(?:\s*[-/.]\s*(?P<third>3[01]|[12]\d|0?[1-9])(?!\d))?)"
    r"(?:(?:[\sT]+|(?<=日))\d{1,2}:\d\d(?::\d\d)?)?"  # the time of the day belongs to it
)
_TO = re.compile(r"\s*(?:[-—–~～]+|至|到)\s*")
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

    >>> [date.iso for date in days("二〇二六年一月二十七日通过，2026-02-03 09:02 发布，2026年10件实事")]
    ['2026-01-27', '2026-02-03']
    """
    for match in _DAY.finditer(same_length(text)):
        parts = filter(None, match.group("month", "day", "second", "third"))
        iso = "-".join((match["year"], *(f"{number_of(part):02d}" for part in parts)))
        yield DatePrinted(iso, text[slice(*match.span())], match.span())


def single_days(text: str) -> Iterator[DatePrinted]:
    """Yield the dates that are neither the first nor the last of a time.

    >>> [date.iso for date in single_days("（2021年1月—2023年12月）2024年4月")]
    ['2024-04']
    """
    found = list(days(text))
    joints = (_TO.fullmatch(text, a.at[1], b.at[0]) is not None for a, b in pairwise(found))
    spans = [False, *joints, False]
    return (date for date, (before, after) in zip(found, pairwise(spans), strict=False) if not before | after)


def typed_years(words: str) -> Period | None:
    """Return a year or a term, None if the words are neither or the term ends before it begins."""
    match = _YEARS.fullmatch(same_length(words))
    if match is None:
        return None
    start, end = int(match[1]), int(match[2] or match[1])
    return Period(start, end) if start <= end else None
