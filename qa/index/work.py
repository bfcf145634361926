"""What a generation is made with and from: encoder and versions, reports, the generation before, and who does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qa.index.generation import Previous
from qa.index.manifest import FileEntry, Manifest, SegmentEntry
from qa.index.sources import Reading
from qa.index.spread import Spread
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from embeddings import Encoder

Step: TypeAlias = Literal["lock", "read", "embed", "write", "sync", "verify", "publish", "switch", "clean"]
Progress: TypeAlias = Callable[[Step, int, int], None]
SHIPPED = "shipped"  # the name of the shipped encoder, where another one would be taken by default


@dataclass(frozen=True, slots=True)
class Tools:
    """What a generation is made with; where a version changes, less of an older one can be used again.

    Args:
        name: of the encoder, as it can be opened again; None for the shipped one, and for one made by hand.
    """

    name: str | None
    encoder: Encoder
    reader: str
    splitter: str
    words: str

    def read_like(self, manifest: Manifest) -> bool:
        """Whether the reports of a generation are what reading them now would give."""
        return self.reader == manifest.reader

    def embedded_like(self, manifest: Manifest) -> bool:
        """Whether vectors of a generation can stand beside new ones."""
        made = (self.encoder.identity, self.encoder.dimension)
        return made == (manifest.encoder_identity, manifest.dimension)

    def indexed_like(self, manifest: Manifest) -> bool:
        """Whether the segments of a generation are what making them now would give."""
        versions = (self.name, self.reader, self.splitter, self.words)
        was = (manifest.encoder, manifest.reader, manifest.splitter, manifest.words)
        return versions == was and self.embedded_like(manifest)


@dataclass(frozen=True, slots=True)
class Work:
    """All that making a generation needs.

    Args:
        previous: the generation of which what still holds is used again, or None.
        spread: who does the work.
        progress: who is told of it.
    """

    reading: Reading
    tools: Tools
    previous: Previous | None
    spread: Spread
    progress: Progress

    def reports(self, names: Iterable[str]) -> tuple[Report, ...]:
        """The reports of these names, which were read now or hold as they are."""
        names = tuple(names)
        old = [name for name in names if name not in self.reading.read]
        assert self.previous is not None or not old  # what was not read is as it was before
        found = {**self.reading.read, **(self.previous.reports(old) if self.previous and old else {})}
        return tuple(found[name] for name in names)


def open_tools(encoder: str | Encoder | None, previous: Previous | None) -> Tools:
    """Open the encoder and note the versions.

    Args:
        encoder: a name or path, ``SHIPPED``, an encoder, or None for that of the previous generation.

    Raises:
        embeddings.EncoderError: it cannot be opened.
    """
    from embeddings import open_encoder
    from embeddings.words import WORDS_VERSION
    from qa.reading import reader_version
    from qa.text.sentences import SPLITTER_VERSION

    if named := encoder is None and previous is not None:  # by a file, so nothing is fetched
        encoder = previous.manifest.encoder
    if encoder is None or isinstance(encoder, str):
        name = encoder_name(encoder)
        encoder = open_encoder(name, fetch=not named)
    else:
        name = None
    return Tools(name, encoder, reader_version(), str(SPLITTER_VERSION), str(WORDS_VERSION))


def encoder_name(encoder: str | None) -> str | None:
    """A name as it can be opened again from anywhere: paths in full, None for the shipped encoder."""
    if encoder is None or encoder == SHIPPED:
        return None
    path = Path(encoder).expanduser()
    return str(path.resolve()) if path.exists() else encoder


def segment_of(name: str, reports: Sequence[Report], sentences: Sequence[Sentence]) -> SegmentEntry:
    """What a segment says of itself."""
    names = tuple(report.source.name for report in reports)
    return SegmentEntry(name, names, sum(len(report.paragraphs) for report in reports), len(sentences))


def manifest_of(
    number: int, work: Work, segments: tuple[SegmentEntry, ...], files: Iterable[FileEntry]
) -> Manifest:
    """What a generation that is made now says of itself."""
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
