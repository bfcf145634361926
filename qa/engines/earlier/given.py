"""Collect the figures that the answers before a follow-up gave, and the formulas over them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.answering.programs.candidates import FORMULAS, formulas_over
from qa.ledger.indicators import what_counts
from qa.question.intents import intent_of
from qa.text.arithmetic import Derived, derive
from qa.text.figure_context import comparable_units
from qa.text.figures import amounts_in, figure_of, figures, is_year, unit_kind
from qa.text.sentences import holding, split_clauses
from qa.types import Answer, Citation, Figure, Period, Spans

TURNS = 5  # answers before a follow-up that it may compute with
MOST = 12  # figures given, the last ones
COMPARE = "compare"  # which of more than two is largest
OF_EARLIER = (*FORMULAS[:-1], COMPARE)  # nothing is set against an amount that a follow-up states
NEVER = Period(0, 0)


@dataclass(frozen=True, eq=False, slots=True)
class Given:
    """A figure that an answer gave, with what states it; its own identity."""

    figure: Figure
    citation: Citation
    answer: Answer
    back: int  # how many turns before the follow-up; 1 is the last
    short: bool  # whether it is in the short answer, or there is none

    @property
    def kind(self) -> str:
        """The kind of its unit."""
        return unit_kind(self.figure.unit)

    @property
    def end(self) -> int:
        """The last year of its time, 0 if that is not known."""
        return (self.citation.years or self.citation.period or NEVER).end

    @property
    def text(self) -> str:
        """Its clause in the source."""
        quote = self.citation.quote
        at = next(own.start for own in figures(quote) if own.text == self.figure.text)
        return quote[slice(*holding(split_clauses(quote), at))].rstrip("，,。；;：:、")

    @property
    def words(self) -> str:
        """What it counts."""
        return what_counts(self.citation.quote, self.figure)

    @property
    def shown(self) -> str:
        """Its clause; the figure alone if that has others."""
        return self.text if len(amounts_in(self.text)) == 1 else self.figure.text


@dataclass(frozen=True, eq=False, slots=True)
class Formula:
    """A formula over figures that were given, with its result."""

    name: str  # one of ``OF_EARLIER``
    operands: tuple[Given, ...]
    result: Derived


def given_before(history: Sequence[str], earlier: Callable[[int], Answer | None]) -> tuple[Given, ...]:
    """Return what the last answers gave, in the order in which they did, each figure of a source once; thanks are no question."""
    found = dict[tuple[str, Spans], Given]()
    for back in range(min(TURNS, len(history)), 0, -1):
        answer = earlier(back) if intent_of(history[-back]) != "chatter" else None
        if answer and not answer.abstained and not answer.calculation:
            for one in _given_by(answer, back):
                key = one.figure.text, one.citation.spans
                if one.short or key not in found:  # as it was asked for
                    found.pop(key, None)
                    found[key] = one
    return tuple(found.values())[-MOST:]


def _given_by(answer: Answer, back: int) -> Iterator[Given]:
    """Yield the figures that an answer gives and that stand in one of its citations."""
    asked = [own.text for own in amounts_in(answer.short or "")]
    for own in answer.figures:
        figure = figure_of(own.text)
        if not own.marker or is_year(own) or figure is None or figure.text != own.text:
            continue
        citation = answer.citations[own.marker - 1]
        if any(each.text == figure.text for each in figures(citation.quote)):
            yield Given(figure, citation, answer, back, figure.text in asked or not asked)


def formulas_of(given: Sequence[Given]) -> Iterator[Formula]:
    """Yield every formula over figures that were given."""
    backs = sorted({one.back for one in given})[1:]
    asked = (tuple(one for one in given if one.short and one.back <= back) for back in backs)
    every = dict.fromkeys((*formulas_over(given), *(("sum", own) for own in asked if len(own) > 1)))
    for name, own in every:
        if made := derive(name, [one.figure for one in own]):
            yield Formula(name, own, made)
        if name == "sum" and len(own) > 2:
            yield from _largest(own)
    points = [one for one in given if one.kind == "%"]
    if len(points) > 2:
        yield from _largest(points)


def _largest(own: Sequence[Given]) -> Iterator[Formula]:
    """Yield which of more than two figures is the largest, with how far it is ahead of the next."""
    in_order = sorted(own, key=lambda one: -one.figure.value)
    alike = all(comparable_units(own[0].figure.unit, one.figure.unit) for one in own)
    if alike and (made := derive("difference", [one.figure for one in in_order[:2]])):
        yield Formula(COMPARE, tuple(own), made)
