"""Match every figure of an answer with a figure that it cites: value, unit, exactness, place, period."""

import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from qa.checking.claims import QUOTED, Claim, claims, confirms, same_amount
from qa.text.arithmetic import precision
from qa.text.divisions import find, get, short_name
from qa.text.figures import figures, is_year, senses
from qa.text.normal import without_punctuation
from qa.text.sentences import split_clauses
from qa.text.spans import replaced, without_blanks
from qa.types import MARK, Answer, CheckedFigure, Citation, Figure, FigureState, Report

_MARKS = re.compile(r"((?:\[\d{1,3}\])+)")
TERM = re.compile(r"((?:19|20)\d\d)年?\s*[-—–－~～至到]+\s*((?:19|20)\d\d)年?")
_GOVERNS = re.compile(r"[：:；;。]")  # a place before it may apply to all that follows
_LABEL = re.compile(r"(?:- )?[^：（]{1,30}（(\d{4}(?:–\d{4})?(?:，计划)?)）：")
_OPERATIONS = {"+": operator.add, "-": operator.sub, "×": operator.mul, "/": operator.truediv}
_RISE = ["(x", "-", "x)", "/", "x"]  # the one shape of a formula with brackets
ROUNDING = (0.0051, 5.1e-4)  # tolerance of a printed result: absolute, relative
ABOUT = 5.1e-3  # relative tolerance of one that is 约: three digits


def amounts(answer: Answer) -> tuple[CheckedFigure, ...]:
    """Return the figures of an answer without its years, which only name a term."""
    return tuple(figure for figure in answer.figures if not is_year(figure))


def citation_stands(citation: Citation, reports: Mapping[str, Report]) -> bool:
    """Whether the quote consists of the characters at its spans in the report's source."""
    report = reports.get(citation.report_id)
    if report is None or not citation.spans:
        return False
    source = report.source.text
    if any(not 0 <= a < b <= len(source) for a, b in citation.spans):
        return False
    cited = without_blanks("".join(source[a:b] for a, b in citation.spans))
    return cited == without_blanks(citation.quote) and 8 <= len(cited) <= 300


def verify_figures(
    text: str, citations: Sequence[Citation], calculation: Sequence[str]
) -> tuple[CheckedFigure, ...]:
    """Return every figure of ``text`` with its state.

    quoted: the citation right after it confirms it (``claims.confirms``) and contains the places and names
    stated with it; or it is a year of a cited period, title or heading, and the quote itself names no year.
    derived: it is the result of a formula that adds up and whose operands are quoted.
    unsupported: neither.
    """
    sound = [c for c in calculation if adds_up(c) and _operands_stand(c, citations)]
    results = [figure for formula in sound for figure in figures(formula.rpartition("=")[2])]
    return tuple(
        checked
        for line in text.split("\n")
        for said, near, marked in _statements(line, citations)
        for checked in _verified(said, near, marked, citations, sound, results)
    )


def matches_cited_places(line: str, citations: Sequence[Citation]) -> bool:
    """Whether each marked piece of a line has the places, names and period of what it cites."""
    return all(_matches_cited(said, near) for said, near, marked in _statements(line, citations) if marked)


def _statements(line: str, citations: Sequence[Citation]) -> Iterator[tuple[str, tuple[Citation, ...], bool]]:
    """Yield the pieces of a line with what each cites: its own marks, else the line's, else everything."""
    by_marker = {c.marker: c for c in citations}
    everything = _cited(line, by_marker) or tuple(citations)
    pieces = _MARKS.split(line)  # what is said and its marks in turn
    for said, marks in zip_longest(pieces[::2], pieces[1::2], fillvalue=""):
        yield said, _cited(marks, by_marker) or everything, bool(marks)


def _cited(marks: str, by_marker: Mapping[int, Citation]) -> tuple[Citation, ...]:
    return tuple(by_marker[int(m)] for m in MARK.findall(marks) if int(m) in by_marker)


def _verified(
    said: str,
    near: Sequence[Citation],
    marked: bool,
    everything: Sequence[Citation],
    sound: Sequence[str],
    results: Sequence[Figure],
) -> Iterator[CheckedFigure]:
    """Yield the figures of one piece of a line with their states.

    ``near`` is what the piece cites, by a mark after it if ``marked``; the operands of ``sound`` formulas may be in
    everything that the answer cites, and ``results`` are the figures that these formulas yield.
    """
    fits = not marked or _matches_cited(said, near)
    state: FigureState = "quoted" if fits else "unsupported"
    label = _LABEL.match(said)
    labelled = next((c for c in near if label and c.is_of(label[1])), None)
    if label and labelled:
        yield from (_state(figure, state, labelled.marker) for figure in figures(label.group()))
        said = said[label.end() :]
    for term in TERM.finditer(said):  # of the report that is cited, whatever years its sentence names
        holder = next((c for c in near if str(c.period) == f"{term[1]}–{term[2]}"), None)
        if holder is not None:
            yield from (_state(figure, state, holder.marker) for figure in figures(term.group()))
            said = said.replace(term.group(), "，" * len(term.group()), 1)
    pieces = re.split(f"({'|'.join(map(re.escape, sound))})", said) if sound else [said]
    for number, piece in enumerate(pieces):
        if number % 2:  # a formula that the pattern splits at
            yield from _of_formula(piece, everything)
            continue
        for claim in claims(piece):
            holder = next((c for c in near if _holds(c, claim, marked)), None) if fits else None
            if holder is not None:
                yield _state(claim.figure, "quoted", holder.marker)
                continue
            fitting = senses(claim.figure) <= {"about", "at least"}  # its own, if an operand has one
            derived = fitting and any(same_amount(result, claim.figure) for result in results)
            yield _state(claim.figure, "derived" if derived else "unsupported")


