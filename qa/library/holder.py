"""Hold an index open, and take a newer generation up without a restart and without a failed request."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace

from embeddings import Encoder, EncoderError, open_encoder
from qa.errors import IndexIncompatible, QAError
from qa.index import Index, Store, encoder_name, open_index
from qa.question import Catalogue, catalogue_of

RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One generation with what is derived from it; a request uses one of these from start to end.

    Args:
        seen: what the store said was serving when it was opened.
        warnings: sentences for the user, empty when all is well.
    """

    index: Index
    catalogue: Catalogue
    seen: bytes
    warnings: tuple[str, ...]


class Holder:
    """The newest generation of a store, opened on demand; safe to share between threads.

    Args:
        encoder: None for the one that each generation names.

    Raises:
        StoreError: as ``open_index``.
        embeddings.EncoderError: likewise.
    """

    def __init__(self, store: Store, encoder: str | None) -> None:
        self._store = store
        self._encoder = encoder
        self._renewing = threading.Lock()
        self._retry_at = 0.0
        seen = store.serving()
        self._held = _hold(open_index(store, open_encoder(encoder_name(encoder)) if encoder else None), seen)

    def get(self) -> Held:
        """The generation that serves now.

        The first request after a switch opens it, the others of that moment answer from the old one. One that
        cannot be opened leaves the old one in service, with a warning, and is tried again some seconds later.
        """
        held = self._held
        if held.seen == self._store.serving() or time.monotonic() < self._retry_at:
            return held
        if not self._renewing.acquire(blocking=False):
            return held
        try:
            seen = self._store.serving()
            if seen != self._held.seen:
                self._renew(seen)
        finally:
            self._renewing.release()
        return self._held

    def instead_of(self, gone: Held) -> Held:
        """The generation that serves, after ``gone`` was removed from a store that others write to."""
        with self._renewing:
            if self._held is gone:
                self._renew(self._store.serving())
        return self._held

    def _renew(self, seen: bytes) -> None:
        known = self._held.warnings
        try:
            self._held = _hold(self._open(self._held.index.encoder), seen)
        except (QAError, EncoderError) as error:
            old = self._held.index
            problem = f"新的索引打不开，仍用第 {old.generation} 代回答：{error}"
            self._held = replace(self._held, warnings=(*old.warnings, problem))
            self._retry_at = time.monotonic() + RETRY_SECONDS
        for warning in self._held.warnings:
            if warning not in known:
                _log.warning("%s", warning)

    def _open(self, encoder: Encoder) -> Index:
        try:
            return open_index(self._store, encoder)
        except IndexIncompatible:
            if self._encoder:
                raise
            return open_index(self._store)  # rebuilt with another encoder, which the new manifest names


def _hold(index: Index, seen: bytes) -> Held:
    def holding(name: str) -> frozenset[str]:
        return frozenset(index.layout.paragraphs[at].report_id for at in index.holding(name).tolist())

    return Held(index, catalogue_of(index.reports, holding), seen, index.warnings)
