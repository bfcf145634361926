"""Bring the index in line with the uploaded reports while the old generation goes on answering."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.settings import Settings
from qa.web import progress
from qa.web.shelf import Shelf
from qa.web.uploads import beside, own_files, uploads_folder

if TYPE_CHECKING:
    from qa.index import RebuildSummary

_WAIT_SECONDS = 60.0  # for a rebuild that somebody else runs

Told = Callable[[str, int, int], None]


def reindex(shelf: Shelf, settings: Settings, told: Told) -> RebuildSummary:
    """Rebuild from the uploaded reports and what was read beside them; the library answers as soon as it is done.

    Raises:
        QAError: as ``qa.index.rebuild``; the old generation serves on.
    """
    from qa.index import rebuild, store_named
    from qa.library import open_library

    folder = uploads_folder(settings)
    summary = rebuild(
        [*beside(shelf.library, folder), *([folder] if own_files(folder) else ())],
        store_named(settings.store, settings.index_folder, settings.store_token),
        encoder=settings.encoder,
        wait_seconds=_WAIT_SECONDS,
        progress=told,
    )
    if shelf.library.status().is_sample:
        shelf.put(open_library(settings=settings))
    return summary


def forget_all(shelf: Shelf, settings: Settings) -> None:
    """Take the last report out: the index goes, and the sample reports answer again.

    Raises:
        QAError: the index was named by the user, who expects it to be there.
    """
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


def followed(work: Callable[[Told], None]) -> Iterator[tuple[str, int, int]]:
    """Do the work in a thread of its own and yield its steps as it tells them; its error is raised here."""

    def told(tell: Callable[[tuple[str, int, int]], None]) -> None:
        work(lambda step, done, total: tell((step, done, total)))

    for found in progress.followed(told, threading.Event()):
        if isinstance(found, Future):
            found.result()
        else:
            yield found[-1]
