"""Which figures of the evidence a computation is made with: one a place or term, or one a noun of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.by_year import dated, ends
from qa.answering.candidates import Evidence, evidence_of, rows_of
from qa.answering.computation import Operation
from qa.answering.fact import Found, find_parts
from qa.answering.series import whole_column
from qa.answering.statement import snippet
from qa.answering.wording import Wording
from qa.question.kinds import unit_of
from qa.question.periods import find_when
from qa.text.figures import figures, unit_kind
from qa.text.rows import row_figures
from qa.text.sentences import cells
from qa.types import Hit, Part, Query, Scope

__all__ = ["operands", "printed_result"]

_PER = re.compile(
    r"(?:平均|平摊|折合|摊到|合)*(?:下来|到)?(?:每|一)(?P<unit>个人|人次|[个家户名位人场件项次份])(?P<noun>[一-龥]{0,8}?)(?=平均|有|是|拿|得|发|补|花|多少|大概|[，,]|$)(?:平均)?|(?P<each>[人户场件家份])均|平均(?:下来)?|平摊(?:下来)?"
)
_EACH = re.compile(r"(?:每[个一]?[人名位户家场件月年]|[人户场件]均)[^，,。；;]{0,12}$")
_CHANGED = re.compile(r"(?:增加|增长|净增|减少|下降|降低|提高|提升|上升|缩短)了?$")
COUNTED = 0.6  # what is left of the doubt where a list has just as many figures as are asked for
MOST_YEARS = 12  # that are added up
PRINTED = 0.58  # support from which a printed result is told
_ADDED = re.compile(
    r"加起来|合起来|合在一起|加[在到]?一[块起]|[两三四五]类|加总|合计|总和|之和|相差|一共|总共|差|多少"
)


def operands(
    query: Query, operation: Operation, found: Sequence[Sequence[Hit]], wording: Wording
) -> tuple[Found, ...]:
    """The figures to compute with: one a scope, or one a noun of the question, or two that stand together."""
    if len(query.scopes) > 1:
        part = query.parts[0]
        if operation in ("growth", "share", "times"):
            part = replace(part, unit=None)  # 增长百分之几 asks two figures of any unit
        asked = list(zip(query.scopes, found, strict=True))
        if operation == "growth":
            asked.sort(key=lambda each: each[0].year or 0)
        items = [_of_scope(part, scope, hits, wording) for scope, hits in asked]
        chosen = tuple(f for f in items if f and f.figure)
        if len({_place_of(f) for f in chosen}) == len(chosen):
            return chosen
        return _both_ends(chosen[0]) if operation in ("growth", "difference", "times") else ()
    evidence = evidence_of(found[0])
    if operation in ("growth", "difference", "times") and (both := _from_to(query, evidence, wording)):
        return both
    if operation == "sum" and (
        each := _over_years(query, evidence, wording) or whole_column(query, found[0], wording)
    ):
        return each
    items = list(find_parts(_parts(query, operation), query.scopes[0], evidence, wording))
    return tuple({_place_of(f): f for f in items if f and f.figure}.values())  # no figure by itself


def _place_of(found: Found) -> tuple[str, int, int, int]:
    """Where the figure of what was found is printed."""
    own = found.statement.evidence
    start = found.figure.start if found.figure else -1
    return own.hit.report.id, own.hit.paragraph.number, own.start, start


def _of_scope(part: Part, scope: Scope, hits: Sequence[Hit], wording: Wording) -> Found | None:
    """The figure of one scope; of its latest report, where it has several and that one says it."""
    several = scope.place is not None and len(scope.report_ids) > 1
    latest = [h for h in hits if several and h.report.id == scope.report_ids[-1]]
    item = find_parts((part,), scope, evidence_of(latest), wording)[0] if latest else None
    return (
        item
        if item and item.support >= PRINTED
        else find_parts((part,), scope, evidence_of(hits), wording)[0]
    )


def printed_result(query: Query, operation: Operation, hits: Sequence[Hit], wording: Wording) -> Found | None:
    """What a report prints itself, so that nothing has to be computed: 每名奖励2万元, 比上年增加4330条."""
    leads = _EACH if operation == "ratio" else _CHANGED if operation in ("difference", "growth") else None
    item = find_parts(query.parts[:1], query.scopes[0], evidence_of(hits), wording)[0]
    if item is None or item.figure is None or item.support < PRINTED:
        return None
    if operation == "share" and item.figure.unit == "%":
        return item
    if leads is None:
        return None
    text, unit = item.statement.evidence.text, unit_kind(item.figure.unit)
    for figure in sorted(figures(text), key=lambda f: abs(f.start - item.figure.start)):  # type: ignore[union-attr]
        alike = unit_kind(figure.unit) == unit or (operation == "growth" and figure.unit == "%")
        if alike and leads.search(text[: figure.start]):
            said = snippet(item.statement.evidence, (figure.start, figure.end), query.topic, wording)
            return replace(item, figure=figure, short=figure.text, statement=said)
    return None


def _from_to(query: Query, evidence: Sequence[Evidence], wording: Wording) -> tuple[Found, ...]:
    """Both figures of 由96名增加到274名, where one of them is what is asked for."""
    item = find_parts(query.parts[:1], query.scopes[0], evidence, wording)[0]
    return _both_ends(item) if item else ()


def _both_ends(item: Found) -> tuple[Found, ...]:
    """The figure that was found and the other end of its change; none where it stands in no change."""
    both = (ends(item.statement.evidence, item.figure) if item.figure else None) or ()
    return tuple(replace(item, figure=f, short=f.text) for f in both)


def _over_years(query: Query, evidence: Sequence[Evidence], wording: Wording) -> tuple[Found, ...]:
    """The figures of each year of a range, from the columns of a table's row or from its rows; none where one lacks."""
    spans = [p for p in find_when(query.standalone).periods if 0 < p.end - p.start < MOST_YEARS]
    rows = [e for e in evidence if e.hit.paragraph.kind == "table row"] if len(spans) == 1 else []
    scope = replace(query.scopes[0], period=None)  # of other years than that of its report too
    item = find_parts(query.parts[:1], scope, rows, wording)[0] if rows else None
    if item is None or item.figure is None:
        return ()
    each = [_of_year(item, year, wording) for year in range(spans[0].start, spans[0].end + 1)]
    return tuple(f for f in each if f) if all(each) else ()


