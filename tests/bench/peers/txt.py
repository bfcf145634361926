"""txtai: one ``Embeddings`` with vectors, BM25 terms and the texts in it, searched as ``hybrid``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import DEPTH, Ask
from tests.bench.peers.shared import encoded, spaced, unspaced

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder

__all__ = ["build"]


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index texts."""
    from txtai import Embeddings

    def transform(given: Sequence[str]) -> NDArray[np.float32]:
        return encoded(encoder, [unspaced(text) for text in given])

    index = Embeddings(
        method="external",
        transform=transform,
        content=True,
        scoring={"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"whitespace": True}},
    )
    index.index((number, spaced(text), None) for number, text in enumerate(texts))
    index.save(str(folder))

    def ask(question: str) -> list[int]:
        return [int(found["id"]) for found in index.search(spaced(question), DEPTH)]

    return ask
