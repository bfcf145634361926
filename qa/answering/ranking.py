"""Linear models with weights learned from hand-written questions: ``weights.json``."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

WEIGHTS = "weights.json"


@dataclass(frozen=True, slots=True)
class Ranker:
    """A weighted sum of named features; ``probability`` is meaningful if it was trained on yes and no."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def score(self, features: Sequence[float]) -> float:
        """Return the weighted sum; higher is better, unbounded."""
        return self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))

    def probability(self, features: Sequence[float]) -> float:
        """Return the logistic of the score, 0 to 1."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score(features)))))


@lru_cache(maxsize=8)
def ranker(name: str, features: tuple[str, ...]) -> Ranker:
    """Return the ranker of this name with weights in the order of ``features``.

    Raises:
        KeyError: a feature has no weight; the weights must be fitted again.
    """
    table = _table()[name]
    weights = table["weights"]
    return Ranker(features, tuple(float(weights[f]) for f in features), float(table["bias"]))


def limit(name: str, kind: str) -> float:
    """Return a threshold on the probability of a ranker; it is set when its weights are fitted."""
    return float(_table()[name][kind])


@lru_cache(maxsize=1)
def _table() -> dict[str, dict]:  # type: ignore[type-arg]
    text = resources.files("qa.answering").joinpath(WEIGHTS).read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]
