"""A generation in Milvus: the names of its collections, and its records, read once their checksums match."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.milvus import Milvus, Row
from embeddings.milvus_schema import LONGEST_TEXT, texts_of
from embeddings.rounded import Rows
from embeddings.sparse import Postings, SparseIndex
from embeddings.words.lists import WordLists
from qa.errors import IndexDamaged
from qa.index.generation import Generation
from qa.index.manifest import MANIFEST_NAME, Manifest, entry_of, manifest_from, names_in
from qa.index.records import reports_from_lines, sentences_from_lines
from qa.index.remote_retrievers import milvus_errors
from qa.index.retrievers import LocalWords
from qa.index.segment import PASSAGES, REPORTS, SENTENCES, SPARSE, check_records
from qa.scratch import scratch_folder
from qa.types import Report, Sentence

FIELDS = ("name", "content")
PART_BYTES = LONGEST_TEXT // 4 * 3
NO_VECTOR = (0.0, 0.0)  # every collection must have a vector


@dataclass(frozen=True, slots=True)
class Named:
    """A generation's number, and the prefix of its collections' names."""

    number: int
    stem: str

    @property
    def files(self) -> str:
        return f"{self.stem}_files"

    @property
    def sentences(self) -> str:
        return f"{self.stem}_sentences"

    @property
    def passages(self) -> str:
        return f"{self.stem}_passages"


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A generation written to Milvus, to be read back; ``store`` is the store's name in messages."""

    milvus: Milvus
    store: str
    named: Named

    def read(self, *, with_vectors: bool) -> Generation:
        """Return the whole generation; raise IndexDamaged, IndexIncompatible or IndexGone."""
        files = self.files()
        manifest = self.manifest(files)
        try:
            reports = reports_from_lines(files[REPORTS])
            sentences = sentences_from_lines(files[SENTENCES], reports)
            (segment,) = manifest.segments
            if manifest.generation != self.named.number:
                raise ValueError(f"the manifest is of generation {manifest.generation}")
            check_records(segment, reports, sentences)
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(self.damaged("内容读不出")) from error
        vectors = np.zeros((0, manifest.dimension), dtype=np.float32)  # they stay in Milvus
        if with_vectors:
            with milvus_errors(self.store):
                self.milvus.load(self.named.sentences)
                rows = self.milvus.rows(self.named.sentences, ["vector"])
                vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
        return Generation(Path(self.named.files), manifest, reports, sentences, vectors)

    def local_words(self) -> LocalWords:
        """Return its words, if they are stored as files."""
        files = self.files()
        try:
            return local_words(self.manifest(files), files)
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(self.damaged("内容读不出")) from error

    def files(self) -> dict[str, bytes]:
        """Return its files by name, unverified."""
        with milvus_errors(self.store):
            self.milvus.load(self.named.files)
            try:
                return files_from(self.milvus.rows(self.named.files, FIELDS))
            except ValueError as error:
                raise IndexDamaged(self.damaged("内容读不出")) from error

    def report_names(self) -> frozenset[str]:
        """Return the names of its reports, whichever version wrote it; raise StoreError."""
        return names_in(self.files().get(MANIFEST_NAME, b""))

    def manifest(self, files: dict[str, bytes]) -> Manifest:
        """Return the verified manifest among these files; raise errors as ``read_manifest``."""
        manifest = manifest_from(files.get(MANIFEST_NAME, b""), f"{self.store} {self.named.stem}")
        for entry in manifest.files:
            if entry_of(entry.name, files.get(entry.name, b"")) != entry:
                raise IndexDamaged(self.damaged(f"{entry.name} 校验和不符"))
        return manifest

    def damaged(self, what: str) -> str:
        """Return the message for a user that it is damaged, and what to do."""
        return f"存储 {self.store} 里的 {self.named.stem} 已损坏（{what}）。请运行 union-qa rebuild 报告文件夹 --force 重建。"


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


def words_are_local(manifest: Manifest) -> bool:
    """Return whether a generation stores its words as files, because its server cannot search them."""
    return any(entry.name.startswith(f"{SPARSE}/") for entry in manifest.files)


def word_files(rows: WordLists, passages: WordLists) -> dict[str, bytes]:
    """Return the words as the files that a folder would contain."""
    files: dict[str, bytes] = {}
    for folder, texts in ((SPARSE, rows), (PASSAGES, passages)):
        Postings.of(texts).save(Path(folder), lambda path, data: files.update({path.as_posix(): bytes(data)}))
    return files


def local_words(manifest: Manifest, files: Mapping[str, bytes]) -> LocalWords:
    """Open the words in the files that the manifest lists.

    Raises OSError, ValueError or KeyError if they are not what ``word_files`` returned.
    """
    with scratch_folder() as folder:
        for part in (SPARSE, PASSAGES):
            (folder / part).mkdir()
        for entry in manifest.files:
            if entry.name.startswith((f"{SPARSE}/", f"{PASSAGES}/")):
                (folder / entry.name).write_bytes(files[entry.name])
        opened = [SparseIndex([Postings.open(folder / part)]) for part in (SPARSE, PASSAGES)]
    return LocalWords(*opened)


def sentence_rows(
    reports: Iterable[Report], sentences: Sequence[Sentence], vectors: Rows, words: WordLists | None
) -> Iterator[Row]:
    """Yield one row per sentence; ``words`` is None if the server does not search them."""
    paragraphs = chain.from_iterable(report.paragraphs for report in reports)
    number_of = {(p.report_id, p.number): number for number, p in enumerate(paragraphs)}
    texts = texts_of(words) if words else None
    for row, sentence in enumerate(sentences):
        yield {
            "id": row,
            "report": sentence.report_id,
            "paragraph": number_of[sentence.report_id, sentence.paragraph],
            "vector": vectors[row],
        } | ({"words": next(texts)} if texts else {})


def passage_rows(reports: Iterable[Report], words: WordLists) -> Iterator[Row]:
    """Yield one row per paragraph."""
    owners = (paragraph.report_id for report in reports for paragraph in report.paragraphs)
    for number, (report_id, text) in enumerate(zip(owners, texts_of(words), strict=True)):
        yield {"id": number, "report": report_id, "words": text}
