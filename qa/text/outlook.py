"""Decide between result and plan: what a heading announces, and what a sentence states.

The structure of a report decides first; a sentence that explicitly states otherwise takes precedence.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from qa.text.when import Calendar, TimeExpression, first_before, time_expressions
from qa.types import Period, State

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
