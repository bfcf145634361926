"""Tell amounts (3家) from dates (2023年) and names (“五个一”, 1+6, 第3名), and find where and when they are.

The place is that of the report, or one inside it that is the subject. The years are the last ones stated
before the figure, else those of its sentence. A time that something is compared with
(由2019年的6214户下降到1385户) is that of the figure right behind it alone.
"""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Literal, TypeAlias

from qa.text.divisions import find, within
from qa.text.figure_context import LONGEST_NAME, NAMES, NEAR, TITLES
from qa.text.figures import is_year
from qa.text.numerals import days
from qa.text.spans import touching
from qa.text.when import Calendar, TimeExpression, belongs_to, holds_now, time_expressions
from qa.types import Figure, Period, Place, Span

FigureKind: TypeAlias = Literal["amount", "plan", "name", "date"]

_OPENS = re.compile(r"(?:^|[，,；;。：:、\s）)])(?:其中|例?如|[仅在由向])?[“\"]?$")
_WHOLE = re.compile(r"全[省市区县](?![首唯最推总率范工])|我[省市区县]|[市省区县]总工会")
_THERE = re.compile(r"^(?:[如现]今|目前|现在)?[，,]?(?:当地|[这那]里|该[省市区县镇乡村街])")
NAME_PART = re.compile(r"[^，,。；;]{0,6}等|工匠|银行|学院|大学|医院|公司|集团")
# kinds
_SPANNING = re.compile(r"[以多]?来|[间内里中初末底前后之]")
_SINCE = re.compile(r"(?:[近这前上每第]|过去|连续|未来|今后|历时|为期)$")
_NAMED = re.compile(r"工程|行动|计划|体系|模式|工作法|热线|平台|号|[+＋~～:：A-Za-z]")
_PLAN_YEARS = re.compile(r"规划|行动|计划|纲要")
_ORDINAL = re.compile(r"(?:[第前届+＋A-Za-z]|N[oO]\.|[—\-－]\s?|〔\d{4}〕)$")
_LISTED = re.compile(r"[.．、)）一-龥]")
_THRESHOLD = re.compile(r"的?[一-龥]{0,2}(?:企业|单位|项目)")
_SHORT = 100  # numbers of list items are lower


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of quoted names and titles."""
    return tuple(sorted(match.span() for marks in (TITLES, NAMES) for match in marks.finditer(text)))


def kind_of(figure: Figure, text: str, names: tuple[Span, ...], planned: bool) -> FigureKind:
    """Return the kind of a figure of ``text``; ``names`` is ``quoted_spans(text)``."""
    before, after = text[max(0, figure.start - NEAR) : figure.start], text[figure.end : figure.end + NEAR]
    around = touching(names, figure.start, figure.end, LONGEST_NAME)
    if any(a < figure.start and figure.end < b for a, b in around):
        return "name"
    of_span = figure.unit == "年" and (_SPANNING.match(after) or _SINCE.search(before))
    if (
        of_span
        or (is_year(figure) and not figure.approximator)
        or (figure.unit in ("月", "日") and figure.value <= 31)
    ):
        return "date"
    if _is_name(figure, before, after):
        return "name"
    return "plan" if planned else "amount"


def _is_name(figure: Figure, before: str, after: str) -> bool:
    if figure.unit in ("大", "周年", "届") or _ORDINAL.search(before):
        return figure.unit != "届" or bool(_ORDINAL.search(before)) or not figure.text[0].isdigit()
    if figure.unit == "方面" or (figure.unit == "个" and after.startswith(("方面", "环节", "层面", "维度"))):
        return not figure.text[0].isdigit()
    if (
        (figure.unit in ("年", "天", "小时") and (_PLAN_YEARS.match(after) or figure.value in (24, 365)))
        or (figure.unit == "项" and before.endswith("中央"))  # 中央八项规定
        or re.match(r"[一二三四五六七八九十][省市区县]", after)  # 三省一市
        or (figure.unit in ("人", "名") and figure.text.endswith("以上") and _THRESHOLD.match(after))
        # 三个“一号工程”
        or (re.match(r"[“\"‘](?:[^”\"’]{1,8})[”\"’]", after) and not any(c.isdigit() for c in figure.text))
    ):
        return True
    bare = not figure.unit and not figure.approximator and figure.text.isascii() and figure.text.isdigit()
    of_day = bare and any(day.at[1] > len(before) for day in days(before + figure.text))  # its time
    of_note = f"{before[-1:]}{after[:1]}" in ("[]", "［］")
    if not bare or of_day or of_note or _NAMED.match(after):
        return bare
    opens_text = not before.strip() and figure.start < NEAR
    return opens_text and figure.value < _SHORT and bool(_LISTED.match(after))


def subjects(
    sentence: str, report: Place, before: Iterable[str], names: Sequence[Span], end: int
) -> tuple[tuple[int, Place], ...]:
    """Return the subjects of a sentence as (offset from which it applies, place), the first at 0.

    ``report`` is the place of the report. In the sentences ``before``, 当地 means the last place named.
    ``names`` are the spans of quoted names, which contain no subject; ``end`` is the offset of the last figure.
    """
    earlier = before if _THERE.match(sentence) else ()
    told = (place for text in earlier for _, _, place in divisions_inside(text, report))
    places = [report, *(place for place in told if place.name != report.name)]
    found = [(0, places[-1])]
    for start, stop, place in divisions_inside(sentence[:end], report):
        in_name = any(a <= start < b for a, b in touching(names, start, stop, LONGEST_NAME))
        opens = _OPENS.search(sentence, max(0, start - NEAR), start)
        if place.name != report.name and not in_name and opens and not NAME_PART.match(sentence, stop):
            found.append((start, place))
    found += [(match.start(), report) for match in _WHOLE.finditer(sentence, 0, end)]
    return tuple(sorted(found, key=itemgetter(0)))


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
