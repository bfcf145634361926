"""A model of what a power cut leaves: the log of one build, and every state that a disk may be in at any moment of it.

What is written is certain once its file was synced; a name once its folder was. Before that the disk may have
dropped it, kept it, or made room for it and left zeros (Pillai et al., "All File Systems Are Not Created Equal",
OSDI 2014). The log is taken at the system's own calls, and replaying all of it must give what really lies there.
"""

from __future__ import annotations

import io
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

__all__ = ["Call", "Disk", "Fate", "recorded", "replayed"]

Fate = Literal["dropped", "zeroed", "kept"]


@dataclass(frozen=True)
class Call:
    """One call: ``make`` and ``remove`` of a folder or file, ``rename``, ``link``, ``write``, ``truncate``, ``sync``."""

    what: str
    path: str
    to: str = ""
    data: bytes = b""


class _Written(io.FileIO):
    """A file that tells what is written into it."""

    tell_of: Callable[[Call], None]
    relative: str

    def write(self, data: Any) -> int:
        self.tell_of(Call("write", self.relative, data=bytes(data)))
        written = super().write(data)
        assert written == len(data)
        return written

    def truncate(self, size: int | None = None) -> int:
        self.tell_of(Call("truncate", self.relative, data=b"x" * (self.tell() if size is None else size)))
        return super().truncate(size)


@contextmanager
def recorded(root: Path, before: Callable[[Call], None] = lambda call: None) -> Iterator[list[Call]]:
    """Everything that this process does to files below ``root`` while the block runs.

    Args:
        before: told of every call before it is made; what it raises, the call raises.
    """
    log: list[Call] = []

    def note(call: Call) -> None:
        before(call)
        log.append(call)

    opened, fsync = Path.open, os.fsync

    def below(path: object, folder: int = -1) -> str | None:
        found = Path(os.fsdecode(path))  # type: ignore[arg-type]
        if not found.is_absolute() and folder >= 0:
            found = Path(f"/proc/self/fd/{folder}").readlink() / found
        return str(found.relative_to(root)) if found.is_relative_to(root) else None

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link") or not recording:
            return
        folder = arguments[1] if event in ("os.rmdir", "os.remove") else arguments[2]
        path = below(arguments[0], folder)
        if path is None:
            return
        if event == "os.rename":
            note(Call("rename", path, to=below(arguments[1], folder) or ""))
        elif event == "os.link":
            note(Call("link", path, to=below(arguments[1], folder) or ""))
        elif event == "os.mkdir":
            note(Call("make folder", path))
        elif event == "os.remove" and not os.path.lexists(root / path):
            return  # nothing was there
        else:
            note(Call("remove", path))

    def opened_here(self: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
        path = below(self)
        if path is None or not set(mode) & set("wax+") or mode == "rb+":
            return opened(self, mode, *rest, **options)
        if not self.exists():
            note(Call("make file", path))
        elif "w" in mode:
            note(Call("truncate", path))
        file = _Written(self, mode.replace("b", ""))
        file.tell_of, file.relative = note, path
        return file

    def synced(descriptor: int) -> None:
        path = below(Path(f"/proc/self/fd/{descriptor}").readlink())
        if path is not None:
            note(Call("sync", path))
        fsync(descriptor)

    recording = True
    sys.addaudithook(watch)
    try:
        with patch.object(Path, "open", opened_here), patch.object(os, "fsync", synced):
            yield log
    finally:
        recording = False  # a hook cannot be taken off


@dataclass
class _File:
    sure: bytes = b""  # what was synced
    now: bytes = b""


@dataclass
class _Folder:
    sure: dict[str, _File | _Folder] = field(default_factory=dict)  # names that were synced
    now: dict[str, _File | _Folder] = field(default_factory=dict)
    pending: list[Callable[[dict[str, _File | _Folder]], None]] = field(default_factory=list)


class Disk:
    """Folders and files as they were before, then call by call."""

    def __init__(self, before: Path) -> None:
        self._root = self._read(before)

    def do(self, call: Call) -> None:
        """What one call does."""
        folder, name = self._at(call.path)
        match call.what:
            case "make folder":
                self._change(folder, name, _Folder())
            case "make file":
                self._change(folder, name, _File())
            case "remove":
                self._change(folder, name, None)
            case "rename":
                moved = folder.now[name]
                target, new = self._at(call.to)
                assert target is folder, "renames stay in their folder"

                def rename(names: dict[str, _File | _Folder]) -> None:
                    names.pop(name, None)
                    names[new] = moved

                rename(folder.now)
                folder.pending.append(rename)
            case "link":
                linked, (target, new) = folder.now[name], self._at(call.to)
                self._change(target, new, linked)
            case "write":
                file = folder.now[name]
                assert isinstance(file, _File)
                file.now += call.data
            case "truncate":
                file = folder.now[name]
                assert isinstance(file, _File)
                file.now = file.now[: len(call.data)]
            case "sync":
                found = folder.now[name] if name else self._root
                if isinstance(found, _File):
                    found.sure = found.now
                else:
                    found.sure, found.pending = dict(found.now), []

    def write_to(self, target: Path, fate: Fate, generator: random.Random) -> None:
        """One state that a power cut may leave: of each folder's unsynced changes the first few, or none, or all."""
        self._write(self._root, target, fate, generator)

    def _write(self, folder: _Folder, target: Path, fate: Fate, generator: random.Random) -> None:
        target.mkdir(exist_ok=True)
        names = dict(folder.sure)
        count = {"dropped": 0, "kept": len(folder.pending)}.get(
            fate, generator.randint(0, len(folder.pending))
        )
        for change in folder.pending[:count]:
            change(names)
        for name, found in names.items():
            if isinstance(found, _Folder):
                self._write(found, target / name, fate, generator)
            elif fate == "kept" or found.now == found.sure:
                (target / name).write_bytes(found.now)
            else:
                lost = bytes(len(found.now)) if fate == "zeroed" else b""
                (target / name).write_bytes(generator.choice([found.sure, lost]))

    def _change(self, folder: _Folder, name: str, found: _File | _Folder | None) -> None:
        def change(names: dict[str, _File | _Folder]) -> None:
            if found is None:
                names.pop(name, None)
            else:
                names[name] = found

        change(folder.now)
        folder.pending.append(change)

    def _at(self, path: str) -> tuple[_Folder, str]:
        """The folder of a path, and the name in it; ``""`` for the root."""
        *parts, name = Path(path).parts or ("",)
        folder = self._root
        for part in parts:
            found = folder.now[part]
            assert isinstance(found, _Folder)
            folder = found
        return folder, name

    def _read(self, path: Path) -> _Folder:
        names: dict[str, _File | _Folder] = {}
        for each in sorted(path.iterdir()):
            names[each.name] = (
                self._read(each) if each.is_dir() else _File(each.read_bytes(), each.read_bytes())
            )
        return _Folder(names, dict(names))


def replayed(before: Path, log: list[Call], target: Path) -> None:
    """What the whole log leaves where nothing is lost."""
    disk = Disk(before)
    for call in log:
        disk.do(call)
    disk.write_to(target, "kept", random.Random(0))
