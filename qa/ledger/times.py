"""The years that a figure is about: those of its clause, else of its sentence, else of its heading or report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from qa.text.figures import number_of
from qa.types import Period, Span

__all__ = ["base_period", "time_of"]

_YEAR = r"((?:19|20)\d\d)"
_RANGE = re.compile(rf"(?<!\d){_YEAR}\s*年?\s*(?:[-—–－~～至到]|—+)+\s*{_YEAR}(?!\d)\s*年?(?!行动|计划|规划)")
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


def time_of(
    sentence: str, clause: Span, at: int, base: Period | None, names: Iterable[Span] = ()
) -> tuple[Period | None, int | None]:
    """The years of a figure, and the year at whose end it held, or None.

    Args:
        sentence: that holds the figure.
        clause: offsets of its clause.
        at: offset of the figure.
        base: of the report, or of the heading.
        names: spans whose years are parts of names.
    """
    if not _tells(sentence):
        return base, None
    shelter = tuple(names)
    own = _years(sentence, clause[0], at, base, shelter)
    own = own or _years(sentence, 0, clause[0], base, shelter)
    if own:
        return own
    state = bool(_NOW.search(sentence, 0, at))
    if base is None:
        return None, None
    if lately := _LATELY.search(sentence, 0, at):
        size = number_of(lately[1])
        if 1 <= size < base.end - base.start:  # a term of five years touches six of the calendar
            return Period(base.end - size + 1, base.end), base.end if state else None
    if _LAST_YEAR.search(sentence, 0, at):
        return Period(base.end - 1, base.end - 1), None
    if _THIS_YEAR.search(sentence, 0, at) and base.end - base.start <= 1:
        return Period(base.end, base.end), None
    return base, base.end if state else None


def base_period(heading: Iterable[str], report: Period | None) -> Period | None:
    """The years of the innermost heading that names any, else those of the report."""
    for part in reversed(tuple(heading)):
        found = _years(part, 0, len(part), report, ())
        if found:
            return found[0]
    return report


@lru_cache(maxsize=16)  # asked for each figure of a sentence
def _tells(sentence: str) -> bool:
    return _ANY.search(sentence) is not None


def _years(
    text: str, start: int, end: int, base: Period | None, names: tuple[Span, ...]
) -> tuple[Period, int | None] | None:
    """The last years that are written between two offsets, names and comparisons (比2018年) aside."""
    best: tuple[int, Period, int | None] | None = None
    for match in _RANGE.finditer(text, start, end):
        first, last = int(match[1]), int(match[2])
        if first <= last and not _inside(match.span(), names):
            best = (match.end(), Period(first, last), None)
    for match in _ONE.finditer(text, start, end):
        if (best and match.end() <= best[0]) or _inside(match.span(), names):
            continue
        if _MORE.search(text, start, match.start()):
            continue
        year = int(match[1])
        since = _SINCE.match(text, match.end(), end)
        if since and base and base.end >= year:
            best = (match.end(), Period(year, base.end), base.end)
        elif _UNTIL.search(text, start, match.start()) or _END.match(text, match.end(), end):
            best = (match.end(), Period(year, year), year)
        else:
            best = (match.end(), Period(year, year), None)
    return None if best is None else (best[1], best[2])


def _inside(span: Span, names: tuple[Span, ...]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in names)
