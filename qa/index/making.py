"""Make one generation: what holds goes over, the rest is embedded and written beside, proven to read, and numbered.

A segment stays while all of its reports do. As in log-structured stores (O'Neil et al. 1996, "The Log-Structured
Merge-Tree"), small ones are made one with what is new, so that their number stays small and adding costs what is
new: a library of some thousand paragraphs is always one segment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from qa.errors import IndexDamaged, ReportError, StoreError
from qa.index.disk import link_file, make_folder, remove_tree, sync_tree, write_file
from qa.index.generation import Previous
from qa.index.generations import new_building, numbers, publish
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
from qa.index.preparing import Known, prepare
from qa.index.searches import Searches, build_word_searches, open_searches, save_searches
from qa.index.segment import SEGMENTS, files_of, read_segment, write_records
from qa.index.sources import nothing_read
from qa.index.work import Work, manifest_of, segment_of
from qa.types import Report


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
        manifest, new, embedded = _write(building, number, work)
        work.progress("sync", 0, 1)
        sync_tree(building)
        work.progress("verify", 0, 1)
        _prove(building, manifest, new)
        work.progress("publish", 0, 1)
        publish(index, building, number)
    except BaseException:
        with suppress(OSError):  # what is left of it is removed by the next build
            remove_tree(building)
        raise
    return manifest, embedded


def _write(building: Path, number: int, work: Work) -> tuple[Manifest, tuple[SegmentEntry, ...], int]:
    """Write all files of a generation; its manifest, its new segments, and how many sentences were embedded."""
    kept = _kept(work)
    names = frozenset(name for entry in kept for name in entry.reports)
    files = list(_taken_over(building, kept, work.previous))
    known = Known.of(work, without=kept)
    anew = work.reports(entry.name for entry in work.reading.entries if entry.name not in names)
    new: list[SegmentEntry] = []
    embedded = 0
    for share in shared_out([len(report.paragraphs) for report in anew]):
        folder = building / SEGMENTS / f"{number:08d}-{len(new):02d}"
        make_folder(folder)
        entry, fresh = _write_segment(folder, anew[share], known, work)
        files += describe_files(building, folder)
        new.append(entry)
        embedded += fresh
    if not any(entry.sentences for entry in (*kept, *new)):
        raise ReportError(nothing_read(work.reading.skipped))
    manifest = manifest_of(number, work, (*kept, *new), files)
    write_file(building / MANIFEST_NAME, manifest_bytes(manifest))
    return manifest, tuple(new), embedded


def _kept(work: Work) -> tuple[SegmentEntry, ...]:
    """The segments that go over as they are."""
    if work.previous is None or not work.tools.indexed_like(work.previous.manifest):
        return ()
    unchanged = [entry.name for entry in work.reading.entries if entry.name not in work.reading.read]
    new = sum(len(report.paragraphs) for report in work.reading.read.values())
    return kept_segments(work.previous.manifest.segments, unchanged, new)


def _taken_over(
    building: Path, kept: Iterable[SegmentEntry], previous: Previous | None
) -> Iterator[FileEntry]:
    """Give the new generation the files of segments that were verified, by a second name where that can be had."""
    for entry in kept:
        assert previous is not None  # else nothing is kept
        for file in files_of(previous.manifest, entry):
            make_folder((building / file.name).parent)
            link_file(previous.folder / file.name, building / file.name)
            yield file


def _write_segment(
    folder: Path, reports: tuple[Report, ...], known: Known, work: Work
) -> tuple[SegmentEntry, int]:
    """Index reports together; what was worked out for them is let go at the end."""
    from embeddings.dense import DenseIndex

    sentences, pieces, vectors, words, embedded = prepare(reports, known, work)
    work.progress("write", 0, 1)
    write_records(folder, reports, sentences, vectors)
    dense = DenseIndex.build(vectors)
    del vectors  # what the words need now, where there are many
    save_searches(Searches(dense, *build_word_searches(reports, sentences, pieces, words)), folder)
    return segment_of(folder.name, reports, sentences), embedded


def _prove(building: Path, manifest: Manifest, new: Iterable[SegmentEntry]) -> None:
    """Read back what was written, one retriever after the other: a disk may have taken less than it was given."""
    try:
        read_manifest(building)
        for entry in new:
            verify_files(building, files_of(manifest, entry))
            read_segment(building, entry, manifest.dimension, mapped=True)
            open_searches(building, entry, manifest.dimension)
    except IndexDamaged as error:
        raise StoreError(
            f"新索引写出后核对不符（{error.__cause__ or error}），没有启用，原有的索引没有改动。请检查磁盘空间后重试。"
        ) from error


SMALL = 4096  # paragraphs; smaller segments are always taken in
TWICE = 2  # what is new takes in segments up to so many times its own size
LARGEST = 250_000  # paragraphs of a segment, which bounds the memory that indexing it takes


def kept_segments(
    before: Sequence[SegmentEntry], unchanged: Collection[str], new: int
) -> tuple[SegmentEntry, ...]:
    """The segments that go over as they are.

    Args:
        unchanged: names of the reports whose records still hold.
        new: paragraphs of those that were read anew.
    """
    still = frozenset(unchanged)
    whole = sorted((e for e in before if still.issuperset(e.reports)), key=lambda e: e.paragraphs)
    anew = new + sum(entry.paragraphs for entry in before if entry not in whole)
    while anew and whole and whole[0].paragraphs <= min(max(SMALL, TWICE * anew), LARGEST):
        anew += whole.pop(0).paragraphs
    return tuple(entry for entry in before if entry in whole)


def shared_out(paragraphs: Sequence[int]) -> list[slice]:
    """Reports in order, shared out to segments; ``paragraphs`` says how many each has.

    >>> shared_out([200_000, 40_000, 90_000])
    [slice(0, 2, None), slice(2, 3, None)]
    """
    shares: list[slice] = []
    begin = held = 0
    for at, count in enumerate(paragraphs):
        if at > begin and held + count > LARGEST:
            shares.append(slice(begin, at))
            begin, held = at, 0
        held += count
    return [*shares, slice(begin, len(paragraphs))] if paragraphs else []
