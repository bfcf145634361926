"""Answer yes-or-no questions that state a figure (会员有100万人吗) by comparing it with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from qa.answering.fact import YEAR, Fact
from qa.question.kinds import CHECK
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.types import Figure, Query

Verdict = Literal["", "yes", "no"]  # "" if the question or the evidence states no such figure

_AT_LEAST = frozenset(("超", "超过", "突破", "逾", "余", "多", "以上", "不少于", "不低于"))
_AT_MOST = frozenset(("不到", "不足", "不超过", "以下", "以内"))
_ABOUT = frozenset(("近", "约", "大约", "接近", "将近", "左右", "上下"))
NEARLY = 0.05  # share by which 约 and 近 may be off


def verdict(query: Query, found: Fact) -> Verdict:
    """Return whether a fact confirms the figures that a question states."""
    asked = _stated(query.topic)
    year = query.scopes[0].year
    years = YEAR.findall(found.statement.text)
    if year and years and str(year) not in years:
        return "no"  # 是2020年开馆的吗, and the report says 2021年
    if not asked:
        return ""
    reported = [found.figure] if year and found.figure else figures(found.statement.evidence.text)
    if all(_confirmed(a, query.topic, found.figure, reported) for a in asked):
        return "yes"
    return "no" if any(_same_kind(a, f) for a in asked for f in reported) else ""


def without_stated_figures(query: Query) -> Query:
    """Return a query with the figures that it states asked for instead: 书屋是不是50个 → 书屋多少个."""
    if query.kind != "check" or not _stated(query.topic):
        return query
    return replace(
        query,
        standalone=_asked_instead(query.standalone),
        topic=_asked_instead(query.topic),
        focus=_asked_instead(query.focus),
        parts=tuple(replace(p, text=_asked_instead(p.text)) for p in query.parts),
        scopes=tuple(replace(scope, topic=_asked_instead(scope.topic)) for scope in query.scopes),
    )


def _asked_instead(text: str) -> str:
    """Replace the figures that a text states by 多少 and their units, and leave out the words that ask whether it is so."""
    for figure in reversed(_stated(text)):
        text = f"{text[: figure.start]}多少{figure.unit}{text[figure.end :]}"
    return CHECK.sub("", text)


def _stated(text: str) -> list[Figure]:
    return [f for f in figures(text) if not is_year(f) and any(c.isdigit() for c in f.text)]


def _confirmed(asked: Figure, topic: str, answer: Figure | None, reported: Sequence[Figure]) -> bool:
    if any(_same_kind(asked, f) and same_value(asked.value, f.value) for f in reported):
        return True
    if answer is None or not _same_kind(asked, answer):
        return False
    if asked.approximator in _AT_LEAST or topic[: asked.start].endswith(("达", "达到", "到了", "到")):
        return answer.value >= asked.value
    if asked.approximator in _AT_MOST:
        return answer.value <= asked.value
    return asked.approximator in _ABOUT and abs(answer.value - asked.value) <= NEARLY * asked.value


def _same_kind(one: Figure, other: Figure) -> bool:
    return not one.unit or not other.unit or unit_kind(one.unit) == unit_kind(other.unit)
