"""Tell results from plans: what a heading announces, what a sentence states, and of which years that is.

The structure of a report decides first. The heading path shows which part of the report a paragraph is in; what follows
the part on plans belongs to it, unless it looks back. A paragraph that opens with a time (五年来, 去年) is of that time,
and so are those after it where the heading names several times, or a longer one (“十四五”) than the report's own year,
which is named after it (刚刚过去的2025年). A sentence that states otherwise, or names its own time, takes precedence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from qa.text.figures import figures, unit_kind
from qa.text.numerals import number_of
from qa.text.organisations import report_label
from qa.text.rows import heads_at
from qa.text.sentences import holding, split_sentences
from qa.text.when import Calendar, TimeExpression, first_before, time_expressions
from qa.types import Hit, Paragraph, Period, Report, State

_BACK_NOUN = r"(?:回顾|总结|成就|成绩|成效|回眸|历程|工作情况|完成情况|进展情况|执行情况)"
_AHEAD_NOUN = r"(?:安排|部署|打算|目标|任务|要求|思路|展望|考虑|要点|措施|计划数?)"
_SEGMENT = r"(?=[和与及暨、，,；;（(。：:】]|$)"  # a noun decides only at the end of a phrase
_LOOKS_BACK = re.compile(rf"{_BACK_NOUN}{_SEGMENT}|过去|以来|[一二三四五\d]年来")
_LOOKS_AHEAD = re.compile(rf"{_AHEAD_NOUN}{_SEGMENT}|[今往]后|未来|下一步|明年")
_STRONG = re.compile(
    r"将(?:继续|全面|进一步|深入|大力|着力|实施|开展|建设|新建|举办|推进|打造|启动|建成|达到|投入|力争|按照|坚持|重点|围绕)"
    r"|力争|下一步|将要|确保到|拟(?:新|建|投)|要(?:新建|新增|建成|完成|实现|达到|迈上|新发展)"
)
_OPENS = re.compile(r"(?:^|[，,；;：:。\n])在?(?:[今往]后|未来|接下来|下一步|预计)")
_WEAK = re.compile(r"争取|计划(?!生育)|预计|预期|目标|打算|[今往]后|未来")  # before a figure
_DONE = re.compile(r"已|完成了|实现了|累计|共计|(?:胜利|圆满|顺利|超额|全面|如期|提前)(?:完成|实现)")
DONE_BEFORE = 12  # characters before a figure searched for what is done


def state_of_heading(heading: str, calendar: Calendar) -> State:
    """Return what a heading announces, ``""`` if nothing or both.

    >>> state_of_heading("三、2026年重点工作", Calendar(Period(2025, 2025))), state_of_heading("往后五年怎么干", Calendar(None))
    ('plan', 'plan')
    """
    back, ahead = _LOOKS_BACK.search(heading), _LOOKS_AHEAD.search(heading)
    if back or ahead:
        several = back and ahead and re.search(r"[和与及、，,暨]", heading)  # 目标任务完成情况 is one phrase
        return "" if several else ("result" if back else "plan")
    return _by_years(list(time_expressions(heading, calendar)), calendar)


def state_with_time(headings: Sequence[str], calendar: Calendar) -> State:
    """Return what the innermost heading of a path announces that names a time; ``""`` if none does."""
    for heading in reversed(headings):
        state = state_of_heading(heading, calendar)
        if state and any(not time.aside for time in time_expressions(heading, calendar)):
            return state
    return ""


def announced_by(headings: Sequence[str], calendar: Calendar) -> State:
    """Return what a path of headings announces, outermost first.

    The innermost that names a time decides, then the outermost that announces anything: 加快释放改革成效 under
    2026年重点工作 is a plan.
    """
    states: list[State] = [state_of_heading(heading, calendar) for heading in headings]
    return state_with_time(headings, calendar) or next(filter(None, states), "")


def _by_years(times: list[TimeExpression], calendar: Calendar) -> State:
    """Return what years alone show: those after the results are ahead."""
    if not times or calendar.results is None:
        return ""
    ahead = [is_ahead(time.period, calendar) for time in times if not time.aside]
    return "plan" if ahead and all(ahead) else ("result" if ahead and not any(ahead) else "")


def looks_ahead(text: str) -> bool:
    """Whether a clause of a text opens with what comes next."""
    return _OPENS.search(text) is not None


def signs_of_plan(text: str, upto: int) -> frozenset[str]:
    """Return the words before an offset that indicate a plan if nothing else decides."""
    found = chain.from_iterable(pattern.finditer(text, 0, upto) for pattern in (_STRONG, _OPENS, _WEAK))
    return frozenset(match.group().strip("，,；;：:。\n") for match in found)


def signs_of_done(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text that say of something that it is done."""
    return _DONE.finditer(text)


