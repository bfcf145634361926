"""Build the next generation from report files and switch to it; what did not change is not done again.

The order of the steps is what keeps a crash harmless: everything is written and synced beside, opened once to
prove that it reads, given its number, and only then named by CURRENT (see generations.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qa.errors import ReportError, StoreError
from qa.index.disk import remove_tree, sync_tree, write_file
from qa.index.generation import DENSE, SPARSE, Generation, read_generation, write_records
from qa.index.generations import (
    CURRENT_NAME,
    generation_folder,
    new_building,
    numbers,
    publish,
    remove_all_but,
    remove_leftovers,
    switch,
)
from qa.index.lock import LOCK_NAME, rebuild_lock
from qa.index.manifest import MANIFEST_NAME, Manifest, describe_files, manifest_bytes, read_manifest
from qa.index.opened import newest_good, open_searches
from qa.index.sources import Reading, Skipped, read_sources
from qa.types import Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder

__all__ = ["Progress", "RebuildSummary", "Step", "rebuild"]

Step: TypeAlias = Literal["lock", "read", "embed", "write", "sync", "verify", "publish", "switch", "clean"]
Progress: TypeAlias = Callable[[Step, int, int], None]
BATCH_SENTENCES = 256


@dataclass(frozen=True, slots=True)
class RebuildSummary:
    """What a rebuild did.

    Args:
        generation: the one that serves now; the previous one where nothing had changed.
        embedded: sentences that the encoder was asked for; the others kept their vectors.
        added: names of reports; likewise ``changed``, ``unchanged`` and ``removed``.
        seconds: of the whole rebuild.
    """

    folder: str
    generation: int
    reports: int
    paragraphs: int
    sentences: int
    embedded: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    seconds: float


def rebuild(
    paths: Sequence[Path],
    index: Path,
    *,
    encoder: str | None = None,
    force: bool = False,
    wait_seconds: float = 0.0,
    progress: Progress | None = None,
) -> RebuildSummary:
    """Make the index hold exactly the reports at ``paths``.

    Args:
        encoder: name or path; None for the shipped one.
        force: read and embed everything again.
        wait_seconds: how long to wait for another rebuild to end.
        progress: called at the start of every step, and while reading and embedding, with (step, done, total).

    Raises:
        ReportError: a path is not there, or no report could be read from any; the index stays as it is.
        IndexBusy: another rebuild runs.
        StoreError: the folder cannot be written.
        embeddings.EncoderError: the encoder cannot be opened.
    """
    started = time.monotonic()
    progress = progress or _untold
    with _disk_errors(index):
        _refuse_foreign(index)
        with rebuild_lock(index, wait_seconds):
            progress("lock", 1, 1)
            remove_leftovers(index)
            tools = _open_tools(encoder)
            previous, healthy = _previous(index)
            reading = read_sources(
                paths,
                previous,
                reuse=previous is not None and not force and tools.read_like(previous.manifest),
                step=lambda done, total: progress("read", done, total),
            )
            if not reading.reports:
                raise ReportError(_nothing_read(reading.skipped))
            if previous and healthy and not force and tools.made(previous.manifest, reading):
                manifest, embedded = previous.manifest, 0
            else:
                manifest, embedded = _make(index, reading, tools, None if force else previous, progress)
            progress("clean", 0, 1)
            remove_all_but(index, _kept(index, manifest))
    progress("clean", 1, 1)
    return RebuildSummary(
        folder=str(index),
        generation=manifest.generation,
        reports=len(reading.reports),
        paragraphs=manifest.paragraphs,
        sentences=manifest.sentences,
        embedded=embedded,
        added=reading.added,
        changed=reading.changed,
        unchanged=reading.unchanged,
        removed=reading.removed,
        skipped=reading.skipped,
        seconds=round(time.monotonic() - started, 3),
    )


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a generation is made with; where it changes, so does what can be used again."""

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
        """Whether a generation is what building it now would give."""
        versions = (self.name, self.reader, self.splitter, self.words)
        was = (manifest.encoder, manifest.reader, manifest.splitter, manifest.words)
        return versions == was and self.embedded_like(manifest) and reading.entries == manifest.sources


def _open_tools(encoder: str | None) -> _Tools:
    from embeddings import open_encoder
    from embeddings.words import WORDS_VERSION
    from qa.reading import READER_VERSION
    from qa.text.sentences import SPLITTER_VERSION

    return _Tools(
        encoder, open_encoder(encoder), str(READER_VERSION), str(SPLITTER_VERSION), str(WORDS_VERSION)
    )


def _previous(index: Path) -> tuple[Generation | None, bool]:
    """The newest whole generation, if any, and whether it is the one that CURRENT names."""
    try:
        generation, warnings = newest_good(index)
    except StoreError:
        return None, False
    return generation, not warnings


