"""What a complete form says of each position of its conversation: what follows it, whether it stays, what is written behind it."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from embeddings.completer.completer import COUNTED, END, FURTHEST, NUMERALS, Row, moved
from embeddings.reader.base import fold
from embeddings.reader.train.packed import NOTHING

from .examples import WRITTEN, alignment

OFTEN = 16  # texts that are written often

_Numbers = npt.NDArray[np.int64]


def labels_of(row: Row, complete: str, glue: Sequence[str]) -> tuple[_Numbers, _Numbers, _Numbers, _Numbers]:
    """What follows each position, whether it stays, what is written behind it, by how many years it is moved, (S,) each.

    ``NOTHING`` where there is nothing to learn: behind positions that are not in the complete form, and where it
    needs a position twice or a text that is no glue.
    """
    following, written, years = (np.full(len(row.text), NOTHING, dtype=np.int64) for _ in range(3))
    stays = np.zeros(len(row.text), dtype=np.int64)
    told = fold(row.text)
    wanted, moves = _as_told(told, fold(complete))
    often = frozenset(text for text in glue[:OFTEN] if len(text) == 1)
    places, texts = [END], [""]
    for character, place in zip(wanted, alignment(told, wanted, often), strict=True):
        if place == WRITTEN:
            texts[-1] += character
        else:
            places.append(int(place))
            texts.append("")
    for number, ((here, there), text) in enumerate(zip(pairwise([*places, END]), texts, strict=True)):
        if here not in places[:number] and there not in places[1 : number + 1]:
            following[here] = there
            written[here] = glue.index(text) if text in glue else NOTHING
    stays[places[1:]] = 1
    for counted in COUNTED.finditer(told):
        if counted.start() in places[1:]:
            years[counted.start()] = moves.get(counted[0], 0) + FURTHEST
    return following, stays, written, years


def _as_told(told: str, complete: str) -> tuple[str, dict[str, int]]:
    """The complete form with what the conversation counts (2019, 十五届) in place of what it lacks, and how far each moved."""
    known = dict.fromkeys(COUNTED.findall(told))
    wanted = dict.fromkeys(COUNTED.findall(complete))
    if not known or all(counted in known for counted in wanted):
        return complete, {}
    steps = sorted(range(-FURTHEST, FURTHEST + 1), key=abs)[1:]
    by = next((by for by in steps if all(moved(counted, -by) in known for counted in wanted)), None)
    if by is not None:  # all by as much
        told_so = {moved(counted, -by): by for counted in wanted}
        return COUNTED.sub(lambda counted: moved(counted[0], -by), complete), told_so
    moves: dict[str, int] = {}
    for counted in wanted:
        far = {
            other: by for other in known if (by := apart(counted, other)) is not None and other not in wanted
        }
        near = min(far, key=lambda other: abs(far[other]), default=counted)
        if counted not in known and abs(far.get(near, FURTHEST + 1)) <= FURTHEST:
            moves[near] = far[near]
            complete = complete.replace(counted, near)
    return complete, moves


def apart(one: str, other: str) -> int | None:
    """By how much ``one`` is later; None for a year and a term."""
    if one.isdecimal() != other.isdecimal():
        return None
    return int(one) - int(other) if one.isdecimal() else NUMERALS.index(one) - NUMERALS.index(other)
