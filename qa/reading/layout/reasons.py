"""Explain what restoration left unchanged: lines recognised by their own form, and fragments."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.reading.layout.characters import finished
from qa.reading.layout.evidence import Evidence
from qa.reading.layout.joins import Join
from qa.reading.layout.records import Decision, Kind, Line, What

LONGEST_LABEL = 30  # characters; a shorter line without an end is no fragment of a paragraph
_FORMS: dict[Kind, tuple[What, float, str]] = {
    "byline": ("byline", 0.85, "由姓名、单位、来源或日期组成的短行，是署名"),
    "keywords": ("keywords", 0.95, "以“关键词”一类的字样开头"),
    "furniture": ("furniture", 0.9, "页码、报头或各页重复的文字"),
    "caption": ("caption", 0.8, "带有图注的标记或摄影者的名字，是图片说明"),
    "heading": ("heading", 0.85, "以编号开头的短行，是小标题"),
}


def by_form(found: Sequence[Line], sorting: Sequence[Decision]) -> list[Decision]:
    """Return a decision for each line that its own form, not its neighbours, showed to be no prose."""
    known = {decision.at for decision in sorting}
    formed = [line for line in found if not line.fixed and line.kind in _FORMS]
    explained = [((line.start, line.end), *_FORMS[line.kind]) for line in formed]
    return [Decision(what, at, None, sure, why) for at, what, sure, why in explained if at not in known]


def fragments(found: Sequence[Line], joins: Sequence[Join], evidence: Evidence) -> list[Decision]:
    """Return a decision for each piece of prose that stops in mid-sentence and has no continuation."""
    joined = {join.tail for join in joins}
    loose = [
        line
        for i, line in enumerate(found)
        if line.kind == "prose" and not line.fixed and i not in joined and len(line.ink) > LONGEST_LABEL
        and not finished(line.ink) and line.ink[-1] not in "：:；;"
    ]  # fmt: skip
    reason = "句子未完，没有找到读来连贯的下文，保留原样"
    return [
        Decision("fragment", (line.end, line.end), None, round(1 - math.exp(min(ending, 0.0)), 2), reason)
        for line, ending in zip(loose, evidence.endings(loose), strict=True)
    ]
