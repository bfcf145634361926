"""One segment: reports that were indexed together, as records and arrays; written once, never changed.

Files: ``reports.jsonl``, ``sentences.jsonl`` (where they stand, in the order of the rows of everything below),
``vectors.npy`` (int16, sentences × dimension, 32767 for 1), ``dense/``, ``sparse/`` and ``passages/`` as the searches keep themselves.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.index.damage import damaged
from qa.index.disk import write_file
from qa.index.manifest import FileEntry, Manifest, SegmentEntry
from qa.index.records import report_lines, reports_from_lines, sentence_lines, sentences_from_lines
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from embeddings.rounded import Rounded

SEGMENTS = "segments"
REPORTS, SENTENCES, VECTORS, DENSE, SPARSE, PASSAGES = (
    "reports.jsonl",
    "sentences.jsonl",
    "vectors.npy",
    "dense",
    "sparse",
    "passages",
)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What was indexed together; row n of ``vectors`` belongs to ``sentences[n]``."""

    entry: SegmentEntry
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: Rounded


def segment_folder(generation: Path, entry: SegmentEntry) -> Path:
    """Where a segment lies in the folder of its generation."""
    return generation / SEGMENTS / entry.name


def files_of(manifest: Manifest, entry: SegmentEntry) -> tuple[FileEntry, ...]:
    """The files of a segment."""
    return tuple(file for file in manifest.files if file.name.startswith(f"{SEGMENTS}/{entry.name}/"))


def write_records(
    folder: Path, reports: Sequence[Report], sentences: Sequence[Sentence], vectors: Rounded
) -> None:
    """Write the records and vectors of a segment into its folder."""
    import numpy as np

    write_file(folder / REPORTS, report_lines(reports))
    write_file(folder / SENTENCES, sentence_lines(sentences))
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(vectors.numbers))
    write_file(folder / VECTORS, header.getbuffer(), np.ascontiguousarray(vectors.numbers).data.cast("B"))


def read_segment(generation: Path, entry: SegmentEntry, dimension: int, *, mapped: bool = False) -> Segment:
    """Read the records of a segment, whose files hold.

    Args:
        mapped: leave the vectors on the disk; not for what serves, because a mapped file cut short ends its reader.

    Raises:
        IndexDamaged: a count or a dimension does not hold, or a file is no longer there.
    """
    import numpy as np

    from embeddings.rounded import Rounded

    folder = segment_folder(generation, entry)
    try:
        reports = reports_from_lines((folder / REPORTS).read_bytes())
        sentences = sentences_from_lines((folder / SENTENCES).read_bytes(), reports)
        vectors = np.load(folder / VECTORS, mmap_mode="r" if mapped else None, allow_pickle=False)
        check_records(entry, reports, sentences)
        if vectors.shape != (entry.sentences, dimension) or vectors.dtype != np.int16:
            raise ValueError(f"vectors of shape {vectors.shape} and type {vectors.dtype}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(folder, "内容读不出") from error
    return Segment(entry, reports, sentences, Rounded(vectors))


def check_records(entry: SegmentEntry, reports: tuple[Report, ...], sentences: tuple[Sentence, ...]) -> None:
    """Raises ValueError where they are not those that a manifest tells of."""
    names = tuple(report.source.name for report in reports)
    paragraphs = sum(len(report.paragraphs) for report in reports)
    if (names, paragraphs, len(sentences)) != (entry.reports, entry.paragraphs, entry.sentences):
        raise ValueError(
            f"{len(names)} reports, {paragraphs} paragraphs, {len(sentences)} sentences are not those of the manifest"
        )
