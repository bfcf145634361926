"""Score how well the end of one line and the start of another read together: a character 5-gram model in 3 MB.

The end of a paragraph is a character of its own, so the model also says whether a paragraph can end in a tail or
begin with a head. Digits count as one character and Latin letters as another; half- and full-width are one.

The table holds counts by hash in buckets of four (16 bits of fingerprint, 8 bits of logarithm); counts that found no
room count as zero. Probabilities are smoothed with the shorter context as a Dirichlet prior, see Zhai and Lafferty,
"A study of smoothing methods for language models", 2004. ``python -m qa.reading.train ngrams`` makes the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

ORDER = 5
REACH = ORDER - 1  # characters on each side of a seam that the model looks at
SLOTS = 4  # of a bucket
STEPS = 8.0  # of the logarithm to base 2, a unit
STRENGTH, SHARE = 12.0, 0.1  # of the shorter context, as a count, and as a share of the longer one's count
TABLE = Path(__file__).parents[1] / "data" / "ngrams.npy"
BREAK = "\n"
NOWHERE = 0x1FFFF  # code that no text contains: after it a character has no context


@lru_cache(maxsize=1)
def _classes() -> npt.NDArray[np.uint16]:
    """Return the code that each code point counts as."""
    classes = np.arange(0x10000, dtype=np.uint16)
    classes[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint16)
    for low, high in ((0x30, 0x3A), (0xFF10, 0xFF1A)):
        classes[low:high] = ord("0")
    for start in (0x41, 0x61, 0xFF21, 0xFF41):
        classes[start : start + 26] = ord("a")
    for characters, one in (("“”„‟\uff02", '"'), ("‘’\uff07", "'"), ("·•", "・")):
        classes[list(map(ord, characters))] = ord(one)
    return classes


def encode(text: str) -> Codes:
    """Return the characters as codes; those beyond the basic plane share one."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _classes()[np.minimum(points, 0xFFFF)].astype(np.uint64)


def hashes(codes: Codes, order: int) -> Codes:
    """Return the hash of the last ``order`` codes of each row, shape (rows, at least order)."""
    value = np.full(codes.shape[0], order, dtype=np.uint64)
    for column in range(codes.shape[1] - order, codes.shape[1]):
        value = value * np.uint64(0x9E3779B97F4A7C15) + codes[:, column] + np.uint64(1)
        value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(32))


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The table of counts, shape (buckets, 4)."""

    fingerprints: npt.NDArray[np.uint16]  # 0 in an empty slot
    logarithms: npt.NDArray[np.uint8]  # STEPS * log2(count)
    total: float  # characters of the training text
    powers: Floats  # counts by logarithm, shape (256,)

    def counts(self, keys: Codes) -> Floats:
        """Return the counts by hash, 0 if unknown."""
        buckets = ((keys >> np.uint64(20)) % np.uint64(self.fingerprints.shape[0])).astype(np.int64)
        hits = self.fingerprints[buckets] == fingerprint(keys)[:, None]
        found = np.zeros(len(keys), dtype=np.float64)
        rows, slots = np.nonzero(hits)
        found[rows] = self.powers[self.logarithms[buckets[rows], slots]]
        return found

    def log_probability(self, codes: Codes) -> Floats:
        """Return ln P(code | the ORDER - 1 before it) for the codes of each row but its first ORDER.

        Shape (rows, ORDER + n) → (rows, n); always below 0.
        """
        rows, columns = codes.shape
        at = np.arange(columns - REACH)[:, None] + np.arange(ORDER)
        windows = codes[:, at].reshape(-1, ORDER)
        keys = np.concatenate([hashes(windows, order) for order in range(1, ORDER + 1)])
        counts = self.counts(keys).reshape(ORDER, rows, columns - REACH)
        probability = (counts[0, :, 1:] + 0.5) / self.total
        for order in range(1, ORDER):
            seen = counts[order - 1, :, :-1]
            both = np.minimum(counts[order, :, 1:], seen)
            shorter = STRENGTH + SHARE * seen
            probability = (both + shorter * probability) / (seen + shorter)
        result: Floats = np.log(probability)
        return result

    def edges(
        self, heads: Sequence[str], tails: Sequence[str] | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """Return how well each text could begin a paragraph, how usual its beginning is, how well it could end one.

        That is log P(first characters | start of a paragraph or sentence) / P(first characters anywhere), the log of
        the divisor alone, and log P(end of a paragraph | last characters): near 0 after 。, very low inside a word.
        ``tails``, if given, are as many other texts whose ends are looked at.
        """
        before = np.full((3, ORDER), ord(BREAK), dtype=np.uint64)  # the end of a paragraph
        before[1, -1] = ord("。")
        before[2] = NOWHERE
        begun = np.hstack([np.repeat(before, len(heads), axis=0), np.tile(_heads(heads), (3, 1))])
        ends = np.full((len(heads), REACH), ord(BREAK), dtype=np.uint64)
        ended = np.hstack([_tails(heads if tails is None else tails), ends])
        blocks = self.log_probability(np.vstack([begun, ended])).reshape(4, -1, REACH)
        paragraph, sentence, anywhere = blocks[:3].sum(axis=2)
        return np.maximum(paragraph, sentence) - anywhere, anywhere, blocks[3, :, 0]

    def following(self, tails: Sequence[str], heads: Sequence[str]) -> Floats:
        """Return log P(head | tail) for each pair."""
        result: Floats = self.log_probability(np.hstack([_tails(tails), _heads(heads)])).sum(axis=1)
        return result

    def seams(self, tails: Sequence[str], heads: Sequence[str]) -> Floats:
        """Return for each pair the evidence for one sentence rather than two paragraphs."""
        beginning, anywhere, ending = self.edges(heads, tails)
        return self.following(tails, heads) - anywhere - beginning - ending


def _tails(texts: Sequence[str]) -> Codes:
    return encode("".join([t[-ORDER:].rjust(ORDER, BREAK) for t in texts])).reshape(len(texts), ORDER)


def _heads(texts: Sequence[str]) -> Codes:
    return encode("".join([t[:REACH].ljust(REACH, BREAK) for t in texts])).reshape(len(texts), REACH)


def fingerprint(keys: Codes) -> npt.NDArray[np.uint16]:
    """Return 16 bits of each hash, never 0."""
    return ((keys & np.uint64(0xFFFF)) | np.uint64(1)).astype(np.uint16)


@lru_cache(maxsize=1)
def load() -> Ngrams:
    """Return the shipped table, mapped into memory at the first call."""
    raw = np.asarray(np.load(TABLE, mmap_mode="r", allow_pickle=False)).view(np.ndarray)
    buckets = (len(raw) - 8) // (3 * SLOTS)
    total = float(raw[:8].view(np.float64)[0])
    split = 8 + buckets * SLOTS * 2
    fingerprints = raw[8:split].view(np.uint16).reshape(buckets, SLOTS)
    return Ngrams(fingerprints, raw[split:].reshape(buckets, SLOTS), total, np.exp2(np.arange(256) / STEPS))
