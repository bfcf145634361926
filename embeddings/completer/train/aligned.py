"""Which character of a complete question is copied from which position of its conversation: the fewest jumps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WRITTEN = -1  # a character that is copied from nowhere
FORWARD, BACKWARD, FROM_WRITTEN = 1.0, 1.3, 1.0  # what a jump costs, beside going on, which is free
WRITING = 1.6  # what a character costs that is written though it could be copied
IMPOSSIBLE = 1e6


def alignment(source: str, target: str) -> npt.NDArray[np.int64]:
    """For each character of ``target`` its position in ``source`` or ``WRITTEN``, (len(target),).

    >>> alignment("泉州呢 苏州有几家", "泉州有几家").tolist()
    [0, 1, 6, 7, 8]
    """
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
        cost[:length][characters != character] = IMPOSSIBLE
    best = np.zeros(len(target), dtype=np.int64)
    now = int(cost.argmin()) if len(target) else 0
    for at in range(len(target) - 1, -1, -1):
        best[at] = WRITTEN if now == length else now
        now = int(came[at, now])
    return best
