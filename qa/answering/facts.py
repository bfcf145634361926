"""Find the facts of one scope that answer the parts of a question with enough support."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.candidates import evidence_of
from qa.answering.compose import named
from qa.answering.corrections import uncorrected
from qa.answering.fact import Fact, find_facts
from qa.answering.wording import Wording, names_held, words_of
from qa.text.figures import unit_kind
from qa.types import Hit, Part, Query, Scope

LEAST = 0.3  # support below which nothing is proposed
HARDLY = 0.12  # coverage of a question by a section below which the section is about something else
LISTED = 0.65  # support from which the figure of another place or term is listed, too
NEARBY = 10  # passages of other reports that are searched
AS_GOOD = 0.85  # share of the best wording coverage that another place must reach to be listed


def facts_within(
    query: Query, parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], wording: Wording
) -> tuple[Fact | None, ...] | None:
    """Return the facts that answer the parts within one scope; None if the first part has no support."""
    evidence = uncorrected(evidence_of(hits))
    focus = "" if query.paired else query.focus
    facts = find_facts(parts, scope, evidence, wording, focus)
    # If no place is named, several things are answered from one report.
    if scope.place is None and len(_reports(facts)) > 1:
        first = _reports(facts)[0]
        facts = find_facts(parts, scope, [e for e in evidence if e.hit.report.id == first], wording, focus)
    if not facts or facts[0] is None or max(f.support for f in facts if f) < LEAST:
        return None
    topics = ((topic, f.statement.evidence) for f in facts if f for topic in (scope.topic, f.part.text))
    if not any(words_of(topic) and wording.coverage(topic, e.section) >= HARDLY for topic, e in topics):
        return None
    return tuple(f if f and f.support >= LEAST / 2 else None for f in facts)


def _reports(facts: Sequence[Fact | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.statement.evidence.hit.report.id for f in facts if f))


def unanswered(parts: Sequence[Part], facts: Sequence[Fact | None]) -> tuple[str, ...]:
    """Return the parts without an answer, in the question's words; one figure answers one part only."""
    missing, given = [], set[tuple[str, int, int, str]]()
    for part, found in zip(parts, facts, strict=True):
        if found is None:
            missing.append(named(part))
        elif found.figure and found.short:
            key = (*found.statement.evidence.position, found.short)
            if key in given:
                missing.append(named(part))
            given.add(key)
    return tuple(missing)


def facts_of_other_reports(
    parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], facts: Sequence[Fact | None], wording: Wording
) -> list[tuple[Fact | None, ...]]:
    """Return the facts of each other report of the scope that answers as well as the report of ``facts``."""
    first = facts[0]
    if first is None or len(scope.report_ids) < 2 or first.figure is None or len(_reports(facts)) > 1:
        return []
    own = first.statement.evidence
    best = wording.coverage(scope.topic, (own.text, own.context))
    found = []
    for report_id in scope.report_ids:
        if report_id == own.hit.report.id:
            continue
        evidence = evidence_of([h for h in hits if h.report.id == report_id])
        items = find_facts(parts, scope, evidence, wording)
        if not items or items[0] is None or items[0].figure is None or items[0].support < LISTED:
            continue
        other = items[0].statement.evidence
        named = names_held(scope.topic, other.text) >= names_held(scope.topic, own.text)
        same = named and _counts_alike(items[0].part.unit, first.figure.unit, items[0].figure.unit)
        if same and wording.coverage(scope.topic, (other.text, other.context)) >= AS_GOOD * best:
            found.append(items)
    return found


def _counts_alike(asked: str | None, one: str, other: str) -> bool:
    """Whether two figures can answer the same question: same unit, none, 家 and 个, or 人 and 人次.

    人 does not stand for 人次 if that is asked for.
    """
    kinds = {unit_kind(unit) for unit in (one, other) if unit}
    return len(kinds) < 2 or kinds == {"家", "个"} or (kinds == {"人", "人次"} and asked != "人次")
