"""Reads a passage with a question in mind: whether it answers, where, by which clause, yes or no; without torch.

A row is ``[CLS] question [SEP] context line [SEP] passage [SEP]``, as for single sentences, with the line that says
where the passage stands ("江苏省 2025 heading") before it. Places are counted anew in each sentence of the passage,
so that every sentence looks to the network as it does alone; the number of the sentence tells them apart.
Of a passage longer than a row the window is read that shares most with the question.

Passage readers that were trained further for it say whether an answer that is marked in a sentence is the right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import numpy.typing as npt

from . import base
from .base import Alphabet, Array, NetworkReader

REMEMBERED = 2048  # passages read, with their questions
LONGEST_ANSWER = 60  # characters
MOST_SPANS = 12
POSITIONS = 200  # places from the beginning of the row to the end of a sentence
LONGEST_QUESTION, LONGEST_CONTEXT, LONGEST_PASSAGE = 60, 32, 384  # characters
LONGEST_PIECE = 104  # characters of a sentence; longer ones are cut at a mark
MOST_PIECES = 64  # sentences that are numbered apart, the row's other texts among them
OVERLAP = 128  # characters that two windows of a long passage share
CONTEXT = 1  # the part of the context line
INPUTS = ("ids", "parts", "runs", "places", "pieces")
_END = re.compile(r"[。！？；!?;\n][”’」』）)]*")
_MARK = re.compile(r"[，、,：:]")


@dataclass(frozen=True, slots=True)
class Scored:
    """A stretch of a passage, ``passage[start:end]``, with its log-probability of being the answer."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the reader makes of one passage."""

    answered: float  # log-odds that the passage answers
    yes: float  # log-odds of yes against no, for a question that asks whether something is so
    begun: Array  # (length,) log-probability that the answer begins at each character
    ended: Array  # (length,) likewise that it ends there
    inside: Array  # (length,) log-odds that each character belongs to the answer
    clause: Array  # (length,) log-odds that each belongs to the clause that proves, or misleads
    # Likely answers, the best first, none overlapping another; several where it is a list, none for an empty passage.
    spans: tuple[Scored, ...]

    @classmethod
    def of(cls, answered: float, yes: float, marks: Array) -> PassageReading:
        """The reading with these marks, (length, 4), and the spans that they make likely."""
        begun, ended, inside, clause = marks.T
        return cls(float(answered), float(yes), begun, ended, inside, clause, _spans(begun, ended, inside))

    @property
    def marks(self) -> Array:
        """Begin, end, inside and clause of each character, (length, 4)."""
        return np.stack([self.begun, self.ended, self.inside, self.clause], axis=1)

    def span(self, start: int, end: int) -> float:
        """Log-probability that the answer begins in the first and ends in the last two characters of a span."""
        if not 0 <= start < end <= len(self.begun):
            return base.NOWHERE
        first, last = self.begun[start : min(start + 2, end)], self.ended[max(start, end - 2) : end]
        return max(float(first.max()) + float(last.max()), base.NOWHERE)

    def after(self, start: int) -> PassageReading:
        """The reading of the passage from ``start`` on, read with what stands before it.

        What is answered before counts against it: the log-probability that the answer begins in it is added.
        """
        begun = self.begun[start:]
        within = float(np.logaddexp.reduce(begun)) if len(begun) else 0.0
        return self.of(self.answered + within, self.yes, self.marks[start:])

    def placed(self, positions: Sequence[int], length: int) -> PassageReading:
        """The reading of a passage of ``length`` of whose characters only those at ``positions`` were read; one behind it does not count."""
        marks = np.full((length + 1, 4), base.NOWHERE, dtype=np.float32)
        marks[list(positions)] = self.marks
        return self.of(self.answered, self.yes, marks[:length])

    @classmethod
    def mean(cls, readings: Sequence[PassageReading]) -> PassageReading:
        """The mean of readings of one passage for one question in several words, at least one.

        Where the words differ in what they find, its log-probabilities do not add up to one.
        """
        if len(readings) == 1:
            return readings[0]
        answered, yes = np.mean([(one.answered, one.yes) for one in readings], axis=0)
        return cls.of(answered, yes, np.mean([one.marks for one in readings], axis=0))


class PassageReader(NetworkReader):
    """Reads whole passages."""

    FOLDER = Path(__file__).with_name("passage_model")

    def __init__(self, session: Any, alphabet: Alphabet) -> None:
        super().__init__(session, alphabet)
        self.read_one = lru_cache(maxsize=REMEMBERED)(self._read)

    def read(self, question: str, passages: Sequence[str], contexts: Sequence[str]) -> list[PassageReading]:
        """The readings of several passages for one question that stands by itself, on up to four cores.

        Of a passage longer than 384 characters the window is read that shares most with the question. ``contexts`` are the
        lines that the passages stand under, "江苏省 2025 heading"; ``""`` where none is known.
        """
        pairs = zip(contexts, passages, strict=True)
        return list(base.threads().map(lambda pair: self.read_one(question, *pair), list(pairs)))

    def _read(self, question: str, context: str, passage: str) -> PassageReading:
        """The reading of one passage; outside the window that is read, nothing answers."""
        start, end = _likeliest(question, passage)
        row = passage_row(self._alphabet, question, context, passage[start:end])
        (answered, yes), read = self._run(**dict(zip(INPUTS, row.values, strict=True)))
        own = read[row.start : row.start + row.length]
        marks = np.full((len(passage), 4), base.NOWHERE, dtype=np.float32)
        marks[start:end, :2], marks[start:end, 2:] = base.log_softmax(own[:, :2]), own[:, 2:]
        return PassageReading.of(answered, yes, marks)


