"""One segment: reports that were indexed together, as records and arrays; written once, never changed.

Files: ``reports.jsonl``, ``sentences.jsonl`` (spans, in the order of the rows of everything below),
``vectors.npy`` (int16, sentences × dimension, 32767 for 1), and the searches ``dense/``, ``sparse/``,
``passages/``: row n of the first two is sentence n, in ``sparse`` with its place, years and headings; row n of the last
is paragraph n, with its headings once, without sentences too. Records are JSON Lines, never pickle: an index that somebody hands on must not run code.
"""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from embeddings.dense import DenseIndex, Rows
from embeddings.sparse import Postings
from qa.index.disk import write_file
from qa.index.manifest import Manifest, SegmentEntry, damaged
from qa.types import Inference, Paragraph, Period, Place, Report, Sentence, Source

_Json: TypeAlias = dict[str, Any]

REPORTS, SENTENCES, VECTORS = "reports.jsonl", "sentences.jsonl", "vectors.npy"
DENSE, SPARSE, PASSAGES = "dense", "sparse", "passages"


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What was indexed together; row n of ``vectors``, rounded, belongs to ``sentences[n]``."""

    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    vectors: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """What was indexed, reports by name; row n of ``vectors``, rounded, belongs to ``sentences[n]``."""

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


def write_records(
    folder: Path, reports: Sequence[Report], sentences: Sequence[Sentence], vectors: Rows
) -> None:
    """Write the records and vectors of a segment into its folder."""
    write_file(folder / REPORTS, to_lines(reports))
    write_file(folder / SENTENCES, sentence_lines(sentences))
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(vectors))
    write_file(folder / VECTORS, header.getbuffer(), np.ascontiguousarray(vectors).data.cast("B"))


def read_segment(generation: Path, entry: SegmentEntry, dimension: int, *, mapped: bool = False) -> Segment:
    """Read the records of a segment whose files were verified; ``mapped`` leaves the vectors on the disk.

    Vectors that serve are never mapped: the reader of a mapped file dies if it is cut short. Raises
    IndexDamaged if a count or a dimension does not match or a file is missing.
    """
    folder = generation / entry.folder
    try:
        reports, sentences = records_in(
            entry, *((folder / part).read_bytes() for part in (REPORTS, SENTENCES))
        )
        vectors = np.load(folder / VECTORS, mmap_mode="r" if mapped else None, allow_pickle=False)
        if vectors.shape != (entry.sentences, dimension) or vectors.dtype != np.int16:
            raise ValueError(f"vectors of shape {vectors.shape} and type {vectors.dtype}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(folder, "内容读不出") from error
    return Segment(reports, sentences, vectors)


def segment_of(name: str, reports: Sequence[Report], sentences: Sequence[Sentence]) -> SegmentEntry:
    """Return the manifest's entry for a segment."""
    names = tuple(report.source.name for report in reports)
    return SegmentEntry(name, names, sum(len(report.paragraphs) for report in reports), len(sentences))


def records_in(
    entry: SegmentEntry, reports_data: bytes, sentences_data: bytes
) -> tuple[tuple[Report, ...], tuple[Sentence, ...]]:
    """Return records; raise ValueError, KeyError or TypeError if they are none, or not those that the manifest lists."""
    reports = reports_from_lines(reports_data)
    sentences = sentences_from_lines(sentences_data, reports)
    if (found := segment_of(entry.name, reports, sentences)) != entry:
        counts = f"{found.paragraphs} paragraphs, {found.sentences} sentences"
        raise ValueError(f"{counts} are not those of the manifest")
    return reports, sentences


def open_searches(
    generation: Path, entry: SegmentEntry, dimension: int
) -> tuple[DenseIndex, Postings, Postings]:
    """Open the searches of verified files; raises IndexDamaged if their rows are not those of the entry."""
    folder = generation / entry.folder
    try:
        dense = DenseIndex.open(folder / DENSE)
        sparse, passages = (Postings.open(folder / part) for part in (SPARSE, PASSAGES))
        found = (len(dense), dense.dimension, len(sparse), len(passages))
        if found != (entry.sentences, dimension, entry.sentences, entry.paragraphs):
            raise ValueError("the searches do not hold one row a sentence and a paragraph")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise damaged(folder, "打不开") from error
    return dense, sparse, passages


def reports_from_lines(data: bytes) -> tuple[Report, ...]:
    """Return the reports; raise ValueError, KeyError or TypeError if a line is no report."""
    return tuple(_report_of(json.loads(line)) for line in _split_lines(data))


def sentence_lines(sentences: Iterable[Sentence]) -> bytes:
    """Return one JSON array per paragraph: context, spans, states and years, but not the sentences' text."""
    groups = groupby(
        sentences, key=lambda sentence: (sentence.report_id, sentence.paragraph, sentence.context)
    )
    return to_lines(
        [*key, [[s.start, s.end, s.state, *_years(s.period)] for s in own]] for key, own in groups
    )


def sentences_from_lines(data: bytes, reports: Iterable[Report]) -> tuple[Sentence, ...]:
    """Return the sentences of these reports.

    Raises ValueError or TypeError if a line is no such array or its paragraph is in no report.
    """
    texts = {(p.report_id, p.number): p.text for report in reports for p in report.paragraphs}
    found: list[Sentence] = []
    for line in _split_lines(data):
        report_id, paragraph, context, own = json.loads(line)
        text = texts.get((report_id, paragraph))
        if text is None:
            raise ValueError("a sentence belongs to no paragraph")
        found += (
            Sentence(report_id, paragraph, a, b, text[a:b], context, state, Period(*years) if years else None)
            for a, b, state, *years in own
        )
    return tuple(found)


def _years(period: Period | None) -> tuple[int, ...]:
    return (period.start, period.end) if period else ()


def to_lines(records: Iterable[object]) -> bytes:
    """Return one line of JSON per record; lone surrogates of odd files survive the round trip."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_object).encode
    return "".join(encode(record) + "\n" for record in records).encode("utf-8", "surrogatepass")


def _as_object(record: Any) -> _Json:
    """Return a record as an object; `asdict` would copy every value in it."""
    return {name: getattr(record, name) for name in record.__slots__}


def _split_lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "surrogatepass").split("\n")[:-1]


def _report_of(entry: _Json) -> Report:
    place, period, plans = entry["place"], entry["period"], entry.get("plans")
    records: _Json = {
        "source": Source(**entry["source"]),
        "place": Place(place["name"], tuple(place["parents"]), place["level"]),
        "period": Period(**period) if period else None,
        "plans": Period(**plans) if plans else None,
        "inferences": tuple(Inference(**inference) for inference in entry["inferences"]),
        "paragraphs": tuple(_paragraph_of(paragraph) for paragraph in entry["paragraphs"]),
        "notes": tuple(entry.get("notes", ())),
    }
    return Report(**(entry | records))


def _paragraph_of(entry: _Json) -> Paragraph:
    spans = tuple((start, end) for start, end in entry["spans"])
    return Paragraph(**(entry | {"heading": tuple(entry["heading"]), "spans": spans}))
