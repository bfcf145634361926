"""Reads a question by itself: what kind of answer it wants, in which unit, by which operation, and of how many things."""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .base import CHARACTERS, CLS, SEP, Alphabet, NetworkReader, fold_question, log_softmax

LABELS = "labels.json"  # the labels of each head, in order
HEADS = ("kind", "operation", "unit")
MARKS = ("a further thing begins", "aside", "of all things", "what is looked up", "each place")
LONGEST = 120  # characters that are read
REMEMBERED = 4096
# Log-odds from which a character is marked: of what is looked up, a missing word does more harm than one too many.
LEAST = (0.0, 0.0, 0.0, -1.5, -1.5)
ALL = 1.0  # log-odds that one character of a stretch must have to stand for all places
SURE = 0.7  # chance from which a unit is given: a wrong one rules out the right figure


Stretches: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What the reader makes of a question; its stretches are offsets (start, end)."""

    kind: str  # figure, compute, compare, list, name, date, place, reason, manner, summary, check or chatter
    operation: str  # sum, difference, rest, ratio, average, growth, share, extreme, multiple, compare or none
    computes: float  # the chance, 0 to 1, that something is to be computed or compared
    unit: str  # the measure word of the answer without its magnitude; ``""`` for none, or none that is sure
    starts: tuple[int, ...]  # offsets at which a further thing is asked, the first thing's not among them
    asides: Stretches  # that say nothing of what is asked: greetings, who asks, the form that is wanted
    shared: Stretches  # that belong to all things, where several are asked
    looked_up: Stretches  # that name what has to be looked up, where something is compared or computed
    each: Stretches  # that stand for all places or reports without naming one (各地, 四个地方, 哪个市)
    beside: tuple[float, ...]  # of each character read, the log-odds that it is part of an aside
    operations: tuple[tuple[str, float], ...]  # each operation with its chance, 0 to 1


class QuestionReader(NetworkReader):
    """Reads questions; ``labels`` is the content of the file ``LABELS``."""

    FOLDER = Path(__file__).with_name("question_model")
    TEXTS = (CHARACTERS, LABELS)

    def __init__(self, session: Any, alphabet: Alphabet, labels: str) -> None:
        super().__init__(session, alphabet)
        self._labels: dict[str, list[str]] = json.loads(labels)
        self.read = lru_cache(maxsize=REMEMBERED)(self._read)

    def _read(self, question: str) -> QuestionReading:
        verdicts, marks = self._run(ids=question_row(self._alphabet, question))
        ends = np.cumsum([len(self._labels[head]) for head in HEADS])
        kinds, operations, units = (
            dict(zip(self._labels[head], np.exp(log_softmax(own)).tolist(), strict=True))
            for head, own in zip(HEADS, np.split(verdicts[: ends[-1]], ends[:-1]), strict=True)
        )
        kind, operation, unit = (max(own, key=own.__getitem__) for own in (kinds, operations, units))
        begun, *stretches = (marks[1:-1] > LEAST).T
        aside, shared, looked_up, each = map(_stretches, stretches)
        each = tuple((a, b) for a, b in each if marks[1 + a : 1 + b, -1].max() > ALL)
        depths = np.cumsum([(c in "(（") - (c in ")）") for c in question])  # no thing begins inside brackets
        starts = tuple(int(at) for at in np.flatnonzero(begun) if at and depths[at] <= 0)
        sure_unit, computes = unit if units[unit] >= SURE else "", 1.0 - operations["none"]
        beside = tuple(map(float, marks[1:-1, MARKS.index("aside")]))
        told = (starts, aside, shared, looked_up, each, beside, tuple(operations.items()))
        return QuestionReading(kind, operation, computes, sure_unit, *told)


def _stretches(marked: npt.NDArray[np.bool_]) -> Stretches:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    return tuple((int(a), int(b)) for a, b in edges.reshape(-1, 2))


def question_row(alphabet: Alphabet, question: str) -> npt.NDArray[np.int64]:
    """``[CLS] question [SEP]``, one id a character."""
    ids = alphabet.ids(fold_question(question[:LONGEST]))
    return np.concatenate([[CLS], ids, [SEP]]).astype(np.int64)


default_question_reader = cache(QuestionReader.open)  # the shipped one, opened once