def _of_year(item: Found, year: int, wording: Wording) -> Found | None:
    """What was found in a row of a table, with the figure of this year: of its column, or of another row."""
    if found := dated(item, year, item.part.text, wording):
        return found
    own = item.statement.evidence
    heads = (f.head for f in row_figures(own.text) if item.figure and f.figure.start == item.figure.start)
    head = next(heads, None)
    for row in rows_of(own) if head is not None else ():
        labels = cells(row.text)
        named = row.text[slice(*labels[0])] if labels else ""
        told = next((f.figure for f in row_figures(row.text) if f.head == head), None)
        if told and str(year) in named:
            said = snippet(row, (told.start, told.end), item.part.text, wording)
            sure = 1.0 - COUNTED * (1.0 - item.support)
            return replace(item, figure=told, short=told.text, statement=said, support=sure)
    return None


def _parts(query: Query, operation: Operation) -> tuple[Part, ...]:
    """缓减和返还的经费加起来 → the two; 平均每人赔付 → money and people; 优秀的占征集的 → the two sides of 占."""
    topic, unit = query.focus, query.parts[0].unit
    if operation == "ratio":
        return _ratio_parts(topic)
    if operation == "share" and "占" in topic:
        sides = [
            re.sub(r"的?(?:百分之|比例|比重|几成|多少).*$", "", side).strip("的里，, ")
            for side in topic.split("占", 1)
        ]
        own = [tail if len(tail := side.rpartition(",")[2]) > 3 else side for side in sides]
        return tuple(Part(side, None, "figure") for side in own if side)
    head = _ADDED.split(topic)[0]
    pieces = [p.strip("的，, ") for p in re.split(r"[和与、及加跟比]", head) if len(p.strip("的，, ")) > 1]
    if len(pieces) < 2:
        return query.parts
    tail = pieces[-1][-4:]
    return tuple(Part(p if len(p) > 3 else f"{p} {tail}", unit, "figure") for p in pieces[:6])


def _ratio_parts(topic: str) -> tuple[Part, ...]:
    """平均每个工会有多少会员 → members and unions; 意外险平摊下来一个人多少钱 → money and people."""
    under = _PER.search(topic)
    counted = ((under["unit"] or under["each"]) if under else None) or "人"
    noun = under["noun"] or "" if under else ""
    rest = _PER.sub("", topic).strip("的，, ")
    over = unit_of(rest)
    counted = "人" if counted in ("个人", "名", "位") else counted
    return (
        Part(rest, "元" if over is None or over == counted else over, "figure"),
        Part(f"{noun}有多少{counted}" if noun else rest, unit_kind(counted), "figure"),
    )