def _state(figure: Figure, state: FigureState, marker: int | None = None) -> CheckedFigure:
    marker = marker if state == "quoted" else None
    return CheckedFigure(figure.text, figure.value, figure.unit, state, marker)


def _of_formula(formula: str, citations: Sequence[Citation]) -> Iterator[CheckedFigure]:
    """Yield the figures of a formula that holds; operands are quoted, however exact they are printed."""
    left, _, right = formula.rpartition("=")
    for figure in figures(left):
        yield _state(figure, "quoted", next(c.marker for c in citations if _counts(c, figure)))
    yield from (_state(figure, "derived") for figure in figures(right))


def _operands_stand(formula: str, citations: Sequence[Citation]) -> bool:
    operands = figures(formula.rpartition("=")[0])
    return all(any(_counts(c, o) for c in citations) for o in operands)


def _counts(citation: Citation, figure: Figure) -> bool:
    return any(same_amount(figure, f) for f in figures(citation.quote))


def _holds(citation: Citation, claim: Claim, marked: bool) -> bool:
    """Whether a citation confirms a claim; if the quote names years, a year stated before its mark must be one."""
    stated = claims(citation.quote)
    if any(confirms(each, claim) or confirms(without_report_place(each, citation), claim) for each in stated):
        return True
    if is_year(claim.figure) and marked and any(is_year(quoted.figure) for quoted in stated):
        return False
    told = filter(None, (citation.period, citation.years))
    if is_year(claim.figure) and any(claim.figure.value in (years.start, years.end) for years in told):
        return True
    return any(confirms(named, claim) for named in claims(f"{citation.title}，{citation.heading}"))


def without_report_place(quoted: Claim, citation: Citation) -> Claim:
    """Remove the place of a claim if it does not narrow down the report's place.

    A place above it does not (浙江省劳模 in a report of 杭州), nor one that an earlier clause names in passing.
    """
    own = get(citation.place) if quoted.place else None
    above = own is not None and quoted.place in map(short_name, own.parents)
    passing = own is not None and _named_in_passing(citation.quote, quoted)
    return replace(quoted, place="") if above or passing else quoted


def _named_in_passing(quote: str, quoted: Claim) -> bool:
    """Whether a claim's place is neither at the sentence's beginning nor in its clause or the one before."""
    stops = [end for _, end in split_clauses(quote) if end <= quoted.figure.start]
    named = [start for start, _, place in find(quote) if short_name(place.name) == quoted.place]
    last = max((start for start in named if start < quoted.figure.start), default=0)
    between = quote[last : quoted.figure.start]
    return len(stops) > 2 and stops[0] <= last < stops[-2] and not _GOVERNS.search(between)


def _matches_cited(said: str, cited: Sequence[Citation]) -> bool:
    """Whether what is cited contains the places and quoted names of a piece, and is of its period."""
    label = _LABEL.match(said)
    if label and not any(c.is_of(label[1]) for c in cited):
        return False
    names = [short_name(place.name) for _, _, place in find(said)] + QUOTED.findall(said)
    sources = without_punctuation("".join(t for c in cited for t in (c.quote, c.title, c.heading, c.place)))
    return all(without_punctuation(name) in sources for name in names)


def adds_up(formula: str) -> bool:
    """Whether the printed result of a formula is that of its operands, up to rounding.

    Operands and signs stand apart, as they are printed; there is one × or / at most. A second result is the first with
    fewer digits.

    >>> adds_up("(120件 - 80件) / 80件 = 50%"), adds_up("3万元 + 2万元 = 6万元")
    (True, False)
    >>> adds_up("1.87亿元 × 78% = 1.4586亿元"), adds_up("120元 × 30人 = 36元")
    (True, False)
    >>> adds_up("3 - = 5"), adds_up("x = 3")
    (False, False)
    >>> adds_up("527个 - 400多个 = 127个，约100个"), adds_up("527个 - 400多个 = 127个，约200个")
    (True, False)
    """
    left, _, right = formula.rpartition("=")
    operands, result = figures(left), figures(right)
    shape = replaced(left, ((each.start, each.end) for each in operands), "x").split()
    signs = shape[1::2]
    in_order = set(shape[::2]) == {"x"} and (signs in (["×"], ["/"]) or {"+", "-"}.issuperset(signs))
    complete = len(operands) == len(shape[::2]) == len(signs) + 1
    if not (result and complete and (in_order or shape == _RISE)) or (
        "/" in signs and not operands[-1].value
    ):
        return False
    value = operands[0].value
    for sign, each in zip(signs, operands[1:], strict=True):
        value = _OPERATIONS[sign](value, each.value * (0.01 if sign == "×" and each.unit == "%" else 1.0))
    if result[0].unit == "%":
        value *= 100
    printed = -abs(result[0].value) if right.strip().startswith("-") else result[0].value
    shorter = (abs(abs(value) - other.value) <= 0.51 * precision(other) for other in result[1:])
    relative = ABOUT if result[0].approximator else ROUNDING[1]
    return abs(value - printed) <= max(ROUNDING[0], relative * abs(printed)) and all(shorter)
