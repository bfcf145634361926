"""Which figures of the evidence a computation over several places or terms is made with: one of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.candidates import evidence_of
from qa.answering.computation import Operation
from qa.answering.fact import Found, find_parts
from qa.answering.wording import Wording
from qa.types import Hit, Part, Query, Scope

LATEST = 0.58  # support from which the figure of the latest report goes before that of an earlier one


def operands(
    query: Query, operation: Operation, found: Sequence[Sequence[Hit]], wording: Wording
) -> tuple[Found, ...]:
    """The figure of each scope, in the order of time for a growth; none where two scopes lead to one figure."""
    part = query.parts[0]
    if operation in ("growth", "share", "times"):
        part = replace(part, unit=None)  # 增长百分之几 asks two figures of any unit
    asked = list(zip(query.scopes, found, strict=True))
    if operation == "growth":
        asked.sort(key=lambda each: each[0].year or 0)
    items = [_of_scope(part, scope, hits, wording) for scope, hits in asked]
    chosen = tuple(f for f in items if f and f.figure)
    return chosen if len({_place_of(f) for f in chosen}) == len(chosen) else ()


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
        item if item and item.support >= LATEST else find_parts((part,), scope, evidence_of(hits), wording)[0]
    )
