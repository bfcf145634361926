"""How well the end of one line and the start of another read together: a character 5-gram model in 3 MB.

The model knows paragraphs as well as words: the end of a paragraph is a character of its own. So it says of a tail
whether a paragraph can end there, of a head whether one can begin there, and of both how well they fit. Digits count
as one character and Latin letters as another; half- and full-width are one.

The table holds counts by hash in buckets of four (16 bits of fingerprint, 8 bits of logarithm); counts that found no
room are taken for zero. Probabilities are smoothed with the shorter context as a Dirichlet prior, see
Zhai and Lafferty, "A study of smoothing methods for language models", 2004. ``python -m qa.reading.train_ngrams``
makes the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.uint64]
    Floats = npt.NDArray[np.float64]

__all__ = ["ORDER", "TABLE", "Ngrams", "encode", "fingerprint", "hashes", "load"]

ORDER = 5
REACH = ORDER - 1  # characters on each side of a seam that the model looks at
SLOTS = 4  # of a bucket
STEPS = 8.0  # of the logarithm to base 2, a unit
STRENGTH, SHARE = 12.0, 0.1  # of the shorter context, as a count, and as a share of the longer one's count
TABLE = Path(__file__).parents[1] / "data" / "ngrams.npy"
BREAK = "\n"
NOWHERE = 0x1FFFF  # code that no text holds: behind it a character stands without context


@lru_cache(maxsize=1)
def _classes() -> npt.NDArray[np.uint16]:
    """What each code point counts as."""
    import numpy as np

    classes = np.arange(0x10000, dtype=np.uint16)
    classes[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint16)
    for low, high in ((0x30, 0x3A), (0xFF10, 0xFF1A)):
        classes[low:high] = ord("0")
    for start in (0x41, 0x61, 0xFF21, 0xFF41):
        classes[start : start + 26] = ord("a")
    for character in "“”„‟\uff02":
        classes[ord(character)] = ord('"')
    for character in "‘’\uff07":
        classes[ord(character)] = ord("'")
    classes[ord("。")] = ord("。")
    classes[ord("·")] = classes[ord("•")] = ord("・")
    return classes


def encode(text: str) -> Codes:
    """Characters as codes; characters beyond the basic plane are one code."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _classes()[np.minimum(points, 0xFFFF)].astype(np.uint64)


