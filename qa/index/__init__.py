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

from embeddings import Encoder
from qa.errors import ReportError
from qa.index.executors import open_executor
from qa.index.folder import index_exists
from qa.index.generation import Generation
from qa.index.manifest import FORMAT
from qa.index.opened import Index, Store, open_index, store_at, store_named
from qa.index.sources import nothing_read, read_sources
from qa.index.work import Progress, Step, Work, draft_of, encoder_name, open_named
from qa.reading import Skipped, warm
from qa.scratch import scratch_folder

__all__ = [
    "FORMAT", "Generation", "Index", "Progress", "RebuildSummary", "Skipped", "Step", "Store", "encoder_name",
    "index_exists", "open_index", "rebuild", "store_at", "store_named",
]  # fmt: skip


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
