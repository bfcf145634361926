"""One segment: reports that were indexed together, as records and arrays; written once, never changed.

Files: ``reports.jsonl``, ``sentences.jsonl`` (spans, in the order of the rows of everything below),
``vectors.npy`` (int16, sentences × dimension, 32767 for 1), and the searches ``dense/``, ``sparse/``,
``passages/``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.dense import DenseIndex
from embeddings.rounded import Rounded
from embeddings.sparse import Postings
from qa.index.disk import write_file
from qa.index.manifest import FileEntry, Manifest, SegmentEntry, damaged
from qa.index.records import report_lines, reports_from_lines, sentence_lines, sentences_from_lines
from qa.types import Report, Sentence

SEGMENTS = "segments"
REPORTS, SENTENCES, VECTORS = "reports.jsonl", "sentences.jsonl", "vectors.npy"
DENSE, SPARSE, PASSAGES = "dense", "sparse", "passages"


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What was indexed together; row n of ``vectors`` belongs to ``sentences[n]``."""

    entry: SegmentEntry
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: Rounded


def segment_folder(generation: Path, entry: SegmentEntry) -> Path:
    """Return the folder of a segment in the folder of its generation."""
    return generation / SEGMENTS / entry.name


def files_of(manifest: Manifest, entry: SegmentEntry) -> tuple[FileEntry, ...]:
    """Return the files of a segment."""
    return tuple(file for file in manifest.files if file.name.startswith(f"{SEGMENTS}/{entry.name}/"))


def write_records(
    folder: Path, reports: Sequence[Report], sentences: Sequence[Sentence], vectors: Rounded
) -> None:
    """Write the records and vectors of a segment into its folder."""
    write_file(folder / REPORTS, report_lines(reports))
    write_file(folder / SENTENCES, sentence_lines(sentences))
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(vectors.numbers))
    write_file(folder / VECTORS, header.getbuffer(), np.ascontiguousarray(vectors.numbers).data.cast("B"))


def read_segment(generation: Path, entry: SegmentEntry, dimension: int, *, mapped: bool = False) -> Segment:
    """Read the records of a segment whose files were verified; ``mapped`` leaves the vectors on the disk.

    Vectors that serve are never mapped: the reader of a mapped file dies if it is cut short. Raises
    IndexDamaged if a count or a dimension does not match or a file is missing.
    """
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
    """Raise ValueError if the records are not those that the manifest lists."""
    names = tuple(report.source.name for report in reports)
    paragraphs = sum(len(report.paragraphs) for report in reports)
    if (names, paragraphs, len(sentences)) != (entry.reports, entry.paragraphs, entry.sentences):
        raise ValueError(
            f"{len(names)} reports, {paragraphs} paragraphs, {len(sentences)} sentences are not those of the manifest"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Row n of ``dense`` and ``sparse`` is sentence n, row n of ``passages`` is paragraph n."""

    dense: DenseIndex
    sparse: Postings  # each sentence with its place, years and headings
    passages: Postings  # headings once; paragraphs without sentences too


def save_searches(searches: Searches, folder: Path) -> None:
    """Write them into the folder of a segment."""
    for name, search in ((DENSE, searches.dense), (SPARSE, searches.sparse), (PASSAGES, searches.passages)):
        (folder / name).mkdir()
        search.save(folder / name, write_file)


def open_searches(generation: Path, entry: SegmentEntry, dimension: int) -> Searches:
    """Open the searches of a segment whose files were verified.

    Raises IndexDamaged if they cannot be read or do not have one row per sentence and paragraph.
    """
    folder = segment_folder(generation, entry)
    try:
        dense = DenseIndex.open(folder / DENSE)
        sparse = Postings.open(folder / SPARSE)
        passages = Postings.open(folder / PASSAGES)
        found = (len(dense), dense.dimension, len(sparse), len(passages))
        if found != (entry.sentences, dimension, entry.sentences, entry.paragraphs):
            raise ValueError("the searches do not hold one row a sentence and a paragraph")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise damaged(folder, "打不开") from error
    return Searches(dense, sparse, passages)
