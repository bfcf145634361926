"""Detect figures that a statement attributes to another thing than the cited sentence does.

A sentence that lists several figures is cut into one piece per figure: 选树劳模100名、工匠70名. If the words of the
statement's piece match the piece of another figure and hardly that of its own, figures were exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from qa.text.divisions import find
from qa.text.figures import figures, is_year, unit_kind
from qa.types import Figure

# Figures are exchanged if the weight of the words that point to the own figure is under this share of the weight
# of those that point to the other one.
POINTS_ALIKE = 0.5  # both figures are of one kind of unit
POINTS_UNLIKE = 0.05  # they are of different kinds
LEAST_WEIGHT = 1.0  # of the heaviest word of a piece; one below it includes the piece before
_BREAK = re.compile(r"[，,。；;、：:！!？?\n]")
_JOINED = re.compile(r"以及|和|及|与|并|还有|另")
_ENCLOSED = re.compile(r"[“「『《（(][^”」』》）)]{0,60}[”」』》）)]")


class WordWeights(Protocol):
    """The interface of ``qa.answering.wording.Wording``, which this stage does not import."""

    def weight(self, word: str) -> float:
        """Return how informative a word is."""
        ...

    def coverage(self, asked: str, evidence: str | Sequence[str], like: bool = True) -> float:
        """Return the weighted share of the words of one text that others cover."""
        ...


def is_exchanged(
    text: str,
    figure: Figure,
    quotes: Sequence[str],
    is_confirming: Callable[[Figure, str], bool],
    wording: WordWeights,
) -> bool:
    """Whether the words around a figure point to other figures of the quotes than those that confirm it.

    Args:
        quotes: all that are cited for the statement.
        is_confirming: whether a figure of a quote confirms this one.
    """
    words = words_of(named_with(text, figure, wording))
    pieces = [
        (other, is_confirming(other, quote), _piece(quote, other, wording))
        for quote in quotes
        for other in _amounts(quote)
    ]
    others = [(other, piece) for other, confirming, piece in pieces if not confirming]

    def exchanged(own: Figure, piece: str) -> bool:
        return any(_points_to(theirs, other, piece, own, words, wording) for other, theirs in others)

    confirming = [(own, piece) for own, confirms, piece in pieces if confirms]
    return bool(confirming) and all(exchanged(own, piece) for own, piece in confirming)


def _points_to(
    theirs: str, other: Figure, piece: str, own: Figure, words: Sequence[str], wording: WordWeights
) -> bool:
    """Whether words point to the piece of the other figure and not to that of the own one."""
    least = POINTS_ALIKE if unit_kind(own.unit) == unit_kind(other.unit) else POINTS_UNLIKE
    to_own = sum(wording.weight(w) for w in words if w in piece and w not in theirs)
    to_other = sum(wording.weight(w) for w in words if w in theirs and w not in piece)
    return to_other > 0 and to_own < least * to_other


def named_with(text: str, figure: Figure, wording: WordWeights) -> str:
    """Return the words about a figure: its item without places, and those before if it names nothing."""
    for start, end, _ in find(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return _piece(text, figure, wording)


def names_something(piece: str, wording: WordWeights) -> bool:
    """Whether a piece has a word that is informative enough to name a thing."""
    return max(map(wording.weight, words_of(piece)), default=0.0) >= LEAST_WEIGHT


def _piece(text: str, figure: Figure, wording: WordWeights) -> str:
    """Return the words of a figure's item without figures; with the items before while these name nothing."""
    bounds = _bounds(text)
    at = next(i for i, (_, end) in enumerate(bounds) if figure.start < end)
    start, end = bounds[at]
    while at and not names_something(_without_amounts(text[start:end]), wording):
        at -= 1
        start = bounds[at][0]
    return _without_amounts(text[start:end])


def _without_amounts(text: str) -> str:
    for figure in reversed(_amounts(text)):
        text = f"{text[: figure.start]} {text[figure.end :]}"
    return text


def _amounts(text: str) -> list[Figure]:
    return [f for f in figures(text) if not is_year(f)]


def _bounds(text: str) -> list[tuple[int, int]]:
    """Return offsets of the items of a text, with one figure each if they can be cut apart."""
    enclosed = [m.span() for m in _ENCLOSED.finditer(text)]
    inside = [(f.start, f.end) for f in figures(text)] + enclosed
    stops = [m.end() for m in _BREAK.finditer(text) if not any(a < m.start() < b for a, b in inside)]
    bounds = [b for b in pairwise([0, *stops, len(text)]) if b[0] < b[1]]
    return [cut for start, end in bounds for cut in _cut(text, start, end)]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut an item at each 和 between two of its figures."""
    amounts = _amounts(text[start:end])
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
