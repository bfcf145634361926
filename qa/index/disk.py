"""Write files so that a crash leaves them whole, and locks that the system releases when their holder dies.

Bytes are synced before the name that leads to them appears, as in "Atomic Commit In SQLite"
(https://sqlite.org/atomiccommit.html): write a new file, sync it, rename it over the old one, sync the folder.
Only regular files are read or appended to: opening a pipe may never end.

The lock of a rebuild names its holder. Reading an index needs no lock, because a generation never changes once
it has its name.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from qa.errors import IndexBusy, QAError

LOCK_NAME = "lock"
POLL_SECONDS = 0.1
# A killed holder's lock lasts until the child that it was just starting runs its program.
ORPHANED_SECONDS = 5.0
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
    _sync_folder(new.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, each synced into its parent."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(exist_ok=True)
        _sync_folder(missing.parent)


def sync_tree(folder: Path) -> None:
    """Sync a folder and everything in it, including files that libraries wrote."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            _sync_folder(path)
        else:
            with _path_in_errors(path), path.open("rb+") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with require_regular_file(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # Windows has no handle to sync a folder by, and does not need one
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with _path_in_errors(folder):
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
    """Hold the lock of an index folder, creating the folder if needed.

    Raises IndexBusy if another process still holds it after ``wait_seconds``.
    """
    make_folder(folder)
    deadline = time.monotonic() + wait_seconds
    with (folder / LOCK_NAME).open("a+b", buffering=0) as file:
        if not _acquire(deadline, file):
            raise IndexBusy(
                f"索引 {folder} 正由另一个重建占用（{_read_holder(file)}）。请等它结束，或加 --wait 60 等候最多 60 秒。"
            )
        try:
            started = datetime.now().astimezone().isoformat(timespec="seconds")
            holder = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
            file.truncate(0)
            file.write(json.dumps(holder).encode("ascii"))
            yield
        finally:
            file.truncate(0)
            _unlock(file)


@contextmanager
def passing_lock(path: Path, busy: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold a lock whose file exists only while somebody holds it or waits for it.

    Raises QAError with the text ``busy`` if another still holds it after ``wait_seconds``.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        with path.open("a+b", buffering=0) as file:
            if not _acquire(deadline, file):
                raise QAError(busy)
            if _is_same_file(path, file):  # otherwise its last holder removed it: open a new one
                try:
                    yield
                finally:
                    _remove(path, file)
                return


def _acquire(deadline: float, file: IO[bytes]) -> bool:
    """Take the lock as soon as it is free; return False if it is not by the deadline, or soon after its holder died."""
    while not _try_lock(file):
        late = time.monotonic() - deadline
        if late >= 0 and (late >= ORPHANED_SECONDS or not _has_died(_holder(file))):
            return False
        time.sleep(POLL_SECONDS)
    return True


def _has_died(holder: dict[str, Any]) -> bool:
    """Whether this machine has no such process any more; Windows gives no lock to children."""
    if sys.platform != "win32" and holder.get("host") == socket.gethostname():
        try:
            os.kill(holder["pid"], 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):  # it lives, and is another user's; or no process has such a number
            return False
    return False


def _is_same_file(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _holder(file: IO[bytes]) -> dict[str, Any]:
    """Return what the holder wrote; nothing if it has not signed yet."""
    file.seek(0)
    try:
        line = json.loads(file.read(4096))
        return {"pid": int(line["pid"]), "host": line["host"], "started": line["started"]}
    except (ValueError, KeyError, TypeError):
        return {}


def _read_holder(file: IO[bytes]) -> str:
    """Describe who holds the lock; one that has only just taken it gets a moment to sign."""
    for _ in range(5):
        if holder := _holder(file):
            return f"进程 {holder['pid']}，主机 {holder['host']}，开始于 {holder['started']}"
        time.sleep(POLL_SECONDS)
    return "进程未署名"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(WINDOWS_OFFSET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(WINDOWS_OFFSET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

    def _remove(path: Path, file: IO[bytes]) -> None:
        """Close before removing, as Windows requires; if another has it open by then, that one removes it."""
        _unlock(file)
        file.close()
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)

    def _remove(path: Path, file: IO[bytes]) -> None:
        """Remove it while the lock is held: afterwards it may be another's."""
        with suppress(OSError):
            path.unlink()
        _unlock(file)
