"""Write refusals: that the reports do not hold the answer, and why."""

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.compose import compose
from qa.answering.statement import Hits
from qa.text.divisions import short_name
from qa.text.organisations import report_label
from qa.types import Answer, Query, Reason, Report, Scope

REFUSAL = "报告里没有"  # a refusal begins with these words, unless a filter is why
UNSURE = "不能确定报告里有没有答案。下面是最接近的段落，请自行判断。"


def refuse(query: Query, reason: Reason, passages: Hits, reports: Sequence[Report]) -> Answer:
    """Return a refusal with its reason; the nearest passages are shown next to it."""
    own = (report_label(r).partition("（")[0] for r in reports if r.place.name or r.organisation)
    known = dict.fromkeys(own)
    asked = "、".join(dict.fromkeys(_label(s, query) for s in query.scopes if s.label))
    if reason == "unknown_place" and known.keys() & set(map(short_name, query.outside.split("、"))):
        why = f"所选的范围不含{query.outside}，没有查那里的报告。请去掉筛选再问。"
    elif reason == "unknown_place":
        why = f"{REFUSAL}{query.outside}的资料" + (f"，现有报告只写到{'、'.join(known)}。" if known else "。")
    elif reason == "outside_period":
        why = f"{REFUSAL}{asked}{query.outside}的资料。"
    else:
        why = f"{REFUSAL}找到{asked + '的' if asked and len(asked) < 40 else ''}这项内容。"
    return compose(query, (), passages, reason=reason, opening=why)


def unsure(query: Query, passages: Hits, of_term: str = "") -> Answer:
    """Return an abstention that only shows the passages, and names the places without a report.

    ``of_term``: the place and term of the figure that was found, if one of its earlier years is asked for.
    """
    absent = "、".join(dict.fromkeys(_label(s, query) for s in query.scopes if s.place and not s.report_ids))
    opening = f"没有收录{absent}的报告。{UNSURE}" if absent else UNSURE
    opening = f"只查到{of_term}合计的数，没有查到单独这一年的。{UNSURE}" if of_term else opening
    return compose(query, (), passages, reason="unsure", opening=opening)


def partly(answer: Answer) -> Answer:
    """Return an answer that tells only some of what is asked as one that is not sure of the whole."""
    return replace(answer, abstained=True, reason="unsure", short=None)


def _label(scope: Scope, query: Query) -> str:
    """Return the place that was asked about, with its term if the question names the years."""
    years = {str(scope.period.start), str(scope.period.end)} if scope.period else set()
    named = all(year in query.standalone for year in years)
    return scope.label if named else scope.name


def chatter(query: Query) -> Answer:
    """Return a friendly sentence for what is no question."""
    ending = ("谢", "辛苦", "好的", "收到", "明白", "知道了", "再见", "拜")
    if any(word in query.asked for word in ending):
        return compose(query, (), (), opening="不客气。还想查哪个地区、哪一届的情况，请直接问我。")
    who = "您好，我只根据已收录的工会报告回答问题，并给出原文出处。"
    how = "请告诉我地区、时间和想查的内容，例如某市某一届建了多少家职工书屋。"
    return compose(query, (), (), opening=who + how)
