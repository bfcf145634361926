"""Resolve expressions of time to years from the report's own date: 2025年, 去年, “十四五”, 过去五年, 上一届, 今后五年.

A closed grammar of dates; a year that only serves a comparison (比2020年) or is part of a title does not count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.text.figure_context import LONGEST_NAME, NEAR, TITLES
from qa.text.normal import plain_years, same_length
from qa.text.numerals import number_of
from qa.text.spans import touching
from qa.types import Period, Span

_N = "[一两二三四五六七八九十]"
_YEAR = r"(?<![\d-])(?:19|20)\d\d(?!\d)"
_DAY = r"(?:\d{1,2}月)?(?:\d{1,2}日)?"
_GRAMMAR = re.compile(
    rf"(?P<range>(?P<first>{_YEAR})\s*(?:年\s*)?(?:\d{{1,2}}月\s*)?[-—–－~～至到]+\s*(?P<last>(?:19|20)\d\d)(?!\d)\s*年?)"
    rf"|(?P<beside>(?P<anchor>{_YEAR})\s*年?[^，。；？！,;?!\d]{{0,10}}?(?:[以之]?(?P<side>[前后])|以来)的?[这那]?个?(?P<beside_years>{_N}|\d)年(?!来))"
    rf"|(?P<about>(?P<middle>{_YEAR})\s*年?(?:前后(?=[^两二2届任几各对比相有分]|$)|左右))"
    rf"|(?P<year>{_YEAR})(?:\s*年度?|(?=区|市|省|全)|(?<=(?:年份|年度|时间):\d{{4}})(?=;|$))(?P<since>{_DAY}[初底末]?(?:第[一二三四]季度)?(?:以来|开始|至今|算起|起))?"
    rf"(?P<end>{_DAY}(?:年?[底末]))?"
    r"|(?<![第一二三四五六七八九])[“\"]?(?P<plan>十[一二三四五六七八九]|十(?=五(?:[”\"]|时期|期间|规划|计划)))五[”\"]?"
    r"(?P<spell>时期|期间|以来|这五年|[初末])?"  # 十五 alone is a number
    rf"|(?P<ahead>(?:[今往]后|再过|未来|接下来的?|下一?个)(?P<ahead_years>{_N}|\d)年|下一?届)"
    rf"|(?P<back>(?:过去的?|近|这|最近|回顾过去的?)(?P<back_years>{_N}|\d|几)年|(?P<since_years>{_N}|\d)年(?:来|间|以来))"
    r"|(?P<before>[上前]面?[一那]?(?:届|个五年))|(?P<term>本届|任期内)"
    r"|(?P<past_year>一年来|(?:刚刚)?过去的?一年|这一年|这一年来)"
    r"|(?P<last_year>去年)|(?P<year_before>上一?年(?!度))|(?P<before_last>前年)|(?P<this_year>今年|本年)|(?P<next_year>明年)|(?P<all_year>全年)"
)
_SIGNS = ("年", "届", "期", "五", "19", "20")
_UNTIL = re.compile(r"(?:截至|截止|到|至)\s*$")
_NOW = re.compile(
    r"目前|现有|现已|现共|截至|截止到|累计|迄今|至今|如今|现在|当前|总数(?:达|为)|已达|已有|共有|已建立"
)
_COMPARED = re.compile(r"(?:比|较|由|从|自|同比|相比|[高低快慢多少优]于|超过|对比)于?\s*[“\"]?$")
_BETWEEN = frozenset("的末底初时为 ")  # a time and the figure that is of this time
FIVE_YEARS = 5
LONGEST_HEADING = 40  # characters; in longer text “十四五” alone is part of a name
_SHORT_YEAR = re.compile(
    r"(?<![\d近过用满有.])([12]\d)(?=(?:[-—–－~～至到]\d\d)?年(?![来前间里后多以]|工龄)|[到至]\d\d年)"
    r"|(?<=20\d\d[-—–－~～至到])(1[3-9]|[2-4]\d)(?![\d日号-])"  # 2013-18, while 2013-12 is a month
)
_FIRST_PLAN = 1981 - FIVE_YEARS * 6  # of the plans from the sixth on


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years that a report's own words for time are resolved from."""

    results: Period | None  # of which it reports what was done
    plans: Period | None = None  # for which it says what is to be done
    today: int | None = None  # the year in which it was given or published
    given: bool = False  # whether that is the year it was given, so that 今年 is that year everywhere


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """One expression of time."""

    period: Period
    at: Span  # its offsets in the text
    held: int | None = None  # the year at whose end something was so (截至2022年底, 2019年以来)
    aside: bool = False  # not the time of an event: a comparison (比2020年), or part of a name


