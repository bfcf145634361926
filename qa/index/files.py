"""Read many report files in batches, here or wherever the work is spread to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from qa.errors import ReportError
from qa.index.executors import Executor
from qa.reading import Override
from qa.scratch import scratch_folder
from qa.types import Report

BATCH_BYTES = 100_000  # files read as one job; a larger file is a job by itself


@dataclass(frozen=True, slots=True)
class Unread:
    """A report file to read, with what ``reports.toml`` states about it."""

    path: Path
    override: Override | None
    data: bytes | None = None  # its content, for a reader on another disk


def read_files(files: Iterable[Unread], spread: Executor) -> Iterator[Report | ReportError]:
    """Yield for each file, in order, its report or the error that says why it cannot be read."""
    batches = _batches(files)
    if not spread.shares_disk:
        batches = ([replace(file, data=_content(file.path)) for file in batch] for batch in batches)
    return chain.from_iterable(spread.map(_read_batch, batches))


def _batches(files: Iterable[Unread]) -> Iterator[Sequence[Unread]]:
    batch: list[Unread] = []
    size = 0
    for file in files:
        batch.append(file)
        size += file.path.stat().st_size if file.path.is_file() else 0
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _content(path: Path) -> bytes:
    """Return the content; nothing if the file is gone by now, which reading then reports."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _read_batch(batch: Iterable[Unread]) -> list[Report | ReportError]:
    return [_read(file) for file in batch]


def _read(file: Unread) -> Report | ReportError:
    if file.data is not None:
        with scratch_folder() as folder:
            path = folder / file.path.name
            path.write_bytes(file.data)
            return _read(Unread(path, file.override))
    from qa.reading import read_report

    try:
        return read_report(file.path, {file.path.name: file.override} if file.override else {})
    except ReportError as error:
        return error