def is_ahead(period: Period, calendar: Calendar) -> bool:
    """Whether years are after those whose results are reported; a new term begins in the last year of the old one."""
    if calendar.results is None:
        return False
    return period.start > calendar.results.end or (period == calendar.plans and period != calendar.results)


def state_of_sentence(text: str, calendar: Calendar, part: State, upto: int | None = None) -> State:
    """Return whether a sentence of a ``part``, or what is before ``upto``, is a result or a plan."""
    end = len(text) if upto is None else upto
    first = _first_time(text, calendar, part == "plan")
    own = _by_years([first] if first and first.at[0] < end else [], calendar)
    strong = first_before(_STRONG, text, end) is not None
    done = _DONE.search(text, 0 if upto is None else max(0, upto - DONE_BEFORE), end) is not None
    if part == "plan":
        return "result" if own == "result" and done and not strong else "plan"
    if done and own != "plan":
        return "result"
    loose = _OPENS if upto is None else _WEAK
    if strong or own == "plan" or (part == "" and first_before(loose, text, end)):
        return "plan"
    return part or "result"


@lru_cache(maxsize=16)  # asked for each figure of a sentence
def _first_time(text: str, calendar: Calendar, planned: bool) -> TimeExpression | None:
    return next((time for time in time_expressions(text, calendar, planned) if not time.aside), None)


_COUNTED = re.compile(r"(?P<number>[两二三四五六七八九十])[项大个](?P<kind>[一-龥]{2})")
OPENING = 12  # characters at the start of a paragraph in which a time holds for what follows
_LEAD = re.compile(r"[^。：:！!，,；;]{2,20}[。：:！!]")


@dataclass(frozen=True, slots=True)
class Outlook:
    """State and years of the part of a report that a paragraph is in; ``period`` is None if not stated."""

    state: State
    period: Period | None


def calendar_of(report: Report) -> Calendar:
    """Return the years that a report's words for time are resolved from."""
    date = report.delivered or report.published
    return Calendar(report.period, report.plans, int(date[:4]) if date else None, bool(report.delivered))


def parts_of(paragraphs: Sequence[Paragraph], calendar: Calendar) -> Iterator[Outlook]:
    """Yield the part of each paragraph, in order."""
    announced = _announced_as_plans(paragraphs, calendar)
    path: tuple[str, ...] = ()
    standing: State = ""  # of the last top heading that announced anything
    anchor: Period | None = None
    spans = 0  # periods that the top heading names
    for paragraph in paragraphs:
        headings = paragraph.heading
        if headings[:1] != path[:1]:
            anchor = None
            opened = state_of_heading(headings[0], calendar) if headings else ""
            opened = "plan" if not opened and headings[:1] in announced else opened
            spans = len({time.period for time in time_expressions(headings[0], calendar)}) if headings else 0
            standing = opened or ("plan" if standing == "plan" and spans < 2 else "")
        path = headings
        state = state_with_time(headings[1:], calendar) or standing
        named = _of_headings(headings, calendar, state)
        if paragraph.kind != "prose":
            yield Outlook(state, named)
            continue
        if lead := _opening(paragraph.text, calendar, state):
            longer = (
                named is not None and named != lead and named.start <= lead.start <= lead.end <= named.end
            )
            anchor = lead if spans > 1 or (longer and lead == calendar.results) else None
        time = lead or anchor
        if time and calendar.results and state == "":
            state = "plan" if is_ahead(time, calendar) else "result"
        yield Outlook(state, time or named)


def _announced_as_plans(paragraphs: Sequence[Paragraph], calendar: Calendar) -> set[tuple[str, ...]]:
    """Return the top headings that a sentence on plans counts: 以“四项行动”为统领, where four have 行动."""
    tops = {paragraph.heading[:1] for paragraph in paragraphs if paragraph.heading}
    found = set[tuple[str, ...]]()
    for text in (paragraph.text for paragraph in paragraphs if tops):
        for match in _COUNTED.finditer(text):
            counted = {top for top in tops if match["kind"] in top[0]}
            sentence = text[slice(*holding(split_sentences(text), match.start()))]
            all_told = len(counted) == number_of(match["number"])
            if all_told and state_of_sentence(sentence, calendar, "") == "plan":
                found |= counted
    return found


