"""Infer the years of a report's results and of its plans, from its title, its headings and its date.

A report given early in a year reports the year before and plans this one; its headings say so. A report of a
term, or one without a year in its title or headings, is dated by :mod:`qa.reading.period`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.reading.head import Head
from qa.reading.period import infer_period
from qa.text.outlook import looks_ahead, state_of_heading
from qa.text.when import Calendar, years_ahead, years_named
from qa.types import Inference, Period

_JOINTS = re.compile(r"(?<=[结顾况就绩])[和与及暨、]|(?<=时期)[和与及、](?=(?:19|20)\d\d)|[，,；;]")
_RANGE = re.compile(r"(?:19|20)\d\d\s*年?\s*[-—–~～至到]+\s*(?:19|20)\d\d")
_TERM = re.compile(
    r"代表大会.{0,3}(?:工作)?报告|第[一二三四五六七八九十]+届委员会|[二三四五]年(?:来|间|工作)"
)
_SESSION = re.compile(r"政府工作报告")  # its title names the year in which it is given
_RELATIVE = re.compile(r"今年|去年|明年|上年")
UNDATED = 0.8  # confidence below which 今年 is ambiguous in a report without a date


@dataclass(frozen=True, slots=True)
class Years:
    """``results`` and ``plans`` as in ``qa.types.Report``, and the basis of the results."""

    results: Period | None
    plans: Period | None
    basis: Inference


def infer_years(titles: Sequence[str], headings: Sequence[str], prose: str, body: str, head: Head) -> Years:
    """Infer the years; ``prose`` is all text but bylines and furniture, ``body`` is all text."""
    date = head.delivered or head.published
    today = int(date[:4]) if date else None
    of_term = any(_RANGE.search(title) or _TERM.search(title) for title in titles)
    if not of_term and (found := _annual(titles, headings, head)):
        return found
    period, why = infer_period(titles, prose, today)
    if period is None:  # the day it was issued is better than nothing
        period, why = infer_period(titles, body)
    if today is None and why.confidence < UNDATED and _RELATIVE.search(prose):
        why = Inference(
            "period", f"文首没有日期，“去年”“今年”是哪一年难以确定；{why.basis}", min(why.confidence, 0.4)
        )
    return Years(period, _next(period, headings, prose, today), why)


def _annual(titles: Sequence[str], headings: Sequence[str], head: Head) -> Years | None:
    """Return the years of a report of one year if its title, headings and date give them; else None."""
    texts = [part for text in [*titles, *headings] for part in _JOINTS.split(text)]
    back, ahead = _named(texts, "result"), _named(texts, "plan")
    given = int(head.delivered[:4]) if head.delivered else None
    names = (title for title in titles if not title.startswith(("—", "―", "–", "（", "(")))
    titled = next((year for title in names for year in years_named(title)), None)
    if titled and given and abs(titled - given) > 1:
        why = f"标题中的“{titled}年”与作报告的日期{head.delivered}对不上，按日期推断"
        return _years(given - 1, given, why, 0.3)
    if any(_SESSION.search(title) for title in titles):
        return _of_session(back, ahead, titled, head)
    if back:
        year = max(back)
        plan = min((later for later in ahead if later > year), default=None)
        return _years(year, plan, f"标题中的“{year}年”")
    return None


def _of_session(back: Sequence[int], ahead: Sequence[int], titled: int | None, head: Head) -> Years | None:
    """Return the years of a session's report: it plans the year of its title and reports the one before."""
    date = head.delivered or head.published
    plan = titled or min(ahead, default=None) or (int(date[:4]) if date else None)
    year = max((y for y in back if plan is None or y <= plan), default=plan - 1 if plan else None)
    if year is None:
        return None
    if back:
        why = f"小标题中的“{year}年”"
    elif titled or ahead:
        why = f"标题中的“{plan}年”是做报告的一年，所报告的是上一年"
    else:
        why = f"{date}做的报告，所报告的是上一年"
    return _years(year, max(plan or 0, year + 1), why)


def _named(texts: Iterable[str], state: str) -> list[int]:
    """Return the single years of headings that announce results, or plans."""
    unknown = Calendar(None)
    return [year for text in texts if state_of_heading(text, unknown) == state for year in years_named(text)]


def _years(year: int, plan: int | None, why: str, confidence: float = 0.9) -> Years:
    plans = Period(plan, plan) if plan else None
    return Years(Period(year, year), plans, Inference("period", why, confidence))


def _next(period: Period | None, headings: Sequence[str], prose: str, today: int | None) -> Period | None:
    """Return the years that a report plans: the next term or the next year; None without plans."""
    if period is None:
        return None
    calendar = Calendar(period, None, today)
    if not (looks_ahead(prose) or any(state_of_heading(heading, calendar) == "plan" for heading in headings)):
        return None
    if length := period.end - period.start:
        ahead = Counter(years_ahead(prose)).most_common(1)
        return Period(period.end, period.end + (ahead[0][0] if ahead else length))
    return Period(period.end + 1, period.end + 1)
