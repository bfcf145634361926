"""Find what answers each part of a question: a figure, or a sentence with its shortest answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.candidates import FEATURES, Candidate, Evidence, candidates
from qa.answering.ranking import ranker
from qa.answering.reading import Readings, put, read, taken
from qa.answering.sentences import (
    AUTHOR,
    SENTENCE_FEATURES,
    asks_rank,
    best_clause,
    names_held,
    quotes,
    sentence_features,
    titled,
    wanting,
)
from qa.answering.spans import likely
from qa.answering.statement import Statement, snippet, whole
from qa.answering.support import Claim, stock_for_flow, support
from qa.answering.wording import Wording
from qa.question.kinds import CHANGE, asked_verb
from qa.text.beside import ITEM, NAMES
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year
from qa.text.normal import squeezed
from qa.text.sentences import split_sentences
from qa.text.told import asks_of_plans
from qa.types import Figure, Part, Scope

__all__ = ["Found", "find_parts", "narrower"]

SAME_SENTENCE = 1.0  # what a sentence that already answered a part adds for the next one
WANTING = 3.0  # what a sentence loses that names nothing of the kind that is asked for
TAKEN = 1.0  # what a sentence gains that the reader takes for the answer, and no other
SURELY = 4.0  # the lead by which words answer what sounds like a figure
TO_THE_LETTER = 2.0  # what a sentence gains that holds the names the question quotes
ASKED_NOW = (
    4.0  # what a sentence gains that holds the words of a follow-up itself, not only those carried over
)
NAMED = 2.0  # likewise for a figure, where the sentence or what it leans on holds them
DONE = 1.0  # what a figure gains that stands behind the very verb that is asked
OTHERWISE = 4.0  # what a figure loses that was added where a total is asked for, and the reverse
PLANNED = 6.0  # what a planned figure loses where an achieved one is asked for, and the reverse
AMONG = 3.0  # what a figure gains behind 其中, where those among others are asked for
DATED = 4.0  # what a figure gains that is of the very year that is asked, and one of another year loses
NARROWER = 1.0  # what a figure loses that counts those of one level where none is asked for
ASKED_TWICE = 6.0  # by how much the figure of an earlier part must be better to answer this part too
UNDATED = 0.5  # what is left of its support where nothing says that it is of that year
SIGNED = 0.9  # support of a byline, where the author is asked for
TITLED = 0.7  # what is left of the doubt where it gives the title of a document of the kind that is asked for
UNMENTIONED = 0.5  # likewise where neither it nor the sentence before names the place that is asked for
ASIDE = 0.7  # what a figure of a picture's caption loses
_LEVEL = re.compile(r"全国|国家级|[省市区县部]级")
_AMONG = re.compile(r"其中|里[面头边]|当中")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_TOTAL = re.compile(r"合计")
WHOLE = 90  # characters up to which a sentence is said whole
CROWDED = 2  # figures from which on a sentence is cut to what was asked for
LIKELY = 30  # evidence sentences that are read for words


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


def find_parts(
    parts: Sequence[Part], scope: Scope, evidence: Sequence[Evidence], wording: Wording, focus: str = ""
) -> tuple[Found | None, ...]:
    """The answer of every part, None where the evidence has nothing of its kind.

    ``focus`` are the words that were asked this time, where a follow-up carried others over into the scope's topic.

    Later parts of a question leave their subject out; a sentence that answered one part is preferred for the next.
    """
    found: list[Found | None] = []
    used: list[Found] = []
    focus = focus or scope.topic
    for at, part in enumerate(parts):
        amount = part.kind == "figure" and not asks_rank(part.text)
        worth = [e for e in evidence if figures(e.text)] if amount and part.unit else evidence
        readings = read(put(parts, at, scope.topic), worth, wording)
        asked = scope, focus, evidence, wording, readings, used
        item = _figure(part, *asked) if amount else None
        if item is None and not (amount and part.unit):
            item = _words(part, *asked)
        elif item and amount and taken(readings, SURELY) not in (None, item.statement.evidence.rank):
            words = _words(part, *asked)
            item = words if words and _without_figure(words, part, scope.topic, wording, readings) else item
        found.append(item)
        if item:
            used.append(item)
    return tuple(found)


def _without_figure(words: Found, part: Part, topic: str, wording: Wording, readings: Readings) -> bool:
    """Whether words answer what sounds like a figure: a sentence taken for the answer that has none to offer."""
    own, anything = words.statement.evidence, replace(part, unit=None)
    return own.rank == taken(readings, SURELY) and not candidates(anything, topic, (own,), wording, readings)


def _figure(
    part: Part,
    scope: Scope,
    focus: str,
    evidence: Sequence[Evidence],
    wording: Wording,
    readings: Readings,
    used: Sequence[Found],
) -> Found | None:
    rank = ranker("figure", FEATURES)
    topic, year = scope.topic, scope.year
    strict = year is not None and _alone(scope, year)
    best: tuple[float, Candidate] | None = None
    again: tuple[float, Found] | None = None
    among = _AMONG.search(part.text) is not None
    names = [m.group() for m in NAMES.finditer(topic)]
    planned = bool(evidence) and asks_of_plans(topic, evidence[0].hit.report)
    verb = asked_verb(part.text)
    for candidate in candidates(part, topic, evidence, wording, readings):
        score = rank.score(candidate.features) - PLANNED * (candidate.plan != planned)
        clause = candidate.evidence.text[candidate.clause[0] : candidate.clause[1]]
        score += DONE * (
            bool(verb) and verb in candidate.evidence.text[candidate.clause[0] : candidate.figure.start]
        )
        score -= OTHERWISE * stock_for_flow(topic, clause)
        score -= OTHERWISE * _another_row(candidate.evidence, topic)
        dated = _dated(candidate, year) if year else _of_the_term(candidate) or _of_its_year(candidate, scope)
        dated *= 3.0 if not year and CHANGE.search(topic) else 1.0  # a row by years tells it
        score += DATED * (dated - (strict and dated == 0))
        if focus != topic:
            score += ASKED_NOW * wording.coverage(focus, candidate.evidence.text)
        score += NAMED * names_held(topic, f"{candidate.evidence.text} {candidate.evidence.context}")
        score += NAMED * _behind_name(names, candidate)
        score -= ASIDE * (candidate.evidence.hit.paragraph.kind == "caption")
        score += SAME_SENTENCE * any(_in_sentence(u, candidate.evidence) for u in used)
        score -= NARROWER * narrower(candidate.evidence, candidate.figure, topic)
        score += AMONG * (among and "其中" in clause[: candidate.figure.start - candidate.clause[0]])
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
    row = candidate.evidence.hit.paragraph.kind == "table row"
    other_plan = candidate.plan and bool(_YEAR.search(candidate.evidence.text))  # of the year that it names
    if year and _dated(candidate, year) <= (0 if strict or other_plan else -1 if row else -2):
        chance *= UNDATED
    if not year and _of_its_year(candidate, scope) < 0:
        chance *= UNDATED
    if scope.mention and not _mentioned(scope.mention, candidate.evidence):
        chance *= UNMENTIONED
    return Found(part, said, figure.text, figure, chance)


def _behind_name(names: Sequence[str], candidate: Candidate) -> bool:
    """Whether a figure stands right behind a name that the question quotes: 评选“江岸工匠”20名."""
    left = squeezed(candidate.evidence.text[candidate.clause[0] : candidate.figure.start])
    return any(left.endswith(squeezed(name)) for name in names)


def _alone(scope: Scope, year: int) -> bool:
    """Whether a year is asked for by itself: one inside of a term, or outside of it, or one of several.

    The last year of a term may mean its end, for which a report prints no year.
    """
    term = scope.period
    inside = term is None or term.start < year < term.end or not term.start <= year <= term.end
    return inside or scope.label.endswith(f"{year}年")


def _mentioned(mention: str, evidence: Evidence) -> bool:
    """Whether a sentence, or the one before, names the place that is only mentioned in its report."""
    before = split_sentences(evidence.hit.paragraph.text[: evidence.start])
    lead = evidence.hit.paragraph.text[slice(*before[-1])] if before else ""
    return mention in evidence.text or mention in lead or mention in " ".join(evidence.hit.paragraph.heading)


def _dated(candidate: Candidate, year: int) -> float:
    """1 where a figure is of this very year, by its clause or cell; 0.5 by what it leans on; -1 of another, 0 unsaid."""
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
    return 0.0


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


def _words(
    part: Part,
    scope: Scope,
    focus: str,
    evidence: Sequence[Evidence],
    wording: Wording,
    readings: Readings,
    used: Sequence[Found],
) -> Found | None:
    rank = ranker("sentence", SENTENCE_FEATURES)
    topic, year = scope.topic, scope.year
    best: tuple[float, float, Evidence] | None = None
    alone = taken(readings)
    signed = [e for e in evidence if e.hit.paragraph.kind == "byline"] if AUTHOR.search(part.text) else []
    for item in signed or evidence[:LIKELY]:
        score = rank.score(sentence_features(part, topic, item, wording, readings.get(item.rank)))
        score += SAME_SENTENCE * any(_in_sentence(u, item) for u in used) + TO_THE_LETTER * names_held(
            topic, item.text
        )
        score += TO_THE_LETTER * (quotes(part.text, item.text) or titled(part.text, item.text))
        score -= WANTING * wanting(part.text, item.text)
        if focus != topic:
            score += ASKED_NOW * wording.coverage(focus, item.text)
        worth = score + TAKEN * (item.rank == alone)
        if best is None or worth > best[0]:
            best = (worth, score, item)
    if best is None:
        return None
    _, score, item = best
    core = best_clause(part, item, wording)
    brief = item.end - item.start <= WHOLE
    crowded = part.kind in ("name", "list") and sum(not is_year(f) for f in figures(item.text)) > CROWDED
    said = whole(item) if brief and not crowded else snippet(item, core, topic, wording, room=110, extra=6)
    short = likely(item.text, readings.get(item.rank)) if part.kind in ("name", "list", "figure") else None
    if short and (crowded or short not in said.text) and (at := item.text.find(short)) >= 0:
        said = snippet(item, (at, at + len(short)), topic, wording, room=110, extra=2 if crowded else 6)
    chance = _support(Claim(score, part, topic, said, wording, readings.get(item.rank), None), focus)
    if signed:
        chance = max(chance, SIGNED)
    if titled(part.text, item.text):
        chance = 1.0 - TITLED * (1.0 - chance)
    years = _YEAR.findall(item.text)
    if year and years and str(year) not in years and _alone(scope, year):
        chance *= UNDATED
    return Found(part, said, short, None, chance)


def _of_its_year(candidate: Candidate, scope: Scope) -> float:
    """For a report of one year, -1 for a row of a table that is of another."""
    term = scope.period
    row = candidate.evidence.hit.paragraph.kind == "table row"
    return min(_dated(candidate, term.end), 0.0) if row and term and term.start == term.end else 0.0


def narrower(evidence: Evidence, figure: Figure, topic: str) -> bool:
    """Whether a figure counts those of one level (全国职工书屋2个) where a question names none (职工书屋)."""
    start = next((a for a, b in evidence.clauses if a <= figure.start < b), 0)
    left = ITEM.split(evidence.text[start : figure.start])[-1]
    return bool(_LEVEL.search(left)) and not _LEVEL.search(topic)


def _another_row(evidence: Evidence, topic: str) -> bool:
    """Whether a table row is that of a place which the question does not name."""
    if evidence.hit.paragraph.kind != "table row":
        return False
    start, end = evidence.clauses[0]
    named = [short_name(p.name) for _, _, p in find(evidence.text[start:end])]
    return bool(named) and not any(name in topic for name in named)


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
