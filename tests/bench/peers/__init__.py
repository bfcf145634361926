"""What a user would pick instead: the libraries that the benchmark compares with, each in a file of its own.

Each file has ``build(texts, folder, encoder) -> Ask``: index the texts, write what is kept into the folder, and
give back what answers a question with the numbers of the ten best texts, best first. Each follows its project's
own page on hybrid search; where a project knows no Chinese it is given jieba's words between spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["COMMON", "DEPTH", "OURS", "PEERS", "Ask", "Build", "Peer"]

Ask: TypeAlias = Callable[[str], list[int]]
Build: TypeAlias = "Callable[[Sequence[str], Path, Encoder], Ask]"

DEPTH = 10  # texts that a question is answered with
COMMON = (
    "numpy==2.4.6",
    "jieba==0.42.1",
    "tokenizers==0.23.3",
    "safetensors==0.8.0",
)  # for the common encoder


@dataclass(frozen=True, slots=True)
class Peer:
    """A library to compare with.

    Args:
        title: as the table names it.
        module: its file in this folder.
        packages: pinned, beside ``COMMON``; none where it runs in the environment of the project.
    """

    title: str
    module: str
    packages: tuple[str, ...] = ()


OURS = "union-qa"
PEERS = {
    OURS: Peer("Union QA", "ours"),
    "floor": Peer("FAISS Flat + bm25s", "floor", ("faiss-cpu==1.15.1", "bm25s==0.3.16")),
    "lancedb": Peer("LanceDB 0.40", "lance", ("lancedb==0.40.0",)),
    "txtai": Peer("txtai 9.14", "txt", ("txtai==9.14.0", "torch==2.13.0")),
    "langchain": Peer(
        "LangChain 1.0",
        "chain",
        (
            "langchain-classic==1.0.8",
            "langchain-community==0.4.2",
            "faiss-cpu==1.15.1",
            "rank-bm25==0.2.2",
        ),
    ),
    "llamaindex": Peer(
        "LlamaIndex 0.14",
        "llama",
        (
            "llama-index-core==0.14.25",
            "llama-index-retrievers-bm25==0.8.0",
            "llama-index-vector-stores-faiss==0.7.0",
            "faiss-cpu==1.15.1",
        ),
    ),
    "haystack": Peer("Haystack 2.31", "hay", ("haystack-ai==2.31.0",)),
}
