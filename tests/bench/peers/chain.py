"""LangChain: a FAISS store and a BM25 retriever in an ``EnsembleRetriever``, half and half."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import DEPTH, Ask
from tests.bench.peers.shared import encoded

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["build"]


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index texts."""
    import jieba
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Common(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = encoded(encoder, texts).tolist()
            return rows

        def embed_query(self, text: str) -> list[float]:
            row: list[float] = encoder.encode_query(text).tolist()
            return row

    numbered = [{"number": number} for number in range(len(texts))]
    vectors = FAISS.from_texts(list(texts), Common(), numbered)
    words = BM25Retriever.from_texts(texts, numbered, preprocess_func=jieba.lcut, k=DEPTH)
    vectors.save_local(str(folder / "vectors"))
    with (folder / "words").open("wb") as file:  # it has no way of its own
        pickle.dump((words.vectorizer, words.docs), file)
    both = EnsembleRetriever(
        retrievers=[words, vectors.as_retriever(search_kwargs={"k": DEPTH})], weights=[0.5, 0.5]
    )

    def ask(question: str) -> list[int]:
        return [found.metadata["number"] for found in both.invoke(question)][:DEPTH]

    return ask
