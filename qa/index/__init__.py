"""Build, store and open an index: generations are written, verified and switched to atomically."""

from __future__ import annotations

from qa.index.build import RebuildSummary, rebuild
from qa.index.folder import index_exists
from qa.index.generation import Generation
from qa.index.manifest import FORMAT, Manifest, SourceEntry
from qa.index.opened import Index, Store, open_index, store_at, store_named
from qa.index.selection import Skipped
from qa.index.work import SHIPPED, Progress, Step, encoder_name

__all__ = [
    "FORMAT", "SHIPPED", "Generation", "Index", "Manifest", "Progress", "RebuildSummary", "Skipped",
    "SourceEntry", "Step", "Store", "encoder_name", "index_exists", "open_index", "rebuild", "store_at",
    "store_named",
]  # fmt: skip
