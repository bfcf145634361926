"""Find the figure that answers each part of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.candidates import FEATURES, Candidate, Evidence, candidates
from qa.answering.ranking import ranker
from qa.answering.reading import as_question, read
from qa.answering.statement import Statement, snippet
from qa.answering.support import SupportCase, support
from qa.answering.wording import Wording
from qa.ledger.indicators import levels, levels_counted
from qa.ledger.times import time_of, times_stated
from qa.question.kinds import CHANGE
from qa.text.figures import figures
from qa.text.states import asks_of_plans, calendar_of, period_of
from qa.types import Figure, Part, Period, Scope

SAME_SENTENCE = 1.0  # bonus for a sentence that already answered another part
PLANNED = 6.0  # penalty of a planned figure if an achieved one is asked for, and the reverse
DATED = 4.0  # bonus of a figure of the year asked for, penalty of one of another year
NARROWED = 1.0  # penalty of a figure that counts one level only, if no level is asked for
ASKED_TWICE = 6.0  # how much better the figure of an earlier part must be to answer this part too
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")


@dataclass(frozen=True, slots=True)
class Fact:
    """What the reports state in answer to one part of a question."""

    part: Part
    statement: Statement
    short: str | None  # the shortest direct answer
    figure: Figure | None  # None if words answer
    support: float  # 0 to 1: how likely the evidence answers the question at all


def dated_question(part: Part, scope: Scope) -> str:
    """Return the question of a part including its time."""
    return f"{scope.year}年{scope.topic}" if scope.year else part.asked or scope.topic


def find_facts(
    parts: Sequence[Part], scope: Scope, evidence: Sequence[Evidence], wording: Wording, focus: str = ""
) -> tuple[Fact | None, ...]:
    """Return the figure that answers each part; None if the evidence has none or words are asked for.

    Later parts omit their subject, so a sentence that answered one part is preferred for the next.

    Args:
        focus: the words of this turn, if a follow-up carried others over into the scope's topic.
    """
    found: list[Fact | None] = []
    for at, part in enumerate(parts):
        used, counts = [one for one in found if one], part.kind == "figure"
        own = _best_fact(parts, at, scope, focus or scope.topic, evidence, wording, used) if counts else None
        found.append(own)
    return tuple(found)


def _best_fact(
    parts: Sequence[Part],
    at: int,
    scope: Scope,
    focus: str,
    evidence: Sequence[Evidence],
    wording: Wording,
    used: Sequence[Fact],
) -> Fact | None:
    part, topic, year = parts[at], scope.topic, scope.year
    readings = read(
        as_question(parts, at, topic), [e for e in evidence if figures(e.text) or not part.unit], wording
    )
    rank = ranker("figure", FEATURES)
    strict = year is not None and _asked_by_itself(scope, year)
    best: tuple[float, Candidate] | None = None
    again: tuple[float, Fact] | None = None
    planned = bool(evidence) and asks_of_plans(dated_question(part, scope), evidence[0].hit.report)
    for candidate in candidates(part, topic, evidence, wording, readings):
        if not year and _of_another_year(candidate, scope):
            continue
        score = rank.score(candidate.features) - PLANNED * (candidate.plan != planned)
        dated = _dated(candidate, year) if year else _of_the_term(candidate)
        dated *= 3.0 if not year and CHANGE.search(topic) else 1.0  # a row by years shows a change
        score += DATED * (dated - (strict and dated == 0))
        score -= NARROWED * bool(levels_counted(candidate.evidence.text, candidate.figure) - levels(topic))
        score += SAME_SENTENCE * any(_in_sentence(u, candidate.evidence) for u in used)
        if same := next((u for u in used if _same(u, candidate)), None):
            again = (score, same) if again is None or score > again[0] else again
        elif best is None or score > best[0]:
            best = (score, candidate)
    if again and (best is None or again[0] > best[0] + ASKED_TWICE):
        return again[1]
    if best is None:
        return None
    score, candidate = best
    figure = candidate.figure
    statement = snippet(candidate.evidence, (figure.start, figure.end), topic, wording)
    reading = readings.get(candidate.evidence.rank)
    case = SupportCase(score, part, topic, statement, wording, reading, candidate.features)
    chance = support(replace(case, topic=focus))
    # Of a follow-up, the better of its own words alone and of all with what is carried over counts.
    if focus != topic:
        chance = max(chance, support(case))
    return Fact(part, statement, figure.text, figure, chance)


def _asked_by_itself(scope: Scope, year: int) -> bool:
    """Whether a year is asked for by itself: strictly inside a term, outside it, or one of several.

    The last year of a term may mean its end, for which a report prints no year.
    """
    term = scope.period
    return term is None or (year != term.start and year != term.end) or scope.label.endswith(f"{year}年")


def _dated(candidate: Candidate, year: int) -> float:
    """Return 1 if the figure's clause or cell names the year, 0.5 if the context does, -1 for another, or 0.

    The context is the sentence, what stands before it, and the year of its part of the report.
    """
    evidence = candidate.evidence
    clause = evidence.text[slice(*candidate.clause)]
    if evidence.hit.paragraph.kind == "table row" and not YEAR.search(clause):
        clause = evidence.text[slice(*evidence.clauses[0])]  # the first cell of a row names its year
    for text, score in ((clause, 1.0), (evidence.text, 0.5), (evidence.context, 0.5)):
        years = YEAR.findall(text)
        if str(year) in years:
            several = text is clause and len(set(years)) > 1
            return score if not several or _stated_years(candidate) == Period(year, year) else -score
        if years and text is clause:
            return -1.0
    return 0.5 if period_of(evidence.hit, evidence.start) == Period(year, year) else 0.0


def _stated_years(candidate: Candidate) -> Period | None:
    """Return the years that the sentence states for the figure."""
    evidence = candidate.evidence
    times = times_stated(evidence.text, calendar_of(evidence.hit.report))
    return time_of(evidence.text, times, candidate.figure.start, None)[0]


def _of_the_term(candidate: Candidate) -> float:
    """Return how well a cell of a row by years stands for the whole term: 1 the total, 0.5 the latest year, -0.5 others."""
    evidence = candidate.evidence
    if evidence.hit.paragraph.kind != "table row":
        return 0.0
    row = [evidence.text[a:b] for a, b in evidence.clauses]
    years = [y for cell in row for y in YEAR.findall(cell)]
    if len(years) < 2:
        return 0.0
    cell = evidence.text[candidate.clause[0] : candidate.clause[1]]
    if "合计" in cell:
        return 1.0
    own = YEAR.findall(cell)
    return (0.5 if own[0] == max(years) else -0.5) if own else 0.0


def _of_another_year(candidate: Candidate, scope: Scope) -> bool:
    """Whether a table row is of another year than the single year of its report, and so of the question."""
    term = scope.period
    row = candidate.evidence.hit.paragraph.kind == "table row"
    return bool(row and term and term.start == term.end and _dated(candidate, term.end) < 0)


def _same(found: Fact, candidate: Candidate) -> bool:
    same_start = found.figure is not None and found.figure.start == candidate.figure.start
    return same_start and _in_sentence(found, candidate.evidence)


def _in_sentence(found: Fact, evidence: Evidence) -> bool:
    return found.statement.evidence.position == evidence.position
