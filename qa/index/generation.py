"""One generation as records and arrays: written whole, read back only after every checksum holds.

Files: ``reports.jsonl``, ``sentences.jsonl`` (line n is row n of everything below), ``vectors.npy``
(int16, sentences × dimension, 32767 for 1), ``dense/``, ``sparse/`` and ``passages/`` as the searches keep themselves.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged
from qa.index.disk import sha256_of, write_file
from qa.index.manifest import MANIFEST_NAME, Manifest, read_manifest, verify_files
from qa.index.records import reports_from_lines, sentences_from_lines, to_lines
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from embeddings.rounded import Rounded, Rows

__all__ = [
    "DENSE",
    "PASSAGES",
    "REPORTS",
    "SENTENCES",
    "SPARSE",
    "Generation",
    "check_records",
    "read_generation",
    "write_records",
]

REPORTS, SENTENCES, VECTORS, DENSE, SPARSE, PASSAGES = (
    "reports.jsonl",
    "sentences.jsonl",
    "vectors.npy",
    "dense",
    "sparse",
    "passages",
)

KINDS = ("int16", "float32")  # of numbers in vectors.npy; the second was written by earlier versions


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """What was indexed; row n of ``vectors`` belongs to ``sentences[n]``."""

    folder: Path
    manifest: Manifest
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: Rows


def write_records(
    folder: Path, reports: tuple[Report, ...], sentences: tuple[Sentence, ...], vectors: Rounded
) -> None:
    """Write the records and vectors of a generation into its folder."""
    import numpy as np

    write_file(folder / REPORTS, to_lines(reports))
    write_file(folder / SENTENCES, to_lines(sentences))
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(vectors.numbers))
    write_file(folder / VECTORS, header.getbuffer(), np.ascontiguousarray(vectors.numbers).data.cast("B"))


def read_generation(
    folder: Path, number: int, manifest_sha256: str | None = None, *, mapped: bool = False
) -> Generation:
    """Verify a generation, then read it.

    Args:
        manifest_sha256: what CURRENT says of its manifest; None where CURRENT names another generation.
        mapped: leave the vectors on the disk; not for what serves, because a mapped file cut short ends its reader.

    Raises:
        IndexDamaged: a checksum, a count or a dimension does not hold, or a file is no longer there.
        IndexIncompatible: another format version wrote it.
    """
    import numpy as np

    from embeddings.rounded import Rounded

    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    try:
        if manifest_sha256 not in (None, sha256_of(folder / MANIFEST_NAME)):
            raise ValueError("CURRENT names another manifest")
        reports = reports_from_lines((folder / REPORTS).read_bytes())
        sentences = sentences_from_lines((folder / SENTENCES).read_bytes())
        vectors = np.load(folder / VECTORS, mmap_mode="r" if mapped else None, allow_pickle=False)
        check_records(number, manifest, reports, sentences)
        if vectors.shape != (manifest.sentences, manifest.dimension) or str(vectors.dtype) not in KINDS:
            raise ValueError(f"vectors of shape {vectors.shape} and type {vectors.dtype}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"索引 {folder} 已损坏（{error}）。请运行 union-qa rebuild 报告文件夹 --force 重建。"
        ) from error
    rounded = Rounded(vectors) if vectors.dtype == np.int16 else Rounded.of(vectors)
    return Generation(folder, manifest, reports, sentences, rounded)


def check_records(
    number: int, manifest: Manifest, reports: tuple[Report, ...], sentences: tuple[Sentence, ...]
) -> None:
    """Raises ValueError where they are not those that the manifest of generation ``number`` tells of."""
    paragraphs = sum(len(report.paragraphs) for report in reports)
    found = (number, len(reports), paragraphs, len(sentences))
    said = (manifest.generation, len(manifest.sources), manifest.paragraphs, manifest.sentences)
    if found != said:
        raise ValueError(f"counts {found}, the manifest says {said}")
    known = {(paragraph.report_id, paragraph.number) for report in reports for paragraph in report.paragraphs}
    if not known.issuperset((sentence.report_id, sentence.paragraph) for sentence in sentences):
        raise ValueError("a sentence belongs to no paragraph")
