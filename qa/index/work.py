"""What a generation is made from: encoder, versions, reports, the previous generation, and workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from embeddings import Encoder, open_encoder
from qa.index.executors import Executor, versions
from qa.index.generation import Previous
from qa.index.manifest import FileEntry, Manifest, SegmentEntry
from qa.index.sources import Reading
from qa.types import Report, Sentence

Step: TypeAlias = Literal["lock", "read", "embed", "write", "sync", "verify", "publish", "switch", "clean"]
Progress: TypeAlias = Callable[[Step, int, int], None]
SHIPPED = "shipped"  # names the shipped encoder where another one is the default


@dataclass(frozen=True, slots=True)
class Tools:
    """Encoder and versions; when a version changes, less of an older generation can be used again."""

    name: str | None  # of the encoder, to open it again; None for the shipped one or an object
    encoder: Encoder
    reader: str
    splitter: str
    words: str

    def read_like(self, manifest: Manifest) -> bool:
        """Return whether the reports of a generation are what reading them now would give."""
        return self.reader == manifest.reader

    def embedded_like(self, manifest: Manifest) -> bool:
        """Return whether vectors of a generation can be used with new ones."""
        made = (self.encoder.identity, self.encoder.dimension)
        return made == (manifest.encoder_identity, manifest.dimension)

    def indexed_like(self, manifest: Manifest) -> bool:
        """Return whether the segments of a generation are what making them now would give."""
        now = (self.name, self.reader, self.splitter, self.words)
        before = (manifest.encoder, manifest.reader, manifest.splitter, manifest.words)
        return now == before and self.embedded_like(manifest)


@dataclass(frozen=True, slots=True)
class Work:
    """All that making a generation needs; ``previous`` is the generation whose valid parts are used again."""

    reading: Reading
    tools: Tools
    previous: Previous | None
    spread: Executor
    progress: Progress

    def reports(self, names: Iterable[str]) -> tuple[Report, ...]:
        """Return the reports of these names, read now or unchanged."""
        names = tuple(names)
        old = [name for name in names if name not in self.reading.read]
        assert self.previous is not None or not old  # what was not read is as it was before
        found = {**self.reading.read, **(self.previous.reports(old) if self.previous and old else {})}
        return tuple(found[name] for name in names)


def open_tools(encoder: str | Encoder | None, previous: Previous | None) -> Tools:
    """Open the encoder and note the versions; raise embeddings.EncoderError if it cannot be opened.

    ``encoder`` is a name or path, ``SHIPPED``, an encoder, or None for that of the previous generation.
    """
    if named := encoder is None and previous is not None:  # named in a file: then nothing is downloaded
        encoder = previous.manifest.encoder
    if encoder is None or isinstance(encoder, str):
        name = encoder_name(encoder)
        encoder = open_encoder(name, fetch=not named)
    else:
        name = None
    return Tools(name, encoder, *versions())


def encoder_name(encoder: str | None) -> str | None:
    """Return a name that opens the encoder from anywhere: paths in full, None for the shipped encoder."""
    if encoder is None or encoder == SHIPPED:
        return None
    path = Path(encoder).expanduser()
    return str(path.resolve()) if path.exists() else encoder


def segment_of(name: str, reports: Sequence[Report], sentences: Sequence[Sentence]) -> SegmentEntry:
    """Return the manifest's entry for a segment."""
    names = tuple(report.source.name for report in reports)
    return SegmentEntry(name, names, sum(len(report.paragraphs) for report in reports), len(sentences))


def manifest_of(
    number: int, work: Work, segments: tuple[SegmentEntry, ...], files: Iterable[FileEntry]
) -> Manifest:
    """Return the manifest of a generation that is made now."""
    return Manifest(
        generation=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=work.tools.name,
        encoder_identity=work.tools.encoder.identity,
        dimension=work.tools.encoder.dimension,
        reader=work.tools.reader,
        splitter=work.tools.splitter,
        words=work.tools.words,
        paragraphs=sum(entry.paragraphs for entry in segments),
        sentences=sum(entry.sentences for entry in segments),
        sources=work.reading.entries,
        segments=segments,
        files=tuple(files),
        paths=work.reading.paths,
    )