def _of_headings(headings: Sequence[str], calendar: Calendar, state: State) -> Period | None:
    """Return the years of the innermost heading with a time; of several the report's own of this state, else the first."""
    for heading in reversed(headings):
        times = [time for time in time_expressions(heading, calendar, state == "plan") if not time.aside]
        if times:
            own = calendar.plans if state == "plan" else calendar.results
            return next((time.period for time in times if time.period == own), times[0].period)
    return None


def _opening(text: str, calendar: Calendar, state: State) -> Period | None:
    """Return the time that a paragraph opens with, or what follows the short title that some have."""
    lead = _LEAD.match(text)
    titled = lead and not any(f.unit for f in figures(lead[0]))
    for at in (0, lead.end() if lead and titled else 0):
        opening = text[at : at + 2 * OPENING]
        time = next(time_expressions(opening, calendar, state == "plan"), None)
        if time and time.at[0] <= OPENING and not time.aside and _is_before_figures(time, opening):
            return time.period
    return None


def of_column(paragraph: Paragraph, start: int, end: int, calendar: Calendar) -> Outlook:
    """Return state and years that the head of its column, else of its row, states for a stretch of one cell of a table row."""
    told = Outlook("", None)
    for head in heads_at(paragraph.text, start, end) if paragraph.kind == "table row" else ():
        times = (time.period for time in time_expressions(head, calendar) if not time.aside)
        told = Outlook(told.state or state_of_heading(head, calendar), told.period or next(times, None))
    return told


def when_of(hit: Hit, start: int, end: int) -> tuple[Period | None, bool]:
    """Return a sentence's or a cell's years, None if they are its report's and it is no plan; and whether it is a plan."""
    column = of_column(hit.paragraph, start, end, calendar_of(hit.report))
    of_sentence = (s.period for s in hit.sentences if s.start <= start < s.end)
    own, report = next(filter(None, (column.period, *of_sentence)), None), hit.report.period
    plan = state_of(hit, start, end) == "plan"
    of_report = (
        own is None or report is None or (report.start <= own.start <= own.end <= report.end and not plan)
    )
    return None if of_report else own, plan


def time_at(hit: Hit, start: int, end: int) -> str:
    """Return the time of a stretch of a retrieved paragraph if it is not its report's: 2026，计划; else ``""``."""
    years, plan = when_of(hit, start, end)
    return "，".join(filter(None, (str(years or ""), "计划" if plan else "")))


def label_at(hit: Hit, start: int, end: int) -> str:
    """Return the place and the time of a stretch of a retrieved paragraph: 温州（2018–2023）, 河南（2026，计划）."""
    return report_label(hit.report, time_at(hit, start, end))


def state_of(hit: Hit, start: int, end: int) -> State:
    """Return whether a stretch of a retrieved paragraph is a result or a plan, by its column or sentence, else its headings."""
    calendar = calendar_of(hit.report)
    column = of_column(hit.paragraph, start, end, calendar).state
    own = (s.state for s in hit.sentences if s.start < end and start < s.end)
    above = (state_of_heading(part, calendar) for part in reversed(hit.paragraph.heading))
    return next(filter(None, (column, *own, *above)), "")


def asks_of_plans(question: str, report: Report) -> bool:
    """Whether a question asks for a report's plans, not its results."""
    return state_of_sentence(question, calendar_of(report), "", len(question)) == "plan"


def _is_before_figures(time: TimeExpression, text: str) -> bool:
    """Whether a time is of all that a text tells: no figure but a date stands before it."""
    return not any(f.end <= time.at[0] and unit_kind(f.unit) != "天" for f in figures(text))


def state_and_period(text: str, calendar: Calendar, part: Outlook) -> tuple[State, Period | None]:
    """Return state and years of a sentence of a part."""
    state = state_of_sentence(text, calendar, part.state)
    times = [time for time in time_expressions(text, calendar, state == "plan") if not time.aside]
    columns = {time.period for time in times if "；" in text and text.startswith("：", time.at[1])}
    if times and len(columns) < 2 and _is_before_figures(own := times[0], text):
        return state, own.period
    if part.period and is_ahead(part.period, calendar) == (state == "plan"):
        return state, part.period
    return state, calendar.plans if state == "plan" else calendar.results
