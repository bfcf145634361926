"""The format of a backup: a zip whose ``backup.json`` lists every file with its size and checksum."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from qa.errors import QAError

FORMAT = 1
LIST = "backup.json"
LARGEST_LIST_BYTES = 64 << 20
WAITING = ".restoring-"  # folders in which files wait until all of them are checked

Places: TypeAlias = Mapping[str, Path]  # name in the backup → a folder or a file; one may lie in another


@dataclass(frozen=True, slots=True)
class Saved:
    """A file of a backup; the name is its place, then ``/`` and a path if the place is a folder."""

    name: str
    bytes: int
    sha256: str
    mode: int  # its permissions


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
