"""How words are put to Milvus: as texts that its analyser takes apart again, as questions, and as filters of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .words import cut
from .words.lists import WordLists

Numbers: TypeAlias = npt.NDArray[np.int64]

LONGEST_TEXT = 65_535  # bytes of a text, Milvus's limit
# A word is asked as often as it weighs hundredths, for a text cannot say how much its words weigh.
UNITS = (100, 10, 1)


def texts_of(lists: WordLists) -> Iterator[str]:
    """Texts of which the server's analyser makes these words again, 65,535 bytes of each at most: some 8,000 words."""
    words = [whole(word) for word in lists.vocabulary]
    for start, end in pairwise(lists.starts.tolist()):
        text = " ".join([words[number] for number in lists.numbers[start:end].tolist()])
        data = text.encode("utf-8")
        long = len(data) > LONGEST_TEXT
        yield data[: data.rindex(b" ", 0, LONGEST_TEXT)].decode("utf-8") if long else text


def whole(word: str) -> str:
    """A word as jieba leaves it whole: itself if it is one of jieba's own, else letters and digits in its place.

    >>> whole("书屋"), whole("9.5%")
    ('书屋', 'x392e3525')
    """
    return word if word[:1] >= "\u3400" and cut(word) == [word] else f"x{word.encode('utf-8').hex()}"


def query_of(words: Sequence[str], weights: Sequence[float]) -> tuple[str, int]:
    """A text in which each word stands as often as it weighs hundredths, and how often a word of weight 1 stands.

    Of a long question tenths have to do; of one of a thousand words what weighs less than 1 is left out.
    """
    for unit in UNITS:
        text = " ".join(
            whole(word)
            for word, weight in zip(words, weights, strict=True)
            for _ in range(int(weight * unit + 1e-6))
        )
        if len(text.encode("utf-8")) <= LONGEST_TEXT:
            break
    return text, unit


def among(field: str, values: Numbers) -> str:
    """A filter that leaves the rows in which a field is one of these values."""
    return f"{field} in {values.tolist()}"


def places(ids: Numbers, found: Numbers) -> Numbers:
    """Where each that was found stands among ``ids``, which rise."""
    return ids.searchsorted(found).astype(np.int64)
