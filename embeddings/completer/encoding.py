"""Turn a question and the turns before it into one row of numbers for the completer.

A row is ``[CLS] question [SEP] turn [SEP] … last turn [SEP]``, one position a character, oldest turn first, in the
reader's alphabet. What does not fit is left out from the oldest turn on. Years of two digits are put in full, for the
network reckons years and terms: 21年 in full, and those some years or terms before another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.reader.base import BEFORE, CLS, QUESTION, SENTENCE, SEP, Alphabet, fold, shared

WIDTH = 200  # positions that the network knows
TURNS = 4  # turns before the question that are read
LONGEST_QUESTION, LONGEST_TURN = 80, 80  # characters
FURTHEST = 10  # years or terms by which one of the conversation may be moved
COUNTED = re.compile(  # 2019; 十五 in 十五届, 十五大, 十五五
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![一二三四五六七八九十])(?:二?十[一二三四五六七八九]?|[一二三四五六七八九])(?=届)"
    r"|(?<![一二三四五六七八九十])十[一二三四五六七八九]?(?=[大五])"
)
WHOLE = re.compile(r"\d+(?:\.\d+)?|[去今明前]年|(?:[上下本]|[这上前]一)届")  # copied whole or not at all
_DIGITS = "一二三四五六七八九"
_TENS = ("", "十", "二十", "三十")
NUMERALS = tuple(f"{ten}{digit}" for ten in _TENS for digit in ("", *_DIGITS))
_SHORT = re.compile(r"(?<![\d第])([012]\d)(?=年(?![来间期以内前后]))")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the turns before it; S positions."""

    text: str  # the character at each position, a line end where none is; years of two digits stand in full
    asked: range  # positions of the question, which stands first; in a judged row of the form
    ids: npt.NDArray[np.int64]  # (S,) characters
    # (S,) question, earlier turns or last turn; in a judged row form, turns or question
    parts: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]  # (S,) 0 to 3, how long a run of the other side each character belongs to


def row_of(alphabet: Alphabet, question: str, history: Sequence[str]) -> Row:
    """The row of a question, with as many of the last turns as fit."""
    question = _of_one_line(question, LONGEST_QUESTION)
    turns = _fitting(history, WIDTH - len(question) - 2)
    return _row(alphabet, question, turns, len(turns) - 1, turns)


def judged_row(alphabet: Alphabet, form: str, question: str, history: Sequence[str]) -> Row:
    """Return the row ``[CLS] form [SEP] question [SEP] turn [SEP] …`` of a complete form, with as many turns as fit.

    ``runs`` are shared by the form with the question, and by question and turns with the form.
    """
    form, question = _of_one_line(form, LONGEST_QUESTION), _of_one_line(question, LONGEST_QUESTION)
    turns = _fitting(history, WIDTH - len(form) - len(question) - 3)
    return _row(alphabet, form, [question, *turns], 0, [question])


def _row(alphabet: Alphabet, asked: str, turns: Sequence[str], last: int, compared: Sequence[str]) -> Row:
    """Return the row of what is asked and some turns, the one at ``last`` apart; ``asked`` shares runs with ``compared``."""
    told, other = ("".join(f"{turn}\n" for turn in each) for each in (turns, compared))
    text, first = f"\n{asked}\n{told}", len(asked) + 2
    parts, runs = np.full(len(text), BEFORE, dtype=np.int64), np.zeros(len(text), dtype=np.int64)
    ends = [first + sum(len(turn) + 1 for turn in turns[:count]) for count in (max(last, 0), last + 1)]
    parts[:first], parts[slice(*ends)] = QUESTION, SENTENCE
    runs[1 : first - 1], runs[first:] = shared(fold(asked), fold(other)), shared(fold(told), fold(asked))
    return Row(text, range(1, first - 1), _ids(alphabet, text), parts, runs)


def _of_one_line(text: str, longest: int) -> str:
    return in_full(text).replace("\n", " ")[:longest]


def _fitting(history: Sequence[str], room: int) -> list[str]:
    """Return the last turns that fit into so many characters, each with a line end, oldest first."""
    turns: list[str] = []
    for told_before in reversed(history[-TURNS:]):
        turn = _of_one_line(told_before, LONGEST_TURN)
        if len(turn) + 1 > room:
            break
        turns.insert(0, turn)
        room -= len(turn) + 1
    return turns


def _ids(alphabet: Alphabet, text: str) -> npt.NDArray[np.int64]:
    """Return the characters of a row, its line ends as ``SEP`` and the first one as ``CLS``."""
    ids = alphabet.ids(text).astype(np.int64)
    ids[[at for at, character in enumerate(text) if character == "\n"]] = SEP
    ids[0] = CLS
    return ids


def in_full(text: str) -> str:
    """The text with its years of two digits in full.

    >>> in_full("21年的呢"), in_full("近10年来")
    ('2021年的呢', '近10年来')
    """
    return _SHORT.sub(r"20\1", text)


def moved(counted: str, by: int) -> str:
    """The year or the term so many later; itself where there is none.

    >>> moved("2019", 2), moved("十五", -1), moved("一", -1)
    ('2021', '十四', '一')
    """
    if counted.isdecimal():
        return str(int(counted) + by)
    at = NUMERALS.index(counted) + by
    return NUMERALS[at] if 0 < at < len(NUMERALS) else counted
