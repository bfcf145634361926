"""Read many report files, in batches, wherever that is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReportError
from qa.index.spread import Spread
from qa.scratch import scratch_folder
from qa.types import Report

if TYPE_CHECKING:
    from qa.reading import Override

BATCH_BYTES = 100_000  # of files that are read as one job; a larger file is a job by itself


@dataclass(frozen=True, slots=True)
class Unread:
    """A report file that is to be read.

    Args:
        override: what ``reports.toml`` says of it.
        data: its bytes, where the path names nothing for who reads it.
    """

    path: Path
    override: Override | None
    data: bytes | None = None


def read_files(files: Iterable[Unread], spread: Spread) -> Iterator[Report | ReportError]:
    """For each file in order its report, or the error that says why it cannot be read."""
    batches = _batches(files)
    if not spread.shares_disk:
        batches = (tuple(replace(file, data=_bytes(file.path)) for file in batch) for batch in batches)
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


def _bytes(path: Path) -> bytes:
    """Nothing where the file has gone meanwhile; reading says so."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _read_batch(batch: Iterable[Unread]) -> list[Report | ReportError]:
    return [_read(file) for file in batch]


def _read(file: Unread) -> Report | ReportError:
    if file.data is None:
        return _read_from(file.path, file.override)
    with scratch_folder() as folder:
        path = folder / file.path.name
        path.write_bytes(file.data)
        return _read_from(path, file.override)


def _read_from(path: Path, override: Override | None) -> Report | ReportError:
    from qa.reading import read_report

    try:
        return read_report(path, {path.name: override} if override else {})
    except ReportError as error:
        return error
