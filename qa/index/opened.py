"""An opened index, from which questions are answered, and the stores that one is opened from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, open_encoder
from embeddings.words import normalise
from qa.errors import IndexDamaged, IndexIncompatible, StoreError
from qa.index.folder import FolderStore
from qa.index.manifest import Manifest
from qa.index.retrievers import Layout, LocalDense, LocalWords, layout_of
from qa.settings import is_web_address
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from qa.index.remote import MilvusStore
    from qa.index.remote_generation import RemoteDense

MILVUS = "milvus:"
Store: TypeAlias = "FolderStore | MilvusStore"  # they have the same methods, which FolderStore describes
ATTEMPTS = 5
REMEMBERED = 64  # names whose paragraphs are cached: a question asks more than once


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A generation with its searches and its encoder; immutable, and safe to share between threads.

    Rows and paragraphs are in document order: row n belongs to ``sentences[n]``, paragraph n to
    ``layout.paragraphs[n]``.
    """

    name: str  # of the store, as it is shown
    folder: Path  # of files next to the index, such as ``ledger.toml``
    manifest: Manifest
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    layout: Layout
    dense: LocalDense | RemoteDense
    words: LocalWords
    encoder: Encoder
    warnings: tuple[str, ...] = ()  # sentences for the user, empty when all is well
    by_id: Mapping[str, Report] = field(init=False, repr=False)
    _find: Callable[[str], NDArray[np.int64]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {report.id: report for report in self.reports})
        find = lru_cache(maxsize=REMEMBERED)(partial(_paragraphs_holding, self.layout, self.words))
        object.__setattr__(self, "_find", find)

    @property
    def generation(self) -> int:
        return self.manifest.generation

    def report(self, report_id: str) -> Report:
        """Return a report; raise KeyError if there is none with this id."""
        return self.by_id[report_id]

    def holding(self, name: str) -> NDArray[np.int64]:
        """Return the paragraphs whose text or headings contain a name, normalised as words are; rising."""
        return self._find(normalise(name))


def _paragraphs_holding(layout: Layout, words: LocalWords, name: str) -> NDArray[np.int64]:
    searched = words.naming(name)
    spans = zip(layout.starts[searched].tolist(), layout.starts[searched + 1].tolist(), strict=True)
    contains = [layout.text.find(name, *span) >= 0 for span in spans]
    found: NDArray[np.int64] = searched[np.array(contains, dtype=bool)]
    found.flags.writeable = False  # it is cached
    return found


def open_index(index: Path | Store, encoder: Encoder | None = None) -> Index:
    """Open the generation that serves, or the newest whole one if that is damaged (see ``warnings``).

    Nothing is written. If a rebuild switches and cleans up meanwhile, the newer generation is opened.

    ``encoder`` is None to open the one that the index names.

    Raises IndexMissing if nothing was built, IndexDamaged if no generation is whole, IndexIncompatible for
    another format version or encoder, StoreError if the store does not answer, and embeddings.EncoderError.
    """
    store = store_at(index)
    for _ in range(ATTEMPTS):
        seen = store.serving()
        try:
            generation, warnings = store.read_newest()
            layout = layout_of(generation.reports, generation.sentences)
            dense, words = store.retrievers(generation, layout)
        except StoreError:
            if store.serving() == seen:
                raise
            continue
        if not warnings or store.serving() == seen:
            break
    else:
        raise IndexDamaged(f"索引 {store.name} 一直在变动，打不开。请稍候再试。")
    return Index(
        name=store.described(generation.manifest),
        folder=store.folder,
        manifest=generation.manifest,
        reports=generation.reports,
        sentences=generation.sentences,
        layout=layout,
        dense=dense,
        words=words,
        encoder=_encoder_of(generation.manifest, encoder),
        warnings=warnings,
    )


def _encoder_of(manifest: Manifest, encoder: Encoder | None) -> Encoder:
    encoder = encoder or open_encoder(manifest.encoder, fetch=False)
    if (encoder.identity, encoder.dimension) != (manifest.encoder_identity, manifest.dimension):
        raise IndexIncompatible(
            f"索引由编码器 {manifest.encoder_identity} 建成，现在的编码器是 {encoder.identity}，两者的向量不能混用。"
            "请换回原来的编码器（--encoder 或 UNION_QA_ENCODER），或运行 union-qa rebuild 报告文件夹 重建。"
        )
    return encoder


def store_at(where: Path | Store) -> Store:
    """Return the store at a folder; a store is returned as it is."""
    return FolderStore(where) if isinstance(where, Path) else where


def store_named(name: str | None, folder: Path, token: str = "") -> Store:
    """Return the store ``milvus:http://host:19530`` or ``milvus:file.db``; None names the one at the folder.

    Raises StoreError for any other name.
    """
    if name is None:
        return store_at(folder)
    address = name.removeprefix(MILVUS)
    is_file = address.endswith(".db") and "://" not in address
    if address == name or not (is_file or is_web_address(address)):
        raise StoreError(
            f"看不懂存储“{name}”。请写成 milvus:http://主机:19530（可在后面加 /数据库名），或 milvus:文件.db（Milvus Lite）；"
            "存在文件夹里就去掉 --store 和 UNION_QA_STORE。"
        )
    from qa.index.remote import MilvusStore

    return MilvusStore(address, folder, token)
