"""Read numerals and dates, in Arabic or Chinese figures.

十二 is 12, 三亿四千万 is 340,000,000, 一点五万 is 15,000; 2026-02-03, 2026年2月3日 and 二〇二六年二月三日 are one day. Days without a
year and years alone are read by :mod:`qa.text.when`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa.text.normal import same_length
from qa.types import Period, Span

SCALES = {"": 1.0, "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7}
SCALES |= {"亿": 1e8, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}
TENS = {"廿": 20.0, "卅": 30.0}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def number_of(word: str) -> int:
    """Return the whole number of digits or of a Chinese numeral; raise ValueError for anything else.

    >>> [number_of(word) for word in ("12", "十二", "两", "廿三")]
    [12, 12, 2, 23]
    """
    if word.isdecimal():
        return int(word)
    value = hanzi_value(word) if all(c in DIGITS or c in "廿卅十百千万亿" for c in word) else None
    if value is None:
        raise ValueError(f"no number: {word!r}")
    return int(value)


def hanzi_value(word: str) -> float | None:
    """Return the value of a Chinese numeral, with fraction and scale; None if it has none, or no single one: 三四十.

    >>> [hanzi_value(word) for word in ("十二", "三亿四千万", "一点五万", "一万二", "二三")]
    [12.0, 340000000.0, 15000.0, 12000.0, None]
    """
    whole, _, fraction = word.partition("点")
    scale = fraction.lstrip("零一二三四五六七八九")
    fraction = fraction.removesuffix(scale)
    if all(c in DIGITS for c in whole):
        if len(whole) > 1 or not whole:
            return None
        total = float(DIGITS[whole])
    else:
        total = section = digit = 0.0
        above_last = 10.0  # ten times what a digit at the end counts: 一万二 is 12,000, 一万零二 is 10,002
        for c in whole:
            if c in DIGITS:
                if digit:
                    return None
                digit = float(DIGITS[c])
                above_last = above_last if digit else 10.0
            elif c in TENS:
                section += TENS[c]
                digit, above_last = 0.0, 10.0
            elif c in "十百千":
                section += (digit or 1.0) * SCALES[c]
                digit, above_last = 0.0, SCALES[c]
            else:  # 三亿四千万: 万 is of 四千 alone; 三万亿: 亿 is of all before it
                above = total if SCALES[c] < total else 0.0
                total = above + (total - above + section + digit or 1.0) * SCALES[c]
                section = digit = 0.0
                above_last = SCALES[c]
        total += section + digit * above_last / 10
    value = total + sum((DIGITS.get(c, 0) / 10 ** (i + 1) for i, c in enumerate(fraction)), 0.0)
    return round(value * SCALES.get(scale, 1.0), 6)


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
