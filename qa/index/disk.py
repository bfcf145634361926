"""Write files so that a crash leaves them whole, and locks that the system releases when their holder dies.

Bytes are synced before the name that leads to them appears, as in "Atomic Commit In SQLite"
(https://sqlite.org/atomiccommit.html): write a new file, sync it, rename it over the old one, sync the folder.
Only regular files are read or appended to: opening a pipe may never end.

The lock of a rebuild names its holder. Reading an index needs no lock, because a generation never changes once
it has its name.
"""

import errno
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from embeddings import checksums
from qa.errors import IndexBusy, QAError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = "lock"
POLL_SECONDS = 0.1
# Waited at least: a killed holder's lock lasts until the child that it was just starting runs its program.
ORPHANED_SECONDS = 1.0
# Windows refuses reads of locked bytes, and the holder's line must stay readable: lock a byte far behind.
WINDOWS_OFFSET = 1 << 30


def require_regular_file(path: Path) -> Path:
    """Return the path itself; raise OSError if it is a pipe, a device or a folder."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "不是普通文件", str(path))
    return path


def write_file(path: Path, *pieces: bytes | memoryview, private: bool = False) -> None:
    """Write and sync a whole file in place; a new private one is readable by its owner only."""
    if private:
        path.touch(mode=0o600)
    with _path_in_errors(path), path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def link_file(old: Path, new: Path) -> None:
    """Hard-link a file that never changes; copy it if the file system has no hard links."""
    try:
        new.hardlink_to(old)
    except (OSError, NotImplementedError):
        with _path_in_errors(new):
            shutil.copyfile(old, new)


def replace_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a whole file atomically: a reader sees the old bytes or the new ones, never a part."""
    temporary = path.with_name(path.name + ".new")
    write_file(temporary, data, private=private)
    rename(temporary, path)


def rename(old: Path, new: Path) -> None:
    """Rename within one folder, replacing a file that has the new name, and sync the folder."""
    old.replace(new)
    _sync(new.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, each synced into its parent."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(exist_ok=True)
        _sync(missing.parent)


def sync_tree(folder: Path) -> None:
    """Sync a folder and everything in it, files that were copied included."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    return checksums.sha256_of(require_regular_file(path))


def _sync(path: Path) -> None:
    if path.is_dir() and sys.platform == "win32":  # which has no handle to sync it by, and does not need one
        return
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        with _path_in_errors(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _path_in_errors(path: Path) -> Iterator[None]:
    """Add the path to errors of write and fsync, which do not carry it."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


@contextmanager
def rebuild_lock(folder: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of a folder, made if needed; raises IndexBusy if another holds it after ``wait_seconds``."""
    make_folder(folder)
    with _locked(folder / LOCK_NAME, max(wait_seconds, ORPHANED_SECONDS)) as (file, locked):
        if not locked:
            file.seek(0)
            holder = file.read(4096).decode("utf-8", "replace") or "进程未署名"
            raise IndexBusy(
                f"索引 {folder} 正由另一个重建占用（{holder}）。请等它结束，或加 --wait 60 等候最多 60 秒。"
            )
        try:
            started = datetime.now().astimezone().isoformat(timespec="seconds")
            file.truncate(0)
            file.write(f"进程 {os.getpid()}，主机 {socket.gethostname()}，开始于 {started}".encode())
            yield
        finally:
            file.truncate(0)


@contextmanager
def held(path: Path, busy: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold a lock; its file stays. Raises QAError with the text ``busy`` if another still holds it then."""
    with _locked(path, wait_seconds) as (_, locked):
        if not locked:
            raise QAError(busy)
        yield


@contextmanager
def _locked(path: Path, wait_seconds: float) -> Iterator[tuple[IO[bytes], bool]]:
    """Yield a file, and whether it could be locked within so many seconds."""
    deadline = time.monotonic() + wait_seconds
    with path.open("a+b", buffering=0) as file:
        while not (locked := _try_lock(file)) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        try:
            yield file, locked
        finally:
            if locked:
                _unlock(file)


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(WINDOWS_OFFSET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # as Linux and Windows say that another holds it
        return False
    return True


def _unlock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        file.seek(WINDOWS_OFFSET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
