"""Yes-or-no questions that state a figure (会员有100万人吗): whether the evidence bears it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from qa.answering.fact import Found
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.types import Figure, Query, Scope

Verdict = Literal["", "yes", "no"]  # "" where nothing of the kind is stated, or told

_AT_LEAST = frozenset(("超", "超过", "突破", "逾", "余", "多", "以上", "不少于", "不低于"))
_AT_MOST = frozenset(("不到", "不足", "不超过", "以下", "以内"))
_ABOUT = frozenset(("近", "约", "大约", "接近", "将近", "左右", "上下"))
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
NEARLY = 0.05  # share by which 约 and 近 may be off


def verdict(query: Query, found: Found) -> Verdict:
    """Whether what was found bears out the figures that a question states."""
    asked = _stated(query.topic)
    if query.kind != "check":
        return ""
    year = query.scopes[0].year
    years = _YEAR.findall(found.statement.text)
    if year and years and str(year) not in years:
        return "no"  # 是2020年开馆的吗, and the report says 2021年
    if not asked:
        return ""
    told = figures(found.statement.text if year else found.statement.evidence.text)
    if all(_said(a, query.topic, found.figure, told) for a in asked):
        return "yes"
    return "no" if any(_alike(a, f) for a in asked for f in told) else ""


def opened(query: Query, scope: Scope) -> tuple[Query, Scope]:
    """The question as it would be asked without knowing: 书屋是不是50个 → 书屋是不是多少个."""
    if query.kind != "check" or not _stated(query.topic):
        return query, scope
    parts = tuple(replace(p, text=_open(p.text)) for p in query.parts)
    asked = replace(query, topic=_open(query.topic), focus=_open(query.focus), parts=parts)
    return asked, replace(scope, topic=_open(scope.topic))


def _open(text: str) -> str:
    for figure in reversed(_stated(text)):
        text = f"{text[: figure.start]}多少{figure.unit}{text[figure.end :]}"
    return text


def _stated(text: str) -> list[Figure]:
    return [f for f in figures(text) if not is_year(f) and any(c.isdigit() for c in f.text)]


def _said(asked: Figure, topic: str, answer: Figure | None, told: Sequence[Figure]) -> bool:
    if any(_alike(asked, f) and same_value(asked.value, f.value) for f in told):
        return True
    if answer is None or not _alike(asked, answer):
        return False
    if asked.approximator in _AT_LEAST or topic[: asked.start].endswith(("达", "达到", "到了", "到")):
        return answer.value >= asked.value
    if asked.approximator in _AT_MOST:
        return answer.value <= asked.value
    return asked.approximator in _ABOUT and abs(answer.value - asked.value) <= NEARLY * asked.value


def _alike(one: Figure, other: Figure) -> bool:
    return not one.unit or not other.unit or unit_kind(one.unit) == unit_kind(other.unit)
