"""What serves now, for administrators: which generation, how much it contains, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.library.index_keeper import Snapshot


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


def status_of(snapshot: Snapshot, *, is_sample: bool) -> LibraryStatus:
    """Return the status of a library that uses this generation."""
    manifest = snapshot.index.manifest
    return LibraryStatus(
        folder=str(snapshot.index.folder),
        store=snapshot.index.name,
        generation=manifest.generation,
        created=manifest.created,
        encoder=manifest.encoder_identity,
        reports=len(snapshot.index.reports),
        paragraphs=manifest.paragraphs,
        sentences=manifest.sentences,
        is_sample=is_sample,
        warnings=snapshot.warnings,
    )
