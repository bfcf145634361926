"""Build the next generation from report files and switch to it; what did not change is not done again.

The order of the steps is what keeps a crash harmless: everything is written and synced beside, opened once to
prove that it reads, given its number, and only then named by CURRENT (see generations.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QAError, ReportError
from qa.index.found import Skipped
from qa.index.sources import nothing_read, read_sources
from qa.index.spread import Here, Spread, processes
from qa.index.store import Store, store_at
from qa.index.work import Progress, Step, Work, open_tools

if TYPE_CHECKING:
    from embeddings import Encoder


@dataclass(frozen=True, slots=True)
class RebuildSummary:
    """What a rebuild did.

    Args:
        generation: the one that serves now; the previous one where nothing had changed.
        embedded: sentences that the encoder was asked for; the others kept their vectors.
        added: names of reports; likewise ``changed``, ``unchanged`` and ``removed``.
        seconds: of the whole rebuild.
    """

    folder: str
    generation: int
    reports: int
    paragraphs: int
    sentences: int
    embedded: int
    added: tuple[str, ...]
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
        index: a folder, or another store.
        encoder: name or path, ``"shipped"``, or an encoder; None for that of the index, else the shipped one.
        force: read and embed everything again.
        wait_seconds: how long to wait for another rebuild to end.
        progress: called at the start of every step, and while reading and embedding, with (step, done, total).
        workers: processes that read, cut and embed; the index does not depend on how many.
        ray: address of a Ray cluster that does this instead; None for none.

    Raises:
        ReportError: no report could be read from any path; the index stays.
        IndexBusy: another rebuild runs.
        WorkersFailed: who shared the work was lost again and again; the index stays.
        QAError: the cluster cannot be used.
        StoreError: the store cannot be written.
        embeddings.EncoderError: the encoder cannot be opened.
    """
    started = time.monotonic()
    progress = progress or _untold
    from qa.reading import warm

    store = store_at(index)
    with _spread_over(workers, ray) as spread, store.building(wait_seconds):
        progress("lock", 1, 1)
        warm()
        previous, healthy = store.previous()
        tools = open_tools(encoder, previous)
        reading = read_sources(
            paths,
            previous,
            reuse=previous is not None and not force and tools.read_like(previous.manifest),
            step=lambda done, total: progress("read", done, total),
            spread=spread,
        )
        if not reading.entries:
            raise ReportError(nothing_read(reading.skipped))
        same = (
            previous
            and tools.indexed_like(previous.manifest)
            and (reading.entries, reading.paths) == (previous.manifest.sources, previous.manifest.paths)
        )
        if previous and same and healthy and not force:
            manifest, embedded = previous.manifest, 0
        else:
            manifest, embedded = store.make(
                Work(reading, tools, None if force else previous, spread, progress)
            )
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


def _untold(step: Step, done: int, total: int) -> None:
    """Progress that nobody follows."""


@contextmanager
def _spread_over(workers: int = 1, ray: str | None = None) -> Iterator[Spread]:
    """So many processes, or the Ray cluster at an address; this process where neither is asked for.

    Raises:
        QAError: both are asked for, no worker is, or Ray is not installed or not reached.
    """
    if workers < 1 or (workers > 1 and ray is not None):
        raise QAError("--workers 应是 1 或更大的整数，并且不能与 --ray 同用。请改正后重试。")
    if ray is not None:
        from qa.index.cluster import cluster

        with cluster(ray) as spread:
            yield spread
    elif workers > 1:
        with processes(workers) as spread:
            yield spread
    else:
        yield Here()
