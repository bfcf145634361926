"""Track the place and term that each part of a draft's sentence is about, from headings and the openings of clauses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter

from qa.ledger import LedgerFigure
from qa.ledger.build import figures_of
from qa.ledger.kinds import quoted_spans
from qa.ledger.times import times_stated
from qa.text.divisions import find, within
from qa.text.sentences import split_clauses
from qa.text.units import sentences_of
from qa.text.when import Calendar
from qa.types import Period, Place, Report, Sentence

OPENING = 12  # first characters of a clause in which its place and years are looked for
_STOPS = "。；！？"


@dataclass(frozen=True, slots=True)
class Context:
    """The place and period that a sentence is about; a place without a name and a period None are unknown.

    ``names_place`` and ``names_years`` are whether the sentence itself states them. ``before`` is what the first
    words of a sentence are about that names two places.
    """

    place: Place
    period: Period | None
    names_place: bool = field(default=False, compare=False)
    names_years: bool = field(default=False, compare=False)
    turns: tuple[tuple[int, Place], ...] = field(default=(), compare=False)
    before: Place = field(default=Place(""), compare=False)

    def at(self, offset: int) -> Context:
        """Return the context of what stands at an offset of the sentence: of two places the one named last before it."""
        if len(self.turns) < 2:
            return self
        named = [place for start, place in self.turns if start <= offset]
        return replace(self, place=named[-1] if named else self.before, names_place=bool(named))


def contexts(draft: Report, places: Collection[Place]) -> Iterator[tuple[Sentence, Context]]:
    """Yield every sentence of a draft with its context; ``places`` are those of the reports."""
    running = Context(Place(""), None)
    paragraphs = {paragraph.number: paragraph for paragraph in draft.paragraphs}
    for sentence in sentences_of(draft):
        paragraph = paragraphs[sentence.paragraph].text
        title = not paragraph.rstrip().endswith(tuple(_STOPS)) and len(paragraph) == len(sentence.text)
        turns = tuple(_turns(sentence.text, running.place, places, whole=title))
        period = _period(sentence.text, running.period, whole=title)
        years = _period(sentence.text, None, whole=title)  # years in figures, not 五年来
        place = turns[-1][1] if turns else running.place
        running = Context(place, period, bool(turns), years is not None, turns, running.place)
        yield sentence, running


def figures_in_context(
    draft: Report, sentences: Iterable[tuple[Sentence, Context]]
) -> Iterator[LedgerFigure]:
    """Yield the figures of a draft, each read as in a report with its context."""
    for context, group in groupby(sentences, key=itemgetter(1)):
        part = replace(draft, place=context.place, period=context.period)
        yield from figures_of(part, (sentence for sentence, _ in group))


def _turns(
    text: str, running: Place, places: Collection[Place], *, whole: bool
) -> Iterator[tuple[int, Place]]:
    """Yield the places that become the subject, each with its offset: those named at the opening of a clause.

    A division inside the current place changes nothing; a place without a report must open the sentence.
    """
    openings = [start for start, _ in split_clauses(text)]
    names = quoted_spans(text)
    for start, _, place in find(text, near=(running,) if running.name else tuple(places)):
        known = next((own for own in places if own.name == place.name and within(own, place)), None)
        inside = bool(running.name) and place.name != running.name and within(place, running)
        if (known is None and inside) or any(a <= start < b for a, b in names):
            continue
        opens = whole or any(0 <= start - opening <= OPENING for opening in openings)
        if known is not None and opens:
            yield start, known
        elif known is None and start == 0:
            yield start, place


def _period(text: str, running: Period | None, *, whole: bool) -> Period | None:
    """Return the years of a heading or of a time that begins in a sentence's opening, else the current ones."""
    stated = (time for time in times_stated(text, Calendar(running)) if not time.aside)
    times = [time for time in stated if whole or time.at[0] < 2 * OPENING]
    return times[-1].period if times else running
