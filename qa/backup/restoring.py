"""Restore a backup on another machine, or on this one after the old content has been moved away."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from qa.backup.saving import PIECE_BYTES, WAITING, Copied, Places, Saved, disk_errors, read_list, zip_name
from qa.errors import QAError
from qa.index import index_exists
from qa.index.disk import make_folder, rename
from qa.index.folder import CURRENT_NAME
from qa.index.lock import passing_lock
from qa.reading.limits import COMPRESSION_RATIO

_HARMLESS_BYTES = 16 << 20  # unpacked size up to which any compression ratio is harmless
_DAMAGE = (
    *(zipfile.BadZipFile, ValueError, KeyError, TypeError, NotImplementedError, EOFError),
    *(RecursionError, zlib.error),
)


def restore(file: Path, places: Places) -> Copied:
    """Restore the files of a backup to their places; nothing that exists is overwritten.

    All are unpacked next to their places and checked before the first gets its name; ``CURRENT`` of an index
    comes last. If one cannot be moved, those before it are removed again. Two restorations share no place.

    Raises QAError if it is no backup or damaged, a file exists already, another restoration runs, or the disk
    is full.
    """
    with disk_errors(file), ExitStack() as waiting:
        if file.exists() and not file.is_file():  # a pipe or a device has no end
            raise QAError(f"{file} 不是普通文件，没有恢复任何内容。请换成 union-qa backup 写的备份。")
        try:
            archive = waiting.enter_context(zipfile.ZipFile(file))
            saved = read_list(archive)
            targets = [_target(each, places) for each in saved]
            for place in places.values():
                waiting.enter_context(_locked(place))
            _refuse_existing(targets, places)
            _refuse_bomb(archive, saved, places)
            folders = {name: _waiting_folder(place, waiting) for name, place in places.items()}
            unpacked = [folders[each.name.partition("/")[0]] / str(n) for n, each in enumerate(saved)]
            for each, path in zip(saved, unpacked, strict=True):
                _unpack(archive, each, path)
        except _DAMAGE as error:
            raise QAError(
                f"{file} 不是 union-qa backup 写的备份，或已损坏。没有恢复任何内容，请换一份备份。"
            ) from error
        moves = sorted(zip(targets, unpacked, strict=True), key=lambda move: move[0].name == CURRENT_NAME)
        with ExitStack() as undone:
            for target, path in moves:
                _make_folder(target.parent, undone)
                undone.callback(_remove, target)
                rename(path, target)
            undone.pop_all()
    return Copied(len(saved), sum(each.bytes for each in saved))


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Keep other restorations away from a place; parent folders that stay empty are removed again."""
    place = place.resolve()
    busy = (
        f"另一个 union-qa restore 正在恢复到 {place}，这一个没有恢复任何内容。请等它结束，再查看那里的内容。"
    )
    with ExitStack() as made:
        _make_folder(place.parent, made)
        with passing_lock(place.with_name(f"{WAITING}{place.name}.lock"), busy):
            yield


def _make_folder(folder: Path, undone: ExitStack) -> None:
    """Make a folder and its parents, each to be removed if the restoration is undone."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        undone.callback(_remove, missing)
        make_folder(missing)


def _remove(path: Path) -> None:
    """Remove what this restoration made; a folder only if nobody else has put anything into it."""
    with suppress(OSError):
        path.rmdir() if path.is_dir() else path.unlink()


def _refuse_bomb(archive: zipfile.ZipFile, saved: tuple[Saved, ...], places: Places) -> None:
    """Refuse a backup that is larger than the disk, or compressed as tightly as only bombs are.

    Raises QAError if it is one, ValueError if its list and its table of contents differ.
    """
    packed = {member.header_offset: member.compress_size for member in archive.infolist()}
    claimed = {member.filename: member.file_size for member in archive.infolist()}
    if len(packed) < len(archive.infolist()) or any(claimed[zip_name(s.name)] != s.bytes for s in saved):
        raise ValueError("the sizes do not hold")
    unpacked = sum(each.bytes for each in saved)
    if unpacked > _HARMLESS_BYTES and unpacked > COMPRESSION_RATIO * sum(packed.values()):
        raise QAError(f"备份解开后有 {unpacked >> 20} MB，像是压缩炸弹，没有恢复任何内容。请换一份备份。")
    for place in places.values():
        free = shutil.disk_usage(_existing_parent(place)).free
        if unpacked > free:
            raise QAError(
                f"{place} 所在的磁盘只剩 {free >> 20} MB，备份解开要 {unpacked >> 20} MB，没有恢复任何内容。"
                "请腾出空间后重试。"
            )


def _existing_parent(place: Path) -> Path:
    """Return the nearest existing folder above a place."""
    return next(folder for folder in place.absolute().parents if folder.is_dir())


def _target(saved: Saved, places: Places) -> Path:
    """Return where a file belongs; raise ValueError if its name leads elsewhere, KeyError if unknown."""
    place, *rest = saved.name.split("/")
    if any(part in ("", ".", "..") or set(part) & {"\\", ":", "\x00"} for part in rest):
        raise ValueError(f"a name leads elsewhere: {saved.name!r}")
    return places[place].joinpath(*rest)


def _refuse_existing(targets: list[Path], places: Places) -> None:
    indexes = [place for place in places.values() if index_exists(place)]
    for target in targets:
        if os.path.lexists(target) or any(index in target.parents for index in indexes):
            raise QAError(
                f"{target} 已经存在，恢复不覆盖任何内容。请先把它移走，或把 UNION_QA_HOME 设为一个空文件夹。"
            )


def _waiting_folder(place: Path, waiting: ExitStack) -> Path:
    """Return an empty folder on the file system of a place, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=WAITING, dir=_existing_parent(place)))
    waiting.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _unpack(archive: zipfile.ZipFile, saved: Saved, path: Path) -> None:
    """Write one file; raise ValueError, before it can fill the disk, if it is not what the list says."""
    digest, size = hashlib.sha256(), 0
    with archive.open(zip_name(saved.name)) as source, path.open("wb") as out:
        while piece := source.read(PIECE_BYTES):
            size += len(piece)
            if size > saved.bytes:
                break
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if (size, digest.hexdigest()) != (saved.bytes, saved.sha256):
        raise ValueError(f"the checksum of {saved.name!r} does not hold")
    path.chmod(saved.mode & 0o777)
