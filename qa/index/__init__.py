"""Reports → an index on disk → an opened index: built beside, verified, switched in one atomic step."""

from __future__ import annotations

from qa.index.build import Progress, RebuildSummary, Step, rebuild
from qa.index.generations import current_bytes
from qa.index.manifest import FORMAT, Manifest, SourceEntry
from qa.index.opened import Index, open_index
from qa.index.sources import Skipped

__all__ = [
    "FORMAT",
    "Index",
    "Manifest",
    "Progress",
    "RebuildSummary",
    "Skipped",
    "SourceEntry",
    "Step",
    "current_bytes",
    "open_index",
    "rebuild",
]
