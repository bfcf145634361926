"""An index that is only held in memory: for training recipes and for trying things out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qa.index.manifest import Manifest
from qa.index.opened import Index
from qa.text.units import sentences_of
from qa.types import Report

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["memory_index"]


def memory_index(reports: Iterable[Report], encoder: Encoder | None = None) -> Index:
    """Index reports without writing anything.

    Args:
        reports: in the order in which they are kept.
        encoder: None takes the shipped one.
    """
    from embeddings import open_encoder
    from embeddings.dense import DenseIndex
    from embeddings.sparse import SparseIndex
    from embeddings.words import words

    encoder = encoder or open_encoder(None)
    kept = tuple(reports)
    sentences = tuple(s for report in kept for s in sentences_of(report))
    texts = [s.search_text for s in sentences]
    vectors = encoder.encode_passages(texts)
    manifest = Manifest(
        generation=0,
        created="",
        encoder=None,
        encoder_identity=encoder.identity,
        dimension=encoder.dimension,
        reader="",
        splitter="",
        words="",
        paragraphs=sum(len(r.paragraphs) for r in kept),
        sentences=len(sentences),
        sources=(),
        files=(),
    )
    return Index(
        folder=Path(),
        manifest=manifest,
        reports=kept,
        sentences=sentences,
        vectors=vectors,
        dense=DenseIndex.build(vectors),
        sparse=SparseIndex.build(map(words, texts)),
        encoder=encoder,
    )
