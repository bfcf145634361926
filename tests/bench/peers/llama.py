"""LlamaIndex: a vector index over FAISS and its BM25 retriever in a ``QueryFusionRetriever`` by reciprocal ranks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import DEPTH, Ask
from tests.bench.peers.shared import encoded, spaced, unspaced

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["build"]


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index texts."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms.mock import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    class Common(BaseEmbedding):
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = encoded(encoder, [unspaced(text) for text in texts]).tolist()
            return rows

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            row: list[float] = encoder.encode_query(unspaced(query)).tolist()
            return row

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    nodes = [TextNode(id_=str(number), text=spaced(text)) for number, text in enumerate(texts)]
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(encoder.dimension))
    vectors = VectorStoreIndex(
        nodes,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=Common(embed_batch_size=1024),
        insert_batch_size=1024,
    )
    words = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=DEPTH, skip_stemming=True, token_pattern=r"\S+"
    )
    vectors.storage_context.persist(str(folder / "vectors"))
    words.persist(str(folder / "words"))
    both = QueryFusionRetriever(
        [vectors.as_retriever(similarity_top_k=DEPTH), words],
        llm=MockLLM(),
        mode="reciprocal_rerank",
        similarity_top_k=DEPTH,
        num_queries=1,
        use_async=False,
    )

    def ask(question: str) -> list[int]:
        return [int(found.node.node_id) for found in both.retrieve(spaced(question))]

    return ask
