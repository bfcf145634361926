"""A generation in Milvus: its collections, its files, read once their checksums match, and its search by meaning."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.dense import Rows, floats, rounded
from embeddings.milvus import LONGEST_TEXT, Milvus, MilvusError, MilvusGone, Row
from embeddings.sparse import Postings, SparseIndex, WordCounts
from qa.errors import IndexDamaged, IndexGone, StoreError
from qa.index.manifest import MANIFEST_NAME, Manifest, entry_of, manifest_from, names_in
from qa.index.retrievers import Layout, Mask, Numbers, Scores, Words
from qa.index.segment import PASSAGES, REPORTS, SENTENCES, SPARSE, Generation, records_in
from qa.scratch import scratch_folder
from qa.types import Report, Sentence

FIELDS = ("name", "content")
PART_BYTES = LONGEST_TEXT // 4 * 3
NO_VECTOR = (0.0, 0.0)  # every collection must have a vector


@dataclass(frozen=True, slots=True, eq=False)
class RemoteGeneration:
    """A generation in Milvus, by its number and the prefix of its collections' names."""

    milvus: Milvus
    store: str  # the store's name in messages
    number: int
    stem: str

    @property
    def files(self) -> str:
        return f"{self.stem}_files"

    @property
    def sentences(self) -> str:
        return f"{self.stem}_sentences"

    def read(self) -> Generation:
        """Return the generation without its vectors; raise IndexDamaged, IndexIncompatible or IndexGone."""
        manifest, files = self.verified_files()
        try:
            (segment,) = manifest.segments
            reports, sentences = records_in(segment, files[REPORTS], files[SENTENCES])
            if manifest.generation != self.number:
                raise ValueError(f"the manifest is of generation {manifest.generation}")
        except (ValueError, KeyError, TypeError) as error:
            raise self.damaged("内容读不出") from error
        no_vectors = np.zeros((0, manifest.dimension), dtype=np.int16)
        return Generation(Path(self.files), manifest, reports, sentences, no_vectors)

    def vectors(self) -> Rows:
        """Return the vectors of all sentences; raise StoreError."""
        with milvus_errors(self.store):
            self.milvus.load(self.sentences)
            rows = self.milvus.rows(self.sentences, ["vector"])
            return rounded(np.array([row["vector"] for row in rows], dtype=np.float32))

    def local_words(self) -> Words:
        """Return the search by words, which its files hold."""
        manifest, files = self.verified_files()
        try:
            with scratch_folder() as folder:
                for part in (SPARSE, PASSAGES):
                    (folder / part).mkdir()
                for entry in manifest.files:
                    if entry.name.startswith((f"{SPARSE}/", f"{PASSAGES}/")):
                        (folder / entry.name).write_bytes(files[entry.name])
                opened = [SparseIndex([Postings.open(folder / part)]) for part in (SPARSE, PASSAGES)]
        except (OSError, ValueError, KeyError) as error:
            raise self.damaged("内容读不出") from error
        return Words(*opened)

    def write(
        self,
        reports: Sequence[Report],
        sentences: Sequence[Sentence],
        vectors: Rows,
        files: Mapping[str, bytes],
    ) -> dict[str, int]:
        """Write the collections; return how many rows each was given."""
        parts = list(parts_of(files))
        self.milvus.create(self.sentences, ["report"], ["paragraph"], vectors.shape[1])
        self.milvus.insert(self.sentences, sentence_rows(reports, sentences, vectors))
        self.milvus.create(self.files, FIELDS, [], len(NO_VECTOR))
        self.milvus.insert(self.files, iter(parts))
        return {self.sentences: len(sentences), self.files: len(parts)}

    def verify(self, rows: Mapping[str, int]) -> None:
        """Raise StoreError if a collection has not as many rows as it was given, or a file is another."""
        for name, given in rows.items():
            if (found := self.milvus.finish(name, given)) != given:
                raise StoreError(
                    f"写入存储 {self.store} 后核对不符（{found} 行，应是 {given} 行），没有启用，原有的索引没有改动。请重试。"
                )
        self.verified_files()

    def verified_files(self) -> tuple[Manifest, dict[str, bytes]]:
        """Return the manifest, and the files by name, each with its checksum; raise errors as ``read_manifest``."""
        files = self._files()
        manifest = manifest_from(files.get(MANIFEST_NAME, b""), f"{self.store} {self.stem}")
        for entry in manifest.files:
            if entry_of(entry.name, files.get(entry.name, b"")) != entry:
                raise self.damaged(f"{entry.name} 校验和不符")
        return manifest, files

    def report_names(self) -> frozenset[str]:
        """Return the names of its reports, whichever version wrote it; raise StoreError."""
        return names_in(self._files().get(MANIFEST_NAME, b""))

    def _files(self) -> dict[str, bytes]:
        with milvus_errors(self.store):
            self.milvus.load(self.files)
            try:
                return files_from(self.milvus.rows(self.files, FIELDS))
            except ValueError as error:
                raise self.damaged("内容读不出") from error

    def damaged(self, what: str) -> IndexDamaged:
        return IndexDamaged(
            f"存储 {self.store} 里的 {self.stem} 已损坏（{what}）。请运行 union-qa rebuild 报告文件夹 --force 重建。"
        )


