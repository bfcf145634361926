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

from qa.errors import ReportError, StoreError
from qa.index.generation import Generation
from qa.index.generations import (
    CURRENT_NAME,
    GENERATIONS,
    current_bytes,
    generation_folder,
    numbers,
    remove_all_but,
    remove_leftovers,
    switch,
)
from qa.index.lock import LOCK_NAME, rebuild_lock
from qa.index.making import Progress, Step, make, open_tools
from qa.index.manifest import Manifest, read_manifest
from qa.index.opened import read_newest
from qa.index.sources import Skipped, nothing_read, read_sources
from qa.index.spread import spread_over

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["RebuildSummary", "rebuild"]


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
    index: Path,
    *,
    encoder: str | Encoder | None = None,
    force: bool = False,
    wait_seconds: float = 0.0,
    progress: Progress | None = None,
    workers: int = 1,
) -> RebuildSummary:
    """Make the index hold exactly the reports at ``paths``.

    Args:
        encoder: name or path, ``"shipped"``, or an encoder; None for that of the index, else the shipped one.
        force: read and embed everything again.
        wait_seconds: how long to wait for another rebuild to end.
        progress: called at the start of every step, and while reading and embedding, with (step, done, total).
        workers: processes that read, cut and embed; the index does not depend on how many.

    Raises:
        ReportError: no report could be read from any path, or a ``reports.toml`` is wrong; the index stays.
        IndexBusy: another rebuild runs.
        WorkersFailed: processes that shared the work died again and again; the index stays.
        StoreError: the folder cannot be written.
        embeddings.EncoderError: the encoder cannot be opened.
    """
    started = time.monotonic()
    progress = progress or _untold
    with _disk_errors(index):
        _refuse_foreign(index)
        with spread_over(workers) as spread, rebuild_lock(index, wait_seconds):
            progress("lock", 1, 1)
            remove_leftovers(index)
            previous, healthy = _previous(index)
            tools = open_tools(encoder, previous)
            reading = read_sources(
                paths,
                previous,
                reuse=previous is not None and not force and tools.read_like(previous.manifest),
                step=lambda done, total: progress("read", done, total),
                spread=spread,
            )
            if not reading.reports:
                raise ReportError(nothing_read(reading.skipped))
            if previous and healthy and not force and tools.made(previous.manifest, reading):
                manifest, embedded = previous.manifest, 0
            else:
                manifest, embedded = make(
                    index, reading, tools, None if force else previous, spread, progress
                )
                progress("switch", 0, 1)
                switch(index, manifest.generation)
            progress("clean", 0, 1)
            remove_all_but(index, _kept(index, manifest))
    progress("clean", 1, 1)
    return RebuildSummary(
        folder=str(index),
        generation=manifest.generation,
        reports=len(reading.reports),
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


def _previous(index: Path) -> tuple[Generation | None, bool]:
    """The newest whole generation, if any, and whether it is the one that CURRENT names."""
    try:
        generation, warnings = read_newest(index)
    except StoreError:
        return None, False
    return generation, not warnings


def _kept(index: Path, manifest: Manifest) -> tuple[int, ...]:
    """The generation that serves, and the one before it unless it holds a report that was taken away since.

    What its owner removed from the reports must be gone from the disk too, and never be served again.
    """
    names = {entry.name for entry in manifest.sources}
    for number in numbers(index):
        if number >= manifest.generation:
            continue
        try:
            before = read_manifest(generation_folder(index, number))
        except StoreError:
            continue
        if names.issuperset(entry.name for entry in before.sources):
            return manifest.generation, number
        break
    return (manifest.generation,)


def _refuse_foreign(index: Path) -> None:
    """A folder that holds something else is not made into an index by a slip of the hand."""
    if index.exists() and not index.is_dir():
        raise StoreError(f"{index} 是一个文件，不能存放索引。请用 --index 指定一个文件夹。")
    ours = {CURRENT_NAME, LOCK_NAME, GENERATIONS}
    if index.is_dir() and not ours.intersection(names := [path.name for path in index.iterdir()]) and names:
        raise StoreError(
            f"文件夹 {index} 里有别的内容（如 {min(names)}），不在其中建索引。请用 --index 指定一个空文件夹。"
        )


@contextmanager
def _disk_errors(index: Path) -> Iterator[None]:
    served = current_bytes(index)
    try:
        yield
    except OSError as error:
        where = error.filename or index
        state = (
            "原有的索引没有改动"
            if current_bytes(index) == served
            else "新的索引已经启用，但旧的一代可能还在磁盘上"
        )
        raise StoreError(
            f"索引写不进去：{where}（{error.strerror or error}）。{state}。请检查磁盘空间和写权限后重试。"
        ) from error


def _untold(step: Step, done: int, total: int) -> None:
    """Progress that nobody follows."""
