"""Result or plan, and of which years: worked out once for every sentence, from the structure of its report.

The heading path tells which part of the report a paragraph stands in; what follows the part on what is to be done
belongs to it, unless it says that it looks back. A paragraph that opens with a time (五年来, 去年) is of that time, and
under a heading that names several so are those behind it; a sentence that names its own goes before all of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.text.outlook import announced, is_ahead, stated
from qa.text.when import Calendar, Said, said
from qa.types import Hit, Paragraph, Period, Report, State

OPENING = 12  # characters at the start of a paragraph in which a time holds for what follows
_LEAD = re.compile(r"[^。：:，,；;]{2,20}[。：:]")
_MARK = re.compile(
    r"^\W*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]+部分)?[是]?\s*"
)


@dataclass(frozen=True, slots=True)
class Part:
    """What the part of a report that a paragraph stands in is about; ``period`` is None where it does not say."""

    state: State
    period: Period | None


def calendar_of(report: Report) -> Calendar:
    """What the words for time of a report are resolved from."""
    date = report.delivered or report.published
    return Calendar(report.period, report.plans, int(date[:4]) if date else None, bool(report.delivered))


def parts_of(paragraphs: Iterable[Paragraph], calendar: Calendar) -> Iterator[Part]:
    """The part of each paragraph, in order."""
    path: tuple[str, ...] = ()
    standing: State = ""  # of the last heading at the top that said anything
    anchor: Period | None = None
    spans = 0  # of time that the heading at the top names
    for paragraph in paragraphs:
        headings = paragraph.heading
        if headings[:1] != path[:1]:
            anchor = None
            opened = announced(headings[0], calendar) if headings else ""
            spans = len({time.period for time in said(headings[0], calendar)}) if headings else 0
            standing = opened or ("plan" if standing == "plan" and spans < 2 else "")
        path = headings
        state = _of_path(headings, standing, calendar)
        named = _of_headings(headings, calendar, state)
        if paragraph.kind != "prose":
            yield Part(state, named)
            continue
        lead = _opening(paragraph.text, calendar, state)
        if spans > 1:
            anchor = lead or anchor
        if lead and calendar.results and state == "":
            state = "plan" if is_ahead(lead, calendar) else "result"
        elif anchor and calendar.results and state == "":
            state = "plan" if is_ahead(anchor, calendar) else "result"
        yield Part(state, lead or anchor or named)


def _of_path(headings: Sequence[str], standing: State, calendar: Calendar) -> State:
    """The innermost heading that says anything, else what stands from before."""
    for heading in reversed(headings[1:]):
        if announced(heading, calendar) and any(not time.aside for time in said(heading, calendar)):
            return announced(heading, calendar)
    return standing


def _of_headings(headings: Sequence[str], calendar: Calendar, state: State) -> Period | None:
    """The years of the innermost heading that names one span; of several, the one that is of this state."""
    for heading in reversed(headings):
        times = [time for time in said(heading, calendar, state == "plan") if not time.aside]
        if times:
            return _fitting(times, calendar, state).period
    return None


def _fitting(times: Sequence[Said], calendar: Calendar, state: State) -> Said:
    """Of several spans in one heading the report's own year, else the first."""
    own = calendar.plans if state == "plan" else calendar.results
    return next((time for time in times if time.period == own), times[0])


def _opening(text: str, calendar: Calendar, state: State) -> Period | None:
    """The time that a paragraph opens with, behind its mark and the title of its own that some have."""
    mark = _MARK.match(text)
    start = mark.end() if mark else 0
    lead = _LEAD.match(text, start)
    for at in (start, lead.end() if lead else start):
        for time in said(text[at : at + 2 * OPENING], calendar, state == "plan"):
            if time.at[0] <= OPENING and not time.aside:
                return time.period
            break
    return None


def period_of(hit: Hit, start: int) -> Period | None:
    """The years that the sentence at an offset of a retrieved paragraph tells of."""
    return next((s.period for s in hit.sentences if s.start <= start < s.end), None)


def when_of(hit: Hit, start: int, end: int) -> tuple[str, bool]:
    """The years that a sentence tells of where its report is of others, or it is a plan, else ``""``; whether it is one."""
    own, report = period_of(hit, start), hit.report.period
    if own is None or report is None:
        return "", False
    plan = state_of(hit, start, end) == "plan"
    within = report.start <= own.start and own.end <= report.end
    return "" if within and not plan else str(own), plan


def state_of(hit: Hit, start: int, end: int) -> State:
    """Whether a stretch of a retrieved paragraph is a result or a plan: as its sentence says, else as its headings do."""
    for sentence in hit.sentences:
        if sentence.start < end and start < sentence.end and sentence.state:
            return sentence.state
    calendar = calendar_of(hit.report)
    return next(
        (state for part in reversed(hit.paragraph.heading) if (state := announced(part, calendar))), ""
    )


def asks_of_plans(question: str, report: Report) -> bool:
    """Whether what is ahead of a report is asked for, and not what was done."""
    return stated(question, calendar_of(report), "", len(question)) == "plan"


def told(text: str, calendar: Calendar, part: Part) -> tuple[State, Period | None]:
    """State and years of a sentence of a part."""
    state = stated(text, calendar, part.state)
    own = next((time for time in said(text, calendar, state == "plan") if not time.aside), None)
    if own:
        return state, own.period
    inherited = part.period
    if inherited and is_ahead(inherited, calendar) == (state == "plan"):
        return state, inherited
    return state, calendar.plans if state == "plan" else calendar.results
