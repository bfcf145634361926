"""The store that is Milvus: every generation three collections, and an alias that names the one that serves.

::

    union_qa                            an alias, switched in one atomic step
    union_qa_00000012_5f0c…_files       manifest and records of the generation, which a reader loads
    union_qa_00000012_5f0c…_sentences   a vector and the words of every sentence
    union_qa_00000012_5f0c…_passages    the words of every paragraph, where the server has BM25

A server without BM25 keeps the words as files, which a reader searches itself. Nothing is ever changed in a
generation. Two that build at once do not harm each other: numbers rise, a lower one never takes the place of a
higher one, and whoever serves removes all that are lower, what a crash left included.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import MilvusError
from qa.errors import IndexBusy, IndexDamaged, IndexGone, IndexMissing, ReportError, StoreError
from qa.index.generation import Generation, Previous
from qa.index.layout import Layout
from qa.index.manifest import MANIFEST_NAME, FileEntry, Manifest, manifest_bytes, names_in
from qa.index.preparing import Known, prepare
from qa.index.records import report_lines, sentence_lines
from qa.index.remote_generation import Named, Written
from qa.index.remote_retrievers import Collection, RemoteDense, RemoteWords, milvus_errors
from qa.index.remote_rows import (
    FIELDS,
    parts_of,
    passage_rows,
    sentence_rows,
    word_files,
    words_are_local,
)
from qa.index.searches import combined_words
from qa.index.segment import REPORTS, SENTENCES, Segment
from qa.index.sources import nothing_read
from qa.index.work import Work, manifest_of, segment_of

if TYPE_CHECKING:
    from embeddings.milvus import Milvus
    from qa.index.retrievers import DenseRetriever, WordRetriever

ALIAS = "union_qa"
ASKED_EVERY = 1.0  # seconds, at most, for the generation that serves
_NAME = re.compile(rf"({ALIAS}_([0-9]{{8,10}})_[0-9a-f]{{8}})_files")
_OURS = re.compile(rf"{ALIAS}_([0-9]{{8,10}})_[0-9a-f]{{8}}_(?:files|sentences|passages)")


class MilvusStore:
    """Generations in Milvus, connected to when it is first asked; safe to share between threads.

    Args:
        address: of a server, or a file of Milvus Lite, which one process at a time may open.
        folder: where what lies beside an index is looked for.
        token: ``""`` where none is needed.
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
        self._seen = b""
        self._made: dict[
            int, Named
        ] = {}  # by this store; another machine may have made one of the same number

    def serving(self) -> bytes:
        """As :meth:`Store.serving`, not older than a second; while Milvus does not answer, what served before."""
        if time.monotonic() >= self._ask_at and self._asking.acquire(blocking=not self._seen):
            try:
                self._seen = self._target().encode("ascii", "replace")
            except StoreError:
                if not self._seen:
                    raise
            finally:
                self._ask_at = time.monotonic() + ASKED_EVERY
                self._asking.release()
        return self._seen

    def exists(self) -> bool:
        return bool(self._target())

    def read_newest(self) -> tuple[Generation, tuple[str, ...]]:
        return self._newest(with_vectors=False)

    def retrievers(self, generation: Generation, layout: Layout) -> tuple[DenseRetriever, WordRetriever]:
        manifest, named = generation.manifest, self._named(generation.folder.name)
        milvus, written = self._milvus(), self._written(named)
        sentences = Collection(milvus, self.name, named.sentences)
        dense = RemoteDense(sentences, layout)
        with milvus_errors(self.name):
            milvus.load(named.sentences)
            found = (milvus.count(named.sentences), milvus.dimension(named.sentences))
            if found != (manifest.sentences, manifest.dimension):
                raise IndexDamaged(written.damaged(f"{found[0]} 个句子，{found[1]} 维"))
            if words_are_local(manifest):
                return dense, written.local_words()
            milvus.load(named.passages)
            if (count := milvus.count(named.passages)) != manifest.paragraphs:
                raise IndexDamaged(written.damaged(f"{count} 个段落"))
        return dense, RemoteWords(sentences, Collection(milvus, self.name, named.passages), layout)

    def described(self, manifest: Manifest) -> str:
        words = (
            "向量在 Milvus 里检索；它没有 BM25 函数（2.5 版起才有），词语由本机检索"
            if words_are_local(manifest)
            else "向量和词语都在 Milvus 里检索"
        )
        return f"{self.name}，Milvus {self._milvus().version}，{words}"

    @contextmanager
    def building(self, wait_seconds: float) -> Iterator[None]:  # noqa: ARG002  # nobody has to wait
        with milvus_errors(self.name):
            yield

    def previous(self) -> tuple[Previous | None, bool]:
        try:
            found, warnings = self._newest(with_vectors=True)
        except IndexMissing:
            return None, False
        except StoreError:
            self._milvus().collections()  # where nobody answers, nothing is built either
            return None, False
        from embeddings.rounded import Rounded

        entry = found.manifest.segments[0]
        segment = Segment(entry, found.reports, found.sentences, Rounded.of(found.vectors[:]))
        return Previous(found.folder, found.manifest, lambda _: segment), not warnings

    def make(self, work: Work) -> tuple[Manifest, int]:
        number = max((0, *(named.number for named in self._all()))) + 1
        named = Named(number, f"{ALIAS}_{number:08d}_{secrets.token_hex(4)}")
        self._made[number] = named
        try:
            return self._write(named, work)
        except BaseException:
            with suppress(Exception):  # what is left of it is removed by the next build
                self._drop(named.stem)
            raise

    def switch(self, manifest: Manifest) -> None:
        serving = self._target()
        if serving and self._named(serving).number >= manifest.generation:
            raise IndexBusy(
                f"存储 {self.name} 在此期间由另一个重建换成了新的一代，它继续使用，这一次的没有启用。如有需要，请再运行一次。"
            )
        self._milvus().point(ALIAS, self._made.pop(manifest.generation).files)
        self._ask_at = 0.0

    def clean(self, manifest: Manifest) -> None:
        try:
            self._clean(manifest)
        except (MilvusError, StoreError) as error:
            raise StoreError(
                f"新的索引已经启用，但旧的一代可能还在存储 {self.name} 里（{error}）。再运行一次重建就会清除。"
            ) from error

    def _clean(self, manifest: Manifest) -> None:
        names = {entry.name for entry in manifest.sources}
        kept = {manifest.generation}
        for named in sorted(self._all(), key=lambda each: -each.number):
            if named.number < manifest.generation:
                with suppress(StoreError):  # another version of the program may still answer from it
                    if names.issuperset(names_in(self._written(named).files().get(MANIFEST_NAME, b""))):
                        kept.add(named.number)
                    break
        milvus = self._milvus()
        for name in milvus.collections():
            match = _OURS.fullmatch(name)
            if match and int(match[1]) < manifest.generation and int(match[1]) not in kept:
                milvus.drop(name)

    def _write(self, named: Named, work: Work) -> tuple[Manifest, int]:
        milvus, dimension = self._milvus(), work.tools.encoder.dimension
        reports = work.reports(entry.name for entry in work.reading.entries)
        sentences, pieces, vectors, cut, embedded = prepare(reports, Known.of(work), work)
        if not sentences:
            raise ReportError(nothing_read(work.reading.skipped))
        work.progress("write", 0, 1)
        words, passages = combined_words(reports, sentences, pieces, cut)
        files = {REPORTS: report_lines(reports), SENTENCES: sentence_lines(sentences)}
        written = {named.sentences: len(sentences)}
        if milvus.create_with_words(named.sentences, ["report"], ["paragraph"], dimension):
            milvus.create_with_words(named.passages, ["report"], [], 0)
            milvus.insert(named.passages, passage_rows(reports, passages))
            milvus.insert(named.sentences, sentence_rows(reports, sentences, vectors, words))
            written[named.passages] = len(passages)
        else:
            milvus.create(named.sentences, ["report"], ["paragraph"], dimension)
            milvus.insert(named.sentences, sentence_rows(reports, sentences, vectors, None))
            files |= word_files(words, passages)
        entries = tuple(
            FileEntry(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
        )
        segment = segment_of(named.stem, reports, sentences)
        manifest = manifest_of(named.number, work, (segment,), entries)
        files[MANIFEST_NAME] = manifest_bytes(manifest)
        parts = list(parts_of(files))
        milvus.create(named.files, FIELDS, [], 2)
        milvus.insert(named.files, iter(parts))
        written[named.files] = len(parts)
        work.progress("verify", 0, 1)
        for name, count in written.items():
            if (found := milvus.finish(name, count)) != count:
                raise StoreError(
                    f"写入存储 {self.name} 后核对不符（{found} 行，应是 {count} 行），没有启用，原有的索引没有改动。请重试。"
                )
        made = self._written(named)
        made.manifest(made.files())
        return manifest, embedded

    def _newest(self, *, with_vectors: bool) -> tuple[Generation, tuple[str, ...]]:
        """The generation that the alias names, else the newest one that is whole, with a warning that says so."""
        target = self._target()
        if not target:
            raise IndexMissing(
                f"存储 {self.name} 里还没有索引。请先运行 union-qa rebuild 报告文件夹 --store {self.name}。"
            )
        first = self._named(target)
        problem: StoreError | None = None
        others = sorted((n for n in self._all() if n != first), key=lambda each: -each.number)
        for named in (first, *others):
            try:
                generation = self._written(named).read(with_vectors=with_vectors)
            except (IndexDamaged, IndexGone) as error:
                problem = problem or error
                continue
            return generation, (f"{problem} 目前用第 {named.number} 代索引回答。",) if problem else ()
        assert problem is not None
        raise problem

    def _written(self, named: Named) -> Written:
        return Written(self._milvus(), self.name, named)

    def _target(self) -> str:
        with milvus_errors(self.name):
            return self._milvus().target(ALIAS)

    def _named(self, files: str) -> Named:
        match = _NAME.fullmatch(files)
        if match is None:
            raise StoreError(
                f"存储 {self.name} 的别名 {ALIAS} 指向 {files}，那不是本程序的索引。请换一个数据库（在地址后加 /数据库名）。"
            )
        return Named(int(match[2]), match[1])

    def _all(self) -> list[Named]:
        with milvus_errors(self.name):
            names = self._milvus().collections()
        return [Named(int(match[2]), match[1]) for match in map(_NAME.fullmatch, names) if match]

    def _drop(self, stem: str) -> None:
        milvus = self._milvus()
        for name in milvus.collections():
            if name.startswith(stem):
                milvus.drop(name)

    def _milvus(self) -> Milvus:
        from embeddings.milvus import Milvus

        with self._connecting:
            if self._client is None:
                with milvus_errors(self.name):
                    self._client = Milvus(self._address, self._token)
            return self._client
