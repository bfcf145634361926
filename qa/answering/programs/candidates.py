"""Every formula over figures of some passages that their units allow."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Protocol, TypeAlias, TypeVar

from qa.answering.computation import operation_of
from qa.answering.statement import corrects
from qa.answering.sureness.span_answers import PROPOSED, Read
from qa.ledger.indicators import what_counts
from qa.question.kinds import RESULTS
from qa.text.arithmetic import Derived, beside, derive
from qa.text.figure_context import comparable_units, counted_alike, reached, states_mean
from qa.text.figures import amounts_in, unit_kind
from qa.text.sentences import holding, is_statable, split_clauses
from qa.text.units import sentence_spans
from qa.types import Figure, Query, Span

MOST = 14  # figures of a passage, the most relevant ones
FEW = 5  # figures of a passage that are computed with those of another one, and operands at most
AGAINST = "against"  # of a single figure: set against an amount that the question states
FORMULAS = ("sum", "difference", "rest", "share", "multiple", "ratio", "growth", "product", AGAINST)
_NO_COUNT = {"", *RESULTS.values()}  # kinds of units


class Operand(Protocol):
    """A figure that may be computed with."""

    @property
    def figure(self) -> Figure:
        """Itself."""

    @property
    def kind(self) -> str:
        """The kind of its unit."""

    @property
    def text(self) -> str:
        """Its clause."""


@dataclass(frozen=True, eq=False, slots=True)
class Mention:
    """A figure of a passage that was read; its own identity."""

    read: Read
    figure: Figure  # offsets into the paragraph
    sentence: Span
    clause: Span
    kind: str  # of its unit
    words: str  # what it counts

    @property
    def text(self) -> str:
        """Its clause."""
        return self.read.hit.paragraph.text[slice(*self.clause)]

    @property
    def span(self) -> Span:
        """Where it stands in the paragraph."""
        return self.figure.start, self.figure.end


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """A formula over some figures, with its result."""

    formula: str  # one of ``FORMULAS``
    operands: tuple[Mention, ...]
    result: Derived
    limit: Figure | None = None  # what the question states, of ``AGAINST``


_Operand = TypeVar("_Operand", bound=Operand)
_Choice: TypeAlias = tuple[str, tuple[_Operand, ...]]


def programs(
    query: Query, read: Sequence[Read], relevance: Callable[[Mention], float]
) -> tuple[Program, ...]:
    """Return the candidates: of the passages likeliest to answer any, of two passages with the most relevant figures.

    Of several places or terms each has to be computed with; where the question names none, one report is, and where it names
    one, no other.
    """
    more = operation_of(query.standalone) == "times more"  # 增长了几倍 asks for no multiple
    within = (
        [one for one in read if one.hit.report.id in query.report_ids]
        if query.scopes[0].place and not query.unnamed
        else read
    )
    likely = sorted(within, key=lambda one: (-one.reading.answered, one.rank))
    every = [sorted(mentions_in(one), key=relevance, reverse=True)[:MOST] for one in likely]
    of_each = {*query.places}
    found = list[_Choice[Mention]]()
    if len(of_each) == 1:
        in_order = (sorted(own, key=lambda one: one.figure.start) for own in every[:PROPOSED])
        found += (choice for own in in_order for choice in formulas_over(own))
    best = [one for own in every for one in own[:FEW]]
    for one, other in permutations(best, 2):
        if one.read is not other.read and _may_meet(one, other, of_each):
            found += _of_two(one, other)
            if one.read.rank < other.read.rank and _alike(one, other) and one.kind != "%":
                found.append(("sum", (one, other)))
    found = [choice for choice in found if not (more and choice[0] == "multiple")]
    operations = ["times more" if more and formula == "growth" else formula for formula, _ in found]
    results = [
        derive(each, [one.figure for one in own]) for each, (_, own) in zip(operations, found, strict=True)
    ]
    computed = [Program(*choice, made) for choice, made in zip(found, results, strict=True) if made]
    limits = amounts_in(query.standalone) if len(of_each) == 1 else ()
    return *computed, *(one for own in every[:PROPOSED] for each in own for one in _against(each, limits))


def _against(one: Mention, limits: Sequence[Figure]) -> Iterator[Program]:
    """Yield a figure set against each amount that the question states, in the figure's unit if it is stated without one."""
    for limit in limits:
        own = limit if limit.unit else replace(limit, unit=one.figure.unit)
        if comparable_units(one.figure.unit, own.unit) and (by := beside(one.figure, own)):
            yield Program(AGAINST, (one,), by, own)


def _may_meet(one: Mention, other: Mention, of_each: Set[frozenset[str]]) -> bool:
    """Whether two figures are of one report, or of two of several places or terms."""
    first, second = one.read.hit.report.id, other.read.hit.report.id
    if len(of_each) == 1:
        return first == second
    return any(first in a and second in b for a, b in permutations(of_each, 2))


def mentions_in(read: Read) -> tuple[Mention, ...]:
    """Return the figures of a passage that are reported, in order; none that another one went beyond, or that are said to be wrong."""
    text = read.hit.paragraph.text
    sentences, clauses = sentence_spans(read.hit.paragraph), split_clauses(text)
    found = []
    for figure in amounts_in(text):
        sentence = holding(sentences, figure.start)
        said = text[slice(*sentence)]
        if is_statable(said) and not corrects(said) and reached(text, figure) == figure:
            clause, kind = holding(clauses, figure.start), unit_kind(figure.unit)
            found.append(Mention(read, figure, sentence, clause, kind, what_counts(said, figure)))
    return tuple(found)


def _alike(one: Operand, other: Operand) -> bool:
    """Whether two figures measure the same, so that they may be added."""
    return comparable_units(one.figure.unit, other.figure.unit)


def _of_two(one: _Operand, other: _Operand) -> Iterator[_Choice[_Operand]]:
    """Yield the formulas over two figures in which the first is the larger one, or what is divided or multiplied."""
    if _alike(one, other):
        if one.figure.value > other.figure.value:
            yield "difference", (one, other)
            yield "rest", (one, other)
            yield "multiple", (one, other)
            if one.kind != "%":
                yield "share", (other, one)
                yield "growth", (other, one)
        return
    counts = one.kind not in _NO_COUNT and other.kind not in _NO_COUNT
    mean = states_mean(one.text)
    if counts and not mean and not counted_alike((one.figure.unit, other.figure.unit)):
        yield "ratio", (one, other)
    if one.kind not in _NO_COUNT and other.kind == "%" and not other.figure.unit.endswith("百分点"):
        yield "product", (one, other)
    if counts and one.kind == "元" and mean:
        yield "product", (one, other)


def formulas_over(own: Sequence[_Operand]) -> Iterator[_Choice[_Operand]]:
    """Yield the formulas over figures told together, in their order."""
    for pair in permutations(own, 2):
        yield from _of_two(*pair)
    groups = list[list[_Operand]]()
    for one in own:
        group = next((group for group in groups if _alike(group[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    for group in groups:
        if group[0].kind == "%":
            continue
        sizes = range(2, FEW + 1)
        runs = [tuple(group[at : at + size]) for size in sizes for at in range(len(group) - size + 1)]
        few = [some for size in (2, 3) for some in combinations(group, size)] if len(group) <= 2 * FEW else []
        yield from (("sum", some) for some in dict.fromkeys((*runs, *few)))
        yield from (("rest", run) for run in runs if len(run) > 2)
