"""An index that exists in memory only: for training recipes and for trying things out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from embeddings import Encoder, open_encoder
from embeddings.dense import DenseIndex
from embeddings.sparse import SparseIndex
from embeddings.words.lists import many_words
from qa.index.layout import layout_of
from qa.index.manifest import Manifest
from qa.index.opened import Index
from qa.index.preparing import build_word_searches, pieces_of
from qa.index.retrievers import LocalDense, LocalWords
from qa.text.units import sentences_of
from qa.types import Report


def memory_index(reports: Iterable[Report], encoder: Encoder | None = None) -> Index:
    """Index reports, in this order, without writing anything; ``encoder`` defaults to the shipped one."""
    encoder = encoder or open_encoder(None)
    kept = tuple(reports)
    sentences = tuple(s for report in kept for s in sentences_of(report))
    vectors = encoder.encode_passages([s.search_text for s in sentences])
    pieces = pieces_of(sentences)
    words = build_word_searches(kept, sentences, pieces, many_words(pieces.texts))
    layout = layout_of(kept, sentences)
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
        segments=(),
        files=(),
    )
    return Index(
        name="",
        folder=Path(),
        manifest=manifest,
        reports=kept,
        sentences=sentences,
        layout=layout,
        dense=LocalDense(DenseIndex.build(vectors), vectors, layout.paragraph_of),
        words=LocalWords(*(SparseIndex([each]) for each in words)),
        encoder=encoder,
    )
