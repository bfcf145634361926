"""Extract what a text claims with each figure: value, unit, exactness, range, place and year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.text.divisions import find, short_name
from qa.text.figure_context import kind_shown, pace
from qa.text.figures import figures, is_year, same_measure, same_value, senses, unit_kind
from qa.text.rows import row_figures
from qa.types import Figure

QUOTED = re.compile(r"[“「『《]([^“”「」『』《》]{2,40})[”」』》]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_RANGE = re.compile(r"[-—–－~～至到]{1,2}")


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
    if not _agree(quoted.other_end, said.other_end):
        return False
    named = ((quoted.pace, said.pace), (quoted.place, said.place), (quoted.year, said.year))
    return all(not one or not other or one == other for one, other in named)


def same_amount(one: Figure, other: Figure) -> bool:
    """Whether two figures have the same value and, if both print one, equivalent units."""
    if not same_value(one.value, other.value):
        return False
    return not one.unit or not other.unit or same_measure(one.unit, other.unit)


def _ends(text: str, found: tuple[Figure, ...]) -> dict[int, float]:
    """Map the index of a figure to the value of the other end of its range; years have none."""
    ends: dict[int, float] = {}
    for at, (low, high) in enumerate(pairwise(found)):
        if not is_year(low) and not is_year(high) and _RANGE.fullmatch(text[low.end : high.start]):
            ends[at], ends[at + 1] = high.value, low.value
    return ends


def _agree(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_value(one, other)


def _last(named: list[tuple[int, str]], before: int) -> str:
    return next((name for start, name in reversed(named) if start < before), "")
