"""Turn a question and a sentence into rows of numbers for the reader: characters, parts, and what both share.

A row is ``[CLS] question [SEP] what stands before [SEP] sentence [SEP]``, one id a character. Beside the ids stand
the part of each character, and how long a run of the other text it belongs to: a small network need not learn to
compare characters.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

PAD, UNKNOWN, CLS, SEP, MASK = range(5)
SPECIAL = 5  # ids before those of characters
QUESTION, BEFORE, SENTENCE = range(3)  # parts
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
        codes = np.frombuffer(fold(text).encode("utf-32-le", "replace"), np.uint32)
        ids: npt.NDArray[np.int32] = self._ids[codes]
        return ids


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


def shared(text: str, other: str) -> npt.NDArray[np.int64]:
    """For each character of ``text``, the length of the longest run it belongs to that stands in ``other``, up to 3."""
    found = np.zeros(len(text), dtype=np.int64)
    for length in range(1, RUNS):
        held = {other[i : i + length] for i in range(len(other) - length + 1)}
        for at in range(len(text) - length + 1):
            if text[at : at + length] in held:
                found[at : at + length] = length
    return found
