"""The store that is a folder: numbered generations, and ``CURRENT``, which names the one that serves.

::

    INDEX/
      CURRENT                  "12 <sha256 of its manifest>", replaced by an atomic rename
      lock                     see disk.py
      generations/
        00000012/              never changed once it has this name
          manifest.json
          segments/00000009-00/  hard links to the files of an earlier generation
          segments/00000012-00/  what is new
        .building-…            a build under way, or the remains of a crashed one

After a crash CURRENT names the old generation or the new one, and that one is whole. The next build removes
the rest.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from embeddings import dense
from embeddings.sparse import SparseIndex
from qa.errors import IndexMissing, StoreError
from qa.index import disk
from qa.index.manifest import GENERATIONS, MANIFEST_NAME, Manifest, damaged, read_manifest
from qa.index.retrievers import Layout, LocalDense, Words
from qa.index.segment import DENSE, Generation, Previous, open_searches
from qa.index.work import Work

from .generation import Read, newest_whole, numbers_kept, read_generation, read_previous, write_generation

CURRENT_NAME = "CURRENT"
_POINTER = re.compile(rb"([1-9][0-9]{0,9}) ([0-9a-f]{64})\n")
_FOLDER = re.compile(r"[0-9]{8,10}")
_BUILDING = ".building-"
_REMOVED = ".removed-"


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Generations below a folder, one of which serves: one machine writes, any number of processes read.

    A method that fails raises StoreError, and what serves goes on serving.
    """

    folder: Path  # of files next to an index too, such as ``ledger.toml``

    @property
    def name(self) -> str:
        return str(self.folder)

    def serving(self) -> bytes:
        """Return bytes that identify the generation that serves, cheap to compare; empty if none does."""
        return current_bytes(self.folder)

    def read_newest(self) -> tuple[Generation, tuple[str, ...]]:
        """Return the generation that serves, else the newest whole one with a warning."""
        return _newest(self.folder, read_generation)

    def retrievers(self, generation: Generation, layout: Layout) -> tuple[LocalDense, Words]:
        manifest = generation.manifest
        opened = [open_searches(generation.folder, entry, manifest.dimension) for entry in manifest.segments]
        ids = {report.source.name: report.id for report in generation.reports}
        placed = [layout.numbers_of([ids[name] for name in entry.reports]) for entry in manifest.segments]
        vectors, rows = [each for each, _, _ in opened], [own for _, own in placed]
        nearest = vectors[0] if len(vectors) == 1 else dense.DenseParts(vectors, rows)
        words = SparseIndex([each for _, each, _ in opened], rows)
        passages = SparseIndex([each for _, _, each in opened], [own for own, _ in placed])
        return LocalDense(nearest, generation.vectors, layout.paragraph_of), Words(words, passages)

    def described(self, manifest: Manifest) -> str:
        """Return the name, with whatever is unusual about how a generation is searched."""
        folder = generation_folder(self.folder, manifest.generation)
        kinds = [dense.kept_as(folder / entry.folder / DENSE) for entry in manifest.segments]
        coarse = {kind: recall for kind, recall in kinds if kind != "Flat"}
        if not coarse:
            return self.name
        return f"{self.name}，向量先按 {'、'.join(coarse)} 编码比较，再逐个重算，前十召回 {min(coarse.values()):.3f}"

    @contextmanager
    def building(self, wait_seconds: float) -> Iterator[None]:
        """Guard a rebuild, so that two do not harm each other."""
        with _disk_errors(self.folder):
            _refuse_foreign(self.folder)
            with disk.rebuild_lock(self.folder, wait_seconds):
                for path in (self.folder / GENERATIONS).glob(".*"):  # what a crashed build left
                    if path.name.startswith((_BUILDING, _REMOVED)):
                        shutil.rmtree(path)
                (self.folder / f"{CURRENT_NAME}.new").unlink(missing_ok=True)
                yield

    def previous(self) -> tuple[Previous | None, bool]:
        """Return the newest whole generation, if any, and whether it is the one that serves."""
        try:
            found, warnings = _newest(self.folder, read_previous)
        except StoreError:
            return None, False
        return found, not warnings

    def make(self, work: Work) -> tuple[Manifest, int]:
        """Make a generation, not serving yet; return its manifest and the number of sentences embedded."""
        dense.load()
        disk.make_folder(self.folder / GENERATIONS)
        building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=self.folder / GENERATIONS))
        try:
            number = max((0, *numbers(self.folder))) + 1
            manifest, embedded = write_generation(building, number, work)
            work.progress("publish", 0, 1)
            building.chmod(0o755)  # mkdtemp allows the owner only; the parent folder decides who reads
            disk.rename(building, generation_folder(self.folder, number))
        except BaseException:
            with suppress(OSError):  # the next build removes the rest
                shutil.rmtree(building)
            raise
        return manifest, embedded

    def switch(self, manifest: Manifest) -> None:
        """Make a generation serve, in one atomic step."""
        digest = disk.sha256_of(generation_folder(self.folder, manifest.generation) / MANIFEST_NAME)
        disk.replace_file(self.folder / CURRENT_NAME, pointer_bytes(manifest.generation, digest))

    def clean(self, manifest: Manifest) -> None:
        """Remove all but the generation that serves and the last before it.

        That one goes too if it has a report removed since, which must disappear and never be served again.
        """
        found = numbers(self.folder)
        earlier = [(n, partial(_report_names, self.folder, n)) for n in found if n < manifest.generation]
        for number in set(found).difference(numbers_kept(manifest, earlier)):
            hidden = self.folder / GENERATIONS / f"{_REMOVED}{number:08d}"
            disk.rename(generation_folder(self.folder, number), hidden)  # so that nobody opens half of one
            shutil.rmtree(hidden)