def with_full_years(question: str) -> str:
    """Write out in digits the years of a question, those of this century that it names by two digits, too.

    >>> with_full_years("苹果23年产了多少，13–18年呢？近20年来"), with_full_years("18年工会的书屋，二〇二一年的21名，2013-18")
    ('苹果2023年产了多少，2013–2018年呢？近20年来', '2018年工会的书屋，2021年的21名，2013-2018')
    """
    return _SHORT_YEAR.sub(r"20\g<0>", plain_years(question))


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Return the expressions of time of a text; each has one of ``_SIGNS``."""
    plain = same_length(text)
    return _GRAMMAR.finditer(plain) if any(sign in plain for sign in _SIGNS) else iter(())


def years_named(text: str) -> Iterator[int]:
    """Yield the single years that are written out, without ranges and five-year plans."""
    return (int(match["year"]) for match in _matches(text) if match["year"])


def years_beside(text: str) -> Iterator[TimeExpression]:
    """Yield the years before, after or around one that is written out.

    >>> [(time.period.start, time.period.end) for time in years_beside("2017年换届之前那五年，2018年以后的五年，2020年前后")]
    [(2012, 2017), (2018, 2023), (2019, 2021)]
    """
    for match in (match for match in _expressions(text) if match["beside"] or match["about"]):
        if period := _resolved(match, Calendar(None), planned=False):
            yield TimeExpression(period, match.span())


def times_in(text: str) -> tuple[Span, ...]:
    """Return the offsets of all expressions of time, resolvable or not."""
    return tuple(match.span() for match in _matches(text))


def years_ahead(text: str) -> Iterator[int]:
    """Return the numbers of years ahead that a text mentions: five in 今后五年."""
    return (number_of(match["ahead_years"]) for match in _matches(text) if match["ahead_years"])


def terms_ahead(text: str) -> Iterator[Period]:
    """Yield the years in brackets behind a number of years ahead.

    >>> [str(term) for term in terms_ahead("今后五年（2031—2035年）的目标，过去五年（2026—2030年）")]
    ['2031–2035']
    """
    for ahead, stated in pairwise(_matches(text)):
        behind = text[ahead.end() : stated.start()] in ("（", "(")
        if ahead["ahead"] and behind and (term := _resolved(stated, Calendar(None), planned=True)):
            yield term


def time_expressions(text: str, calendar: Calendar, planned: bool = False) -> Iterator[TimeExpression]:
    """Yield every expression of time that can be resolved, in order.

    ``planned``: whether the text is in the part on what is to be done, in which 全年 is the planned year.
    """
    for match in _expressions(text):
        if period := _resolved(match, calendar, planned):
            yield TimeExpression(period, match.span(), _year_end(match, text, period), _is_aside(match, text))


@lru_cache(maxsize=64)  # several stages resolve the same sentence in a row
def _expressions(text: str) -> tuple[re.Match[str], ...]:
    """Return the expressions of time outside titles."""
    titles = [match.span() for match in TITLES.finditer(text)]
    found = ((match, touching(titles, *match.span(), LONGEST_NAME)) for match in _matches(text))
    return tuple(match for match, near in found if not any(a < match.start() < b for a, b in near))


def belongs_to(time: TimeExpression, text: str, at: int) -> bool:
    """Whether a time before an offset is of what stands right there, as 2019年 of 6214户 in 由2019年的6214户.

    What is more or less than at a time (快于2024年1.8个百分点) is not of it, what it is compared with (比上年的20万元) is.

    >>> text = "由2019年的6214户"
    >>> belongs_to(next(time_expressions(text, Calendar(None))), text, text.index("6214"))
    True
    """
    between = text[time.at[1] : at]
    against = text[max(0, time.at[0] - 1) : time.at[0]] in ("比", "较", "于") and "的" not in between
    return not against and _BETWEEN.issuperset(between)


def holds_now(text: str, end: int) -> bool:
    """Whether the text before an offset describes the present state: 目前, 现有, 累计."""
    return first_before(_NOW, text, end) is not None


def first_before(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return the first match of a pattern if it ends before an offset; one search serves all figures of a text."""
    found = _first(pattern, text)
    return found if found and found.end() <= at else None


