"""Read one generation, after every checksum holds, and join its segments in the order of its reports.

A report is in one segment. Segments whose reports are unchanged are carried over into the next generation as
they are, so the rows of a segment are scattered among the rows of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, groupby
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from embeddings.dense import Rounded, Rows
from qa.errors import StoreError
from qa.index.disk import sha256_of
from qa.index.manifest import MANIFEST_NAME, Manifest, SegmentEntry, damaged, read_manifest, verify_files
from qa.index.segment import Segment, read_segment
from qa.types import Report, Sentence


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """What was indexed, reports by name; row n of ``vectors`` belongs to ``sentences[n]``."""

    folder: Path
    manifest: Manifest
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Previous:
    """The generation whose valid parts are used again."""

    folder: Path
    manifest: Manifest
    segment: Callable[[SegmentEntry], Segment]  # reads a segment with its vectors; raises StoreError

    def reports(self, names: Sequence[str]) -> Mapping[str, Report]:
        """Return reports by name, reading only their segments."""
        wanted = set(names)
        entries = (entry for entry in self.manifest.segments if not wanted.isdisjoint(entry.reports))
        reports = (report for entry in entries for report in self.segment(entry).reports)
        return {report.source.name: report for report in reports if report.source.name in wanted}


Read = TypeVar("Read", bound=Generation | Previous)
ReadNames: TypeAlias = Callable[[], Iterable[str]]


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
    vectors = Rounded(np.empty((manifest.sentences, manifest.dimension), dtype=np.int16))
    for segment in segments:
        own = np.concatenate([rows[report.id] for report in segment.reports])
        vectors.numbers[own] = segment.vectors.numbers
    return Generation(folder, manifest, reports, in_order, vectors)
