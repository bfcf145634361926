"""Read and write one generation: what is still valid is carried over, the rest embedded, and all of it verified.

A segment stays as long as all its reports do. As in log-structured stores (O'Neil et al. 1996, "The
Log-Structured Merge-Tree"), small ones are merged with what is new: so they stay few, and the cost of adding
depends on what is new. A library of some thousand paragraphs is always one segment. A report is in one segment, so
the rows of a segment are scattered among the rows of all.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, partial
from itertools import chain, groupby
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from embeddings.dense import DenseIndex
from embeddings.sparse import Postings
from qa.errors import IndexDamaged, ReportError, StoreError
from qa.index.disk import link_file, make_folder, sha256_of, sync_tree, write_file
from qa.index.segment import (
    DENSE,
    PASSAGES,
    SPARSE,
    Generation,
    Previous,
    Segment,
    open_searches,
    read_segment,
    segment_of,
    write_records,
)
from qa.index.sources import nothing_read
from qa.index.work import Known, Work, combined_words, known_vectors, manifest_of, prepare
from qa.types import Report, Sentence

from .manifest import MANIFEST_NAME, FileEntry, Manifest, SegmentEntry, damaged, manifest_bytes, read_manifest

Read = TypeVar("Read", bound=Generation | Previous)
ReadNames: TypeAlias = Callable[[], Iterable[str]]
SMALL = 4096  # paragraphs; smaller segments are always merged with what is new
MERGE_FACTOR = 2  # what is new is merged with segments up to this many times its own size
LARGEST = 250_000  # paragraphs of a segment, which bounds the memory that indexing takes


def read_generation(folder: Path, number: int, manifest_sha256: str | None = None) -> Generation:
    """Verify and read a generation; ``manifest_sha256`` is the checksum in CURRENT, if it names this one.

    Raises IndexDamaged, or IndexIncompatible if another format version wrote it.
    """
    manifest = _verified_manifest(folder, number, manifest_sha256)
    segments = [read_segment(folder, entry, manifest.dimension) for entry in manifest.segments]
    return _joined(folder, manifest, segments)


def read_previous(folder: Path, number: int, manifest_sha256: str | None = None) -> Previous:
    """Verify a generation, and read its segments on demand; otherwise like :func:`read_generation`."""
    manifest = _verified_manifest(folder, number, manifest_sha256)
    read = partial(read_segment, folder, dimension=manifest.dimension, mapped=True)
    return Previous(folder, manifest, cache(read))


def newest_whole(
    readers: Iterable[Callable[[], Read]], unusable: type[StoreError] | tuple[type[StoreError], ...]
) -> tuple[Read, tuple[str, ...]]:
    """Return the first generation that is usable, with a warning if that is not the one that serves.

    ``readers`` are those of the one that serves, then of all, the newest first. After an ``unusable`` error
    the next one is tried; the first error of all is raised if none is left.
    """
    problem: StoreError | None = None
    for read in readers:
        try:
            found = read()
        except unusable as error:
            problem = problem or error
            continue
        number = found.manifest.generation
        return found, (f"{problem} 目前用第 {number} 代索引回答。",) if problem else ()
    assert problem is not None  # the one that serves could not be read
    raise problem


def numbers_kept(manifest: Manifest, earlier: Iterable[tuple[int, ReadNames]]) -> tuple[int, ...]:
    """Return the generation that serves, and the one before it unless that holds a report removed since.

    ``earlier`` are number and reader of the reports' names of each generation before, the newest first.
    """
    names = {entry.name for entry in manifest.sources}
    for number, read_names in earlier:
        try:
            before = read_names()
        except StoreError:  # damaged, or of another version
            continue
        return (manifest.generation, number) if names.issuperset(before) else (manifest.generation,)
    return (manifest.generation,)


def write_generation(building: Path, number: int, work: Work) -> tuple[Manifest, int]:
    """Write a generation into an empty folder and verify it; return its manifest and how many were embedded.

    Raises ReportError if the reports hold no sentence, StoreError if what was written does not read back or
    the encoder returns values that are not finite.
    """
    kept = _reusable_segments(work)
    names = frozenset(name for entry in kept for name in entry.reports)
    files: list[FileEntry] = []
    for entry in kept:  # link their files, which were verified
        assert work.previous is not None  # otherwise nothing is kept
        for file in work.previous.manifest.files_of(entry):
            make_folder((building / file.name).parent)
            link_file(work.previous.folder / file.name, building / file.name)
            files.append(file)
    known = known_vectors(work, without=kept)
    reports = work.reports(entry.name for entry in work.reading.entries if entry.name not in names)
    new: list[SegmentEntry] = []
    embedded = 0
    for part in split_into_segments([len(report.paragraphs) for report in reports]):
        entry, count = _write_segment(building, f"{number:08d}-{len(new):02d}", reports[part], known, work)
        files += describe_files(building, building / entry.folder)
        new.append(entry)
        embedded += count
    if not any(entry.sentences for entry in (*kept, *new)):
        raise ReportError(nothing_read(work.reading.skipped))
    manifest = manifest_of(number, work, (*kept, *new), files)
    write_file(building / MANIFEST_NAME, manifest_bytes(manifest))
    work.progress("sync", 0, 1)
    sync_tree(building)
    work.progress("verify", 0, 1)
    _verify(building, manifest, new)
    return manifest, embedded


def _reusable_segments(work: Work) -> tuple[SegmentEntry, ...]:
    if work.previous is None or not work.draft.indexed_like(work.previous.manifest):
        return ()
    unchanged = [entry.name for entry in work.reading.entries if entry.name not in work.reading.read]
    new = sum(len(report.paragraphs) for report in work.reading.read.values())
    return kept_segments(work.previous.manifest.segments, unchanged, new)


def _write_segment(
    building: Path, name: str, reports: tuple[Report, ...], known: Known, work: Work
) -> tuple[SegmentEntry, int]:
    sentences, vectors, words, embedded = prepare(reports, known, work)
    work.progress("write", 0, 1)
    entry = segment_of(name, reports, sentences)
    folder = building / entry.folder
    make_folder(folder)
    write_records(folder, reports, sentences, vectors)
    dense = DenseIndex.build(vectors)
    del vectors  # many vectors take memory that indexing the words needs
    searches: tuple[DenseIndex | Postings, ...] = (
        dense,
        *map(Postings.of, combined_words(reports, sentences, words)),
    )
    for part, search in zip((DENSE, SPARSE, PASSAGES), searches, strict=True):
        (folder / part).mkdir()
        search.save(folder / part, write_file)
    return entry, embedded


def _verify(building: Path, manifest: Manifest, new: Iterable[SegmentEntry]) -> None:
    """Read back what was written, one retriever at a time: a disk may have stored less than it was given."""
    try:
        read_manifest(building)
        for entry in new:
            verify_files(building, manifest.files_of(entry))
            read_segment(building, entry, manifest.dimension, mapped=True)
            open_searches(building, entry, manifest.dimension)
    except IndexDamaged as error:
        raise StoreError(
            f"新索引写出后核对不符（{error.__cause__ or error}），没有启用，原有的索引没有改动。请检查磁盘空间后重试。"
        ) from error


def kept_segments(
    before: Sequence[SegmentEntry], unchanged: Collection[str], new: int
) -> tuple[SegmentEntry, ...]:
    """Return the segments that are copied unchanged.

    ``unchanged`` are the names of the reports whose records are still valid, ``new`` the paragraphs of the others.
    """
    still = frozenset(unchanged)
    whole = sorted((e for e in before if still.issuperset(e.reports)), key=lambda e: e.paragraphs)
    to_write = new + sum(entry.paragraphs for entry in before if entry not in whole)
    while to_write and whole and whole[0].paragraphs <= min(max(SMALL, MERGE_FACTOR * to_write), LARGEST):
        to_write += whole.pop(0).paragraphs
    return tuple(entry for entry in before if entry in whole)


def split_into_segments(paragraphs: Sequence[int]) -> list[slice]:
    """Split reports, given their numbers of paragraphs in order, into segments.

    >>> split_into_segments([200_000, 40_000, 90_000])
    [slice(0, 2, None), slice(2, 3, None)]
    """
    shares: list[slice] = []
    start = size = 0
    for at, count in enumerate(paragraphs):
        if at > start and size + count > LARGEST:
            shares.append(slice(start, at))
            start, size = at, 0
        size += count
    return [*shares, slice(start, len(paragraphs))] if paragraphs else []


def describe_files(generation: Path, below: Path) -> tuple[FileEntry, ...]:
    """Return size and checksum of every file in a folder of a generation."""
    return tuple(
        FileEntry(path.relative_to(generation).as_posix(), path.stat().st_size, sha256_of(path))
        for path in sorted(below.rglob("*"))
        if path.is_file()
    )


def verify_files(folder: Path, files: Iterable[FileEntry]) -> None:
    """Compare files with their sizes and checksums; raise IndexDamaged if one differs or is missing."""
    for entry in files:
        path = folder / entry.name
        try:
            matches = path.stat().st_size == entry.bytes and sha256_of(path) == entry.sha256
        except OSError as error:
            raise damaged(path, "读不到") from error
        if not matches:
            raise damaged(path, "校验和不符")


def _verified_manifest(folder: Path, number: int, manifest_sha256: str | None) -> Manifest:
    manifest = read_manifest(folder)
    verify_files(folder, manifest.files)
    names = [entry.name for entry in manifest.sources]
    if sorted(chain.from_iterable(entry.reports for entry in manifest.segments)) != sorted(names):
        raise damaged(folder, "清单里的报告和分段不一致")
    counts = [(entry.paragraphs, entry.sentences) for entry in manifest.segments]
    found = (number, *(sum(column) for column in zip((0, 0), *counts, strict=True)))
    if found != (manifest.generation, manifest.paragraphs, manifest.sentences):
        raise damaged(folder, "段落数或句子数和清单不一致")
    try:
        if manifest_sha256 not in (None, sha256_of(folder / MANIFEST_NAME)):
            raise damaged(folder, "清单不是 CURRENT 所指的那一份")
    except OSError as error:
        raise damaged(folder, "读不出") from error
    return manifest


def _joined(folder: Path, manifest: Manifest, segments: Sequence[Segment]) -> Generation:
    by_name = {report.source.name: report for segment in segments for report in segment.reports}
    reports = tuple(by_name[entry.name] for entry in manifest.sources)
    sentences_of: dict[str, tuple[Sentence, ...]] = dict.fromkeys((report.id for report in reports), ())
    for segment in segments:
        for report_id, sentences in groupby(segment.sentences, key=lambda sentence: sentence.report_id):
            sentences_of[report_id] += tuple(sentences)
    in_order = tuple(chain.from_iterable(sentences_of[report.id] for report in reports))
    if len(segments) == 1:
        return Generation(folder, manifest, reports, in_order, segments[0].vectors)
    ends = np.cumsum([len(sentences_of[report.id]) for report in reports], dtype=np.int64)
    rows = dict(zip(sentences_of, np.split(np.arange(len(in_order)), ends[:-1]), strict=False))
    vectors = np.empty((manifest.sentences, manifest.dimension), dtype=np.int16)
    for segment in segments:
        own = np.concatenate([rows[report.id] for report in segment.reports])
        vectors[own] = segment.vectors
    return Generation(folder, manifest, reports, in_order, vectors)
