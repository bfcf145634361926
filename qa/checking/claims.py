"""Extract what a text claims with each figure: value, unit, exactness, range, place and year, and the words about it.

A sentence that lists several figures is cut into one piece per figure: 选树劳模100名、工匠70名. If the words of a
statement's piece match the piece of another figure and hardly that of its own, figures were exchanged.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.answering.wording import Wording, words_of
from qa.text.divisions import find, short_name
from qa.text.figure_context import kind_shown, pace
from qa.text.figures import amounts_in, figures, is_year, same_measure, same_value, senses, unit_kind
from qa.text.rows import row_figures
from qa.text.spans import replaced
from qa.types import Figure

QUOTED = re.compile(r"[“「『《]([^“”「」『』《》]{2,40})[”」』》]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_RANGE = re.compile(r"[-—–－~～至到]{1,2}")
# Figures are exchanged if the weight of the words that point to the own figure is under this share of the weight
# of those that point to the other one.
POINTS_ALIKE = 0.5  # both figures are of one kind of unit
POINTS_UNLIKE = 0.05  # they are of different kinds
LEAST_WEIGHT = 1.0  # of the heaviest word of a piece; one below it includes the piece before
_BREAK = re.compile(r"[，,。；;、：:！!？?\n]")
_ENCLOSED = re.compile(r"[“「『《（(][^”」』》）)]{0,60}[”」』》）)]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as its text means it; strings are ``""`` if unknown."""

    figure: Figure
    kind: str  # of its unit, or of the noun after it if no unit is printed
    other_end: float | None  # value of the other end of its range: 3—5家
    place: str  # short name of the last division before it
    year: str  # the last one before it; never of a year itself
    pace: str  # the time it is stated for: 年 of 每年200元


@lru_cache(maxsize=4096)
def claims(text: str) -> tuple[Claim, ...]:
    """Return the claims of a text, one per figure, in reading order."""
    found = _measured(text, figures(text))
    if not found:
        return ()
    places = [(start, short_name(place.name)) for start, _, place in find(text)]
    years = [(match.start(), match[1]) for match in _YEAR.finditer(text)]
    ends = _ends(text, found)
    return tuple(
        Claim(
            figure=figure,
            kind=kind_shown(figure, text[figure.end :]),
            other_end=ends.get(at),
            place=_last(places, figure.start),
            year="" if is_year(figure) else _last(years, figure.start),
            pace=pace(text, figure),
        )
        for at, figure in enumerate(found)
    )


def _measured(text: str, found: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Add the unit to figures of a table row if it is only in the head or label."""
    if "；" not in text or all(figure.unit for figure in found):
        return found
    cells = {cell.figure.start: cell.figure for cell in row_figures(text)}
    return tuple(figure if figure.unit else cells.get(figure.start, figure) for figure in found)


def confirms(quoted: Claim, said: Claim) -> bool:
    """Whether the claim of a quote confirms the claim of an answer.

    Value, unit, approximator and range must be the same: 超36万 is not 近36万, 50余家 is not 50家, and no end of
    3—5家 stands for the whole. Place, year and pace must be the same if both name them.
    """
    if not same_amount(quoted.figure, said.figure) or senses(quoted.figure) != senses(said.figure):
        return False
    if quoted.kind and said.kind and unit_kind(quoted.kind) != unit_kind(said.kind):
        return False
    one_end, other_end = quoted.other_end, said.other_end
    if (one_end is None) != (other_end is None) or not same_value(one_end or 0.0, other_end or 0.0):
        return False
    named = ((quoted.pace, said.pace), (quoted.place, said.place), (quoted.year, said.year))
    return all(not one or not other or one == other for one, other in named)


def same_amount(one: Figure, other: Figure) -> bool:
    """Whether two figures have the same value and, if both print one, equivalent units."""
    alike = not one.unit or not other.unit or same_measure(one.unit, other.unit)
    return alike and same_value(one.value, other.value)


def _ends(text: str, found: tuple[Figure, ...]) -> dict[int, float]:
    """Map the index of a figure to the value of the other end of its range; years have none."""
    ends: dict[int, float] = {}
    for at, (low, high) in enumerate(pairwise(found)):
        if not is_year(low) and not is_year(high) and _RANGE.fullmatch(text[low.end : high.start]):
            ends[at], ends[at + 1] = high.value, low.value
    return ends


def _last(named: list[tuple[int, str]], before: int) -> str:
    return next((name for start, name in reversed(named) if start < before), "")


def is_exchanged(
    text: str,
    figure: Figure,
    quotes: Sequence[str],
    confirming: Collection[tuple[str, Figure]],
    wording: Wording,
) -> bool:
    """Whether the words around a figure point to others of the quotes than those ``confirming`` it."""
    words = dict.fromkeys(words_of(named_with(text, figure, wording)))
    own, others = list[tuple[Figure, str]](), list[tuple[Figure, str]]()
    for quote in quotes:
        for other in amounts_in(quote):
            (own if (quote, other) in confirming else others).append((other, _piece(quote, other, wording)))
    return bool(own) and all(
        any(_points_to(theirs, other, piece, mine, words, wording) for other, theirs in others)
        for mine, piece in own
    )


def _points_to(
    theirs: str, other: Figure, piece: str, own: Figure, words: Iterable[str], wording: Wording
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
    return replaced(text, ((figure.start, figure.end) for figure in amounts_in(text)), " ")


def _bounds(text: str) -> list[tuple[int, int]]:
    """Return offsets of the items of a text."""
    enclosed = [m.span() for m in _ENCLOSED.finditer(text)]
    inside = [(f.start, f.end) for f in figures(text)] + enclosed
    stops = [m.end() for m in _BREAK.finditer(text) if not any(a < m.start() < b for a, b in inside)]
    return [bounds for bounds in pairwise([0, *stops, len(text)]) if bounds[0] < bounds[1]]
