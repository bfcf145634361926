"""Make one generation: embed what is new, write it beside the others, prove that it reads, give it its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qa.errors import IndexDamaged, ReportError, StoreError
from qa.index.disk import remove_tree, sync_tree, write_file
from qa.index.generation import Generation, read_generation, write_records
from qa.index.generations import new_building, numbers, publish
from qa.index.manifest import MANIFEST_NAME, FileEntry, Manifest, describe_files, manifest_bytes
from qa.index.searches import (
    Pieces,
    Searches,
    build_word_searches,
    cut_pieces,
    open_searches,
    pieces_of,
    save_searches,
)
from qa.index.sources import Reading, nothing_read
from qa.index.spread import Spread
from qa.types import Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder
    from embeddings.rounded import Rounded
    from embeddings.words.lists import WordLists

__all__ = [
    "SHIPPED",
    "Progress",
    "Step",
    "Tools",
    "Work",
    "encoder_name",
    "make",
    "manifest_of",
    "open_tools",
    "prepare",
]

Step: TypeAlias = Literal["lock", "read", "embed", "write", "sync", "verify", "publish", "switch", "clean"]
Progress: TypeAlias = Callable[[Step, int, int], None]
SHIPPED = "shipped"  # the name of the shipped encoder, where another one would be taken by default
KEPT_AT_ONCE = 16_384  # vectors that are taken over together
BATCH = 1024  # texts that are embedded, and pieces that are cut into words, as one job


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

    def made(self, manifest: Manifest, reading: Reading) -> bool:
        """Whether a generation is what making it now would give."""
        versions = (self.name, self.reader, self.splitter, self.words)
        was = (manifest.encoder, manifest.reader, manifest.splitter, manifest.words)
        return versions == was and self.embedded_like(manifest) and reading.entries == manifest.sources


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
    previous: Generation | None
    spread: Spread
    progress: Progress


def open_tools(encoder: str | Encoder | None, previous: Generation | None) -> Tools:
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

    if encoder is None and previous is not None:
        encoder = previous.manifest.encoder
    if encoder is None or isinstance(encoder, str):
        name = encoder_name(encoder)
        encoder = open_encoder(name)
    else:
        name = None
    return Tools(name, encoder, reader_version(), str(SPLITTER_VERSION), str(WORDS_VERSION))


def encoder_name(encoder: str | None) -> str | None:
    """A name as it can be opened again from anywhere: paths in full, None for the shipped encoder."""
    if encoder is None or encoder == SHIPPED:
        return None
    path = Path(encoder).expanduser()
    return str(path.resolve()) if path.exists() else encoder


def make(index: Path, work: Work) -> tuple[Manifest, int]:
    """Make and publish a generation, which does not serve yet; its manifest, and how many sentences were embedded.

    Raises:
        ReportError: the reports hold no sentence.
        StoreError: what was written does not read back, or the encoder gives no numbers.
    """
    import embeddings.dense

    embeddings.dense.load()
    building = new_building(index)
    try:
        number = max((0, *numbers(index))) + 1
        manifest, embedded = _write(building, number, work)
        work.progress("sync", 0, 1)
        sync_tree(building)
        work.progress("verify", 0, 1)
        _prove(building, manifest)
        work.progress("publish", 0, 1)
        publish(index, building, number)
    except BaseException:
        with suppress(OSError):  # what is left of it is removed by the next build
            remove_tree(building)
        raise
    return manifest, embedded


def _write(building: Path, number: int, work: Work) -> tuple[Manifest, int]:
    """Write all files of a generation; what was worked out for them is let go at the end."""
    from embeddings.dense import DenseIndex

    sentences, pieces, vectors, words, embedded = prepare(work)
    work.progress("write", 0, 1)
    reports = work.reading.reports
    write_records(building, reports, sentences, vectors)
    dense = DenseIndex.build(vectors)
    del vectors  # what the words need now, where there are many
    searches = Searches(dense, *build_word_searches(reports, sentences, pieces, words))
    save_searches(searches, building)
    manifest = manifest_of(number, work, len(sentences), describe_files(building))
    write_file(building / MANIFEST_NAME, manifest_bytes(manifest))
    return manifest, embedded


def prepare(work: Work) -> tuple[tuple[Sentence, ...], Pieces, Rounded, WordLists, int]:
    """The sentences of the reports, their pieces, a vector of each, the words of the pieces, how many were embedded.

    Raises:
        ReportError: there is no sentence.
        StoreError: the encoder gives no numbers.
    """
    from qa.text.units import sentences_of

    sentences = tuple(sentence for report in work.reading.reports for sentence in sentences_of(report))
    if not sentences:
        raise ReportError(nothing_read(work.reading.skipped))
    previous = work.previous
    known = previous if previous and work.tools.embedded_like(previous.manifest) else None
    pieces = pieces_of(sentences)
    return sentences, pieces, *_prepared(sentences, pieces.texts, known, work)


def manifest_of(number: int, work: Work, sentences: int, files: tuple[FileEntry, ...]) -> Manifest:
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
        paragraphs=sum(len(report.paragraphs) for report in work.reading.reports),
        sentences=sentences,
        sources=work.reading.entries,
        files=files,
    )


def _prepared(
    sentences: Sequence[Sentence],
    pieces: Sequence[str],
    known: Generation | None,
    work: Work,
) -> tuple[Rounded, WordLists, int]:
    """One vector a sentence, the words of each piece, and how many texts were embedded.

    A search text that ``known`` holds keeps its vector, and equal ones share one.
    """
    import numpy as np

    from embeddings.rounded import Rounded
    from embeddings.words.lists import joined

    vectors = np.zeros((len(sentences), work.tools.encoder.dimension), dtype=np.int16)
    old = {sentence.search_text: row for row, sentence in enumerate(known.sentences)} if known else {}
    new: dict[str, list[int]] = {}
    kept: list[tuple[int, int]] = []  # rows here and there
    for row, sentence in enumerate(sentences):
        if sentence.search_text in old:
            kept.append((row, old[sentence.search_text]))
        else:
            new.setdefault(sentence.search_text, []).append(row)
    for start in range(0, len(kept), KEPT_AT_ONCE):
        assert known is not None  # else nothing is kept
        here, there = np.array(kept[start : start + KEPT_AT_ONCE]).T
        vectors[here] = Rounded.of(known.vectors[there]).numbers
    texts = tuple(new)
    batches = [slice(start, start + BATCH) for start in range(0, len(pieces), BATCH)]  # pieces are the more
    jobs = ((texts[batch], pieces[batch]) for batch in batches)
    words: list[WordLists] = []
    prepared = work.spread.map(partial(_prepare, work.tools.encoder), jobs)
    work.progress("embed", 0, len(pieces))
    for batch, (encoded, cut) in zip(batches, prepared, strict=True):
        if encoded.size and not np.isfinite([encoded.min(), encoded.max()]).all():  # NaN is both
            raise StoreError("编码器给出了不是数的向量，索引没有改动。请换一个编码器（--encoder）再试。")
        for text, vector in zip(texts[batch], Rounded.of(encoded).numbers, strict=True):
            vectors[new[text]] = vector
        words.append(cut)
        work.progress("embed", min(batch.stop, len(pieces)), len(pieces))
    return Rounded(vectors), joined(words), len(texts)


def _prepare(
    encoder: Encoder, job: tuple[Sequence[str], Sequence[str]]
) -> tuple[NDArray[np.float32], WordLists]:
    """The vectors of some texts, and the words of others."""
    texts, pieces = job
    return encoder.encode_passages(texts), cut_pieces(pieces)


def _prove(building: Path, manifest: Manifest) -> None:
    """Read back what was written, one half after the other: a disk may have taken less than it was given."""
    try:
        read_generation(building, manifest.generation, mapped=True)
        open_searches(building, manifest)
    except IndexDamaged as error:
        raise StoreError(
            f"新索引写出后核对不符（{error.__cause__ or error}），没有启用，原有的索引没有改动。请检查磁盘空间后重试。"
        ) from error
