"""A generation in Milvus: the names of its collections, and its records, read once their checksums match."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.milvus import Milvus
from qa.errors import IndexDamaged
from qa.index.generation import Generation
from qa.index.manifest import MANIFEST_NAME, Manifest, manifest_from
from qa.index.records import reports_from_lines, sentences_from_lines
from qa.index.remote_retrievers import milvus_errors
from qa.index.remote_rows import FIELDS, files_from, local_words
from qa.index.retrievers import LocalWords
from qa.index.segment import REPORTS, SENTENCES, check_records


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

    def manifest(self, files: dict[str, bytes]) -> Manifest:
        """Return the verified manifest among these files; raise errors as ``read_manifest``."""
        manifest = manifest_from(files.get(MANIFEST_NAME, b""), f"{self.store} {self.named.stem}")
        for entry in manifest.files:
            data = files.get(entry.name, b"")
            if (len(data), hashlib.sha256(data).hexdigest()) != (entry.bytes, entry.sha256):
                raise IndexDamaged(self.damaged(f"{entry.name} 校验和不符"))
        return manifest

    def damaged(self, what: str) -> str:
        """Return the message for a user that it is damaged, and what to do."""
        return f"存储 {self.store} 里的 {self.named.stem} 已损坏（{what}）。请运行 union-qa rebuild 报告文件夹 --force 重建。"
