"""Write one generation: carry over what is still valid, embed and write the rest, and verify it.

A segment stays as long as all its reports do. As in log-structured stores (O'Neil et al. 1996, "The
Log-Structured Merge-Tree"), small ones are merged with what is new: so they stay few, and the cost of adding
depends on what is new. A library of some thousand paragraphs is always one segment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from embeddings.dense import DenseIndex
from embeddings.sparse import Postings
from qa.errors import IndexDamaged, ReportError, StoreError
from qa.index.disk import link_file, make_folder, sync_tree, write_file
from qa.index.manifest import (
    MANIFEST_NAME,
    FileEntry,
    Manifest,
    SegmentEntry,
    describe_files,
    manifest_bytes,
    read_manifest,
    verify_files,
)
from qa.index.segment import open_searches, read_segment, save_searches, segment_of, write_records
from qa.index.sources import nothing_read
from qa.index.work import Known, Work, combined_words, known_vectors, manifest_of, prepare
from qa.types import Report


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
    save_searches(folder, dense, *map(Postings.of, combined_words(reports, sentences, words)))
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


SMALL = 4096  # paragraphs; smaller segments are always merged with what is new
MERGE_FACTOR = 2  # what is new is merged with segments up to this many times its own size
LARGEST = 250_000  # paragraphs of a segment, which bounds the memory that indexing takes


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
