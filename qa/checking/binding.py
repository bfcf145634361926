"""Detect figures that a statement attributes to another thing than the cited sentence does.

A sentence that lists several figures is cut into one piece per figure: 选树劳模100名、工匠70名. If the words of the
statement's piece match the piece of another figure and hardly that of its own, figures were exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.text.divisions import find
from qa.text.figures import amounts_in, figures, unit_kind
from qa.types import Figure

if TYPE_CHECKING:
    from qa.answering.wording import Wording

# Figures are exchanged if the weight of the words that point to the own figure is under this share of the weight
# of those that point to the other one.
POINTS_ALIKE = 0.5  # both figures are of one kind of unit
POINTS_UNLIKE = 0.05  # they are of different kinds
LEAST_WEIGHT = 1.0  # of the heaviest word of a piece; one below it includes the piece before
_BREAK = re.compile(r"[，,。；;、：:！!？?\n]")
_JOINED = re.compile(r"以及|和|及|与|并|还有|另")
_ENCLOSED = re.compile(r"[“「『《（(][^”」』》）)]{0,60}[”」』》）)]")


def is_exchanged(
    text: str,
    figure: Figure,
    quotes: Sequence[str],
    confirming: Collection[tuple[str, Figure]],
    wording: Wording,
) -> bool:
    """Whether the words around a figure point to other figures of the quotes than those that confirm it.

    Args:
        quotes: all that are cited for the statement.
        confirming: the figures of quotes that confirm this one, each after its quote.
    """
    words = words_of(named_with(text, figure, wording))
    own, others = list[tuple[Figure, str]](), list[tuple[Figure, str]]()
    for quote in quotes:
        for other in amounts_in(quote):
            (own if (quote, other) in confirming else others).append((other, _piece(quote, other, wording)))
    return bool(own) and all(
        any(_points_to(theirs, other, piece, mine, words, wording) for other, theirs in others)
        for mine, piece in own
    )


def _points_to(
    theirs: str, other: Figure, piece: str, own: Figure, words: Sequence[str], wording: Wording
) -> bool:
    """Whether words point to the piece of the other figure and not to that of the own one."""
    least = POINTS_ALIKE if unit_kind(own.unit) == unit_kind(other.unit) else POINTS_UNLIKE
    to_own = sum(wording.weight(w) for w in words if w in piece and w not in theirs)
    to_other = sum(wording.weight(w) for w in words if w in theirs and w not in piece)
    return to_other > 0 and to_own < least * to_other


def named_with(text: str, figure: Figure, wording: Wording) -> str:
    """Return the words about a figure: its item without places, and those before if it names nothing."""
    for start, end, _ in find(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return _piece(text, figure, wording)


def names_something(piece: str, wording: Wording) -> bool:
    """Whether a piece has a word that is informative enough to name a thing."""
    return max(map(wording.weight, words_of(piece)), default=0.0) >= LEAST_WEIGHT


def _piece(text: str, figure: Figure, wording: Wording) -> str:
    """Return the words of a figure's item without figures; with the items before while these name nothing."""
    bounds = _bounds(text)
    at = next(i for i, (_, end) in enumerate(bounds) if figure.start < end)
    start, end = bounds[at]
    while at and not names_something(_without_amounts(text[start:end]), wording):
        at -= 1
        start = bounds[at][0]
    return _without_amounts(text[start:end])


def _without_amounts(text: str) -> str:
    for figure in reversed(amounts_in(text)):
        text = f"{text[: figure.start]} {text[figure.end :]}"
    return text


def _bounds(text: str) -> list[tuple[int, int]]:
    """Return offsets of the items of a text, with one figure each if they can be cut apart."""
    enclosed = [m.span() for m in _ENCLOSED.finditer(text)]
    inside = [(f.start, f.end) for f in figures(text)] + enclosed
    stops = [m.end() for m in _BREAK.finditer(text) if not any(a < m.start() < b for a, b in inside)]
    bounds = [b for b in pairwise([0, *stops, len(text)]) if b[0] < b[1]]
    return [cut for start, end in bounds for cut in _cut(text, start, end)]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut an item at each 和 between two of its figures."""
    amounts = amounts_in(text[start:end])
    for one, other in pairwise(amounts):
        if joined := _JOINED.search(text, start + one.end, start + other.start):
            yield start, joined.start()
            yield from _cut(text, joined.start(), end)
            return
    yield start, end


def words_of(piece: str) -> tuple[str, ...]:
    """Return the distinct words of a piece, as the search splits them."""
    from embeddings.words import words

    return tuple(dict.fromkeys(words(piece)))
