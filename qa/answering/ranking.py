"""The models that were learned from hand-written questions: ``weights.json`` and ``forest.npz``."""

import json
from functools import lru_cache
from pathlib import Path

from embeddings.fitted import Forest, Linear

WEIGHTS, FOREST = (Path(__file__).with_name(name) for name in ("weights.json", "forest.npz"))


@lru_cache(maxsize=8)
def ranker(name: str, features: tuple[str, ...]) -> Linear:
    """Return the linear model of this name; raises KeyError if a feature has no weight."""
    return Linear.of(_table()[name], features)


@lru_cache(maxsize=1)
def forest() -> Forest:
    """Return the forest of sureness."""
    return Forest.read(FOREST)


def limit(name: str, kind: str) -> float:
    """Return a threshold on the probability of a model, or a share of it; it is set when its weights are fitted."""
    return float(_table()[name][kind])


@lru_cache(maxsize=1)
def _table() -> dict[str, dict]:  # type: ignore[type-arg]
    return json.loads(WEIGHTS.read_text("utf-8"))  # type: ignore[no-any-return]
