"""Rebuild the index from the uploaded reports while the old generation goes on answering."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.settings import Settings
from qa.web import progress
from qa.web.shelf import Shelf
from qa.web.uploads import other_sources, own_files, uploads_folder

if TYPE_CHECKING:
    from qa.index import RebuildSummary

_WAIT_SECONDS = 60.0  # for a rebuild of another process

ProgressCallback = Callable[[str, int, int], None]


def reindex(shelf: Shelf, settings: Settings, progress: ProgressCallback) -> RebuildSummary:
    """Rebuild from the uploads and the other sources; on errors of ``rebuild`` the old index stays."""
    from qa.index import rebuild, store_named
    from qa.library import open_library

    folder = uploads_folder(settings)
    summary = rebuild(
        [*other_sources(shelf.library, folder), *([folder] if own_files(folder) else ())],
        store_named(settings.store, settings.index_folder, settings.store_token),
        encoder=settings.encoder,
        wait_seconds=_WAIT_SECONDS,
        progress=progress,
    )
    if shelf.library.status().is_sample:
        shelf.put(open_library(settings=settings))
    return summary


def forget_all(shelf: Shelf, settings: Settings) -> None:
    """Remove the index, so that the sample answers; QAError if the user named the index."""
    import shutil

    from qa.index.generations import CURRENT_NAME
    from qa.index.lock import rebuild_lock
    from qa.library import open_library

    if settings.index or settings.store:
        raise QAError("这是最后一份报告，删除后索引就空了。请先上传别的报告，再删除它。")
    index = settings.index_folder
    with rebuild_lock(index, _WAIT_SECONDS):
        (index / CURRENT_NAME).unlink(missing_ok=True)
        shutil.rmtree(index / "generations", ignore_errors=True)
    shelf.put(open_library(settings=settings))


def run_with_progress(work: Callable[[ProgressCallback], None]) -> Iterator[tuple[str, int, int]]:
    """Do the work in a thread and yield its steps; its error is raised here."""

    def run(report: Callable[[tuple[str, int, int]], None]) -> None:
        work(lambda step, done, total: report((step, done, total)))

    for found in progress.run_with_progress(run, threading.Event()):
        if isinstance(found, Future):
            found.result()
        else:
            yield found[-1]
