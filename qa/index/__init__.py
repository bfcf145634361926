"""Build, store and open an index: generations are written, verified and switched to atomically.

A rebuild makes the next generation from report files and switches to it, reusing what did not change.

The order of the steps makes a crash harmless: everything is written and synced next to the old generation,
opened once to prove that it reads, numbered, and only then named by CURRENT (see folder.py).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from embeddings import Encoder, open_encoder
from qa.errors import IndexDamaged, IndexIncompatible, ReportError, StoreError
from qa.index.executors import open_executor
from qa.index.folder import FolderStore, index_exists
from qa.index.manifest import FORMAT, Manifest
from qa.index.retrievers import Index, layout_of
from qa.index.segment import Generation
from qa.index.sources import nothing_read, read_sources
from qa.index.work import Progress, Step, Work, draft_of, encoder_name, open_named
from qa.reading import Skipped, warm
from qa.scratch import scratch_folder
from qa.settings import is_web_address

if TYPE_CHECKING:
    from qa.index.remote import MilvusStore

__all__ = [
    "FORMAT", "MILVUS", "Generation", "Index", "Progress", "RebuildSummary", "Skipped", "Step", "Store", "encoder_name",
    "index_exists", "open_index", "rebuild", "store_at", "store_named",
]  # fmt: skip


MILVUS = "milvus:"
Store: TypeAlias = "FolderStore | MilvusStore"  # they have the same methods, which FolderStore describes
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class RebuildSummary:
    """What a rebuild did."""

    folder: str
    generation: int  # the one that serves now; the previous one if nothing changed
    reports: int
    paragraphs: int
    sentences: int
    embedded: int  # sentences sent to the encoder; the others kept their vectors
    added: tuple[str, ...]  # names of reports, as in the next three
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    seconds: float


def rebuild(
    paths: Sequence[Path],
    index: Path | Store,
    *,
    encoder: str | Encoder | None = None,
    force: bool = False,
    wait_seconds: float = 0.0,
    progress: Progress | None = None,
    workers: int = 1,
    ray: str | None = None,
) -> RebuildSummary:
    """Make the index hold exactly the reports at ``paths``.

    Args:
        encoder: name, path, ``"shipped"`` or an encoder; None for that of the index, else the shipped one.
        force: read and embed everything again.
        wait_seconds: how long to wait for another rebuild to end.
        progress: called with (step, done, total) at the start of a step, and while reading and embedding.
        workers: processes that read, cut and embed; the index does not depend on how many.
        ray: address of a Ray cluster that does this instead.

    Raises ReportError if no report could be read or WorkersFailed if workers were lost repeatedly, the index
    unchanged; IndexBusy if another rebuild runs; QAError, StoreError or embeddings.EncoderError if the cluster,
    the store or the encoder cannot be used.
    """
    started = time.monotonic()
    progress = progress or (lambda *_: None)
    store = store_at(index)
    with open_executor(workers, ray) as spread, store.building(wait_seconds):
        progress("lock", 1, 1)
        warm()
        previous, healthy = store.previous()
        name, opened = open_named(encoder, previous)
        draft = draft_of(name, opened)
        with scratch_folder() as unpacked:
            reuse = previous is not None and not force and draft.reader == previous.manifest.reader
            step = partial(progress, "read")
            reading = read_sources(paths, unpacked, previous, reuse=reuse, step=step, spread=spread)
        if not reading.entries:
            raise ReportError(nothing_read(reading.skipped))
        before = previous.manifest if previous and healthy and not force else None
        same = before and (reading.entries, reading.paths) == (before.sources, before.paths)
        if before and same and draft.indexed_like(before):
            manifest, embedded = before, 0
        else:
            work = Work(reading, opened, draft, None if force else previous, spread, progress)
            manifest, embedded = store.make(work)
            progress("switch", 0, 1)
            store.switch(manifest)
        progress("clean", 0, 1)
        store.clean(manifest)
    progress("clean", 1, 1)
    return RebuildSummary(
        folder=store.name,
        generation=manifest.generation,
        reports=len(reading.entries),
        paragraphs=manifest.paragraphs,
        sentences=manifest.sentences,
        embedded=embedded,
        added=reading.added,
        changed=reading.changed,
        unchanged=reading.unchanged,
        removed=reading.removed,
        skipped=reading.skipped,
        seconds=round(time.monotonic() - started, 3),
    )


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
