"""The form of a backup: a zip whose ``backup.json`` names every file with its size and checksum."""

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
    """A file of a backup.

    Args:
        name: the name of its place, followed by ``/`` and its path where the place is a folder.
        mode: its permissions.
    """

    name: str
    bytes: int
    sha256: str
    mode: int


def stored(name: str) -> str:
    """The name inside the zip: as it is, but for bytes that are no UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def list_bytes(files: list[Saved]) -> bytes:
    """The list of the files as it is written, after all of them."""
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps(
        {"format": FORMAT, "created": created, "files": [asdict(file) for file in files]}, indent=1
    ).encode("ascii")


def read_list(archive: zipfile.ZipFile) -> tuple[Saved, ...]:
    """What a backup holds.

    Raises:
        QAError: a later version wrote it.
        ValueError, KeyError, TypeError: it is no list of a backup.
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
    """A sentence for what the system refuses."""
    try:
        yield
    except OSError as error:
        raise QAError(
            f"读写不了 {error.filename or file}（{error.strerror or error}）。请检查路径、权限和磁盘空间后重试。"
        ) from error