def _make(
    index: Path, reading: Reading, tools: _Tools, previous: Generation | None, progress: Progress
) -> tuple[Manifest, int]:
    """Write, prove and publish a generation; the number of sentences embedded comes with its manifest."""
    from qa.text.units import sentences_of

    sentences = tuple(sentence for report in reading.reports for sentence in sentences_of(report))
    if not sentences:
        raise ReportError(_nothing_read(reading.skipped))
    known = previous if previous and tools.embedded_like(previous.manifest) else None
    vectors, embedded = _vectors(sentences, known, tools.encoder, progress)
    building = new_building(index)
    try:
        progress("write", 0, 1)
        write_records(building, reading.reports, sentences, vectors)
        _write_searches(building, sentences, vectors)
        manifest = Manifest(
            generation=max((0, *numbers(index))) + 1,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=tools.name,
            encoder_identity=tools.encoder.identity,
            dimension=tools.encoder.dimension,
            reader=tools.reader,
            splitter=tools.splitter,
            words=tools.words,
            paragraphs=sum(len(report.paragraphs) for report in reading.reports),
            sentences=len(sentences),
            sources=reading.entries,
            files=describe_files(building),
        )
        write_file(building / MANIFEST_NAME, manifest_bytes(manifest))
        progress("sync", 0, 1)
        sync_tree(building)
        progress("verify", 0, 1)
        open_searches(read_generation(building, manifest.generation))
        progress("publish", 0, 1)
        publish(index, building, manifest.generation)
    except BaseException:
        remove_tree(building)
        raise
    progress("switch", 0, 1)
    switch(index, manifest.generation)
    return manifest, embedded


def _vectors(
    sentences: Sequence[Sentence], known: Generation | None, encoder: Encoder, progress: Progress
) -> tuple[NDArray[np.float32], int]:
    """One row a sentence; a search text that ``known`` holds keeps its vector, and equal ones share one."""
    import numpy as np

    vectors = np.zeros((len(sentences), encoder.dimension), dtype=np.float32)
    old = {sentence.search_text: row for row, sentence in enumerate(known.sentences)} if known else {}
    new: dict[str, list[int]] = {}
    for row, sentence in enumerate(sentences):
        if known and sentence.search_text in old:
            vectors[row] = known.vectors[old[sentence.search_text]]
        else:
            new.setdefault(sentence.search_text, []).append(row)
    texts = list(new)
    for start in range(0, len(texts), BATCH_SENTENCES):
        progress("embed", start, len(texts))
        batch = texts[start : start + BATCH_SENTENCES]
        for text, vector in zip(batch, encoder.encode_passages(batch), strict=True):
            vectors[new[text]] = vector
    progress("embed", len(texts), len(texts))
    if not np.isfinite(vectors).all():
        raise StoreError("编码器给出了不是数的向量，索引没有改动。请换一个编码器（--encoder）再试。")
    return vectors, len(texts)


def _write_searches(folder: Path, sentences: Sequence[Sentence], vectors: NDArray[np.float32]) -> None:
    from embeddings.dense import DenseIndex
    from embeddings.sparse import SparseIndex
    from embeddings.words import words

    (folder / DENSE).mkdir()
    DenseIndex.build(vectors).save(folder / DENSE)
    (folder / SPARSE).mkdir()
    SparseIndex.build([words(sentence.search_text) for sentence in sentences]).save(folder / SPARSE)


def _kept(index: Path, manifest: Manifest) -> tuple[int, ...]:
    """The generation that serves, and the one before it unless it holds a report that was taken away since.

    What its owner removed from the reports must be gone from the disk too, and never be served again.
    """
    names = {entry.name for entry in manifest.sources}
    for number in numbers(index):
        if number >= manifest.generation:
            continue
        try:
            before = read_manifest(generation_folder(index, number))
        except StoreError:
            continue
        if names.issuperset(entry.name for entry in before.sources):
            return manifest.generation, number
        break
    return (manifest.generation,)


def _refuse_foreign(index: Path) -> None:
    """A folder that holds something else is not made into an index by a slip of the hand."""
    if index.exists() and not index.is_dir():
        raise StoreError(f"{index} 是一个文件，不能存放索引。请用 --index 指定一个文件夹。")
    ours = {CURRENT_NAME, LOCK_NAME, "generations"}
    if index.is_dir() and not ours.intersection(names := [path.name for path in index.iterdir()]) and names:
        raise StoreError(
            f"文件夹 {index} 里有别的内容（如 {min(names)}），不在其中建索引。请用 --index 指定一个空文件夹。"
        )


@contextmanager
def _disk_errors(index: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or index
        raise StoreError(
            f"索引写不进去：{where}（{error.strerror or error}）。原有的索引没有改动。请检查磁盘空间和写权限后重试。"
        ) from error


def _untold(step: Step, done: int, total: int) -> None:
    """Progress that nobody follows."""


def _nothing_read(skipped: Sequence[Skipped]) -> str:
    reasons = "".join(f"\n- {each.path}：{each.reason}" for each in skipped[:5])
    return f"没有读到任何报告，索引没有改动。请检查给出的文件或文件夹。{reasons}"
