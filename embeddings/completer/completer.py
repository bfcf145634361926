"""Completes a follow-up from the turns before it by the shipped network, without torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.reader.base import CHARACTERS, Array, NetworkReader
from embeddings.reader.encoding import Alphabet

from .encoding import COUNTED, FURTHEST, LONGEST_QUESTION, WHOLE, Row, moved, row_of

MODEL, GLUE = "completer.onnx", "glue.txt"
REMEMBERED = 2048  # questions with their history
STAYS, GOES = 0.5, -3.0  # log-odds above which a character stays, and below which it surely does not
BEAMS = 6
BRANCHES = 4  # successors of a position that are tried
END = 0  # position from which a path starts and to which it comes back
LONGEST = 120  # characters of a complete question
NEVER = -1e4  # log-probability
STAYING = 0.3  # how much it counts whether each character stays, beside which follows which


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands by itself.

    Args:
        text: the whole of it.
        own: its end that was asked in this turn, behind what is carried over; ``""`` where the whole is asked.
        carried: what is taken over from the turns before.
        asked: the question from its first to its last character that may stay.
        left: what the way through the conversation leaves out of the question though it was to stay; nothing, mostly.
    """

    text: str
    own: str = ""
    carried: str = ""
    asked: str = ""
    left: str = ""


class Completer(NetworkReader):
    """Completes questions; ``glue`` is the content of the file ``GLUE``."""

    FOLDER = Path(__file__).with_name("model")
    NETWORK, TEXTS = MODEL, (CHARACTERS, GLUE)

    def __init__(self, session: Any, alphabet: Alphabet, glue: str) -> None:
        super().__init__(session, alphabet)
        self._glue = glue.split("\n")
        self._read = lru_cache(maxsize=REMEMBERED)(self._completed)

    def whole(self, question: str, history: Sequence[str]) -> bool:
        """Whether nothing is missing from a question; the arguments are those of :meth:`complete`."""
        return self._missing(question, history) is None

    def complete(self, question: str, history: Sequence[str]) -> Completed:
        """The question in full; itself where nothing is missing.

        Args:
            question: as asked; one that is too long to leave anything out is itself.
            history: the turns before it, oldest first; the last four count.
        """
        return self._missing(question, history) or Completed(question)

    def _missing(self, question: str, history: Sequence[str]) -> Completed | None:
        """The form of a question from which something is missing."""
        turns = tuple(turn for turn in history if turn.strip())
        if not turns or not question.strip() or len(question) > LONGEST_QUESTION:
            return None
        return self._read(question, turns)

    def _completed(self, question: str, history: tuple[str, ...]) -> Completed | None:
        row = row_of(self._alphabet, question, history)
        following, stays, glue, years, whole = self._run(ids=row.ids, parts=row.parts, runs=row.runs)
        if whole > 0:
            return None
        wholes = (match.span() for match in WHOLE.finditer(row.text))
        verdicts = Verdicts(held_together(following, wholes), stays, glue, years)
        places = likeliest(verdicts)
        return _written(row, verdicts, places, self._glue) if places else Completed(question)


def _written(row: Row, verdicts: Verdicts, places: tuple[int, ...], glue: Sequence[str]) -> Completed:
    """The characters at some positions, with what is written between them, and the years that are moved."""
    behind = [glue[int(verdicts.glue[place].argmax())] for place in (END, *places)]
    pieces = [behind[0], *(row.text[place] + more for place, more in zip(places, behind[1:], strict=True))]
    text = "".join(row.text[place] for place in places)
    for counted in COUNTED.finditer(text):
        first, last = counted.span()
        by = int(verdicts.years[places[first]].argmax()) - FURTHEST
        if by:
            pieces[first + 1 : last + 1] = moved(counted[0], by), *behind[first + 2 : last], behind[last]
    tail = next((n for n, place in enumerate(reversed(places)) if place not in row.asked), len(places))
    apart = tail and tail < len(places) and all(b == a + 1 for a, b in pairwise(places[-tail:]))
    carried = "".join(row.text[place] for place in places if place not in row.asked)
    inked = [at for at in row.asked if verdicts.stays[at] > GOES] or row.asked
    asked = row.text[inked[0] : inked[-1] + 1]
    left = "".join(row.text[at] for at in row.asked if verdicts.stays[at] > STAYS and at not in places)
    return Completed("".join(pieces), "".join(pieces[-tail:]) if apart else "", carried, asked, left)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the network makes of a conversation of S positions.

    Args:
        following: (S, S) log-probability that one position follows another in the complete question; ``END``: none.
        stays: (S,) log-odds that a character stands in it.
        glue: (S, G) log-probability of what is written behind a position; 0: nothing.
        years: (S, 2 FURTHEST + 1) log-probability of by how much the year or the term that begins here is moved.
    """

    following: Array
    stays: Array
    glue: Array
    years: Array


@dataclass(frozen=True, slots=True)
class _Way:
    places: tuple[int, ...]
    score: float


def held_together(following: Array, wholes: Iterable[tuple[int, int]]) -> Array:
    """What follows what where some stretches (start, end) are gone through whole or not at all."""
    held = following.copy()
    for start, end in wholes:
        held[:, start + 1 : end] = NEVER
        for at in range(start, end - 1):
            held[at] = NEVER
            held[at, at + 1] = 0.0
    return held


def likeliest(verdicts: Verdicts) -> tuple[int, ...]:
    """The positions of the complete question in their order, each once; none where no way comes to an end."""
    count = min(BRANCHES, verdicts.following.shape[1])
    nearest = np.argsort(-verdicts.following, axis=1, kind="stable")
    gain = STAYING * verdicts.stays
    ways, ended = [_Way((END,), 0.0)], list[_Way]()
    for _ in range(LONGEST):
        longer: list[_Way] = []
        for way in ways:
            here, seen = way.places[-1], set(way.places[1:])
            free = [int(place) for place in nearest[here, : count + len(seen)] if place not in seen][:count]
            for place in free:
                score = way.score + float(verdicts.following[here, place])
                if score <= NEVER:
                    continue
                if place == END:
                    ended.append(_Way(way.places, score))
                else:
                    longer.append(_Way((*way.places, place), score + float(gain[place])))
        ways = sorted(longer, key=lambda way: -way.score)[:BEAMS]
        if not ways:
            break
    best = max(ended, key=lambda way: way.score, default=_Way((END,), 0.0))
    return best.places[1:]


default_completer = cache(Completer.open)  # the shipped one, opened once
