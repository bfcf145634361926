"""What a text claims with each figure: value, measure, how exactly, as which end of a range, and where and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.text.beside import kind_shown, pace
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year, same_measure, same_value, senses, unit_kind
from qa.text.rows import row_figures
from qa.types import Figure

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_RANGE = re.compile(r"[-—–－~～至到]{1,2}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as its text means it.

    Args:
        kind: of its unit, or of the noun behind it where no unit is printed; ``""`` where neither tells.
        other_end: value of the other end of its range (3—5家), or None.
        place: short name of the division that was named last before it, or ``""``.
        year: that was named last before it, or ``""``; of a year itself always ``""``.
        pace: the time for which it is told each time: 年 of 每年200元; or ``""``.
    """

    figure: Figure
    kind: str
    other_end: float | None
    place: str
    year: str
    pace: str


@lru_cache(maxsize=4096)
def claims(text: str) -> tuple[Claim, ...]:
    """The claims of a text, one a figure, in reading order."""
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
    """Figures of a table row whose unit stands in its head or label alone have that unit."""
    if "；" not in text or all(figure.unit for figure in found):
        return found
    cells = {cell.figure.start: cell.figure for cell in row_figures(text)}
    return tuple(figure if figure.unit else cells.get(figure.start, figure) for figure in found)


def bears(quoted: Claim, said: Claim) -> bool:
    """Whether what a quote claims bears out what an answer says.

    Value, measure, approximator and range must be the same: 超36万 is not 近36万, 50余家 is not 50家, and no end of
    3—5家 stands for the whole. Where both name a place or a year before the figure, or for how long it is each time,
    these must be the same, too.
    """
    if not same_amount(quoted.figure, said.figure) or senses(quoted.figure) != senses(said.figure):
        return False
    if quoted.kind and said.kind and unit_kind(quoted.kind) != unit_kind(said.kind):
        return False
    if not _agree(quoted.other_end, said.other_end) or (
        quoted.pace and said.pace and quoted.pace != said.pace
    ):
        return False
    placed = not quoted.place or not said.place or quoted.place == said.place
    return placed and (not quoted.year or not said.year or quoted.year == said.year)


def same_amount(one: Figure, other: Figure) -> bool:
    """Same value, and units that measure the same where both are printed; however exact either is meant."""
    if not same_value(one.value, other.value):
        return False
    return not one.unit or not other.unit or same_measure(one.unit, other.unit)


def _ends(text: str, found: tuple[Figure, ...]) -> dict[int, float]:
    """Number of a figure → value of the other end of its range; years have none."""
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
