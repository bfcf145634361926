"""One generation: its segments together, their reports in order; read only after every checksum holds.

A report stands in one segment. Where reports are added to many, the segments of the others go over into the next
generation as they are, and the rows of each stand apart among those of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from qa.index.damage import damaged
from qa.index.disk import sha256_of
from qa.index.manifest import MANIFEST_NAME, Manifest, SegmentEntry, read_manifest, verify_files
from qa.index.segment import Segment, read_segment
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from embeddings.rounded import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Where a segment's rows stand among those of all.

    Args:
        sentences: (rows of the segment,), rising; likewise ``paragraphs``.
    """

    entry: SegmentEntry
    sentences: NDArray[np.int64]
    paragraphs: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """What was indexed; row n of ``vectors`` belongs to ``sentences[n]``, reports are in order of their names.

    Args:
        parts: of which it consists; none where the rows are kept elsewhere.
    """

    folder: Path
    manifest: Manifest
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: Rows
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Previous:
    """The generation of which what still holds is used again.

    Args:
        segment: reads a segment with its vectors; raises StoreError.
    """

    folder: Path
    manifest: Manifest
    segment: Callable[[SegmentEntry], Segment]

    def reports(self, names: Sequence[str]) -> Mapping[str, Report]:
        """Reports by their names; only their segments are read."""
        wanted = set(names)
        return {
            report.source.name: report
            for entry in self.manifest.segments
            if not wanted.isdisjoint(entry.reports)
            for report in self.segment(entry).reports
            if report.source.name in wanted
        }


def read_generation(folder: Path, number: int, manifest_sha256: str | None = None) -> Generation:
    """Verify a generation, then read it.

    Args:
        manifest_sha256: what CURRENT says of its manifest; None where CURRENT names another generation.

    Raises:
        IndexDamaged: a checksum, a count or a dimension does not hold, or a file is no longer there.
        IndexIncompatible: another format version wrote it.
    """
    manifest = _verified(folder, number, manifest_sha256)
    return _together(
        folder, manifest, [read_segment(folder, entry, manifest.dimension) for entry in manifest.segments]
    )


def read_previous(folder: Path, number: int, manifest_sha256: str | None = None) -> Previous:
    """Verify a generation, and read of it what is asked for; the arguments and errors are as above."""
    manifest = _verified(folder, number, manifest_sha256)
    return Previous(
        folder, manifest, cache(lambda entry: read_segment(folder, entry, manifest.dimension, mapped=True))
    )


def _verified(folder: Path, number: int, manifest_sha256: str | None) -> Manifest:
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


def _together(folder: Path, manifest: Manifest, segments: Sequence[Segment]) -> Generation:
    """The segments as one: reports, and with them their sentences, in the order of the manifest."""
    import numpy as np

    from embeddings.rounded import Rounded

    by_name = {report.source.name: report for segment in segments for report in segment.reports}
    reports = tuple(by_name[entry.name] for entry in manifest.sources)
    own: dict[str, tuple[Sentence, ...]] = dict.fromkeys((report.id for report in reports), ())
    for segment in segments:
        for report_id, sentences in groupby(segment.sentences, key=lambda sentence: sentence.report_id):
            own[report_id] += tuple(sentences)
    rows = _places({report.id: len(own[report.id]) for report in reports})
    paragraphs = _places({report.id: len(report.paragraphs) for report in reports})
    parts = tuple(
        Part(
            segment.entry,
            np.concatenate([rows[report.id] for report in segment.reports]),
            np.concatenate([paragraphs[report.id] for report in segment.reports]),
        )
        for segment in segments
    )
    if len(segments) == 1:
        vectors = segments[0].vectors
    else:
        vectors = Rounded(np.empty((manifest.sentences, manifest.dimension), dtype=np.int16))
        for part, segment in zip(parts, segments, strict=True):
            vectors.numbers[part.sentences] = segment.vectors.numbers
    everything = tuple(chain.from_iterable(own[report.id] for report in reports))
    return Generation(folder, manifest, reports, everything, vectors, parts)


def _places(lengths: Mapping[str, int]) -> dict[str, NDArray[np.int64]]:
    """The places of everyone's items where those of one follow those of another."""
    import numpy as np

    ends = np.cumsum(list(lengths.values()), dtype=np.int64)
    return {
        name: np.arange(end - length, end)
        for (name, length), end in zip(lengths.items(), ends.tolist(), strict=True)
    }
