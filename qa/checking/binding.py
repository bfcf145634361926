"""Whether a figure of a statement is said of the thing that the cited sentence says it of.

A sentence that lists several figures gives each a piece of its own: 选树劳模100名、工匠70名. Words of the statement's piece
that point to the piece of another figure, and hardly any to the piece of its own, say that figures were exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from qa.text.divisions import find
from qa.text.figures import figures, is_year, unit_kind
from qa.types import Figure

# Of the weight that points to another figure, so much must point to the own one,
POINTS_ALIKE = 0.5  # where both are of one kind of unit,
POINTS_UNLIKE = 0.05  # and where they are not.
THIN = 1.0  # weight of a piece's heaviest word under which what stands before belongs to it
_BREAK = re.compile(r"[，,。；;、：:！!？?\n]")
_JOINED = re.compile(r"以及|和|及|与|并|还有|另")
_SHELTER = re.compile(r"[“「『《（(][^”」』》）)]{0,60}[”」』》）)]")


class Weighs(Protocol):
    """What is needed of ``qa.answering.wording.Wording``: this stage stands beside that one."""

    def weight(self, word: str) -> float:
        """How much a word tells."""
        ...

    def coverage(self, asked: str, evidence: str | Sequence[str], like: bool = True) -> float:
        """The weighted share of the words of one text that others hold."""
        ...


def said_of_another(
    text: str,
    figure: Figure,
    quotes: Sequence[str],
    bears_out: Callable[[Figure, str], bool],
    wording: Weighs,
) -> bool:
    """Whether the words around a figure point to another figure of the quotes than those that bear it out.

    Args:
        quotes: all that are cited for the statement.
        bears_out: whether a figure of a quote stands for this one.
    """
    said = words_of(named_with(text, figure, wording))
    pieces = [
        (other, bears_out(other, quote), _piece(quote, other, wording))
        for quote in quotes
        for other in _amounts(quote)
    ]
    others = [(other, piece) for other, bearing, piece in pieces if not bearing]

    def exchanged(own: Figure, piece: str) -> bool:
        return any(_points(said, piece, their, _least(own, other), wording) for other, their in others)

    bearing = [(own, piece) for own, bearing, piece in pieces if bearing]
    return bool(bearing) and all(exchanged(own, piece) for own, piece in bearing)


def _least(own: Figure, other: Figure) -> float:
    return POINTS_ALIKE if unit_kind(own.unit) == unit_kind(other.unit) else POINTS_UNLIKE


def _points(said: Sequence[str], own: str, other: str, least: float, wording: Weighs) -> bool:
    """Whether words point to ``other`` and not to ``own``."""
    to_own = sum(wording.weight(w) for w in said if w in own and w not in other)
    to_other = sum(wording.weight(w) for w in said if w in other and w not in own)
    return to_other > 0 and to_own < least * to_other


def named_with(text: str, figure: Figure, wording: Weighs) -> str:
    """What a statement says of a figure: its item without places, and what stands before where the item says nothing."""
    return _piece(_placeless(text), figure, wording)


def tells(piece: str, wording: Weighs) -> bool:
    """Whether a piece names anything."""
    return max(map(wording.weight, words_of(piece)), default=0.0) >= THIN


def _piece(text: str, figure: Figure, wording: Weighs) -> str:
    """The words that a figure stands among, itself left out; with those before where its own item says nothing."""
    bounds = _bounds(text)
    at = next(i for i, (_, end) in enumerate(bounds) if figure.start < end)
    start, end = bounds[at]
    while at and not tells(_bare(text[start:end]), wording):
        at -= 1
        start = bounds[at][0]
    return _bare(text[start:end])


def _placeless(text: str) -> str:
    """The text with each place blanked out; offsets stay."""
    for start, end, _ in find(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _bare(text: str) -> str:
    for figure in reversed(_amounts(text)):
        text = f"{text[: figure.start]} {text[figure.end :]}"
    return text


def _amounts(text: str) -> list[Figure]:
    return [f for f in figures(text) if not is_year(f)]


def _bounds(text: str) -> list[tuple[int, int]]:
    """Offsets of the items of a text: none holds two figures where it can be cut between them."""
    sheltered = [m.span() for m in _SHELTER.finditer(text)]
    inside = [(f.start, f.end) for f in figures(text)] + sheltered
    stops = [m.end() for m in _BREAK.finditer(text) if not any(a < m.start() < b for a, b in inside)]
    bounds = [b for b in pairwise([0, *stops, len(text)]) if b[0] < b[1]]
    return [cut for start, end in bounds for cut in _cut(text, start, end)]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """An item cut where 和 stands between two of its figures."""
    amounts = _amounts(text[start:end])
    for one, other in pairwise(amounts):
        if joined := _JOINED.search(text, start + one.end, start + other.start):
            yield start, joined.start()
            yield from _cut(text, joined.start(), end)
            return
    yield start, end


def words_of(piece: str) -> tuple[str, ...]:
    """The words of a piece, each once, as the search cuts them."""
    from embeddings.words import words

    return tuple(dict.fromkeys(words(piece)))
