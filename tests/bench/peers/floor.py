"""The bare floor: FAISS compares all vectors, bm25s counts jieba's words, and the ranks of both are added up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import DEPTH, Ask
from tests.bench.peers.shared import encoded, reciprocal

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["build"]


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index texts."""
    import bm25s
    import faiss
    import jieba

    words = bm25s.BM25()
    words.index([jieba.lcut(text) for text in texts], show_progress=False)
    vectors = faiss.IndexFlatIP(encoder.dimension)
    vectors.add(encoded(encoder, texts))
    words.save(folder / "words")
    faiss.write_index(vectors, str(folder / "vectors"))
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")

    def ask(question: str) -> list[int]:
        _, near = vectors.search(encoder.encode_query(question)[None, :], DEPTH)
        found = words.retrieve([jieba.lcut(question)], k=DEPTH, return_as="documents", show_progress=False)
        return reciprocal((near[0].tolist(), found[0].tolist()))[:DEPTH]

    return ask