@lru_cache(maxsize=64)
def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(text)


def _is_aside(match: re.Match[str], text: str) -> bool:
    """Whether something is compared with the time, or a five-year plan is named, not its years."""
    if match["plan"] and not match["spell"]:
        return match.start() > 1 and (len(text) > LONGEST_HEADING or text[-1] in "。！；")
    compared = _COMPARED.search(text, max(0, match.start() - NEAR), match.start())
    return not match["since"] and compared is not None


def _year_end(match: re.Match[str], text: str, period: Period) -> int | None:
    if not match["year"]:
        return None
    until = match["end"] or _UNTIL.search(text, max(0, match.start() - NEAR), match.start())
    return period.end if match["since"] or until else None


def _resolved(match: re.Match[str], calendar: Calendar, planned: bool) -> Period | None:
    if match["range"]:
        first, last = int(match["first"]), int(match["last"])
        return Period(first, last) if first <= last else None
    if match["beside"]:
        anchor, years = int(match["anchor"]), number_of(match["beside_years"])
        return Period(anchor - years, anchor) if match["side"] == "前" else Period(anchor, anchor + years)
    if match["about"]:
        return Period(int(match["middle"]) - 1, int(match["middle"]) + 1)
    if match["year"]:
        year = int(match["year"])
        last = calendar.results.end if calendar.results and match["since"] else year
        return Period(year, max(year, last))
    if match["plan"]:
        start = _FIRST_PLAN + FIVE_YEARS * number_of(match["plan"])
        return Period(start, start + FIVE_YEARS - 1)
    results, plans = calendar.results, calendar.plans
    if match["term"] or match["back_years"] == "几":
        return results
    if match["back"]:
        years = number_of(match["back_years"] or match["since_years"])
        return _of_length(years, results, ahead=False) if 1 <= years <= 2 * FIVE_YEARS else None
    if match["ahead"]:
        years = number_of(match["ahead_years"]) if match["ahead_years"] else FIVE_YEARS
        return _of_length(years, plans, ahead=True)
    if match["before"]:
        long = results is not None and results.end > results.start
        return Period(2 * results.start - results.end, results.start) if results and long else None
    if match["all_year"]:
        return plans if planned else (results if results and results.start == results.end else None)
    single = _relative(match, calendar, planned)
    return Period(single, single) if single else None


def _relative(match: re.Match[str], calendar: Calendar, planned: bool) -> int | None:
    """Return the year of 今年, 去年, 前年, 明年 or 这一年; 上年 is the one before that of the results."""
    results, plans = calendar.results, calendar.plans
    if match["past_year"]:
        return results.end if results else None
    this = results.end if results else calendar.today
    if planned or (calendar.given and calendar.today):
        this = plans.start if planned and plans else calendar.today
    if match["this_year"]:
        return this
    if match["next_year"]:
        return plans.start if plans and not calendar.given else (this + 1 if this else None)
    today = (results.end if results else this) if match["year_before"] else (calendar.today or this)
    return today - (2 if match["before_last"] else 1) if today else None


def _of_length(years: int, own: Period | None, *, ahead: bool) -> Period | None:
    """Return the first or last years of a period; a term of five years touches six calendar years."""
    if own is None or own.end - own.start in (years - 1, years):
        return own
    return Period(own.start, own.start + years - 1) if ahead else Period(own.end - years + 1, own.end)