def _likeliest(question: str, passage: str) -> tuple[int, int]:
    """Of the windows of a passage the first that holds most pairs of characters of the question."""
    asked = set(map("".join, pairwise(question)))
    return max(windows(len(passage)), key=lambda own: sum(pair in passage[slice(*own)] for pair in asked))


def _spans(begun: Array, ended: Array, inside: Array) -> tuple[Scored, ...]:
    """Likely answers that do not overlap: each scored by its ends and its least likely character.

    The best is always given; others only where every character seems to belong to the answer.
    """
    length = len(begun)
    if not length:
        return ()
    within = -np.logaddexp(0.0, -inside)
    firsts = np.argsort(-begun, kind="stable")[:MOST_SPANS]
    found: list[Scored] = []
    for first in firsts:
        weakest = np.minimum.accumulate(within[first : first + LONGEST_ANSWER])
        scores = begun[first] + ended[first : first + LONGEST_ANSWER] + weakest
        last = int(np.argmax(scores))
        found.append(Scored(int(first), int(first) + last + 1, float(scores[last])))
    found.sort(key=lambda span: (-span.score, span.start))
    kept = found[:1]
    for span in found[1:]:
        apart = all(span.end <= other.start or other.end <= span.start for other in kept)
        if apart and inside[span.start : span.end].min() > 0:
            kept.append(span)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Row:
    """One question with one passage; T positions."""

    # (5, T): characters; parts (0 question, 1 context line, 2 passage); how long a run of the other text each character
    # belongs to, 0 to 3; places; the number of the sentence, 0 outside the passage.
    values: npt.NDArray[np.int64]
    start: int  # first position of the passage
    length: int  # characters of the passage that are read


def passage_row(alphabet: Alphabet, question: str, context: str, passage: str) -> Row:
    """The row of a question with a passage and the line it stands under; what is too long is cut at its end."""
    asked, line = base.fold_question(question[-LONGEST_QUESTION:]), base.fold(context[:LONGEST_CONTEXT])
    text = base.fold(passage[:LONGEST_PASSAGE])
    first = len(asked) + 2
    start = first + len(line) + 1
    end = start + len(text)
    values = np.zeros((len(INPUTS), end + 1), dtype=np.int64)
    ids, parts, runs, places, numbers = values
    ids[0], ids[[first - 1, start - 1, end]] = base.CLS, base.SEP
    ids[1 : first - 1], ids[first : start - 1], ids[start:end] = map(alphabet.ids, (asked, line, text))
    parts[first:start], parts[start:] = CONTEXT, base.SENTENCE
    read = f"{line}\n{text}"
    runs[1 : first - 1], runs[first:end] = base.shared(asked, read), base.shared(read, asked)
    places[:start] = np.arange(start)
    cut = pieces(text)
    for number, (low, high) in enumerate(cut, 1):
        places[start + low : start + high] = start + np.arange(high - low)
        numbers[start + low : start + high] = min(number, MOST_PIECES - 1)
    places[end], numbers[end] = places[end - 1] + 1, numbers[end - 1]
    return Row(values, start, len(text))


def pieces(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a passage, without gaps; one too long ends at its last mark that fits."""
    found, low = [], 0
    for end in [*(m.end() for m in _END.finditer(text)), len(text)]:
        while end - low > LONGEST_PIECE:
            marks = [m.end() for m in _MARK.finditer(text, low + LONGEST_PIECE // 2, low + LONGEST_PIECE)]
            high = marks[-1] if marks else low + LONGEST_PIECE
            found.append((low, high))
            low = high
        if end > low:
            found.append((low, end))
            low = end
    return found


def windows(length: int) -> list[tuple[int, int]]:
    """Offsets of the windows of a passage of so many characters, each of at most 384."""
    if length <= LONGEST_PASSAGE:
        return [(0, length)]
    starts = list(range(0, length - LONGEST_PASSAGE, LONGEST_PASSAGE - OVERLAP))
    return [(s, s + LONGEST_PASSAGE) for s in starts] + [(length - LONGEST_PASSAGE, length)]


class AnswerReader:
    """Reads sentences with a marked answer by networks that learned apart: what one has by heart, the other has not."""

    def __init__(self) -> None:
        """Open the shipped models; raises EncoderError as a single reader."""
        folders = (Path(__file__).with_name(name) for name in ("answer_model", "second_answer_model"))
        self._readers = [PassageReader.open(folder) for folder in folders]

    def log_odds(self, question: str, context: str, sentence: str) -> float:
        """Return the log-odds that what is marked in a sentence is asked for, their mean over the networks.

        ``question`` stands by itself, ``context`` is the line the sentence stands under, ``sentence`` has the answer in
        【】, and what stands before it.
        """
        readings = base.threads().map(
            lambda reader: reader.read_one(question, context, sentence), self._readers
        )
        return fmean(reading.answered for reading in readings)


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with 【】 around spans of it, in order; one that overlaps another before it is left out.

    >>> marked("书屋48家，驿站9家", [(2, 5)])
    '书屋【48家】，驿站9家'
    """
    pieces, at = list[str](), 0
    for start, end in spans:
        if at <= start:
            pieces.append(f"{text[at:start]}【{text[start:end]}】")
            at = end
    return "".join((*pieces, text[at:]))


default_passage_reader = cache(PassageReader.open)  # the shipped ones, opened once
default_answer_reader = cache(AnswerReader)
