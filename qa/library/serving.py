"""Keep an index open with what is derived from it, and switch to a newer generation without a restart.

No request fails or waits while a newer generation is opened.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from embeddings import Encoder, EncoderError, open_encoder
from qa.errors import IndexIncompatible, QAError
from qa.index import Index, Store, encoder_name, open_index
from qa.ledger.notes import FILE
from qa.question import Catalogue, catalogue_of

RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)

Key = TypeVar("Key")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What serves now."""

    folder: str  # of files next to the index, such as ``ledger.toml``
    store: str  # where the index lives, and how it is searched, in words
    generation: int
    created: str  # of the generation, ISO 8601
    encoder: str  # its identity
    reports: int
    paragraphs: int
    sentences: int
    is_sample: bool  # the bundled sample reports, because there is no index yet
    warnings: tuple[str, ...]  # sentences for the user, empty when all is well


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One generation with what is derived from it; a request uses one of these from start to end."""

    index: Index
    catalogue: Catalogue
    serving: bytes  # what the store reported as serving when this was opened
    warnings: tuple[str, ...]  # sentences for the user, empty when all is well

    def status(self, *, is_sample: bool) -> LibraryStatus:
        manifest = self.index.manifest
        return LibraryStatus(
            folder=str(self.index.folder),
            store=self.index.name,
            generation=manifest.generation,
            created=manifest.created,
            encoder=manifest.encoder_identity,
            reports=len(self.index.reports),
            paragraphs=manifest.paragraphs,
            sentences=manifest.sentences,
            is_sample=is_sample,
            warnings=self.warnings,
        )


class IndexKeeper:
    """The newest generation of a store; safe to share between threads.

    ``encoder`` is None for the one that each generation names. Raises StoreError or embeddings.EncoderError
    as ``open_index``.
    """

    def __init__(self, store: Store, encoder: str | None) -> None:
        self._store = store
        self._encoder = encoder
        self._switching = threading.Lock()
        self._retry_at = 0.0
        serving = store.serving()
        self._snapshot = _snapshot_of(
            open_index(store, open_encoder(encoder_name(encoder)) if encoder else None), serving
        )

    def get(self) -> Snapshot:
        """Return the generation that serves now.

        The first request after a switch opens the new one; others meanwhile use the old one. If it cannot be
        opened, the old one goes on serving with a warning, and opening is tried again some seconds later.
        """
        snapshot = self._snapshot
        current = snapshot.serving == self._store.serving() or time.monotonic() < self._retry_at
        if current or not self._switching.acquire(blocking=False):
            return snapshot
        try:
            serving = self._store.serving()
            if serving != self._snapshot.serving:
                self._switch(serving)
        finally:
            self._switching.release()
        return self._snapshot

    def replacement_of(self, gone: Snapshot) -> Snapshot:
        """Return the generation that serves after ``gone`` was removed from a store that others write to."""
        with self._switching:
            if self._snapshot is gone:
                self._switch(self._store.serving())
        return self._snapshot

    def _switch(self, serving: bytes) -> None:
        known = self._snapshot.warnings
        try:
            self._snapshot = _snapshot_of(self._open(self._snapshot.index.encoder), serving)
        except (QAError, EncoderError) as error:
            old = self._snapshot.index
            problem = f"新的索引打不开，仍用第 {old.generation} 代回答：{error}"
            self._snapshot = replace(self._snapshot, warnings=(*old.warnings, problem))
            self._retry_at = time.monotonic() + RETRY_SECONDS
        for warning in self._snapshot.warnings:
            if warning not in known:
                _log.warning("%s", warning)

    def _open(self, encoder: Encoder) -> Index:
        try:
            return open_index(self._store, encoder)
        except IndexIncompatible:
            if self._encoder:
                raise
            return open_index(self._store)  # rebuilt with another encoder, which the new manifest names


def _snapshot_of(index: Index, serving: bytes) -> Snapshot:
    def holding(name: str) -> frozenset[str]:
        return frozenset(index.layout.paragraphs[at].report_id for at in index.holding(name).tolist())

    return Snapshot(index, catalogue_of(index.reports, holding), serving, index.warnings)


class Latest(Generic[Key, Made]):
    """Keeps what was made last, until it is wanted for another key; safe to share between threads."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._kept: tuple[Key, Made] | None = None

    def get(self, key: Key, make: Callable[[], Made]) -> Made:
        """Return what is kept for a key, or make it; others wait meanwhile."""
        with self._making:
            if self._kept is None or self._kept[0] != key:
                self._kept = (key, make())
            return self._kept[1]


def version_of_notes(index: Index) -> tuple[int, int] | None:
    """Return the time and size of ``ledger.toml``; None if there is none."""
    try:
        found = (index.folder / FILE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
