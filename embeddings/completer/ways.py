"""Find the likeliest ways through a conversation: the positions of the complete question, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from embeddings.reader.base import Array

BEAMS = 8
BRANCHES = 4  # successors of a position that are tried
END = 0  # position from which a path starts and to which it comes back
LONGEST = 120  # characters of a complete question
NEVER = -1e4  # log-probability


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the network makes of a conversation of S positions."""

    following: (
        Array  # (S, S) log-probability that one position follows another in the full question; ``END``: none
    )
    stays: Array  # (S,) log-odds that a character stands in it
    glue: Array  # (S, G) log-probability of what is written behind a position; 0: nothing
    years: (
        Array  # (S, 2 FURTHEST + 1) log-probability of by how much the year or term that begins here is moved
    )


@dataclass(frozen=True, slots=True)
class _Way:
    places: tuple[int, ...]
    score: float


def held_together(following: Array, wholes: Iterable[tuple[int, int]]) -> Array:
    """Return what follows what where some stretches (start, end) are gone through whole or not at all."""
    held = following.copy()
    for start, end in wholes:
        held[:, start + 1 : end] = NEVER
        for at in range(start, end - 1):
            held[at] = NEVER
            held[at, at + 1] = 0.0
    return held


def likeliest(verdicts: Verdicts, staying: float) -> list[tuple[int, ...]]:
    """Return ways through a conversation, the likeliest first, each position of a way once; none if none ends.

    ``staying`` is how much it counts whether each character stays, beside which follows which.
    """
    count = min(BRANCHES, verdicts.following.shape[1])
    nearest = np.argsort(-verdicts.following, axis=1, kind="stable")
    gain = staying * verdicts.stays
    ways, ended = [_Way((END,), 0.0)], list[_Way]()
    for _ in range(LONGEST):
        longer: list[_Way] = []
        for way in ways:
            here, seen = way.places[-1], set(way.places[1:])
            free = [int(place) for place in nearest[here, : count + len(seen)] if place not in seen][:count]
            for place in free:
                step = float(verdicts.following[here, place])
                if step <= NEVER / 2:
                    continue
                score = way.score + step
                if place == END:
                    ended.append(_Way(way.places, score))
                else:
                    longer.append(_Way((*way.places, place), score + float(gain[place])))
        ways = sorted(longer, key=lambda way: -way.score)[:BEAMS]
        if not ways:
            break
    return [way.places[1:] for way in sorted(ended, key=lambda way: -way.score) if len(way.places) > 1]
