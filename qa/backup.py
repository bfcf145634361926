"""Back up all data of the program to one file while everything runs, and restore it on another machine.

A backup is a zip whose ``backup.json`` lists every file with its size and checksum. It holds the generation
that serves, and consistent copies of databases. What exists is never overwritten: it is moved away first.
"""

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeAlias

from qa.errors import QAError, StoreError
from qa.index import index_exists, store_at
from qa.index.disk import LOCK_NAME, held, make_folder, rename
from qa.index.folder import CURRENT_NAME, pointer_bytes
from qa.index.manifest import GENERATIONS, MANIFEST_NAME
from qa.scratch import scratch_folder

FORMAT = 1
LIST = "backup.json"
LARGEST_LIST_BYTES = 64 << 20
WAITING = ".restoring-"  # folders in which files wait until all of them are checked
PIECE_BYTES = 1 << 20  # copied at once
_ATTEMPTS = 5  # to open a generation that rebuilds may remove meanwhile
_SQLITE = b"SQLite format 3\x00"
_UNFINISHED = re.compile(rf"{re.escape(WAITING)}.*|\.incoming|.*\.(?:new|lock)|.*-(?:wal|shm|journal)")
_INDEX_FILES = (CURRENT_NAME, LOCK_NAME, GENERATIONS)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, LookupError, TypeError)

Places: TypeAlias = Mapping[str, Path]  # name in the backup → a folder or a file; one may lie in another
_OpenFiles: TypeAlias = Iterator[tuple[str, int, IO[bytes]]]  # name, permissions, open file


@dataclass(frozen=True, slots=True)
class Saved:
    """A file of a backup; the name is its place, then ``/`` and a path if the place is a folder."""

    name: str
    bytes: int
    sha256: str
    mode: int  # its permissions


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied; ``problems`` are sentences about what is not in the backup."""

    files: int
    bytes: int
    problems: tuple[str, ...] = ()


def back_up(places: Places, file: Path, without: Collection[Path] = ()) -> Copied:
    """Write a backup, replacing an earlier one of this name once the new one is complete.

    ``without`` are folders that can be made again. Raises QAError if there is nothing to save or writing fails.
    """
    for place in places.values():
        if place.resolve() in (file.resolve(), *file.resolve().parents):
            raise QAError(f"备份文件不能放在被备份的 {place} 里面。请换一个位置。")
    own = {path.resolve() for path in (*places.values(), *without)}
    problems: list[str] = []
    saved: list[Saved] = []
    with _disk_errors(file), ExitStack() as made:
        # Readable by its owner only: backups contain password hashes.
        descriptor, new = tempfile.mkstemp(prefix=".union-qa-", suffix=".new", dir=file.parent)
        made.callback(Path(new).unlink, missing_ok=True)
        with os.fdopen(descriptor, "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for name, place in places.items():
                    for each, mode, opened in _open_files(name, place, own, problems):
                        with archive.open(_zip_name(each), "w", force_zip64=True) as member:
                            saved.append(Saved(each, *_pour(opened, member), mode))
                # Opened like the others, not ``writestr``, which dates it: a clock may stand before 1980.
                with archive.open(LIST, "w") as member:
                    member.write(list_bytes(saved))
            out.flush()
            os.fsync(out.fileno())
        if not saved:
            raise QAError(problems[0] if problems else f"{places['home']} 里还没有可以备份的内容。")
        rename(Path(new), file)
    return Copied(len(saved), sum(each.bytes for each in saved), tuple(problems))


def restore(file: Path, places: Places) -> Copied:
    """Restore the files of a backup to their places; nothing that exists is overwritten.

    All are unpacked next to their places and checked before the first gets its name; ``CURRENT`` of an index
    comes last. If one cannot be moved, those before it are removed again. Two restorations share no place.
    """
    with _disk_errors(file), ExitStack() as waiting:
        if file.exists() and not file.is_file():  # a pipe or a device has no end
            raise QAError(f"{file} 不是普通文件，没有恢复任何内容。请换成 union-qa backup 写的备份。")
        try:
            archive = waiting.enter_context(zipfile.ZipFile(file))
            if archive.getinfo(LIST).file_size > LARGEST_LIST_BYTES:
                raise ValueError("the list is too long")
            content = json.loads(archive.read(LIST))
            if content["format"] != FORMAT:
                raise QAError(
                    f"备份的格式版本是 {content['format']}，本程序读写的是版本 {FORMAT}。请用写它的那个版本的程序。"
                )
            saved = tuple(Saved(**each) for each in content["files"])
            targets = [_target(each, places) for each in saved]
            for place in (each.resolve() for each in places.values()):
                _make_folder(place.parent, waiting)
                busy = f"另一个 union-qa restore 正在恢复到 {place}，这一个没有恢复任何内容。请等它结束，再查看那里的内容。"
                lock = place.with_name(f"{WAITING}{place.name}.lock")
                waiting.enter_context(held(lock, busy))
                waiting.callback(_remove, lock)
            indexes = [place for place in places.values() if index_exists(place)]
            for target in targets:
                if os.path.lexists(target) or any(index in target.parents for index in indexes):
                    raise QAError(
                        f"{target} 已经存在，恢复不覆盖任何内容。请先把它移走，或把 UNION_QA_HOME 设为一个空文件夹。"
                    )
            size = sum(each.bytes for each in saved)
            folders = {name: _waiting_folder(place, size, waiting) for name, place in places.items()}
            unpacked = [folders[each.name.partition("/")[0]] / str(n) for n, each in enumerate(saved)]
            for each, path in zip(saved, unpacked, strict=True):
                _unpack(archive, each, path)
        except _DAMAGE as error:
            unusable = f"{file} 不是 union-qa backup 写的备份，或已损坏。没有恢复任何内容，请换一份备份。"
            raise QAError(unusable) from error
        moves = sorted(zip(targets, unpacked, strict=True), key=lambda move: move[0].name == CURRENT_NAME)
        with ExitStack() as undone:
            for target, path in moves:
                _make_folder(target.parent, undone)
                undone.callback(_remove, target)
                rename(path, target)
            undone.pop_all()
    return Copied(len(saved), size)


def _pour(source: IO[bytes], out: IO[bytes], most: float = float("inf")) -> tuple[int, str]:
    """Copy a file, and stop soon after so many bytes; return size and SHA-256 of what was copied."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (piece := source.read(PIECE_BYTES)):
        digest.update(piece)
        size += len(piece)
        out.write(piece)
    return size, digest.hexdigest()


