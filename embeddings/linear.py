"""Linear models with learned weights, which tables name by their features."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


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
