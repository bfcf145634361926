"""Writes that survive a crash: bytes are synced before the name that leads to them appears.

The rule is that of every careful store (see "Atomic Commit In SQLite", https://sqlite.org/atomiccommit.html):
write beside, sync the file, rename over, sync the folder. Nothing here knows what the bytes mean.
What is read or appended to is a regular file: opening a pipe may never end.
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


def regular(path: Path) -> Path:
    """The path itself; an ``OSError`` where it leads to a pipe, a device or a folder."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "不是普通文件", str(path))
    return path


def write_file(path: Path, *pieces: bytes | memoryview, private: bool = False) -> None:
    """Write a whole file and sync it; an existing one is overwritten in place, a new private one is its owner's."""
    if private:
        path.touch(mode=0o600)
    with _named(path), path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def link_file(old: Path, new: Path) -> None:
    """Give a file that is never changed a second name; a copy of it where the file system has no such names."""
    try:
        new.hardlink_to(old)
    except (OSError, NotImplementedError):
        with _named(new):
            shutil.copyfile(old, new)


def replace_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a whole file so that every reader sees the old bytes or the new ones, never a part."""
    beside = path.with_name(path.name + ".new")
    write_file(beside, data, private=private)
    rename(beside, path)


def rename(old: Path, new: Path) -> None:
    """Rename within one folder, replacing a file that has the new name, and sync the folder."""
    old.replace(new)
    _sync_folder(new.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each of them synced into its parent."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        _sync_folder(each.parent)


def sync_tree(folder: Path) -> None:
    """Sync every file and folder below, whoever wrote them, and the folder itself."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            _sync_folder(path)
        else:
            with _named(path), path.open("rb+") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder, where there is one, and all in it."""
    if folder.exists():
        shutil.rmtree(folder)


def sha256_of(path: Path) -> str:
    """The checksum of a file's bytes, read in pieces."""
    with regular(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # Windows has no handle to sync a folder by, and does not need one
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with _named(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error say which file it is about: those of write and fsync do not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