def _open_files(name: str, path: Path, own: set[Path], problems: list[str]) -> _OpenFiles:
    """Yield the files at a place, open, without unfinished ones and other places inside it."""
    if path.is_dir():
        is_index = index_exists(path)
        if is_index:
            yield from _serving(name, path, problems)
        for below in sorted(path.iterdir()):
            excluded = (is_index and below.name in _INDEX_FILES) or _UNFINISHED.fullmatch(below.name)
            if excluded or Path(os.path.realpath(below)) in own:  # a link may lead round in a circle
                continue
            if below.is_symlink() and below.is_dir():
                problems.append(f"{below} 是指向别处文件夹的链接，没有备份，请自行备份它所指的文件夹。")
            else:
                yield from _open_files(f"{name}/{below.name}", below, own, problems)
    elif path.is_file():
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            if file.read(len(_SQLITE)) == _SQLITE:
                yield from _database(name, path, mode)
            else:
                file.seek(0)
                yield name, mode, file


def _serving(name: str, index: Path, problems: list[str]) -> _OpenFiles:
    """Yield the generation that serves, all files open before the first is read: a rebuild may remove it."""
    problem: Exception | None = None
    for _ in range(_ATTEMPTS):
        with ExitStack() as opened:
            try:
                generation, _ = store_at(index).read_newest()
                names = [MANIFEST_NAME, *(file.name for file in generation.manifest.files)]
                files = [opened.enter_context((generation.folder / each).open("rb")) for each in names]
            except (StoreError, FileNotFoundError) as error:
                problem = error
                continue
            folder = f"{name}/{GENERATIONS}/{generation.folder.name}"
            for each, file in zip(names, files, strict=True):
                yield f"{folder}/{each}", 0o644, file
            files[0].seek(0)
            digest = hashlib.file_digest(files[0], "sha256").hexdigest()
            pointer = io.BytesIO(pointer_bytes(generation.manifest.generation, digest))
            yield f"{name}/{CURRENT_NAME}", 0o644, pointer
            return
    problems.append(f"索引 {index} 没有备份：{problem}")


def _database(name: str, path: Path, mode: int) -> _OpenFiles:
    """Yield a copy of an SQLite file as one transaction sees it, whoever writes meanwhile."""
    with scratch_folder() as folder:
        copy = folder / path.name
        try:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise QAError(f"{path} 备份不了（{error}）。若已损坏，请先把它移走。") from error
        with copy.open("rb") as file:
            yield name, mode, file


def _zip_name(name: str) -> str:
    """Return the name inside the zip: unchanged, except for bytes that are not UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def list_bytes(files: list[Saved]) -> bytes:
    """Return the list of files as it is written, after all of them."""
    created = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"format": FORMAT, "created": created, "files": [asdict(file) for file in files]}
    return json.dumps(content, indent=1).encode("ascii")


@contextmanager
def _disk_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise QAError(
            f"读写不了 {error.filename or file}（{error.strerror or error}）。请检查路径、权限和磁盘空间后重试。"
        ) from error


def _make_folder(folder: Path, undone: ExitStack) -> None:
    """Make a folder and its parents; if the restoration is undone, those that stay empty are removed again."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        undone.callback(_remove, missing)
        make_folder(missing)


def _remove(path: Path) -> None:
    """Remove what this restoration made; a folder only if nobody else has put anything into it."""
    with suppress(OSError):
        path.rmdir() if path.is_dir() else path.unlink()


def _waiting_folder(place: Path, size: int, waiting: ExitStack) -> Path:
    """Return a new folder on the file system of a place; raise QAError if that has no room for the files of a backup."""
    parent = next(folder for folder in place.absolute().parents if folder.is_dir())
    free = shutil.disk_usage(parent).free
    if size > free:
        have = f"{place} 所在的磁盘只剩 {free >> 20} MB，备份解开要 {size >> 20} MB，没有恢复任何内容。"
        raise QAError(f"{have}请腾出空间后重试。")
    folder = tempfile.mkdtemp(prefix=WAITING, dir=parent)
    waiting.callback(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _target(saved: Saved, places: Places) -> Path:
    """Return where a file belongs; raise ValueError if its name leads elsewhere, KeyError if unknown."""
    place, *rest = str(saved.name).split("/")
    # C:x and a\\b lead elsewhere on Windows.
    if any(part in ("", "..") or Path(part).name != part for part in rest):
        raise ValueError(f"a name leads elsewhere: {saved.name!r}")
    return places[place].joinpath(*rest)


def _unpack(archive: zipfile.ZipFile, saved: Saved, path: Path) -> None:
    with archive.open(_zip_name(saved.name)) as source, path.open("wb") as out:
        found = _pour(source, out, saved.bytes)  # no more, so that it cannot fill the disk
        out.flush()
        os.fsync(out.fileno())
    if found != (saved.bytes, saved.sha256):
        raise ValueError(f"the checksum of {saved.name!r} does not hold")
    path.chmod(saved.mode & 0o777)
