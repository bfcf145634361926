"""Turn a question and a sentence into rows of numbers for the reader: characters, parts, and what both share.

A row is ``[CLS] question [SEP] what stands before [SEP] sentence [SEP]``, one id a character. Beside the ids stand
the part of each character, and how long a run of the other text it belongs to: a small network need not learn to
compare characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PAD, UNKNOWN, CLS, SEP, MASK = range(5)
SPECIAL = 5  # ids before those of characters
QUESTION, BEFORE, SENTENCE = range(3)  # parts
LONGEST_QUESTION, LONGEST_BEFORE, LONGEST_SENTENCE = 44, 24, 116  # characters
RUNS = 4  # 0: the character stands nowhere in the other text; 1, 2, 3: a run of so many does
_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDENED = str.maketrans("?!;:()", "？！；：（）")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_KEPT = {ord(c): ord(c) for c in "，。！？；：（）"}  # marks that Chinese prints in full width


class Alphabet:
    """The characters that a reader knows, each with its id."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        self._ids = np.full(0x110000, UNKNOWN, dtype=np.int32)
        self._ids[[ord(c) for c in characters]] = np.arange(SPECIAL, SPECIAL + len(characters))

    def __len__(self) -> int:
        return SPECIAL + len(self.characters)

    def ids(self, text: str) -> npt.NDArray[np.int32]:
        """One id a character, (len(text),)."""
        folded: npt.NDArray[np.int32] = self._ids[
            np.frombuffer(fold(text).encode("utf-32-le", "replace"), np.uint32)
        ]
        return folded


def fold(text: str) -> str:
    """Narrow letters and digits, small letters; as many characters as before."""
    narrow = text.translate(_WIDE | _KEPT)
    return "".join(small if len(small := c.lower()) == 1 else c for c in narrow)


def fold_question(text: str) -> str:
    """Fold a question, with its marks in full width as the questions learned have them; as many characters as before.

    >>> fold_question("会员1,200人,对吗?")
    '会员1,200人，对吗？'
    """
    return _COMMA.sub("，", fold(text).translate(_WIDENED))


@dataclass(frozen=True, slots=True)
class Rows:
    """Sentences that are read together with one question; B rows of T positions.

    Args:
        ids: (B, T) characters.
        parts: (B, T) ``QUESTION``, ``BEFORE`` or ``SENTENCE``.
        runs: (B, T) 0 to 3.
        start: first position of each sentence, (B,).
        lengths: characters of each sentence that are read, (B,).
    """

    ids: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]


def rows_of(alphabet: Alphabet, question: str, passages: Sequence[tuple[str, str]]) -> Rows:
    """The rows of a question with each of some (what stands before, sentence)."""
    asked = fold(question[-LONGEST_QUESTION:])
    cut = [(fold(before[-LONGEST_BEFORE:]), fold(text[:LONGEST_SENTENCE])) for before, text in passages]
    width = 4 + len(asked) + max((len(b) + len(s) for b, s in cut), default=0)
    ids, parts, runs = (np.zeros((len(cut), width), dtype=np.int64) for _ in range(3))
    start, lengths = (np.zeros(len(cut), dtype=np.int64) for _ in range(2))
    own = alphabet.ids(asked)
    for row, (before, text) in enumerate(cut):
        first = len(asked) + 2
        second = first + len(before) + 1
        end = second + len(text)
        ids[row, 0], ids[row, [first - 1, second - 1, end]] = CLS, SEP
        ids[row, 1 : first - 1] = own
        ids[row, first : second - 1] = alphabet.ids(before)
        ids[row, second:end] = alphabet.ids(text)
        parts[row, first:second], parts[row, second : end + 1] = BEFORE, SENTENCE
        read = f"{before}\n{text}"
        runs[row, 1 : first - 1] = shared(asked, read)
        runs[row, first:end] = shared(read, asked)
        start[row], lengths[row] = second, len(text)
    return Rows(ids, parts, runs, start, lengths)


def shared(text: str, other: str) -> npt.NDArray[np.int64]:
    """For each character of ``text``, the length of the longest run it belongs to that stands in ``other``, up to 3."""
    found = np.zeros(len(text), dtype=np.int64)
    for length in range(1, RUNS):
        held = {other[i : i + length] for i in range(len(other) - length + 1)}
        for at in range(len(text) - length + 1):
            if text[at : at + length] in held:
                found[at : at + length] = length
    return found
