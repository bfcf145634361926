"""An opened index: everything that questions are answered from, immutable and safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged, IndexIncompatible, IndexMissing, StoreError
from qa.index.generation import Generation, read_generation
from qa.index.generations import current_bytes, generation_folder, numbers, read_pointer
from qa.index.layout import Layout, layout_of
from qa.index.manifest import Manifest
from qa.index.searches import open_searches
from qa.types import Paragraph, Report, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder
    from embeddings.dense import DenseIndex
    from embeddings.sparse import SparseIndex

__all__ = ["Index", "open_index", "read_newest"]

ATTEMPTS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A generation with its searches and its encoder.

    Row n of ``dense``, ``sparse`` and ``vectors`` belongs to ``sentences[n]``, row n of ``passages`` to
    ``layout.paragraphs[n]``; both are in document order.
    ``by_id`` leads from ids to reports, ``layout`` from rows to paragraphs and back; ``warnings`` are sentences
    for the user, empty when all is well.
    """

    folder: Path
    manifest: Manifest
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: NDArray[np.float32]
    dense: DenseIndex
    sparse: SparseIndex
    passages: SparseIndex
    encoder: Encoder
    warnings: tuple[str, ...] = ()
    by_id: Mapping[str, Report] = field(init=False, repr=False)
    layout: Layout = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {report.id: report for report in self.reports})
        object.__setattr__(self, "layout", layout_of(self.reports, self.sentences))

    @property
    def generation(self) -> int:
        return self.manifest.generation

    def report(self, report_id: str) -> Report:
        """Raises KeyError where there is no such report."""
        return self.by_id[report_id]

    def paragraph(self, report_id: str, number: int) -> Paragraph:
        """Raises KeyError where there is no such paragraph."""
        return self.layout.paragraphs[self.layout.number_of[report_id, number]]

    def rows(self, report_id: str, number: int) -> range:
        """Rows of a paragraph's sentences; empty where it has none."""
        at = self.layout.number_of.get((report_id, number))
        return range(0) if at is None else range(*self.layout.rows[at : at + 2].tolist())


def open_index(index: Path, encoder: Encoder | None = None) -> Index:
    """Open the generation that serves, or the newest good one where that is damaged (see ``warnings``).

    Nothing is written. A rebuild may switch and clean up meanwhile: then the newer generation is opened.

    Args:
        encoder: None to open the one that the index names.

    Raises:
        IndexMissing: nothing was built in this folder.
        IndexDamaged: no generation is whole.
        IndexIncompatible: another format version or another encoder.
        embeddings.EncoderError: the encoder that the index names cannot be opened.
    """
    for _ in range(ATTEMPTS):
        seen = current_bytes(index)
        try:
            generation, warnings = read_newest(index)
            searches = open_searches(generation.folder, generation.manifest)
        except StoreError:
            if current_bytes(index) == seen:
                raise
            continue
        if not warnings or current_bytes(index) == seen:
            break
    else:
        raise IndexDamaged(f"索引 {index} 一直在变动，打不开。请稍候再试。")
    encoder = _encoder_of(generation.manifest, encoder)
    return Index(
        folder=index,
        manifest=generation.manifest,
        reports=generation.reports,
        sentences=generation.sentences,
        vectors=generation.vectors,
        dense=searches.dense,
        sparse=searches.sparse,
        passages=searches.passages,
        encoder=encoder,
        warnings=warnings,
    )


def read_newest(index: Path) -> tuple[Generation, tuple[str, ...]]:
    """The generation that CURRENT names, else the newest one that is whole, with a warning that says so.

    Raises:
        IndexMissing, IndexDamaged, IndexIncompatible: as :func:`open_index`; the first problem where several.
    """
    problem: StoreError | None = None
    candidates: list[tuple[int, str | None]] = [(number, None) for number in numbers(index)]
    try:
        pointer = read_pointer(index)
        candidates.insert(0, (pointer.number, pointer.manifest_sha256))
    except IndexMissing:
        raise
    except StoreError as error:
        problem = error
    for number, manifest_sha256 in candidates:
        try:
            generation = read_generation(generation_folder(index, number), number, manifest_sha256)
        except StoreError as error:
            problem = problem or error
            continue
        return generation, (f"{problem} 目前用第 {number} 代索引回答。",) if problem else ()
    assert problem is not None  # either CURRENT or the generation that it names was unusable
    raise problem


def _encoder_of(manifest: Manifest, encoder: Encoder | None) -> Encoder:
    from embeddings import open_encoder

    encoder = encoder or open_encoder(manifest.encoder)
    if (encoder.identity, encoder.dimension) != (manifest.encoder_identity, manifest.dimension):
        raise IndexIncompatible(
            f"索引由编码器 {manifest.encoder_identity} 建成，现在的编码器是 {encoder.identity}，两者的向量不能混用。"
            "请换回原来的编码器（--encoder 或 UNION_QA_ENCODER），或运行 union-qa rebuild 报告文件夹 重建。"
        )
    return encoder
