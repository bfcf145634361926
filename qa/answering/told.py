"""What the evidence of one scope says of the parts of a question, where it says it with enough support."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.candidates import evidence_of
from qa.answering.corrections import uncorrected
from qa.answering.fact import Found, find_parts
from qa.answering.statement import Statement
from qa.answering.wording import Wording, names_held, words_of
from qa.text.figures import figures, unit_kind
from qa.types import Hit, Part, Query, Scope

LEAST = 0.3  # support under which nothing is proposed
HARDLY = 0.12  # coverage of a question by a whole section under which it speaks of something else
LISTED = 0.65  # support from which another place or term is told too, beside a better one
NEARBY = 10  # passages of other places in which something is looked for
AS_GOOD = 0.85  # share of the best wording coverage that another place must reach to be told
SURE, SURELY_AS_GOOD = 0.9, 0.65  # support from which a smaller share is enough


def told_within(
    query: Query, parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], wording: Wording
) -> tuple[Found | None, ...] | None:
    """What answers the parts within one scope; None where the first part has no support."""
    evidence = uncorrected(evidence_of(hits))
    focus = "" if query.paired else query.focus
    told = find_parts(parts, scope, evidence, wording, focus)
    if scope.place is None and len(_reports(told)) > 1:  # several things of several places: all of one report
        first = _reports(told)[0]
        told = find_parts(parts, scope, [e for e in evidence if e.hit.report.id == first], wording, focus)
    if not told or told[0] is None or max(f.support for f in told if f) < LEAST:
        return None
    if not any(
        _speaks_of(about, f.statement, wording) for f in told if f for about in (scope.topic, f.part.text)
    ):
        return None
    return tuple(f if f and f.support >= LEAST / 2 else None for f in told)


def _reports(told: Sequence[Found | None]) -> tuple[str, ...]:
    """The reports that hold what was found, in its order."""
    return tuple(dict.fromkeys(f.statement.evidence.hit.report.id for f in told if f))


def unanswered(parts: Sequence[Part], told: Sequence[Found | None]) -> tuple[str, ...]:
    """What nothing was found for, in the question's words; a figure that answers an earlier part answers no other."""
    lacking, given = [], set[tuple[str, int, int, str]]()
    for part, found in zip(parts, told, strict=True):
        if found is None:
            lacking.append(part.text)
        elif found.figure and found.short:
            evidence = found.statement.evidence
            key = (evidence.hit.report.id, evidence.hit.paragraph.number, evidence.start, found.short)
            if key in given:
                lacking.append(part.text)
            given.add(key)
    return tuple("其余一问" if figures(text) else text for text in lacking)  # a figure there is no answer


def _speaks_of(topic: str, statement: Statement, wording: Wording) -> bool:
    """Whether the section of a statement holds any of the question's words worth speaking of."""
    return bool(words_of(topic)) and wording.coverage(topic, statement.evidence.section) >= HARDLY


def told_of_others(
    parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], told: Sequence[Found | None], wording: Wording
) -> list[tuple[Found | None, ...]]:
    """The same asked of every other report of the scope: places where none is named, terms where none is."""
    first = told[0]
    if first is None or len(scope.report_ids) < 2 or first.figure is None or len(_reports(told)) > 1:
        return []
    own = first.statement.evidence
    best = wording.coverage(scope.topic, (own.text, own.context))
    found = []
    for report_id in scope.report_ids:
        if report_id == own.hit.report.id:
            continue
        evidence = evidence_of([h for h in hits if h.report.id == report_id])
        items = find_parts(parts, scope, evidence, wording)
        if not items or items[0] is None or items[0].figure is None or items[0].support < LISTED:
            continue
        other = items[0].statement.evidence
        named = names_held(scope.topic, other.text) >= names_held(scope.topic, own.text)
        same = named and _counts_alike(items[0].part.unit, first.figure.unit, items[0].figure.unit)
        share = SURELY_AS_GOOD if items[0].support >= SURE else AS_GOOD
        if same and wording.coverage(scope.topic, (other.text, other.context)) >= share * best:
            found.append(items)
    return found


def _counts_alike(asked: str | None, one: str, other: str) -> bool:
    """Whether two figures can answer the same: of one unit, of institutions or people under another, or of none.

    人 does not stand for 人次 where these are asked for.
    """
    kinds = {unit_kind(unit) for unit in (one, other) if unit}
    return len(kinds) < 2 or kinds == {"家", "个"} or (kinds == {"人", "人次"} and asked != "人次")
