"""Reads a sentence in which an answer is marked, and says whether it is the right one: passage readers, trained further for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean

from .base import threads
from .passages import PassageReader


class AnswerReader:
    """Reads sentences with a marked answer by networks that learned apart: what one has by heart, the other has not."""

    FOLDERS = tuple(Path(__file__).with_name(name) for name in ("answer_model", "second_answer_model"))

    def __init__(self, readers: Sequence[PassageReader]) -> None:
        self._readers = tuple(readers)

    @classmethod
    def open(cls, folders: Sequence[Path] = FOLDERS) -> AnswerReader:
        """Open model folders, by default the shipped ones; raise EncoderError as a single reader."""
        return cls([PassageReader.open(folder) for folder in folders])

    def log_odds(self, question: str, context: str, sentence: str) -> float:
        """Return the log-odds that what is marked in a sentence is asked for, their mean over the networks.

        ``question`` stands by itself, ``context`` is the line the sentence stands under, ``sentence`` has the answer in
        【】, and what stands before it.
        """
        readings = threads().map(lambda reader: reader.read_one(question, context, sentence), self._readers)
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


default_answer_reader = cache(AnswerReader.open)  # the shipped one, opened once
