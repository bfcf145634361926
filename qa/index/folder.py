"""The store that is a folder of this machine; ``generations`` describes what it contains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from embeddings.dense import DenseParts, kept_as
from embeddings.sparse import SparseIndex
from qa.errors import IndexMissing, StoreError
from qa.index.generation import (
    Generation,
    Previous,
    Read,
    newest_whole,
    numbers_kept,
    read_generation,
    read_previous,
)
from qa.index.generations import (
    CURRENT_NAME,
    current_bytes,
    generation_folder,
    numbers,
    read_pointer,
    remove_all_but,
    remove_leftovers,
    switch,
)
from qa.index.layout import Layout
from qa.index.lock import LOCK_NAME, rebuild_lock
from qa.index.making import make
from qa.index.manifest import GENERATIONS, Manifest, read_manifest
from qa.index.retrievers import LocalDense, LocalWords
from qa.index.segment import DENSE, open_searches, segment_folder
from qa.index.work import Work


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Generations below a folder: one machine writes, any number of processes read."""

    folder: Path

    @property
    def name(self) -> str:
        return str(self.folder)

    def serving(self) -> bytes:
        return current_bytes(self.folder)

    def read_newest(self) -> tuple[Generation, tuple[str, ...]]:
        return _newest(self.folder, read_generation)

    def retrievers(self, generation: Generation, layout: Layout) -> tuple[LocalDense, LocalWords]:
        parts, dimension = generation.parts, generation.manifest.dimension
        opened = [open_searches(generation.folder, part.entry, dimension) for part in parts]
        rows = [part.sentences for part in parts]
        dense = opened[0].dense if len(opened) == 1 else DenseParts([each.dense for each in opened], rows)
        words = SparseIndex([each.sparse for each in opened], rows)
        passages = SparseIndex([each.passages for each in opened], [part.paragraphs for part in parts])
        return LocalDense(dense, generation.vectors, layout.paragraph_of), LocalWords(words, passages)

    def described(self, manifest: Manifest) -> str:
        folder = generation_folder(self.folder, manifest.generation)
        kinds = [kept_as(segment_folder(folder, entry) / DENSE) for entry in manifest.segments]
        coarse = {kind: recall for kind, recall in kinds if kind != "Flat"}
        if not coarse:
            return self.name
        return f"{self.name}，向量先按 {'、'.join(coarse)} 编码比较，再逐个重算，前十召回 {min(coarse.values()):.3f}"

    @contextmanager
    def building(self, wait_seconds: float) -> Iterator[None]:
        with _disk_errors(self.folder):
            _refuse_foreign(self.folder)
            with rebuild_lock(self.folder, wait_seconds):
                remove_leftovers(self.folder)
                yield

    def previous(self) -> tuple[Previous | None, bool]:
        try:
            found, warnings = _newest(self.folder, read_previous)
        except StoreError:
            return None, False
        return found, not warnings

    def make(self, work: Work) -> tuple[Manifest, int]:
        return make(self.folder, work)

    def switch(self, manifest: Manifest) -> None:
        switch(self.folder, manifest.generation)

    def clean(self, manifest: Manifest) -> None:
        earlier = (number for number in numbers(self.folder) if number < manifest.generation)
        readers = ((number, partial(_names_in, generation_folder(self.folder, number))) for number in earlier)
        remove_all_but(self.folder, numbers_kept(manifest, readers))


def _names_in(generation: Path) -> list[str]:
    return [entry.name for entry in read_manifest(generation).sources]


def _refuse_foreign(index: Path) -> None:
    """Raise StoreError for a file, and for a folder that holds something else than an index."""
    if index.exists() and not index.is_dir():
        raise StoreError(f"{index} 是一个文件，不能存放索引。请用 --index 指定一个文件夹。")
    ours = {CURRENT_NAME, LOCK_NAME, GENERATIONS}
    if index.is_dir() and not ours.intersection(names := [path.name for path in index.iterdir()]) and names:
        raise StoreError(
            f"文件夹 {index} 里有别的内容（如 {min(names)}），不在其中建索引。请用 --index 指定一个空文件夹。"
        )


@contextmanager
def _disk_errors(index: Path) -> Iterator[None]:
    before = current_bytes(index)
    try:
        yield
    except OSError as error:
        where = error.filename or index
        unchanged = current_bytes(index) == before
        state = "原有的索引没有改动" if unchanged else "新的索引已经启用，但旧的一代可能还在磁盘上"
        raise StoreError(
            f"索引写不进去：{where}（{error.strerror or error}）。{state}。请检查磁盘空间和写权限后重试。"
        ) from error


def _newest(index: Path, read: Callable[[Path, int, str | None], Read]) -> tuple[Read, tuple[str, ...]]:
    """Return the generation that CURRENT names, else the newest whole one with a warning.

    Raises IndexMissing, IndexDamaged or IndexIncompatible as :func:`open_index`: the first problem found.
    """
    problem: StoreError | None = None
    candidates: list[tuple[int, str | None]] = [(number, None) for number in numbers(index)]
    try:
        candidates.insert(0, read_pointer(index))
    except IndexMissing:
        raise
    except StoreError as error:
        problem = error
    readers = (
        (number, partial(read, generation_folder(index, number), number, sha256))
        for number, sha256 in candidates
    )
    return newest_whole(readers, StoreError, problem)
