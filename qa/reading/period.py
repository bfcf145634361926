"""Infer the years of a report's results and of its plans, from its title, its headings, its date and its text.

A report given early in a year reports the year before and plans this one; its headings say so. For a report of a
term, or one without a year in its title or headings, a year or a range in the title decides, or a range at the start
that is as long as the term it speaks of (五年来) or ends when the report was given. Else the words for a term or for one
year (全年) give the length, and the latest year or national event that the text names gives one end. Events are dated in
the table below. What is dated but is of no term is of that year or the one before, of which its results are told most.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from qa.text.normal import same_length
from qa.text.numerals import number_of
from qa.text.sentences import split_sentences
from qa.text.states import looks_ahead, state_of_heading, state_of_sentence
from qa.text.when import Calendar, terms_ahead, time_expressions, years_ahead, years_named
from qa.types import Inference, Period

# name → (year, month) it happened
EVENTS: dict[str, tuple[int, int]] = {
    "党的十八大": (2012, 11),
    "党的群团工作会议": (2015, 7),
    "党的十九大": (2017, 10),
    "中国工会十七大": (2018, 10),
    "中国工会第十七次全国代表大会": (2018, 10),
    "新中国成立70周年": (2019, 10),
    "“不忘初心、牢记使命”主题教育": (2019, 6),
    "新冠": (2020, 1),
    "全面建成小康社会": (2021, 7),
    "建党百年": (2021, 7),
    "建党100周年": (2021, 7),
    "党史学习教育": (2021, 2),
    "十九届六中全会": (2021, 11),
    "北京冬奥": (2022, 2),
    "党的二十大": (2022, 10),
    "新时代中国特色社会主义思想主题教育": (2023, 4),
    "杭州亚运会": (2023, 9),
    "中国工会十八大": (2023, 10),
    "中国工会第十八次全国代表大会": (2023, 10),
    "二十届三中全会": (2024, 7),
    "党纪学习教育": (2024, 4),
    "新中国成立75周年": (2024, 10),
    "二十届四中全会": (2025, 10),
}
_YEAR = r"(?<!\d)((?:19[89]|20\d)\d)"
_MONTH = r"(?:\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?"
_RANGE = re.compile(rf"{_YEAR}{_MONTH}\s*年?\s*(?:[-—–~～]+|至|到)\s*{_YEAR}\s*年?")
# From the first month of a term to its last: 自2017年1月选举以来，至2021年12月期满.
_TERM_DATES = re.compile(rf"自{_YEAR}年\d{{1,2}}月[^。;]{{0,80}}?[至到]{_YEAR}年\d{{1,2}}月")
# Not a date of publication.
_ISSUED = r"(?!\s*年\s*(?:\d{1,2}\s*月|第\s*[\d一二三四五六七八九十]+\s*期)|[./-]\d)"
_ONE = re.compile(rf"{_YEAR}{_ISSUED}(?:\s*年度?|(?=[\u4e00-\u9fff]{{0,8}}(?:年度|工作)(?:工作)?报告))")
_YEARS = re.compile(rf"{_YEAR}\s*(?:年|[-—–~](?=20))")
_SINCE = re.compile(rf"{_YEAR}年(?:(?<=自\d{{4}}年)[^,。;\d]{{1,16}})?以来")
_FUTURE = re.compile(
    r"目标|力争|规划|计划到|展望|面向|迈向|愿景|十五五|将(?:召开|举行|实现|建成|完成|继续|全面|达到)"
)
_CLAUSE_END = re.compile(r"[。,;!?\n]")
_TERM = re.compile(
    r"([二三四五六七八九十两]|\d{1,2})年(?:来|间|工作(?:综述|回眸|回顾|报告)|以来|的历程)|(?:过去|这|回顾过去的?|近|(?<=[年月日底末])的)([三四五])年"
)
_CONGRESS = re.compile(r"代表大会上?的?(?:工作)?报告|第[一二三四五六七八九十]+届委员会.{0,6}(?:工作)?报告")
_YEARS_LONG = re.compile(r"([二三四五])年")
_SINCE_YEAR = re.compile(r"(?:由|从|比)\D{0,6}(?:19|20)\d\d年")
_ANNUAL = re.compile(r"全年|这一年|一年来|年度(?:工作)?报告|年度工作|今年以来|本年度")
LONGEST_TERM = 10
HALF_YEAR = "-06"  # month up to which the last full year is the one before
OPENING = 600  # characters in which a report states its term
_Found: TypeAlias = tuple[Period | None, Inference]
_JOINTS = re.compile(r"(?<=[结顾况就绩])\s*[和与及暨、]|(?<=时期)[和与及、](?=(?:19|20)\d\d)|[，,；;]")
_YEARS_NAMED = re.compile(r"(?:19|20)\d\d\s*年?\s*[-—–~～至到]+\s*(?:19|20)\d\d")
_MEETING = re.compile(r"在[^,。;]{2,40}?会议?上")
_TERM_NAMED = re.compile(
    r"代表大会.{0,3}(?:工作)?报告|第[一二三四五六七八九十]+届委员会|[二三四五]年(?:来|间|工作)"
)
_RELATIVE = re.compile(r"今年|去年|明年|上年")
_UNKNOWN = Calendar(None)
UNDATED = 0.8  # confidence below which 今年 is ambiguous in a report without a date


def infer_period(
    titles: Sequence[str],
    text: str,
    today: int | None = None,
    headings: Sequence[str] = (),
    ended: int | None = None,
    new_year: bool = False,
) -> _Found:
    """Return the years and what they are based on.

    ``today`` is the year in which the report was given or published: a term ends in it, unless it has just begun
    (``new_year``), and later years are plans. ``ended`` is the last year that had ended by then, or nearly so.
    """
    text = same_length(text)
    heads = [same_length(title) for title in titles]
    for pattern, sure in ((_RANGE, 0.97), (_ONE, 0.95)):  # a meeting names the year in which it is held
        if match := next((m for head in heads if (m := pattern.search(_MEETING.sub("", head)))), None):
            return _result(int(match[1]), int(match[match.lastindex or 1]), f"标题中的“{match[0]}”", sure)
    back = (head for head in heads if state_of_heading(head, _UNKNOWN) != "plan")
    spans = (time.period for head in back for time in time_expressions(head, _UNKNOWN) if not time.aside)
    ended_by = (span for span in spans if span.start < span.end and (today is None or span.end <= today))
    if span := next(ended_by, None):  # “十四五”时期
        return _result(span.start, span.end, f"标题说的是{span}年", 0.9)
    lengths = (number_of(match[1] or match[2]) for match in _TERM.finditer("\n".join([*titles, text])))
    terms = Counter(length for length in lengths if 2 <= length <= LONGEST_TERM)
    latest = _latest(text, today)
    told = "\n".join(heading for heading in headings if state_of_heading(heading, _UNKNOWN) != "plan")
    for place, words in (("小标题", same_length(told)), ("文首", text[:OPENING])):
        if found := _stated(words, place, terms, today, ended, latest[0]):
            return found
    annual = len(_ANNUAL.findall(text))
    congress = any(_CONGRESS.search(title) for title in heads)
    if congress:  # it looks back on a term that ends with it, whatever years its report names
        annual, terms = 0, terms or Counter(number_of(m[1]) for m in _YEARS_LONG.finditer(text))
    length, times = terms.most_common(1)[0] if terms else (0, 0)
    last, why, sure = latest if latest[0] else _latest("\n".join(heads), today)  # of a meeting
    if length and times > annual:
        begun = today is not None and abs(today - length - last) <= 1  # the year named is the term's first
        if today and (congress or not last or today - last <= 1 or begun):
            end = ended if ended and (new_year if congress else ended == last) else today
            start = (today if congress else end) - length
            return _result(start, end, f"文中说“{length}年”，{today}年作的报告", 0.8)
        if last:
            return _result(last - length, last, f"文中说“{length}年”，{why}", min(0.65, sure))
    if today and ended and (year := _told_most(text, today, ended)):
        return _result(year, year, f"{today}年的文章，所说的多是{year}年", 0.6)
    if annual:
        if match := _ONE.search(text[:OPENING]):
            return _result(int(match[1]), int(match[1]), f"文首的“{match[0]}”和“全年”一类的说法", 0.85)
        if last:
            return _result(last, last, f"“全年”一类的说法，{why}", min(0.6, sure))
    if match := _RANGE.search(text[:300]):
        return _result(int(match[1]), int(match[2]), f"文首的“{match[0]}”", 0.7)
    if last:
        return _result(last, last, why, 0.35)
    return None, Inference("period", "文中没有年份，也没有可以定年的大事", 0.0)


def _told_most(text: str, today: int, ended: int) -> int | None:
    """Return the year, this or the last one, of which results are told most, in figures or in words; None if of neither."""
    calendar = Calendar(Period(ended, ended), None, today, given=True)
    sentences = (text[start:end] for start, end in split_sentences(text))
    told = (each for each in sentences if state_of_sentence(each, _UNKNOWN, "") != "plan")
    named = ((each, time) for each in told for time in time_expressions(each, calendar) if not time.aside)
    # 去年同期 is compared with.
    times = (time for each, time in named if not each.startswith("同期", time.at[1]))
    years = Counter(time.period.end for time in times if time.period.start == time.period.end)
    most = max((ended, today, today - 1), key=lambda year: years[year])
    return most if years[most] else None


def _result(start: int, end: int, basis: str, confidence: float) -> _Found:
    if start > end or end - start > 3 * LONGEST_TERM:
        return None, Inference("period", basis + "，但年份前后矛盾", 0.0)
    return Period(start, end), Inference("period", basis, round(confidence, 2))


def _stated(
    text: str, where: str, lengths: Collection[int], today: int | None, ended: int | None, latest: int
) -> _Found | None:
    """Return a range of years as long as a term of the report, or the whole years since one that are as many."""
    for match in sorted((*_RANGE.finditer(text), *_TERM_DATES.finditer(text)), key=re.Match.start):
        first, last = int(match[1]), int(match[2])
        # A report that speaks of no term may be of years that end when it was given.
        given = not lengths and today is not None and 0 <= today - last <= 1 < last - first <= LONGEST_TERM
        # It is the term before if more years than it has passed until the latest year told.
        before = today is not None and first < last and latest - last > last - first
        if not before and (given or any(last - first in (length - 1, length) for length in lengths)):
            return _result(first, last, f"{where}的“{match[0]}”", 0.85)
    for match in _SINCE.finditer(text):
        if ended and ended - int(match[1]) + 1 in lengths:
            return _result(int(match[1]), ended, f"{where}的“{match[0]}”", 0.8)
    return None


def _past_years(text: str) -> Iterator[tuple[int, str]]:
    for match in _YEARS.finditer(text):
        before = _CLAUSE_END.split(text[max(0, match.start() - 20) : match.start()])[-1].rstrip()
        after = _CLAUSE_END.split(text[match.end() : match.end() + 20])[0]
        aim = before.endswith("到") and not _SINCE_YEAR.search(before)  # 由2011年的…增加到2015年的 is no aim
        if not aim and not _FUTURE.search(before + after):
            yield int(match[1]), match[0].strip()


def _latest(text: str, today: int | None) -> tuple[int, str, float]:
    """Return the latest year of the text, its basis and a confidence; year 0 if there is none."""
    past = (found for found in _past_years(text) if today is None or found[0] <= today)
    year, words = max(past, default=(0, ""))
    events = ((when, name) for name, when in EVENTS.items() if name in text)
    past_events = (event for event in events if today is None or event[0][0] <= today)
    (event_year, month), name = max(past_events, default=((0, 0), ""))
    if month >= 10 and event_year >= year and event_year != today:
        return event_year + 1, f"最晚的大事是{name}（{event_year}年{month}月），按次年推断", 0.5
    if event_year > year:
        return event_year, f"最晚的大事是{name}（{event_year}年{month}月）", 0.55
    return year, f"最晚的年份是“{words}”" if year else "", 0.6


class Years(NamedTuple):
    """``results`` and ``plans`` as in ``qa.types.Report``, and the basis of the results."""

    results: Period | None
    plans: Period | None
    basis: Inference


def infer_years(
    titles: Sequence[str], headings: Sequence[str], prose: str, body: str, delivered: str, published: str
) -> Years:
    """Infer the years from all text but bylines and furniture, else from all text, and the report's dates."""
    date = delivered or published
    today = int(date[:4]) if date else None
    titles = [*map(same_length, titles)]
    of_term = any(_YEARS_NAMED.search(title) or _TERM_NAMED.search(title) for title in titles)
    if not of_term and (found := _annual(titles, headings, delivered, date)):
        return found
    ended = today - 1 if today and "-01" <= date[4:7] <= HALF_YEAR else today
    period, why = infer_period(titles, prose, today, headings, ended, date[4:7] == "-01")
    if period is None:  # the day it was issued is better than nothing
        period, why = infer_period(titles, body)
    if today is None and why.confidence < UNDATED and _RELATIVE.search(prose):
        doubt = f"文首没有日期，“去年”“今年”是哪一年难以确定；{why.basis}"
        why = Inference("period", doubt, min(why.confidence, 0.4))
    return Years(period, _next(period, headings, prose, today), why)