def current_bytes(index: Path) -> bytes:
    """Return the content of CURRENT, which is cheap to compare; empty if there is none."""
    try:
        with disk.require_regular_file(index / CURRENT_NAME).open("rb") as file:
            return file.read(256)
    except OSError:
        return b""


def index_exists(index: Path) -> bool:
    """Return whether anything was ever built in this folder, whole or not; raise StoreError if it cannot be told."""
    if current_bytes(index) or numbers(index):
        return True
    try:
        (index / CURRENT_NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:  # an index of which nobody may see whether it is there is not taken for none
        raise StoreError(
            f"打不开索引 {index}（{error.strerror or error}）。请检查权限和磁盘后重试。"
        ) from error
    return False


def numbers(index: Path) -> tuple[int, ...]:
    """Return the numbers of the generations in the folder, newest first."""
    try:
        names = [path.name for path in (index / GENERATIONS).iterdir()]
    except OSError:
        return ()
    return tuple(sorted((int(name) for name in names if _FOLDER.fullmatch(name)), reverse=True))


def generation_folder(index: Path, number: int) -> Path:
    """Return the folder of a generation, whether it exists or not."""
    return index / GENERATIONS / f"{number:08d}"


def pointer_bytes(number: int, manifest_sha256: str) -> bytes:
    """Return the content of CURRENT while this generation serves."""
    return f"{number} {manifest_sha256}\n".encode("ascii")


def _report_names(index: Path, number: int) -> list[str]:
    return [entry.name for entry in read_manifest(generation_folder(index, number)).sources]


def _refuse_foreign(index: Path) -> None:
    """Raise StoreError for a file, and for a folder that holds something else than an index."""
    if index.exists() and not index.is_dir():
        raise StoreError(f"{index} 是一个文件，不能存放索引。请用 --index 指定一个文件夹。")
    ours = {CURRENT_NAME, disk.LOCK_NAME, GENERATIONS}
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
    def serving() -> Read:
        if not index_exists(index):
            raise IndexMissing(
                f"{index} 里还没有索引。请先运行 union-qa rebuild 报告文件夹 --index {index}，或用 --index 指向已有的索引。"
            )
        pointer = _POINTER.fullmatch(current_bytes(index))
        if pointer is None:
            raise damaged(index / CURRENT_NAME, "内容不对", index)
        number = int(pointer[1])
        return read(generation_folder(index, number), number, pointer[2].decode("ascii"))

    others = (partial(read, generation_folder(index, number), number, None) for number in numbers(index))
    return newest_whole([serving, *others], StoreError)
