"""The folder of an index: numbered generations, and ``CURRENT``, which names the one that serves.

::

    INDEX/
      CURRENT                  "12 <sha256 of its manifest>", replaced by an atomic rename
      lock                     see lock.py
      generations/
        00000012/              never changed once it has this name
          manifest.json
          segments/00000009-00/  from an earlier generation, by a second name for the same files
          segments/00000012-00/  what is new
        .building-…            a build under way, or what a crash left of one

A crash leaves the folder in one of two states: CURRENT names the old generation, or the new one, and the one
that it names is whole. What else lies about is removed by the next build.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexMissing
from qa.index.damage import GENERATIONS, damaged
from qa.index.disk import make_folder, regular, remove_tree, rename, replace_file, sha256_of
from qa.index.manifest import MANIFEST_NAME

CURRENT_NAME = "CURRENT"
_POINTER = re.compile(rb"([1-9][0-9]{0,9}) ([0-9a-f]{64})\n")
_FOLDER = re.compile(r"[0-9]{8,10}")
_BUILDING = ".building-"
_REMOVED = ".removed-"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What CURRENT says: a generation's number, and the checksum of its manifest's bytes."""

    number: int
    manifest_sha256: str


def current_bytes(index: Path) -> bytes:
    """The bytes of CURRENT, a cheap thing to compare; empty where there is none."""
    try:
        with regular(index / CURRENT_NAME).open("rb") as file:
            return file.read(256)
    except OSError:
        return b""


def index_exists(index: Path) -> bool:
    """Whether anything was ever built in this folder, whole or not."""
    return bool(current_bytes(index) or numbers(index))


def read_pointer(index: Path) -> Pointer:
    """The generation that serves.

    Raises:
        IndexMissing: nothing was ever built in this folder.
        IndexDamaged: CURRENT is missing or holds anything but a generation's number and a checksum.
    """
    content = current_bytes(index)
    if not index_exists(index):
        raise IndexMissing(
            f"{index} 里还没有索引。请先运行 union-qa rebuild 报告文件夹 --index {index}，或用 --index 指向已有的索引。"
        )
    match = _POINTER.fullmatch(content)
    if match is None:
        raise damaged(index / CURRENT_NAME, "内容不对", index)
    return Pointer(int(match[1]), match[2].decode("ascii"))


def numbers(index: Path) -> tuple[int, ...]:
    """The numbers of the generations in the folder, newest first."""
    try:
        names = [path.name for path in (index / GENERATIONS).iterdir()]
    except OSError:
        return ()
    return tuple(sorted((int(name) for name in names if _FOLDER.fullmatch(name)), reverse=True))


def generation_folder(index: Path, number: int) -> Path:
    """Where a generation lies, whether it exists or not."""
    return index / GENERATIONS / f"{number:08d}"


def new_building(index: Path) -> Path:
    """An empty folder to build in, on the same file system as the generations."""
    make_folder(index / GENERATIONS)
    return Path(tempfile.mkdtemp(prefix=_BUILDING, dir=index / GENERATIONS))


def publish(index: Path, building: Path, number: int) -> Path:
    """Give a synced build its number. Nothing serves it before :func:`switch`."""
    folder = generation_folder(index, number)
    building.chmod(0o755)  # mkdtemp keeps others out; an index may be read by whom its parent lets in
    rename(building, folder)
    return folder


def switch(index: Path, number: int) -> None:
    """Let CURRENT name a published generation, in one atomic step."""
    digest = sha256_of(generation_folder(index, number) / MANIFEST_NAME)
    replace_file(index / CURRENT_NAME, pointer_bytes(number, digest))


def pointer_bytes(number: int, manifest_sha256: str) -> bytes:
    """What CURRENT holds while this generation serves."""
    return f"{number} {manifest_sha256}\n".encode("ascii")


def remove_leftovers(index: Path) -> None:
    """Remove what a crashed build left. Only for who holds the lock."""
    for path in (index / GENERATIONS).glob(".*"):
        if path.name.startswith((_BUILDING, _REMOVED)):
            remove_tree(path)
    (index / f"{CURRENT_NAME}.new").unlink(missing_ok=True)


def remove_all_but(index: Path, kept: tuple[int, ...]) -> None:
    """Remove the other generations, each hidden first, so that no one opens half of one."""
    for number in numbers(index):
        if number not in kept:
            hidden = index / GENERATIONS / f"{_REMOVED}{number:08d}"
            remove_tree(hidden)
            rename(generation_folder(index, number), hidden)
            remove_tree(hidden)