@contextmanager
def milvus_errors(store: str) -> Iterator[None]:
    """Turn errors of Milvus into ones that a user can act on; ``store`` is the name of the store."""
    try:
        yield
    except MilvusGone as error:
        raise IndexGone(f"存储 {store} 里的这一代索引已经换下（{error}）。请再试一次。") from error
    except MilvusError as error:
        raise StoreError(
            f"存储 {store} 用不了（{error}）。请确认 Milvus 在运行，地址和口令正确，然后重试；已有的索引没有改动。"
        ) from error


def parts_of(files: Mapping[str, bytes]) -> Iterator[Row]:
    """Yield files as rows of text: compressed, in Base64, cut into parts that fit a text field of Milvus."""
    ids = count()
    for name, data in files.items():
        packed = zlib.compress(data, level=6)
        for start in range(0, len(packed), PART_BYTES):
            content = base64.b64encode(packed[start : start + PART_BYTES]).decode("ascii")
            yield {"id": next(ids), "name": name, "content": content, "vector": NO_VECTOR}


def files_from(rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return the files in rows that ``parts_of`` made; raise ValueError if a part is missing or wrong."""
    packed: dict[str, list[bytes]] = {}
    for row in rows:
        packed.setdefault(str(row["name"]), []).append(base64.b64decode(row["content"], validate=True))
    try:
        return {name: zlib.decompress(b"".join(parts)) for name, parts in packed.items()}
    except zlib.error as error:
        raise ValueError("a file is not whole") from error


def word_files(rows: WordCounts, passages: WordCounts) -> dict[str, bytes]:
    """Return the words as the files that a folder would contain."""
    files: dict[str, bytes] = {}
    for folder, texts in ((SPARSE, rows), (PASSAGES, passages)):
        Postings.of(texts).save(Path(folder), lambda path, data: files.update({path.as_posix(): bytes(data)}))
    return files


def sentence_rows(reports: Iterable[Report], sentences: Sequence[Sentence], vectors: Rows) -> Iterator[Row]:
    """Yield one row per sentence."""
    paragraphs = chain.from_iterable(report.paragraphs for report in reports)
    number_of = {(p.report_id, p.number): number for number, p in enumerate(paragraphs)}
    for row, sentence in enumerate(sentences):
        report, number = sentence.report_id, number_of[sentence.report_id, sentence.paragraph]
        yield {"id": row, "report": report, "paragraph": number, "vector": floats(vectors[row])}


@dataclass(frozen=True, slots=True, eq=False)
class RemoteDense:
    """The methods of LocalDense in Milvus; they raise StoreError if it does not answer.

    Filters are pushed down, scores come back, vectors stay on the server.
    """

    generation: RemoteGeneration
    layout: Layout

    def near(self, vector: Scores, count: int, allowed: Mask) -> Numbers:
        filtered = _filter(allowed, self.layout)
        with milvus_errors(self.generation.store):
            rows, _ = self.generation.milvus.nearest(self.generation.sentences, vector, count, filtered)
        return self.layout.paragraph_of[rows].astype("int64")

    def cosines(self, vector: Scores, rows: Numbers) -> Scores:
        with milvus_errors(self.generation.store):
            return self.generation.milvus.cosines(self.generation.sentences, vector, rows)


def _filter(allowed: Mask, layout: Layout) -> str:
    """Return a filter for ``allowed`` (paragraphs,), by whole reports if possible; ``""`` if all are."""
    if allowed.all():
        return ""
    reports = {report: allowed[run.start : run.stop] for report, run in layout.paragraphs_of.items()}
    inside = [report for report, mask in reports.items() if mask.all()]
    outside = [report for report, mask in reports.items() if not mask.any()]
    if len(inside) + len(outside) < len(reports):
        return f"paragraph in {np.flatnonzero(allowed).tolist()}"
    if len(inside) <= len(outside):
        return f"report in {json.dumps(inside)}"
    return f"report not in {json.dumps(outside)}"
