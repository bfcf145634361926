"""Write files so that a crash leaves them whole: bytes are synced before the name that leads to them appears.

As in "Atomic Commit In SQLite" (https://sqlite.org/atomiccommit.html): write a new file, sync it, rename it
over the old one, sync the folder. Only regular files are read or appended to: opening a pipe may never end.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
