"""Reads two clauses and says how what they count relates: the same thing, all against new, a part, a plan; without torch."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .base import CLS, SEP, Alphabet, NetworkReader, fold, log_softmax, shared

RELATIONS = (
    "same", "total_new", "part_whole", "level", "planned_achieved", "people_times", "unit", "term", "other",
)  # fmt: skip
COMPARABLE = ("same", "term")  # relations of what measures the same, at another time too
LEAST = 0.3  # chance of these from which figures may be set against each other
PAIR_INPUTS = ("ids", "parts", "runs")
AROUND = 40  # characters on either side of a mention that are read
REMEMBERED = 4096
_DIGIT = re.compile("[0-9]")

Mention: TypeAlias = tuple[str, int, int]  # a text, and where in it the figure or the name stands


class PairReader(NetworkReader):
    """Reads two mentions of figures or names."""

    FOLDER = Path(__file__).with_name("pair_model")

    def __init__(self, session: Any, alphabet: Alphabet) -> None:
        super().__init__(session, alphabet)
        self.read = lru_cache(maxsize=REMEMBERED)(self._read)

    def comparable(self, one: Mention, other: Mention) -> bool:
        """Whether two figures of one kind of unit may be set against each other."""
        return self.likeness(one, other) >= LEAST

    def likeness(self, one: Mention, other: Mention) -> float:
        """The chance that two figures of one kind of unit count the same thing; the unit is known, so not judged."""
        chances = self.read(one, other)
        return sum(chances[relation] for relation in COMPARABLE) / max(1 - chances["unit"], 1e-6)

    def _read(self, one: Mention, other: Mention) -> dict[str, float]:
        """The chance of each of ``RELATIONS``, 0 to 1; whichever of the two comes first."""
        rows = [pair_row(self._alphabet, *pair) for pair in ((one, other), (other, one))]
        logits = [self._run(**dict(zip(PAIR_INPUTS, row, strict=True)))[0] for row in rows]
        return dict(zip(RELATIONS, np.exp(log_softmax(np.mean(logits, axis=0))).tolist(), strict=True))


def pair_row(alphabet: Alphabet, one: Mention, other: Mention) -> npt.NDArray[np.int64]:
    """``[CLS] one [SEP] other [SEP]``, (3, T): characters; 1 and 2 where the mentions stand; runs that both share."""
    (first, a, b), (second, c, d) = _near(one), _near(other)
    start = len(first) + 2
    row = np.zeros((len(PAIR_INPUTS), start + len(second) + 1), dtype=np.int64)
    ids, parts, runs = row
    ids[0], ids[[start - 1, -1]] = CLS, SEP
    ids[1 : start - 1], ids[start:-1] = alphabet.ids(first), alphabet.ids(second)
    parts[1 + a : 1 + b], parts[start + c : start + d] = 1, 2
    runs[1 : start - 1], runs[start:-1] = shared(first, second), shared(second, first)
    return row


def _near(mention: Mention) -> Mention:
    """What is read of a text: the mention and what stands around it, a 0 for each digit, for what matters is the words."""
    text, start, end = mention
    first = max(start - AROUND, 0)
    return _DIGIT.sub("0", fold(text[first : end + AROUND])), start - first, end - first


default_pair_reader = cache(PairReader.open)  # the shipped one, opened once
