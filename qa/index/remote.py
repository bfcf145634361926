"""The store in Milvus: each generation is two collections, and an alias names the one that serves.

::

    union_qa                            an alias, switched in one atomic step
    union_qa_00000012_5f0c…_files       manifest, records and words of the generation, which a reader loads
    union_qa_00000012_5f0c…_sentences   the vector of every sentence, which Milvus searches

A generation never changes. Builds
at the same time do no harm: numbers rise, a lower one never replaces a higher one, and each build removes
what is older, including the remains of a crash.
"""

import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import starmap
from pathlib import Path

from embeddings.milvus import Milvus, MilvusError
from qa.errors import IndexBusy, IndexDamaged, IndexGone, IndexMissing, ReportError, StoreError
from qa.index.generation import newest_whole, numbers_kept
from qa.index.manifest import MANIFEST_NAME, Manifest, entry_of, manifest_bytes
from qa.index.remote_generation import RemoteDense, RemoteGeneration, milvus_errors, word_files
from qa.index.retrievers import Layout, Words
from qa.index.sources import nothing_read
from qa.index.work import Work, combined_words, known_vectors, manifest_of, prepare

from .segment import REPORTS, SENTENCES, Generation, Previous, Segment, segment_of, sentence_lines, to_lines

ALIAS = "union_qa"
ASKED_EVERY = 1.0  # seconds between two requests for the generation that serves
_FILES = re.compile(rf"({ALIAS}_([0-9]{{8,10}})_[0-9a-f]{{8}})_files")
_COLLECTION = re.compile(rf"{ALIAS}_([0-9]{{8,10}})_[0-9a-f]{{8}}_(?:files|sentences|passages)")


