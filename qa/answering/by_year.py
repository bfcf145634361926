"""The figure of one year among those that a sentence prints for several: 由2011年的3座增加到2015年的9座, 四年分别为…"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.answering.candidates import Evidence
from qa.answering.fact import Found
from qa.answering.statement import Statement, readable, snippet
from qa.answering.wording import Wording
from qa.question.periods import find_when
from qa.text.figures import figures, is_year, unit_kind
from qa.types import Figure, Period, Scope

__all__ = ["dated", "ends", "settled"]

DATED = 0.6  # what is left of the doubt where a sentence prints the figure of the very year that is asked for

_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_PLAIN = str.maketrans("〇零○一二三四五六七八九０１２３４５６７８９", "000123456789" + "0123456789")
_RANGE = re.compile(
    r"(?<!\d)(?:19|20)\d\d年?(?:\d{1,2}月)?\s*(?:[-—–－~～]+|至|到)\s*(?:19|20)\d\d(?!\d)年?(?:\d{1,2}月)?"
)
_DATED = re.compile(r"[^，,。；;]{0,12}$")  # what may stand between a year and its figure
_FROM = re.compile(r"(?:由|从)[^，,。；;]{0,16}$")
_TO = re.compile(
    r"[^，,。；;\d]{0,10}(?:到|至|为)(?:了)?(?:\D{0,4}[\d〇零一二三四五六七八九]{4}年(?:\d{1,2}月)?[底末初]?的?)?[^，,。；;\d]{0,4}"
)
_RESPECTIVELY = re.compile(r"分别(?:为|是|达到?|有|办理|完成|收缴|发放|新增|新建)?[^\d，,。；;]{0,6}$")


def settled(
    question: str, scope: Scope, told: Sequence[Found | None], wording: Wording
) -> tuple[Found | None, ...]:
    """What was found, each figure changed for that of the year, or the end of a change, that is asked for."""
    if scope.year is not None:
        return tuple(f and _settled(f, scope.year, scope.topic, wording) for f in told)
    spans = [p for p in find_when(question).periods if p.start < p.end]
    told = tuple(f and _of_span(f, spans[0], scope.topic, wording) for f in told) if len(spans) == 1 else told
    return tuple(told)


def _of_span(found: Found, span: Period, topic: str, wording: Wording) -> Found:
    """What was found in a row of a table, with the figure of the column for these very years."""
    evidence = found.statement.evidence
    if found.figure is None or evidence.hit.paragraph.kind != "table row":
        return found
    for start, end in evidence.clauses:
        head = evidence.text[start:end].partition("：")[0]
        if _RANGE.fullmatch(head) and [int(y) for y in re.findall(r"(?:19|20)\d\d", head)] == [
            span.start,
            span.end,
        ]:
            own = (f for f in figures(evidence.text) if start + len(head) < f.start < end)
            return next((_of_year(found, f, topic, wording) for f in own), found)
    return found


def dated(found: Found, year: int, topic: str, wording: Wording) -> Found | None:
    """What was found, with the figure of this year; None where its sentence does not say which that is."""
    if found.figure is None or is_year(found.figure):
        return None
    figure = _figure_of(found.statement.evidence, found.figure, year)
    return _of_year(found, figure, topic, wording) if figure else None


def _settled(found: Found, year: int, topic: str, wording: Wording) -> Found:
    if found.figure is None or is_year(found.figure):
        return found
    figure = _figure_of(found.statement.evidence, found.figure, year)
    if figure is None:
        return found
    sure = replace(found, support=1.0 - DATED * (1.0 - found.support))
    return sure if figure == found.figure else _of_year(sure, figure, topic, wording)


def ends(evidence: Evidence, figure: Figure) -> tuple[Figure, Figure] | None:
    """Both figures of a change of which one is given; None where the sentence prints none."""
    text = evidence.text
    own = [f for f in figures(text) if not is_year(f)]
    for before, after in pairwise(own):
        leads, between = text[max(0, before.start - 18) : before.start], text[before.end : after.start]
        alike = unit_kind(before.unit) == unit_kind(after.unit)
        if (
            alike
            and figure.start in (before.start, after.start)
            and _FROM.search(leads)
            and _TO.fullmatch(between)
        ):
            return before, after
    return None


def _figure_of(evidence: Evidence, figure: Figure, year: int) -> Figure | None:
    """The figure of this year that counts what the given one counts; None where the sentence does not say."""
    if evidence.hit.paragraph.kind == "table row":
        return _in_row(evidence, figure, year)
    text = evidence.text
    plain = text.translate(_PLAIN)
    own = [f for f in figures(text) if not is_year(f)]
    alike = [f for f in own if unit_kind(f.unit) == unit_kind(figure.unit)]
    for other in alike:
        before = max((f.end for f in own if f.end <= other.start), default=0)
        years = list(_YEAR.finditer(plain, before, other.start))
        if (
            years
            and int(years[-1].group()) == year
            and _DATED.fullmatch(text[years[-1].end() + 1 : other.start])
        ):
            return other
    return _in_turn(evidence, alike, figure, year)


def _in_row(evidence: Evidence, figure: Figure, year: int) -> Figure | None:
    """The cell of this year under the same head."""
    text = evidence.text
    cells = [(text[a:b], a, b) for a, b in evidence.clauses]
    own = next((head for head, a, b in cells if a <= figure.start < b), "")
    head = _YEAR.sub("", own.partition("：")[0])
    for cell, a, b in cells:
        named = cell.partition("：")[0]
        if str(year) in _YEAR.findall(named) and _YEAR.sub("", named) == head:
            return next((f for f in figures(text) if a <= f.start < b and not is_year(f)), None)
    return None


def _in_turn(evidence: Evidence, alike: list[Figure], figure: Figure, year: int) -> Figure | None:
    """The figure of this year in a list of one a year: of years that are named, or of the years of the report."""
    listed = _list_of(evidence.text, alike, figure)
    if len(listed) < 2:
        return None
    named = [int(y) for y in _YEAR.findall(evidence.text[: listed[0].start])]
    period = evidence.hit.report.period
    if len(named) != len(listed):
        whole = period is not None and period.end - period.start + 1 == len(listed)
        named = list(range(period.start, period.end + 1)) if whole and period else []
    return listed[named.index(year)] if year in named else None


def _list_of(text: str, alike: list[Figure], figure: Figure) -> list[Figure]:
    """The figures of the list behind 分别 that the given one stands in."""
    runs: list[list[Figure]] = []
    for item in alike:
        near = runs and re.fullmatch(r"[、，,和及与]\s*", text[runs[-1][-1].end : item.start])
        if near:
            runs[-1].append(item)
        else:
            runs.append([item])
    run = next((r for r in runs if any(f.start == figure.start for f in r)), [])
    return run if run and _RESPECTIVELY.search(text[: run[0].start]) else []


def _of_year(found: Found, figure: Figure, topic: str, wording: Wording) -> Found:
    """What was found, with this figure of its sentence in the place of the one that was taken."""
    evidence = found.statement.evidence
    said = snippet(evidence, (figure.start, figure.end), topic, wording)
    listed = _list_of(evidence.text, [f for f in figures(evidence.text) if not is_year(f)], figure)
    if len(listed) > 1 and evidence.hit.paragraph.kind != "table row":
        start = next((a for a, b in evidence.clauses if a <= listed[0].start < b), 0)
        said = Statement(readable(evidence.text[start : listed[-1].end]), evidence, (start, listed[-1].end))
    return replace(found, figure=figure, short=figure.text, statement=said)
