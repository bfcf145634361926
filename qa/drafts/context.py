"""The running context of a draft: which place and term a sentence speaks of, as its headings and openings say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.ledger import LedgerFigure
from qa.ledger.build import figures_of
from qa.ledger.kinds import sheltered
from qa.ledger.times import base_period
from qa.text.divisions import find, within
from qa.text.sentences import split_clauses
from qa.text.units import sentences_of
from qa.types import Paragraph, Period, Place, Report, Sentence

OPENING = 12  # characters of a clause in which its place and years stand
_STOPS = "。；！？"


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentences from here on are about; a place without a name and a period None say nothing.

    ``names_place`` and ``names_years`` are True where the sentence says so itself.
    """

    place: Place
    period: Period | None
    names_place: bool = field(default=False, compare=False)
    names_years: bool = field(default=False, compare=False)


def contexts(draft: Report, places: Collection[Place]) -> Iterator[tuple[Sentence, Context]]:
    """Every sentence of a draft with its context.

    Args:
        places: of the reports of the library; a division inside the one that is spoken of changes nothing.
    """
    running = Context(Place(""), None)
    paragraphs = {paragraph.number: paragraph for paragraph in draft.paragraphs}
    for sentence in sentences_of(draft):
        title = _is_heading(paragraphs[sentence.paragraph], sentence)
        place = _place(sentence.text, running.place, places, whole=title)
        period = _period(sentence.text, running.period, whole=title)
        years = _period(sentence.text, None, whole=title)  # said in figures, not as 五年来
        running = Context(place or running.place, period, place is not None, years is not None)
        yield sentence, running


def figures_in_context(
    draft: Report, told: Sequence[tuple[Sentence, Context]]
) -> Iterator[tuple[LedgerFigure, Context]]:
    """The figures of a draft, each read as a report of its context would read it."""
    start = 0
    while start < len(told):
        context = told[start][1]
        end = start
        while end < len(told) and told[end][1] == context:
            end += 1
        part = replace(draft, place=context.place, period=context.period)
        for figure in figures_of(part, (sentence for sentence, _ in told[start:end])):
            yield figure, context
        start = end


def _is_heading(paragraph: Paragraph, sentence: Sentence) -> bool:
    return not paragraph.text.rstrip().endswith(tuple(_STOPS)) and len(paragraph.text) == len(sentence.text)


def _place(text: str, running: Place, places: Collection[Place], *, whole: bool) -> Place | None:
    """The place that is the subject from here on, if one is named; one that no report is of opens the sentence."""
    openings = [start for start, _ in split_clauses(text)]
    names = sheltered(text)
    for start, _, place in reversed(find(text, near=(running,) if running.name else tuple(places))):
        known = next((own for own in places if own.name == place.name and within(own, place)), None)
        inside = bool(running.name) and place.name != running.name and within(place, running)
        if (known is None and inside) or any(a <= start < b for a, b in names):
            continue
        opens = whole or any(0 <= start - opening <= OPENING for opening in openings)
        if known is not None and opens:
            return known
        if known is None and start == 0:
            return place
    return None


def _period(text: str, running: Period | None, *, whole: bool) -> Period | None:
    """The years that are spoken of from here on: those of a heading, or with which a sentence opens."""
    opening = text if whole else text[: 2 * OPENING]
    return base_period((opening,), running)
