"""Small models without the library that fitted them: a weighted sum of named features, a layer of units, and decision trees.

The trees estimate how likely one of several things is right, where what speaks for it may depend on the rest:
extremely randomised trees, see Geurts, Ernst and Wehenkel, "Extremely randomized trees", 2006.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LEAF = 255  # instead of a feature
WIDEST = 8.0  # log-odds, and differences of them, that count in full
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum of named features; ``probability`` is meaningful if it was trained on yes and no."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    @classmethod
    def of(cls, table: Mapping[str, Any], features: Sequence[str]) -> Linear:
        """Return the model of a table {"bias", "weights": {feature: weight}}; raise KeyError if it lacks a feature."""
        weights = table["weights"]
        return cls(tuple(features), tuple(float(weights[f]) for f in features), float(table["bias"]))

    def score(self, features: Sequence[float]) -> float:
        """Return the weighted sum; higher is better, unbounded."""
        return self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))

    def probability(self, features: Sequence[float]) -> float:
        """Return the logistic of the score, 0 to 1."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score(features)))))


@dataclass(frozen=True, slots=True)
class Network:
    """A weighted sum of features and of units (tanh) that each see all features; each row of weights ends with its bias."""

    direct: Floats  # (features + 1,)
    inner: Floats  # (units, features + 1)
    outer: Floats  # (units,)

    @classmethod
    def read(cls, path: Path) -> Network:
        """Return the network of a file that :meth:`write` made."""
        with np.load(path) as stored:
            return cls(*(stored[name].astype(np.float64) for name in cls.__slots__))

    def write(self, path: Path) -> None:
        """Write the network, its numbers in half precision."""
        np.savez(path, **{name: getattr(self, name).astype(np.float16) for name in self.__slots__})

    def scores(self, rows: Floats) -> Floats:
        """Return the score of each row, (n,), higher is better; rows: (n, features)."""
        units = np.tanh(rows @ self.inner[:, :-1].T + self.inner[:, -1])
        return np.asarray(rows @ self.direct[:-1] + self.direct[-1] + units @ self.outer)


@dataclass(frozen=True, slots=True)
class Forest:
    """Decision trees, one after the other; each node stands before its branches, the branch of small values first."""

    feature: npt.NDArray[np.uint8]  # (nodes,) column that a node looks at, ``LEAF`` where there is none
    # (nodes,) largest value that goes to the next node; of a leaf the share of right rows
    limit: npt.NDArray[np.float16]
    other: npt.NDArray[np.uint16]  # (nodes,) how many nodes further larger values go
    roots: npt.NDArray[np.int32]  # (trees,) the first node of each tree

    @classmethod
    def read(cls, path: Path) -> Forest:
        """Return the forest of a compressed file of these arrays."""
        with np.load(path) as stored:
            return cls(*(stored[name] for name in cls.__slots__))

    def chances(self, rows: Floats) -> Floats:
        """Return the mean share of right ones that the trees know of rows like these, (n,); rows: (n, columns)."""
        at = np.repeat(self.roots[None], len(rows), axis=0)
        own = np.arange(len(rows))[:, None]
        narrow = rows.astype(np.float32)
        while (inner := self.feature[at] != LEAF).any():
            small = narrow[own, self.feature[at] * inner] <= self.limit[at]
            at = at + inner * np.where(small, 1, self.other[at])
        means: Floats = self.limit[at].mean(axis=1, dtype=np.float64)
        return means

    def chances_among(self, features: Floats, log_odds: Floats, share: float) -> Floats:
        """Return how likely each of several things is right, (n,): by a linear model, and to this share by the trees.

        ``features``, (n, features), are of all of which one is to be chosen; ``log_odds``, (n,), of the linear model.
        """
        alone = 1.0 / (1.0 + np.exp(-log_odds))
        return np.asarray(alone + share * (self.chances(among_others(features, log_odds)) - alone))


def among_others(features: Floats, log_odds: Floats) -> Floats:
    """Return features, (n, features), with what tells each thing from the others, (n, features + 3).

    That is its log-odds by a linear model, how far they are ahead of the best of the others, and how many there are.
    """
    ordered = np.sort(log_odds)[::-1]
    rival = np.where(log_odds == ordered[0], ordered[1] if len(ordered) > 1 else -WIDEST, ordered[0])
    told = np.clip(np.stack([log_odds, log_odds - rival], axis=1), -WIDEST, WIDEST) / WIDEST
    many = np.full((len(log_odds), 1), np.log1p(len(log_odds)))
    return np.hstack([features, told, many])
