"""What serves now, for whoever looks after a library: which generation, how much it holds, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.library.holder import Held


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What serves now.

    Args:
        folder: where what lies beside the index is kept, such as ``ledger.toml``.
        store: where the index lives, and how it is searched, in words.
        created: when the generation was built, ISO 8601.
        encoder: identity of the encoder.
        is_sample: the bundled sample reports, because nobody has indexed any of their own.
        warnings: sentences for the user, empty when all is well.
    """

    folder: str
    store: str
    generation: int
    created: str
    encoder: str
    reports: int
    paragraphs: int
    sentences: int
    is_sample: bool
    warnings: tuple[str, ...]


def status_of(held: Held, *, is_sample: bool) -> LibraryStatus:
    """The status of a library that holds this generation; ``is_sample`` as in :class:`LibraryStatus`."""
    manifest = held.index.manifest
    return LibraryStatus(
        folder=str(held.index.folder),
        store=held.index.name,
        generation=manifest.generation,
        created=manifest.created,
        encoder=manifest.encoder_identity,
        reports=len(held.index.reports),
        paragraphs=manifest.paragraphs,
        sentences=manifest.sentences,
        is_sample=is_sample,
        warnings=held.warnings,
    )
