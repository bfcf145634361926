"""The folder of an index: numbered generations, and ``CURRENT``, which names the one that serves.

::

    INDEX/
      CURRENT                  "12 <sha256 of its manifest>", replaced by an atomic rename
      lock                     see lock.py
      generations/
        00000012/              never changed once it has this name
          manifest.json
          segments/00000009-00/  hard links to the files of an earlier generation
          segments/00000012-00/  what is new
        .building-…            a build under way, or the remains of a crashed one

After a crash CURRENT names the old generation or the new one, and that one is whole. The next build removes
the rest.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from qa.errors import IndexMissing
from qa.index.disk import make_folder, remove_tree, rename, replace_file, require_regular_file, sha256_of
from qa.index.manifest import GENERATIONS, MANIFEST_NAME, damaged

CURRENT_NAME = "CURRENT"
_POINTER = re.compile(rb"([1-9][0-9]{0,9}) ([0-9a-f]{64})\n")
_FOLDER = re.compile(r"[0-9]{8,10}")
_BUILDING = ".building-"
_REMOVED = ".removed-"


def current_bytes(index: Path) -> bytes:
    """Return the content of CURRENT, which is cheap to compare; empty if there is none."""
    try:
        with require_regular_file(index / CURRENT_NAME).open("rb") as file:
            return file.read(256)
    except OSError:
        return b""


def index_exists(index: Path) -> bool:
    """Return whether anything was ever built in this folder, whole or not."""
    return bool(current_bytes(index) or numbers(index))


def read_pointer(index: Path) -> tuple[int, str]:
    """Return the number of the generation that serves, and the SHA-256 of its manifest.

    Raises:
        IndexMissing: nothing was ever built in this folder.
        IndexDamaged: CURRENT is missing or malformed.
    """
    content = current_bytes(index)
    if not index_exists(index):
        raise IndexMissing(
            f"{index} 里还没有索引。请先运行 union-qa rebuild 报告文件夹 --index {index}，或用 --index 指向已有的索引。"
        )
    match = _POINTER.fullmatch(content)
    if match is None:
        raise damaged(index / CURRENT_NAME, "内容不对", index)
    return int(match[1]), match[2].decode("ascii")


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


def new_building(index: Path) -> Path:
    """Create an empty folder to build in, on the file system of the generations."""
    make_folder(index / GENERATIONS)
    return Path(tempfile.mkdtemp(prefix=_BUILDING, dir=index / GENERATIONS))


def publish(index: Path, building: Path, number: int) -> None:
    """Give a synced build its number; nothing serves it before :func:`switch`."""
    building.chmod(0o755)  # mkdtemp allows the owner only; the parent folder decides who reads an index
    rename(building, generation_folder(index, number))


def switch(index: Path, number: int) -> None:
    """Make CURRENT name a published generation, in one atomic step."""
    digest = sha256_of(generation_folder(index, number) / MANIFEST_NAME)
    replace_file(index / CURRENT_NAME, pointer_bytes(number, digest))


def pointer_bytes(number: int, manifest_sha256: str) -> bytes:
    """Return the content of CURRENT while this generation serves."""
    return f"{number} {manifest_sha256}\n".encode("ascii")


def remove_leftovers(index: Path) -> None:
    """Remove what a crashed build left; only the holder of the lock may call this."""
    for path in (index / GENERATIONS).glob(".*"):
        if path.name.startswith((_BUILDING, _REMOVED)):
            remove_tree(path)
    (index / f"{CURRENT_NAME}.new").unlink(missing_ok=True)


def remove_all_but(index: Path, kept: tuple[int, ...]) -> None:
    """Remove the other generations; each is renamed first, so that nobody opens half of one."""
    for number in numbers(index):
        if number not in kept:
            hidden = index / GENERATIONS / f"{_REMOVED}{number:08d}"
            remove_tree(hidden)
            rename(generation_folder(index, number), hidden)
            remove_tree(hidden)
