"""Find the figure that answers each part of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.candidates import FEATURES, Candidate, Evidence, candidates
from qa.answering.ranking import ranker
from qa.answering.reading import put, read
from qa.answering.statement import Statement, snippet
from qa.answering.support import Claim, support
from qa.answering.wording import Wording
from qa.ledger.indicators import levels, levels_counted
from qa.question.kinds import CHANGE
from qa.text.figures import figures
from qa.text.told import asks_of_plans, period_of
from qa.types import Figure, Part, Period, Scope

SAME_SENTENCE = 1.0  # what a sentence that already answered a part adds for the next one
PLANNED = 6.0  # what a planned figure loses where an achieved one is asked for, and the reverse
DATED = 4.0  # what a figure gains that is of the very year that is asked, and one of another year loses
NARROWED = 1.0  # what a figure loses that counts those of one level where none is asked for
ASKED_TWICE = 6.0  # by how much the figure of an earlier part must be better to answer this part too
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_TOTAL = re.compile(r"合计")


@dataclass(frozen=True, slots=True)
class Found:
    """What answers one part.

    Args:
        part: what was asked.
        statement: what to say, and the sentence it stands in.
        short: the shortest direct answer, or None.
        figure: the figure that answers, or None where words do.
        support: 0 to 1, how likely the evidence answers the question at all.
    """

    part: Part
    statement: Statement
    short: str | None
    figure: Figure | None
    support: float


def in_time(part: Part, scope: Scope) -> str:
    """The words of a part with the time that it is asked of."""
    return f"{scope.year}年{scope.topic}" if scope.year else part.asked or scope.topic


def find_parts(
    parts: Sequence[Part], scope: Scope, evidence: Sequence[Evidence], wording: Wording, focus: str = ""
) -> tuple[Found | None, ...]:
    """The figure that answers each part; None where the evidence has none, or words are asked for.

    ``focus`` are the words that were asked this time, where a follow-up carried others over into the scope's topic.

    Later parts of a question leave their subject out; a sentence that answered one part is preferred for the next.
    """
    found: list[Found | None] = []
    for at, part in enumerate(parts):
        used = [one for one in found if one]
        counts = part.kind == "figure"
        found.append(
            _figure(parts, at, scope, focus or scope.topic, evidence, wording, used) if counts else None
        )
    return tuple(found)


def _figure(
    parts: Sequence[Part],
    at: int,
    scope: Scope,
    focus: str,
    evidence: Sequence[Evidence],
    wording: Wording,
    used: Sequence[Found],
) -> Found | None:
    part, topic, year = parts[at], scope.topic, scope.year
    worth = [e for e in evidence if figures(e.text)] if part.unit else evidence
    readings = read(put(parts, at, topic), worth, wording)
    rank = ranker("figure", FEATURES)
    strict = year is not None and _alone(scope, year)
    best: tuple[float, Candidate] | None = None
    again: tuple[float, Found] | None = None
    planned = bool(evidence) and asks_of_plans(in_time(part, scope), evidence[0].hit.report)
    for candidate in candidates(part, topic, evidence, wording, readings):
        if not year and _of_another_year(candidate, scope):
            continue
        score = rank.score(candidate.features) - PLANNED * (candidate.plan != planned)
        dated = _dated(candidate, year) if year else _of_the_term(candidate)
        dated *= 3.0 if not year and CHANGE.search(topic) else 1.0  # a row by years tells it
        score += DATED * (dated - (strict and dated == 0))
        score -= NARROWED * bool(levels_counted(candidate.evidence.text, candidate.figure) - levels(topic))
        score += SAME_SENTENCE * any(_in_sentence(u, candidate.evidence) for u in used)
        if told := next((u for u in used if _same(u, candidate)), None):
            again = (score, told) if again is None or score > again[0] else again
        elif best is None or score > best[0]:
            best = (score, candidate)
    if again and (best is None or again[0] > best[0] + ASKED_TWICE):
        return again[1]
    if best is None:
        return None
    score, candidate = best
    figure = candidate.figure
    said = snippet(candidate.evidence, (figure.start, figure.end), topic, wording)
    reading = readings.get(candidate.evidence.rank)
    chance = _support(Claim(score, part, topic, said, wording, reading, candidate.features), focus)
    return Found(part, said, figure.text, figure, chance)


def _alone(scope: Scope, year: int) -> bool:
    """Whether a year is asked for by itself: one inside of a term, or outside of it, or one of several.

    The last year of a term may mean its end, for which a report prints no year.
    """
    term = scope.period
    inside = term is None or term.start < year < term.end or not term.start <= year <= term.end
    return inside or scope.label.endswith(f"{year}年")


def _dated(candidate: Candidate, year: int) -> float:
    """1 where a figure is of this very year, by its clause or cell; 0.5 by what it leans on; -1 of another, 0 unsaid.

    What it leans on are the sentence, what stands before it, and the year that its part of the report is of.
    """
    evidence = candidate.evidence
    clause = evidence.text[candidate.clause[0] : candidate.clause[1]]
    if evidence.hit.paragraph.kind == "table row" and not _YEAR.search(clause):
        clause = evidence.text[
            slice(*evidence.clauses[0])
        ]  # the row is of the year that its first cell names
    for text, worth in ((clause, 1.0), (evidence.text, 0.5), (evidence.context, 0.5)):
        years = _YEAR.findall(text)
        if str(year) in years:
            return worth
        if years and text is clause:
            return -1.0
    return 0.5 if period_of(evidence.hit, evidence.start) == Period(year, year) else 0.0


def _of_the_term(candidate: Candidate) -> float:
    """For a whole term, of the cells of a row by years: the one that adds them up, else the latest."""
    evidence = candidate.evidence
    if evidence.hit.paragraph.kind != "table row":
        return 0.0
    row = [evidence.text[a:b] for a, b in evidence.clauses]
    years = [y for cell in row for y in _YEAR.findall(cell)]
    if len(years) < 2:
        return 0.0
    cell = evidence.text[candidate.clause[0] : candidate.clause[1]]
    if _TOTAL.search(cell):
        return 1.0
    own = _YEAR.findall(cell)
    return (0.5 if own[0] == max(years) else -0.5) if own else 0.0


def _of_another_year(candidate: Candidate, scope: Scope) -> bool:
    """Whether a row of a table is of another year than the one that its report, and so the question, is of."""
    term = scope.period
    row = candidate.evidence.hit.paragraph.kind == "table row"
    return bool(row and term and term.start == term.end and _dated(candidate, term.end) < 0)


def _support(claim: Claim, focus: str) -> float:
    """The better of both readings of a follow-up: its own words alone, and with those carried over."""
    own = support(replace(claim, topic=focus))
    return own if focus == claim.topic else max(own, support(claim))


def _same(found: Found, candidate: Candidate) -> bool:
    return (
        found.figure is not None
        and _in_sentence(found, candidate.evidence)
        and found.figure.start == candidate.figure.start
    )


def _in_sentence(found: Found, evidence: Evidence) -> bool:
    own = found.statement.evidence
    return (own.hit.report.id, own.hit.paragraph.number, own.start) == (
        evidence.hit.report.id,
        evidence.hit.paragraph.number,
        evidence.start,
    )
