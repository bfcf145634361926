"""Haystack: an in-memory document store, searched by vectors and by BM25, joined by reciprocal ranks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import DEPTH, Ask
from tests.bench.peers.shared import encoded, spaced

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["build"]


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index texts."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(bm25_tokenization_regex=r"\S+", embedding_similarity_function="dot_product")
    rows = encoded(encoder, texts)
    store.write_documents(
        [
            Document(id=str(number), content=spaced(text), embedding=row.tolist())
            for number, (text, row) in enumerate(zip(texts, rows, strict=True))
        ]
    )
    store.save_to_disk(str(folder / "documents.json"))
    words = InMemoryBM25Retriever(store, top_k=DEPTH)
    vectors = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)

    def ask(question: str) -> list[int]:
        found = [
            vectors.run(query_embedding=encoder.encode_query(question).tolist())["documents"],
            words.run(query=spaced(question))["documents"],
        ]
        return [int(document.id) for document in joiner.run(found)["documents"]]

    return ask
