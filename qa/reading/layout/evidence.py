"""Estimate how likely one line continues in another, as log odds.

Three cases, since a short line without an end (a heading, a caption, or a piece of a sentence) is doubtful and a long
one is not. The weights come from logistic regressions over news that the models had not seen: true halves
of cut paragraphs against halves of other paragraphs of the same article, and against headlines.

Two models score how well a tail and a head belong together: :mod:`qa.reading.layout.ngrams` looks at the few characters
at the seam. Beyond them, two small networks turn the sixteen characters on either side, and the mean of some eighty, into
vectors; their product is the logarithm of how much more likely the head is after this tail than after any other, up to a
constant. They were trained to find the true head among a thousand others (van den Oord et al., "Representation learning
with contrastive predictive coding", 2018). ``python -m qa.reading.train seams`` makes the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.reading.layout import ngrams
from qa.reading.layout.ngrams import encode
from qa.reading.layout.records import Line

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

NEAR, FAR = 16, 80  # characters on a side that are seen in order, and as a mean
SEAMS = Path(__file__).parents[1] / "data" / "seams.npz"
UNKNOWN = 1  # row of a character that is not in the table; row 0 is no character

NO_BEGINNING = frozenset("，。、；：！？）》”’,.;:!?)]】〕%％")
CHUNK = 5000  # pairs that are weighed at once, in some 300 MB at most
# By number of commas: a heading has one at most; fitted more, but on headlines, which have none.
COMMAS = (0.0, 1.0, 4.0, 6.0)


# What a unit of each kind of evidence adds to the log odds between prose, from a short line, and to one.
_WEIGHTS = {
    "constant": (2.0, -3.93, 3.18),
    "fit": (0.42, 0.61, 0.322),  # of head and tail by the n-grams
    "match": (0.04, 0.035, 0.053),  # of head and tail by the seam model
    "beginning": (-0.8, -1.21, -1.01),  # how well the head could begin a paragraph
    "open_tail": (0.0, 0.72, 0.0),  # how badly the tail could end a paragraph
    "comma": (0.0, 1.0, 1.0),  # of the short line, see COMMAS
    "length": (0.0, 0.0, -0.06),  # for each character of the short line, up to 50
    "own_beginning": (0.0, -0.34, 0.0),  # how well the short line itself could begin a paragraph
    "own_open_end": (0.0, 0.0, 0.37),  # how badly the short line itself could end one
}
_FROM_SHORT = 1


@dataclass(frozen=True, slots=True)
class SeamModel:
    """Trained weights: of the text before a seam they are named ``tail_…``, of the text after it ``head_…``."""

    rows: npt.NDArray[np.int64]  # code of a character → row of the table, shape (65536,)
    weights: dict[str, Vectors]  # "table", shape (characters, width), and the two layers of each side

    def tails(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of the ends of texts without white space, shape (texts, size)."""
        return self._side("tail", [t[-FAR:].rjust(FAR, "\0") for t in texts], slice(FAR - NEAR, FAR))

    def heads(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of the beginnings of texts without white space, shape (texts, size)."""
        return self._side("head", [t[:FAR].ljust(FAR, "\0") for t in texts], slice(0, NEAR))

    def _side(self, side: str, texts: Sequence[str], near: slice) -> Vectors:
        rows = self.rows[encode("".join(texts)).astype(np.int64)].reshape(len(texts), FAR)
        vectors = self.weights["table"][rows]
        seen = (rows > 0).astype(np.float32)
        count = np.maximum(seen.sum(axis=1, keepdims=True), np.float32(1.0))
        mean = np.einsum("tcw,tc->tw", vectors, seen) / count
        inputs = np.hstack([vectors[:, near].reshape(len(texts), NEAR * vectors.shape[2]), mean])
        hidden = inputs @ self.weights[f"{side}_1"].T + self.weights[f"{side}_1_bias"]
        hidden /= 1.0 + np.exp(np.float32(-1.702) * hidden)  # GELU, close enough
        return (hidden @ self.weights[f"{side}_2"].T + self.weights[f"{side}_2_bias"]).astype(np.float32)


@lru_cache(maxsize=1)
def seam_model() -> SeamModel:
    """Return the shipped weights; bytes with a scale for each row become floats at the first call."""
    with np.load(SEAMS, allow_pickle=False) as file:
        codes = file["codes"]
        layers = ("tail_1", "tail_2", "head_1", "head_2")
        weights = {name: file[name].astype(np.float32) * file[f"{name}_scale"] for name in ("table", *layers)}
        weights |= {f"{name}_bias": file[f"{name}_bias"] for name in layers}
    rows = np.full(0x10000, UNKNOWN, dtype=np.int64)
    rows[codes] = np.arange(len(codes)) + UNKNOWN + 1
    rows[0] = 0
    return SeamModel(rows, weights)


def weigh(found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
    """Return the evidence for each (tail, head), positions in ``found``; the caller adds priors."""
    chunks = (pairs[start : start + CHUNK] for start in range(0, len(pairs), CHUNK))
    return [weight for chunk in chunks for weight in _weigh(found, chunk)]


def _weigh(found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
    used, where = np.unique(np.array(pairs), return_inverse=True)
    tails, heads = where.reshape(-1, 2).T
    inks = [found[i].ink for i in used]
    begins, ends, usual = edges(inks)
    before, after = [found[t].ink for t, _ in pairs], [found[h].ink for _, h in pairs]
    fit = ngrams.load().following(before, after) - usual[heads]
    size = np.minimum([len(ink) for ink in inks], 50)
    short = np.array([found[i].kind == "bare" for i in used])
    line = np.where(short[tails], tails, heads)  # the short one
    case = np.where(short[tails], _FROM_SHORT, 2 * short[heads])
    evidence = {
        "constant": np.ones(len(pairs)), "fit": fit, "match": _match_scores(inks, tails, heads),
        "beginning": begins[heads], "open_tail": -ends[tails], "comma": _comma_scores(inks)[line], "length": size[line],
        "own_beginning": begins[line], "own_open_end": -ends[line],
    }  # fmt: skip
    result = np.zeros(len(pairs))
    for name, amount in evidence.items():
        result += np.array(_WEIGHTS[name])[case] * amount
    prose = ~short[tails] & ~short[heads]
    result[prose] += np.clip(-0.35 * ends[tails[prose]] - 1.5, -1.5, 2.0)
    result[short[tails] & short[heads]] -= 3.0
    values: list[float] = result.tolist()
    return values


def torn(found: Sequence[Line], short: Sequence[int]) -> list[int]:
    """Return those of the short lines whose own form shows that they stop in mid-sentence."""
    inks = [found[i].ink for i in short]
    begins, ends, _ = edges(inks)
    evidence = {"constant": np.ones(len(inks)), "open_tail": -ends, "own_beginning": np.maximum(begins, -3.0)}
    evidence["comma"] = _comma_scores(inks)
    result = np.zeros(len(inks))
    for name, amount in evidence.items():
        result += _WEIGHTS[name][_FROM_SHORT] * amount
    return [i for i, value in zip(short, result.tolist(), strict=True) if value > 0]


def match(tail: str, head: str) -> float:
    """Return the seam model's score of two texts; only differences mean something."""
    return float(_match_scores([tail, head], np.array([0]), np.array([1]))[0])


def edges(inks: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Return how well each text could begin a paragraph and end one, and how usual its beginning is.

    The first is log odds between -3 and 3, or -6 for what can begin nothing; the others are log probabilities.
    """
    beginning, usual, ends = ngrams.load().edges(inks)
    begins = np.clip(beginning, -3.0, 3.0)
    begins[[ink[0] in NO_BEGINNING for ink in inks]] = -6.0
    return begins, ends, usual


def _match_scores(inks: Sequence[str], tails: Positions, heads: Positions) -> Floats:
    """Return the seam model's score of each pair of these texts."""
    model = seam_model()
    result: Floats = np.einsum("ps,ps->p", model.tails(inks)[tails], model.heads(inks)[heads]).astype(
        np.float64
    )
    return result


def _comma_scores(inks: Sequence[str]) -> Floats:
    counts = [ink.count("，") + ink.count(",") if len(ink) < 100 else 0 for ink in inks]
    return np.array([COMMAS[min(count, len(COMMAS) - 1)] for count in counts])
