"""Reads a sentence in which an answer is marked, and says whether it is the right one: the passage reader, trained further for that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from .passages import PassageReader


class AnswerReader(PassageReader):
    """Reads sentences with a marked answer; ``answered`` are the log-odds that what is marked is asked for."""

    FOLDER = Path(__file__).with_name("answer_model")


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
