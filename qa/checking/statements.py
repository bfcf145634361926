"""Judge one statement by the sentences that it cites, whoever wrote it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from qa.answering.wording import Wording
from qa.checking.claims import QUOTED, Claim, claims, confirms, is_exchanged, named_with, names_something
from qa.checking.verify import TERM, citation_stands, verify_figures, without_report_place
from qa.ledger.circumstances import quoted_spans
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year
from qa.text.normal import without_punctuation
from qa.text.sentences import holding, is_injection, split_clauses
from qa.text.spans import replaced
from qa.text.states import announced_by, calendar_of, of_column, signs_of_plan, state_of_sentence
from qa.types import CheckedFigure, Citation, Report

FaultKind: TypeAlias = Literal[
    "mark", "form", "figure", "place", "period", "plan", "name", "other thing", "gist"
]

COVERED = 0.5  # weighted share of a statement's words that its sources must cover
CLAUSE_CHARACTERS = 4  # from which a clause is judged on its own
CLAUSE_COVERED = 0.3  # the same share for a clause
PIECE_COVERED = 0.45  # the same share for the words about a figure
MOST_CHARACTERS = 300  # of a statement
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NUMBERED = re.compile(r"第[零〇一二三四五六七八九十百\d]+|十[一二三四五六]五|[零〇一二三四五六七八九十]{3,}")
_AHEAD = re.compile(r"将|拟|要|计划|目标|力争|争取|预计|今后|未来|下一步|到(?:19|20)\d\d年")  # clearly a plan
SOURCE = "报告写明"  # words with which a statement may refer to its source
_MARKUP = re.compile(r"[<>\[\]`{}|\\]|\*\*|https?:|www\.|//|[a-z]\.[a-z]+/|(?:\d+\.){3}\d", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a statement is rejected, and its words that do not hold."""

    kind: FaultKind
    words: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement and what it cites."""

    text: str
    citations: tuple[Citation, ...]
    sources: tuple[str, ...]  # every text whose words it may use
    reports: Mapping[str, Report]
    wording: Wording


def judge(
    text: str, citations: Sequence[Citation], reports: Mapping[str, Report], wording: Wording
) -> Fault | None:
    """Return the first fault of a statement, which has no marks, or None if what it cites proves it."""
    if not citations or not all(citation_stands(c, reports) for c in citations):
        return Fault("mark", text)
    if len(text) > MOST_CHARACTERS or _MARKUP.search(text) or is_injection(text):
        return Fault("form", text)
    sources = tuple(t for c in citations for t in (c.quote, c.title, c.place, c.heading, str(c.period or "")))
    case = _Case(text, tuple(citations), sources, reports, wording)
    faults = (fault for check in (_names, _figures, _things, _gist) for fault in check(case))
    return next(faults, None)


def _names(case: _Case) -> Iterator[Fault]:
    """Check that places, quoted names, Latin words and numbered things are in what is cited."""
    sources = without_punctuation("".join(case.sources))
    named: tuple[tuple[FaultKind, list[str]], ...] = (
        ("place", [short_name(place.name) for _, _, place in find(case.text)]),
        ("name", [*QUOTED.findall(case.text), *_LATIN.findall(case.text)]),
        ("period", _NUMBERED.findall(case.text)),
    )
    for kind, words in named:
        yield from (Fault(kind, word) for word in words if without_punctuation(word) not in sources)


def _figures(case: _Case) -> Iterator[Fault]:
    """Check that every figure is confirmed: value, unit, approximator, place and year."""
    marks = "".join(f"[{c.marker}]" for c in case.citations)
    for figure in verify_figures(f"{case.text}{marks}", case.citations, ()):
        if figure.state == "unsupported":
            yield Fault(_fault_of(case, figure), figure.text)


def _fault_of(case: _Case, figure: CheckedFigure) -> FaultKind:
    """Return what is wrong with an unconfirmed figure: its time, what it is about, or the figure itself."""
    if is_year(figure):
        return "period"
    said = [replace(claim, place="") for claim in claims(case.text) if claim.figure.text == figure.text]
    quoted = [replace(claim, place="") for c in case.citations for claim in claims(c.quote)]
    return "other thing" if any(confirms(q, s) for q in quoted for s in said) else "figure"


def _things(case: _Case) -> Iterator[Fault]:
    """Check that every amount is about the thing, place and time of its source, and a plan only if it is one there."""
    quotes, names = [c.quote for c in case.citations], quoted_spans(case.text)
    for claim in claims(case.text):
        if is_year(claim.figure) or any(a < claim.figure.start and claim.figure.end < b for a, b in names):
            continue
        stated = ((c, q) for c in case.citations for q in claims(c.quote))
        own = [(c, q) for c, q in stated if confirms(without_report_place(q, c), claim)]
        if not own:
            continue  # it is from a title or a heading
        words = claim.figure.text
        if not any(_in_place_and_term(case, claim, citation) for citation, _ in own):
            yield Fault("place", words)
        piece = named_with(case.text, claim.figure, case.wording)
        named = names_something(piece, case.wording)
        uncovered = named and case.wording.coverage(piece, case.sources) < PIECE_COVERED
        confirming = {(c.quote, q.figure) for c, q in own}
        if uncovered or is_exchanged(case.text, claim.figure, quotes, confirming, case.wording):
            yield Fault("other thing", words)
        if _of_another_state(case, claim, own):
            yield Fault("plan", words)


def _of_another_state(case: _Case, claim: Claim, own: Sequence[tuple[Citation, Claim]]) -> bool:
    """Whether an amount is stated as reached that is only announced, or as planned without a source that says so."""
    calendar = calendar_of(case.reports[own[0][0].report_id])
    announced = [_is_planned(case, c, quoted.figure.start) for c, quoted in own]
    if state_of_sentence(case.text, calendar, "", claim.figure.start) != "plan":
        return all(announced) and not _AHEAD.search(case.text, 0, claim.figure.start)
    repeated = any(_repeats_signs(case.text, claim, c, quoted) for c, quoted in own)
    led = any(_is_planned(case, before, len(before.quote)) for c, _ in own for before in _before(case, c))
    return not (any(announced) or repeated or led)


def _repeats_signs(text: str, claim: Claim, citation: Citation, quoted: Claim) -> bool:
    """Whether the words that sound like a plan are those of the cited clause: 争取中央资金8亿元 was achieved."""
    start = quoted.figure.start
    begun = citation.quote[holding(split_clauses(citation.quote), start)[0] : start]
    signs = signs_of_plan(text, claim.figure.start)
    return bool(signs) and all(sign in begun for sign in signs)


def _before(case: _Case, citation: Citation) -> list[Citation]:
    """Return the other citations of the same paragraph that stand before this one."""
    paragraph, start = (citation.report_id, citation.paragraph), citation.spans[0][0]
    return [c for c in case.citations if (c.report_id, c.paragraph) == paragraph and c.spans[0][0] < start]


def _in_place_and_term(case: _Case, claim: Claim, citation: Citation) -> bool:
    """Whether a figure's last place and term are those of a citation, the place perhaps of one before it."""
    led = "".join(before.quote for before in _before(case, citation))
    sources = "".join((led, citation.quote, citation.title, citation.heading, citation.place))
    for term in TERM.findall(case.text[: claim.figure.start])[-1:]:
        if str(citation.period) != "–".join(term) and not all(year in citation.quote for year in term):
            return False
    return without_punctuation(claim.place) in without_punctuation(sources)


def _is_planned(case: _Case, citation: Citation, until: int) -> bool:
    """Whether what is at an offset of a quote is a plan, by its column, its sentence and its headings."""
    report = case.reports[citation.report_id]
    row, calendar = replace(report.paragraphs[citation.paragraph], text=citation.quote), calendar_of(report)
    if column := of_column(row, until, until, calendar).state:
        return column == "plan"
    part = announced_by(citation.heading.split(" / "), calendar)
    return state_of_sentence(citation.quote, calendar, part, until) == "plan"


def _gist(case: _Case) -> Iterator[Fault]:
    """Check that what is cited covers enough words of the statement and of each clause."""
    coverage = case.wording.coverage
    if coverage(case.text, case.sources) < COVERED:
        yield Fault("gist", case.text)
    for start, end in split_clauses(case.text):
        clause = case.text[start:end]
        # figures and years are judged on their own
        words = replaced(clause, ((figure.start, figure.end) for figure in figures(clause)))
        long = len(without_punctuation(words)) >= CLAUSE_CHARACTERS
        if long and coverage(clause, (*case.sources, SOURCE)) < CLAUSE_COVERED:
            yield Fault("gist", clause)