def _annual(titles: Sequence[str], headings: Sequence[str], delivered: str, date: str) -> Years | None:
    """Return the years of a report of a year, or of half of one that plans the other, by title, headings and date."""
    texts = [part for text in [*titles, *headings] for part in _JOINTS.split(text)]
    own = texts[: sum(len(_JOINTS.split(title)) for title in titles)]
    back, ahead = _named(own, "result") or _named(texts, "result"), _named(texts, "plan")
    given = int(delivered[:4]) if delivered else None
    names = (title for title in titles if not title.startswith(("—", "―", "–", "（", "(")))
    titled = next((year for title in names for year in years_named(title)), None)
    if titled and given and abs(titled - given) > 1:
        why = f"标题中的“{titled}年”与作报告的日期{delivered}对不上，按日期推断"
        return _years(given - 1, given, why, 0.3)
    if any("政府工作报告" in title for title in titles):  # its title names the year in which it is given
        return _of_session(back, ahead, titled, date)
    if not back:
        return None
    year = max(back)
    states = [state_of_heading(text, _UNKNOWN) for text in texts]
    half = any("上半年" in text for text, state in zip(texts, states, strict=True) if state == "result")
    other_half = year if half and "plan" in states else None
    plan = min((later for later in ahead if later > year), default=other_half)
    return _years(year, plan, f"标题中的“{year}年”")


