"""Write a backup while everything runs: the generation that serves, and consistent copies of databases.

A backup is a zip whose ``backup.json`` lists every file with its size and checksum.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeAlias

from qa.errors import QAError, StoreError
from qa.index import index_exists, store_at
from qa.index.disk import rename
from qa.index.folder import CURRENT_NAME, pointer_bytes
from qa.index.lock import LOCK_NAME
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
    """What was copied; ``problems`` are sentences about damaged indexes, which are not in the backup."""

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
    problems: list[str] = []
    with disk_errors(file), _temporary_file(file) as new:
        saved = _write(places, new, {path.resolve() for path in without}, problems)
        if not saved:
            raise QAError(problems[0] if problems else f"{places['home']} 里还没有可以备份的内容。")
        rename(new, file)
    return Copied(len(saved), sum(each.bytes for each in saved), tuple(problems))


@contextmanager
def _temporary_file(file: Path) -> Iterator[Path]:
    """Provide an empty file of a new name, readable by its owner only: backups contain password hashes."""
    descriptor, name = tempfile.mkstemp(prefix=".union-qa-", suffix=".new", dir=file.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _write(places: Places, new: Path, without: set[Path], problems: list[str]) -> list[Saved]:
    saved = []
    own = without.union(place.resolve() for place in places.values())
    with new.open("w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, place in places.items():
                for each, mode, file in _open_files(name, place, own, problems):
                    saved.append(_copy(archive, each, mode, file))
            archive.writestr(LIST, list_bytes(saved))
        out.flush()
        os.fsync(out.fileno())
    return saved


def _copy(archive: zipfile.ZipFile, name: str, mode: int, file: IO[bytes]) -> Saved:
    digest, size = hashlib.sha256(), 0
    with archive.open(zip_name(name), "w", force_zip64=True) as out:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    return Saved(name, size, digest.hexdigest(), mode)


def _open_files(name: str, path: Path, own: set[Path], problems: list[str]) -> _OpenFiles:
    """Yield the files at a place, open, without unfinished ones and other places inside it."""
    if path.is_dir():
        is_index = index_exists(path)
        if is_index:
            yield from _serving(name, path, problems)
        for below in sorted(path.iterdir()):
            excluded = (is_index and below.name in _INDEX_FILES) or below.resolve() in own
            leads_away = below.is_symlink() and below.is_dir()
            if not excluded and not _UNFINISHED.fullmatch(below.name) and not leads_away:
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
    for attempt in range(_ATTEMPTS):
        with ExitStack() as opened:
            try:
                generation, _ = store_at(index).read_newest()
                names = [MANIFEST_NAME, *(file.name for file in generation.manifest.files)]
                files = [opened.enter_context((generation.folder / each).open("rb")) for each in names]
            except (StoreError, FileNotFoundError) as error:
                if attempt == _ATTEMPTS - 1:
                    problems.append(f"索引 {index} 没有备份：{error}")
                continue
            folder = f"{name}/{GENERATIONS}/{generation.folder.name}"
            for each, file in zip(names, files, strict=True):
                yield f"{folder}/{each}", 0o644, file
            files[0].seek(0)
            digest = hashlib.file_digest(files[0], "sha256").hexdigest()
            pointer = io.BytesIO(pointer_bytes(generation.manifest.generation, digest))
            yield f"{name}/{CURRENT_NAME}", 0o644, pointer
            return


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


def zip_name(name: str) -> str:
    """Return the name inside the zip: unchanged, except for bytes that are not UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def list_bytes(files: list[Saved]) -> bytes:
    """Return the list of files as it is written, after all of them."""
    created = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"format": FORMAT, "created": created, "files": [asdict(file) for file in files]}
    return json.dumps(content, indent=1).encode("ascii")


def read_list(archive: zipfile.ZipFile) -> tuple[Saved, ...]:
    """Return the files in a backup.

    Raises QAError if another version wrote it, ValueError, KeyError or TypeError if it is malformed.
    """
    if archive.getinfo(LIST).file_size > LARGEST_LIST_BYTES:
        raise ValueError("the list is too long")
    content = json.loads(archive.read(LIST))
    if content["format"] != FORMAT:
        raise QAError(
            f"备份的格式版本是 {content['format']}，本程序读写的是版本 {FORMAT}。请用写它的那个版本的程序。"
        )
    return tuple(Saved(**file) for file in content["files"])


@contextmanager
def disk_errors(file: Path) -> Iterator[None]:
    """Turn an OSError into a message for the user."""
    try:
        yield
    except OSError as error:
        raise QAError(
            f"读写不了 {error.filename or file}（{error.strerror or error}）。请检查路径、权限和磁盘空间后重试。"
        ) from error