class MilvusStore:
    """Generations in Milvus, connected to on first use; safe to share between threads.

    ``address`` is that of a server, or a file of Milvus Lite, which one process at a time may open; ``folder`` has the
    files next to an index, such as ``ledger.toml``.
    """

    def __init__(self, address: str, folder: Path, token: str = "") -> None:
        self.name = f"milvus:{address}"
        self.folder = folder
        self._address = address
        self._token = token
        self._connecting = threading.Lock()
        self._client: Milvus | None = None
        self._asking = threading.Lock()
        self._ask_at = 0.0
        self._served = b""

    def serving(self) -> bytes:
        """As in a folder, but cached for a second; while Milvus does not answer, the last answer."""
        if time.monotonic() >= self._ask_at and self._asking.acquire(blocking=not self._served):
            try:
                self._served = self._alias_target().encode("ascii", "replace")
            except StoreError:
                if not self._served:
                    raise
            finally:
                self._ask_at = time.monotonic() + ASKED_EVERY
                self._asking.release()
        return self._served

    def read_newest(self) -> tuple[Generation, tuple[str, ...]]:
        target = self._alias_target()
        if not target:
            raise IndexMissing(
                f"存储 {self.name} 里还没有索引。请先运行 union-qa rebuild 报告文件夹 --store {self.name}。"
            )
        readers = [each.read for each in (self._named(target), *self._newest_first())]
        return newest_whole(readers, (IndexDamaged, IndexGone))

    def retrievers(self, generation: Generation, layout: Layout) -> tuple[RemoteDense, Words]:
        manifest, found = generation.manifest, self._named(generation.folder.name)
        with milvus_errors(self.name):
            found.milvus.load(found.sentences)
            counts = found.milvus.count(found.sentences), found.milvus.dimension(found.sentences)
            if counts != (manifest.sentences, manifest.dimension):
                raise found.damaged(f"{counts[0]} 个句子，{counts[1]} 维")
        return RemoteDense(found, layout), found.local_words()

    def described(self, manifest: Manifest) -> str:  # noqa: ARG002  # every generation is searched alike
        return f"{self.name}，Milvus {self._milvus().version}，向量在 Milvus 里检索，词语由本机检索"

    @contextmanager
    def building(self, wait_seconds: float) -> Iterator[None]:  # noqa: ARG002  # nobody has to wait
        with milvus_errors(self.name):
            yield

    def previous(self) -> tuple[Previous | None, bool]:
        try:
            found, warnings = self.read_newest()
            vectors = self._named(found.folder.name).vectors()
        except IndexMissing:
            return None, False
        except StoreError:
            self._milvus().collections()  # raises if nobody answers: then nothing is built either
            return None, False
        if len(vectors) != len(found.sentences):
            return None, False
        segment = Segment(found.reports, found.sentences, vectors)
        return Previous(found.folder, found.manifest, lambda _: segment), not warnings

    def make(self, work: Work) -> tuple[Manifest, int]:
        number = max((0, *(each.number for each in self._newest_first()))) + 1
        made = self._generation(number, f"{ALIAS}_{number:08d}_{secrets.token_hex(4)}")
        reports = work.reports(entry.name for entry in work.reading.entries)
        sentences, vectors, piece_words, embedded = prepare(reports, known_vectors(work), work)
        if not sentences:
            raise ReportError(nothing_read(work.reading.skipped))
        work.progress("write", 0, 1)
        words, passages = combined_words(reports, sentences, piece_words)
        files = {REPORTS: to_lines(reports), SENTENCES: sentence_lines(sentences)}
        files |= word_files(words, passages)
        segment = segment_of(made.stem, reports, sentences)
        manifest = manifest_of(made.number, work, (segment,), starmap(entry_of, files.items()))
        files[MANIFEST_NAME] = manifest_bytes(manifest)
        try:
            rows = made.write(reports, sentences, vectors, files)
            work.progress("verify", 0, 1)
            made.verify(rows)
        except BaseException:
            with suppress(Exception):  # the next build removes the rest
                for name in made.milvus.collections():
                    if name.startswith(made.stem):
                        made.milvus.drop(name)
            raise
        return manifest, embedded

    def switch(self, manifest: Manifest) -> None:
        serving = self._alias_target()
        if serving and self._named(serving).number >= manifest.generation:
            raise IndexBusy(
                f"存储 {self.name} 在此期间由另一个重建换成了新的一代，它继续使用，这一次的没有启用。如有需要，请再运行一次。"
            )
        self._milvus().point(ALIAS, self._generation(manifest.generation, manifest.segments[0].name).files)
        self._ask_at = 0.0

    def clean(self, manifest: Manifest) -> None:
        try:
            earlier = [each for each in self._newest_first() if each.number < manifest.generation]
            kept = numbers_kept(manifest, ((each.number, each.report_names) for each in earlier))
            milvus = self._milvus()
            for name in milvus.collections():
                match = _COLLECTION.fullmatch(name)
                if match and int(match[1]) < manifest.generation and int(match[1]) not in kept:
                    milvus.drop(name)
        except (MilvusError, StoreError) as error:
            raise StoreError(
                f"新的索引已经启用，但旧的一代可能还在存储 {self.name} 里（{error}）。再运行一次重建就会清除。"
            ) from error

    def _generation(self, number: int, stem: str) -> RemoteGeneration:
        return RemoteGeneration(self._milvus(), self.name, number, stem)

    def _alias_target(self) -> str:
        with milvus_errors(self.name):
            return self._milvus().target(ALIAS)

    def _named(self, files: str) -> RemoteGeneration:
        match = _FILES.fullmatch(files)
        if match is None:
            raise StoreError(
                f"存储 {self.name} 的别名 {ALIAS} 指向 {files}，那不是本程序的索引。请换一个数据库（在地址后加 /数据库名）。"
            )
        return self._generation(int(match[2]), match[1])

    def _newest_first(self) -> list[RemoteGeneration]:
        with milvus_errors(self.name):
            names = self._milvus().collections()
        found = map(self._named, filter(_FILES.fullmatch, names))
        return sorted(found, key=lambda each: -each.number)

    def _milvus(self) -> Milvus:
        with self._connecting:
            if self._client is None:
                with milvus_errors(self.name):
                    self._client = Milvus(self._address, self._token)
            return self._client
