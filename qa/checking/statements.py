"""Judge one statement by the sentences that it rests on: by what it says, never by who said it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from qa.checking.binding import Weighs, named_with, said_of_another, tells
from qa.checking.claims import Claim, bears, claims
from qa.checking.patterns import QUOTED
from qa.checking.verify import at_report, citation_stands, verify_figures
from qa.ledger.kinds import sheltered
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year
from qa.text.normal import squeezed
from qa.text.orders import gives_orders
from qa.text.outlook import announced_by, signs_of_plan, stated
from qa.text.sentences import split_clauses
from qa.text.told import calendar_of
from qa.types import CheckedFigure, Citation, Figure, Report

FaultKind: TypeAlias = Literal[
    "mark", "form", "figure", "place", "period", "plan", "name", "other thing", "gist"
]

HELD = 0.5  # weighted share of a statement's words that its quotes or their report must hold
CLAUSE_CHARACTERS = 4  # from which a clause is weighed on its own
CLAUSE_HELD = 0.3  # the same share of a clause
NAMED = 0.45  # the same share of what is said of a figure
MOST_CHARACTERS = 300  # of a statement
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NUMBERED = re.compile(r"第[零〇一二三四五六七八九十百\d]+|十[一二三四五六]五|[零〇一二三四五六七八九十]{3,}")
_TERM = re.compile(r"((?:19|20)\d\d)年?\s*[-—–－~～至到]+\s*((?:19|20)\d\d)年")
_AHEAD = re.compile(
    r"将|拟|要|计划|目标|力争|争取|预计|今后|未来|下一步|到(?:19|20)\d\d年"
)  # leaves no doubt of a plan
SOURCE = "报告写明"  # how a statement may name what it cites
_MARKUP = re.compile(r"[<>\[\]`{}|\\]|\*\*|https?:|www\.|//|[a-z]\.[a-z]+/|(?:\d+\.){3}\d", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a statement falls, and the words of it that do not hold."""

    kind: FaultKind
    words: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement and what it cites; ``held`` is every word that may stand in it."""

    text: str
    citations: tuple[Citation, ...]
    held: tuple[str, ...]
    reports: Mapping[str, Report]
    wording: Weighs


def judge(
    text: str, citations: Sequence[Citation], reports: Mapping[str, Report], wording: Weighs
) -> Fault | None:
    """The first fault of a statement, or None: then what it says stands in what it cites.

    Args:
        text: without marks.
        citations: of the sentences that it rests on.
        reports: report id → report, the sources of the citations.
        wording: weighs the words of the index.
    """
    if not citations or not all(citation_stands(c, reports) for c in citations):
        return Fault("mark", text)
    if len(text) > MOST_CHARACTERS or _MARKUP.search(text) or gives_orders(text):
        return Fault("form", text)
    held = tuple(t for c in citations for t in (c.quote, c.title, c.place, c.heading, c.period or ""))
    case = _Case(text, tuple(citations), held, reports, wording)
    return next((fault for check in _CHECKS for fault in check(case)), None)


def _names(case: _Case) -> Iterator[Fault]:
    """Places, quoted names, Latin words and numbered things must stand in what is cited."""
    held = squeezed("".join(case.held))
    named: tuple[tuple[FaultKind, list[str]], ...] = (
        ("place", [short_name(place.name) for _, _, place in find(case.text)]),
        ("name", [*QUOTED.findall(case.text), *_LATIN.findall(case.text)]),
        ("period", _NUMBERED.findall(case.text)),
    )
    yield from (Fault(kind, word) for kind, words in named for word in words if squeezed(word) not in held)


def _figures(case: _Case) -> Iterator[Fault]:
    """Every figure must be borne out: value, unit, approximator, place and year."""
    marks = "".join(f"[{c.marker}]" for c in case.citations)
    for figure in verify_figures(f"{case.text}{marks}", case.citations, ()):
        if figure.state == "unsupported":
            yield Fault(_fault_of(case, figure), figure.text)


def _fault_of(case: _Case, figure: CheckedFigure) -> FaultKind:
    """What is wrong with a figure that is not borne out: its time, what it is said of, or the figure itself."""
    if 1900 <= figure.value <= 2100 and figure.unit in ("", "年"):
        return "period"
    said = [replace(claim, place="") for claim in claims(case.text) if claim.figure.text == figure.text]
    quoted = [replace(claim, place="") for c in case.citations for claim in claims(c.quote)]
    return "other thing" if any(bears(q, s) for q in quoted for s in said) else "figure"


def _things(case: _Case) -> Iterator[Fault]:
    """Every amount must be said of what the cited sentence says it of, and be a plan where it is one there."""
    quotes = [c.quote for c in case.citations]
    for claim in _amounts(case.text):
        own = [(c, q) for c in case.citations for q in claims(c.quote) if bears(at_report(q, c), claim)]
        if not own:
            continue  # it stands in a title or a heading
        words = claim.figure.text
        if not any(_at_home(case, claim, citation) for citation, _ in own):
            yield Fault("place", words)

        def bears_out(figure: Figure, quote: str, own: Sequence[tuple[Citation, Claim]] = tuple(own)) -> bool:
            return any(c.quote == quote and q.figure == figure for c, q in own)

        piece = named_with(case.text, claim.figure, case.wording)
        unsaid = tells(piece, case.wording) and case.wording.coverage(piece, case.held) < NAMED
        if unsaid or said_of_another(case.text, claim.figure, quotes, bears_out, case.wording):
            yield Fault("other thing", words)
        if _plan_for_result(case, claim, own) or _result_for_plan(case, claim, own):
            yield Fault("plan", words)


def _plan_for_result(case: _Case, claim: Claim, own: Sequence[tuple[Citation, Claim]]) -> bool:
    """Whether what is cited only announces an amount that is said to be reached."""
    announced = all(_planned(c, case.reports[c.report_id], quoted.figure.start) for c, quoted in own)
    before = case.text[: claim.figure.start]
    return announced and not _said_ahead(case, claim, own) and not _AHEAD.search(before)


def _result_for_plan(case: _Case, claim: Claim, own: Sequence[tuple[Citation, Claim]]) -> bool:
    """Whether an amount is said to be planned, and nothing that is cited says so."""
    if not _said_ahead(case, claim, own):
        return False
    announced = any(_planned(c, case.reports[c.report_id], quoted.figure.start) for c, quoted in own)
    repeated = any(_signed_alike(case.text, claim, c, quoted) for c, quoted in own)
    led = any(
        _planned(before, case.reports[c.report_id], len(before.quote))
        for c, _ in own
        for before in _before(case, c)
    )
    return not (announced or repeated or led)


def _said_ahead(case: _Case, claim: Claim, own: Sequence[tuple[Citation, Claim]]) -> bool:
    calendar = calendar_of(case.reports[own[0][0].report_id])
    return stated(case.text, calendar, "", claim.figure.start) == "plan"


def _signed_alike(text: str, claim: Claim, citation: Citation, quoted: Claim) -> bool:
    """Whether what sounds like a plan is in the words of the clause that is cited: 争取中央资金8亿元 was done."""
    start = quoted.figure.start
    clause = next((a for a, b in split_clauses(citation.quote) if a <= start < b), 0)
    signs = signs_of_plan(text, claim.figure.start)
    return bool(signs) and all(sign in citation.quote[clause:start] for sign in signs)


def _before(case: _Case, citation: Citation) -> Iterator[Citation]:
    """What is cited, too, of the same paragraph and stands before it there."""
    for other in case.citations:
        same = (other.report_id, other.paragraph) == (citation.report_id, citation.paragraph)
        if same and other.spans[0][0] < citation.spans[0][0]:
            yield other


def _at_home(case: _Case, claim: Claim, citation: Citation) -> bool:
    """Whether the place and the term that are named last before a figure are those of a citation that bears it out.

    Its place may be named by what is cited of the same paragraph before it.
    """
    led = "".join(before.quote for before in _before(case, citation))
    held = squeezed("".join((led, citation.quote, citation.title, citation.heading, citation.place)))
    terms = [f"{a}–{b}" for a, b in _TERM.findall(case.text[: claim.figure.start])]
    term_fits = (
        not terms or citation.period == terms[-1] or all(y in citation.quote for y in terms[-1].split("–"))
    )
    return term_fits and squeezed(claim.place) in held


def _amounts(text: str) -> Iterator[Claim]:
    names = sheltered(text)
    for claim in claims(text):
        inside = any(a < claim.figure.start and claim.figure.end < b for a, b in names)
        if not is_year(claim.figure) and not inside:
            yield claim


def _planned(citation: Citation, report: Report, until: int) -> bool:
    """Whether what stands at an offset of a quote is yet to be done, by its sentence and its headings."""
    calendar = calendar_of(report)
    part = announced_by(citation.heading.split(" / "), calendar)
    return stated(citation.quote, calendar, part, until) == "plan"


def _gist(case: _Case) -> Iterator[Fault]:
    """Whole and clause by clause, enough of the words must stand in what is cited."""
    coverage = case.wording.coverage
    if coverage(case.text, case.held) < HELD:
        yield Fault("gist", case.text)
    for start, end in split_clauses(case.text):
        clause = case.text[start:end]
        if (
            len(squeezed(_unfigured(clause))) >= CLAUSE_CHARACTERS
            and coverage(clause, (*case.held, SOURCE)) < CLAUSE_HELD
        ):
            yield Fault("gist", clause)


def _unfigured(text: str) -> str:
    """A text without its figures and years: these are judged on their own."""
    for figure in reversed(figures(text)):
        text = text[: figure.start] + text[figure.end :]
    return text


_CHECKS: tuple[Callable[[_Case], Iterator[Fault]], ...] = (_names, _figures, _things, _gist)