def hashes(codes: Codes, order: int) -> Codes:
    """Hash of the last ``order`` codes of each row of ``codes``, shape (rows, at least order)."""
    import numpy as np

    value = np.full(codes.shape[0], order, dtype=np.uint64)
    for column in range(codes.shape[1] - order, codes.shape[1]):
        value = value * np.uint64(0x9E3779B97F4A7C15) + codes[:, column] + np.uint64(1)
        value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(32))


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The table, shape (buckets, 4) of fingerprint and logarithm packed into three bytes each.

    Args:
        fingerprints: uint16, 0 where a slot is empty.
        logarithms: uint8, ``STEPS * log2(count)``.
        total: of characters in the training text.
    """

    fingerprints: npt.NDArray[np.uint16]
    logarithms: npt.NDArray[np.uint8]
    total: float

    def counts(self, keys: Codes) -> Floats:
        """Counts by hash, 0 where unknown."""
        import numpy as np

        buckets = (keys >> np.uint64(20)).astype(np.int64) % self.fingerprints.shape[0]
        hits = self.fingerprints[buckets] == fingerprint(keys)[:, None]
        found = np.zeros(len(keys), dtype=np.float64)
        rows, slots = np.nonzero(hits)
        found[rows] = np.exp2(self.logarithms[buckets[rows], slots] / STEPS)
        return found

    def log_probability(self, rows: Codes) -> Floats:
        """Natural logarithm of P(last | the rest), for each row of at most ORDER codes; always below 0."""
        import numpy as np

        probability = (self.counts(hashes(rows, 1)) + 0.5) / self.total
        for order in range(2, rows.shape[1] + 1):
            seen = self.counts(hashes(rows[:, :-1], order - 1))
            both = np.minimum(self.counts(hashes(rows, order)), seen)
            shorter = STRENGTH + SHARE * seen
            probability = (both + shorter * probability) / (seen + shorter)
        result: Floats = np.log(probability)
        return result

    def ending(self, texts: Sequence[str]) -> Floats:
        """Log P(end of a paragraph | last characters); near 0 after 。, very low inside a word."""
        import numpy as np

        if not texts:
            return np.zeros(0)
        stop = np.full((len(texts), 1), ord(BREAK), dtype=np.uint64)
        return self.log_probability(np.hstack([_tails(texts), stop]))

    def beginning(self, texts: Sequence[str]) -> Floats:
        """Log of P(first characters | start of a paragraph or a sentence) / P(first characters anywhere)."""
        import numpy as np

        if not texts:
            return np.zeros(0)
        contexts = np.array(
            [[ord(BREAK)] * REACH, [ord(BREAK)] * (REACH - 1) + [ord("。")], [NOWHERE] * REACH]
        )
        left = np.repeat(contexts.astype(np.uint64), len(texts), axis=0)
        paragraph, sentence, anywhere = self._continued(left, np.tile(_heads(texts), (3, 1))).reshape(3, -1)
        result: Floats = np.maximum(paragraph, sentence) - anywhere
        return result

    def fit(self, tails: Sequence[str], heads: Sequence[str]) -> Floats:
        """Log of P(head | tail) / P(head anywhere) for each pair; high where both read together."""
        import numpy as np

        if not tails:
            return np.zeros(0)
        nowhere = np.full((len(tails), REACH), NOWHERE, dtype=np.uint64)
        left = np.vstack([_tails(tails), nowhere])
        here, anywhere = self._continued(left, np.tile(_heads(heads), (2, 1))).reshape(2, -1)
        result: Floats = here - anywhere
        return result

    def seams(self, tails: Sequence[str], heads: Sequence[str]) -> Floats:
        """How much speaks for one sentence rather than two paragraphs, for each pair."""
        return self.fit(tails, heads) - self.beginning(heads) - self.ending(tails)

    def _continued(self, left: Codes, right: Codes) -> Floats:
        """Log P(right | left), for each row."""
        import numpy as np

        both = np.hstack([left, right])
        rows = np.lib.stride_tricks.sliding_window_view(both, ORDER, axis=1)[:, : right.shape[1]]
        flat = np.ascontiguousarray(rows).reshape(-1, ORDER)
        result: Floats = self.log_probability(flat).reshape(right.shape).sum(axis=1)
        return result


def _tails(texts: Sequence[str]) -> Codes:
    return encode("".join(t[-REACH:].rjust(REACH, BREAK) for t in texts)).reshape(len(texts), REACH)


def _heads(texts: Sequence[str]) -> Codes:
    return encode("".join(t[:REACH].ljust(REACH, BREAK) for t in texts)).reshape(len(texts), REACH)


def fingerprint(keys: Codes) -> npt.NDArray[np.uint16]:
    """16 bits of each hash, never 0."""
    import numpy as np

    return ((keys & np.uint64(0xFFFF)) | np.uint64(1)).astype(np.uint16)


@lru_cache(maxsize=1)
def load() -> Ngrams:
    """The shipped table, mapped into memory at the first call."""
    import numpy as np

    raw = np.asarray(np.load(TABLE, mmap_mode="r", allow_pickle=False)).view(np.ndarray)
    buckets = (len(raw) - 8) // (3 * SLOTS)
    total = float(raw[:8].view(np.float64)[0])
    split = 8 + buckets * SLOTS * 2
    prints = raw[8:split].view(np.uint16).reshape(buckets, SLOTS)
    return Ngrams(prints, raw[split:].reshape(buckets, SLOTS), total)
