"""Compute over several places or terms: one figure of each, and the answer with its formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.candidates import evidence_of
from qa.answering.comparison import alike
from qa.answering.compose import compose, lines_of
from qa.answering.computation import Operation, derive
from qa.answering.fact import Fact, find_facts
from qa.answering.facts import LEAST
from qa.answering.wording import Wording
from qa.types import Answer, Hit, Part, Query, Scope

LATEST = 0.58  # support from which the figure of the latest report is preferred to earlier ones


def operands(
    query: Query, operation: Operation, found: Sequence[Sequence[Hit]], wording: Wording
) -> tuple[Fact, ...]:
    """Return the figure of each scope, by time for a growth; nothing if two scopes lead to one figure."""
    part = query.parts[0]
    if operation in ("growth", "share", "times"):
        part = replace(part, unit=None)  # 增长百分之几 asks two figures of any unit
    asked = list(zip(query.scopes, found, strict=True))
    if operation == "growth":
        asked.sort(key=lambda each: each[0].year or 0)
    items = [_of_scope(part, scope, hits, wording) for scope, hits in asked]
    chosen = tuple(f for f in items if f and f.figure)
    positions = {(f.statement.evidence.position, f.figure.start) for f in chosen if f.figure}
    return chosen if len(positions) == len(chosen) else ()


def _of_scope(part: Part, scope: Scope, hits: Sequence[Hit], wording: Wording) -> Fact | None:
    """Return the figure of one scope, from its latest report if that states it."""
    if scope.place is not None and len(scope.report_ids) > 1:
        latest = [hit for hit in hits if hit.report.id == scope.report_ids[-1]]
        item = find_facts((part,), scope, evidence_of(latest), wording)[0] if latest else None
        if item and item.support >= LATEST:
            return item
    return find_facts((part,), scope, evidence_of(hits), wording)[0]


def computed(
    query: Query, operation: Operation, chosen: Sequence[Fact], passages: Sequence[Hit]
) -> Answer | None:
    """Return the answer computed from some figures; None if they do not fit together or one is not sure."""
    derived = derive(operation, [f.figure for f in chosen if f.figure])
    unlike = len(query.scopes) > 1 and operation != "ratio" and not alike(chosen)
    if derived is None or unlike or min(f.support for f in chosen) < LEAST:
        return None
    return compose(
        query,
        lines_of([item.statement for item in chosen]),
        passages,
        short=derived.text,
        calculation=(derived.formula,),
        closing=f"计算：{derived.formula}。",
        chance=min(f.support for f in chosen),
    )