def _of_session(back: Sequence[int], ahead: Sequence[int], titled: int | None, date: str) -> Years | None:
    """Return the years of a session's report: it plans the year of its title and reports the one before."""
    plan = titled or min(ahead, default=None) or (int(date[:4]) if date else None)
    year = max(back, default=plan - 1 if plan else None)
    if year is None:
        return None
    given = f"标题中的“{plan}年”是做报告的一年" if titled or ahead else f"{date}做的报告"
    why = f"小标题中的“{year}年”" if back else f"{given}，所报告的是上一年"
    return _years(year, max(plan or 0, year + 1), why)


def _named(texts: Iterable[str], state: str) -> list[int]:
    """Return the single years of headings that announce results, or plans."""
    return [year for text in texts if state_of_heading(text, _UNKNOWN) == state for year in years_named(text)]


def _years(year: int, plan: int | None, why: str, confidence: float = 0.9) -> Years:
    plans = Period(plan, plan) if plan else None
    return Years(Period(year, year), plans, Inference("period", why, confidence))


def _next(period: Period | None, headings: Sequence[str], prose: str, today: int | None) -> Period | None:
    """Return the years that a report plans: those stated, the next term or the next year; None without plans."""
    if period is None:
        return None
    calendar = Calendar(period, None, today)
    if not (looks_ahead(prose) or any(state_of_heading(heading, calendar) == "plan" for heading in headings)):
        return None
    if length := period.end - period.start:
        lines = [same_length(text).lstrip("从自") for text in (*headings, *prose.splitlines())]
        opening = (Period(int(match[1]), int(match[2])) for match in filter(None, map(_RANGE.match, lines)))
        for term in (*opening, *(term for line in lines for term in terms_ahead(line))):
            if 0 <= term.start - period.end <= 1 and abs(term.end - term.start - length) <= 1:
                return term
        ahead = Counter(years_ahead(prose)).most_common(1)
        return Period(period.end, period.end + (ahead[0][0] if ahead else length))
    return Period(period.end + 1, period.end + 1)
