"""Which character of a complete question is copied from which position of its conversation: the fewest jumps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WRITTEN = -1  # a character that is copied from nowhere
FORWARD, BACKWARD, FROM_WRITTEN = 1.5, 1.6, 1.0  # what a jump costs, beside going on, which is free
WRITING = 2.6  # what a character costs that is written though it could be copied
CHEAP = 1.2  # one that is written often
IMPOSSIBLE = 1e6
AGAIN = 0.7  # what it costs more to copy a position a second time
ROUNDS = 8  # in which another way is looked for


def alignment(source: str, target: str, often: frozenset[str] = frozenset()) -> npt.NDArray[np.int64]:
    """For each character of ``target`` its position in ``source`` or ``WRITTEN``, (len(target),).

    No position twice, as far as another way costs little more. ``often`` are characters that are written often.

    >>> alignment("泉州呢 苏州有几家", "泉州有几家").tolist()
    [0, 1, 6, 7, 8]
    """
    dearer = np.zeros((len(target), len(source)))
    best = _cheapest(source, target, often, dearer)
    fewest = _again(best)
    found = best
    for _ in range(ROUNDS):
        if not fewest.any():
            break
        dearer[np.flatnonzero(fewest), found[fewest]] += AGAIN
        found = _cheapest(source, target, often, dearer)
        if _again(found).sum() < _again(best).sum():
            best = found
        fewest = _again(found)
    return best


def _again(places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which characters are copied from where an earlier one was."""
    _, first = np.unique(places, return_index=True)
    again: npt.NDArray[np.bool_] = places != WRITTEN
    again[first] = False
    return again


def _cheapest(
    source: str, target: str, often: frozenset[str], dearer: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    length = len(source)
    characters = np.array(list(source))
    places = np.arange(length)
    jump = np.where(places[None, :] > places[:, None], FORWARD, BACKWARD)  # from row to column
    jump[places[:-1], places[:-1] + 1] = 0.0
    table = np.full((length + 1, length + 1), FROM_WRITTEN)
    table[:length, :length] = jump
    table[:, length] = WRITING
    cost = np.full(length + 1, IMPOSSIBLE)
    cost[length] = 0.0
    came = np.zeros((len(target), length + 1), dtype=np.int64)
    for at, character in enumerate(target):
        whole = cost[:, None] + table
        came[at] = whole.argmin(0)
        cost = whole[came[at], np.arange(length + 1)]
        cost[:length] += dearer[at]
        cost[length] -= (WRITING - CHEAP) * (character in often)
        cost[:length][characters != character] = IMPOSSIBLE
    best = np.zeros(len(target), dtype=np.int64)
    now = int(cost.argmin()) if len(target) else 0
    for at in range(len(target) - 1, -1, -1):
        best[at] = WRITTEN if now == length else now
        now = int(came[at, now])
    return best
