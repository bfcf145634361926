"""Which words stand in which texts, and how often: arrays that are written once and scored when they are opened."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .words.lists import WordLists

FILES = {
    "rows": "sparse.rows.npy",
    "counts": "sparse.counts.npy",
    "starts": "sparse.starts.npy",
    "lengths": "sparse.lengths.npy",
}
VOCABULARY = "sparse.words.json"
MOST = np.iinfo(np.uint16).max  # that is counted of one word in one text


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Words by texts.

    Args:
        vocabulary: word → its place in ``starts``; each stands in some text.
        starts: (words + 1,), where the texts of each word begin in ``rows``, and where the last one's end.
        rows: the texts that hold a word, rising, one word after the other.
        counts: how often each of them holds it.
        lengths: (texts,), how many words each text has.
    """

    vocabulary: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint16]
    lengths: npt.NDArray[np.int32]

    @classmethod
    def of(cls, texts: WordLists) -> Postings:
        """The postings of texts, in row order; every word of the vocabulary stands in some text."""
        vocabulary = {word: column for column, word in enumerate(texts.vocabulary)}
        count, lengths = len(texts), np.diff(texts.starts)
        keys = texts.numbers.astype(np.int64)  # in place from here on: there may be hundreds of millions
        keys *= count
        keys += np.repeat(np.arange(count, dtype=np.int32), lengths)
        keys.sort()
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.minimum(np.diff(begins, append=len(keys)), MOST).astype(np.uint16)
        keys = keys[begins]
        column = keys // max(count, 1)
        keys -= column * count
        of_word = np.bincount(column, minlength=len(vocabulary))
        starts = np.concatenate([[0], np.cumsum(of_word)]).astype(np.int64)
        return cls(vocabulary, starts, keys.astype(np.int32), counts, lengths.astype(np.int32))

    def __len__(self) -> int:
        return len(self.lengths)

    def save(
        self, folder: Path, write: Callable[[Path, bytes | memoryview], object] = Path.write_bytes
    ) -> None:
        """Writes its files into an existing folder, each by ``write``."""
        for name, file in FILES.items():
            data = io.BytesIO()
            np.save(data, getattr(self, name), allow_pickle=False)
            write(folder / file, data.getbuffer())
        write(folder / VOCABULARY, json.dumps(list(self.vocabulary), ensure_ascii=False).encode("utf-8"))

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Opens what ``save`` wrote; held in memory, because a mapped file that is cut short kills its reader.

        Raises:
            OSError, ValueError: a file is missing or not what ``save`` wrote.
        """
        words = json.loads((folder / VOCABULARY).read_text("utf-8"))
        arrays = {name: np.load(folder / file, allow_pickle=False) for name, file in FILES.items()}
        found = cls({word: column for column, word in enumerate(words)}, **arrays)
        starts, rows = found.starts, found.rows
        if not (
            len(starts) == len(found.vocabulary) + 1
            and starts[0] == 0
            and starts[-1] == len(rows) == len(found.counts)
            and (np.diff(starts) >= 0).all()
            and (rows.size == 0 or 0 <= rows.min() <= rows.max() < len(found))
        ):
            raise ValueError(f"{folder}: the files of the word index do not belong together")
        return found
