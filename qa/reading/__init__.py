"""Path → Report: the bytes of a file become a restored report with place and period.

``find_reports`` walks folders, ``read_report`` reads one file, ``load_overrides`` reads ``reports.toml``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qa.errors import ReportError
from qa.reading import formats
from qa.reading.formats import ocr
from qa.reading.isolate import ScanError, isolated, warm
from qa.reading.limits import ARCHIVE_BYTES, OCR_BYTES, OCR_PAGES, OCR_SECONDS_PER_PAGE, check_file
from qa.reading.overrides import FILE, Override, load_overrides
from qa.reading.version import reader_version
from qa.text.visible import one_line

if TYPE_CHECKING:
    from qa.reading.layout import Restored
    from qa.types import Report

__all__ = [
    "Override", "Skipped", "find_reports", "load_overrides", "read_report", "read_restored", "reader_version", "warm",
]  # fmt: skip

_DEEPEST = 64  # folders inside one another


class Skipped(NamedTuple):
    """A path that is not read, and why, in Chinese."""

    path: Path
    reason: str


def find_reports(
    paths: Iterable[Path], unpacked: Path | None = None
) -> tuple[tuple[Path, ...], tuple[Skipped, ...]]:
    """Files to read, folders walked in sorted order, and what was passed over; hidden files are not mentioned.

    Args:
        paths: files and folders.
        unpacked: a folder of the caller's into which zip archives are unpacked; None passes them over.
    """
    files: list[Path] = []
    skipped: list[Skipped] = []
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            candidates = _walk(path, skipped)
        elif os.path.lexists(path):
            candidates = iter([path])
        else:
            skipped.append(Skipped(path, f"找不到 {one_line(path)}。请检查路径。"))
            continue
        for file in candidates:
            suffix = file.suffix.lower()
            try:
                where = file.resolve()
                if where in seen:
                    continue
                seen.add(where)
                if suffix in formats.EXTRACTORS:
                    files.append(file)
                elif unpacked is not None and suffix == ".zip":
                    members, refused = _unpack(file, unpacked / str(len(seen)))
                    files += members
                    skipped += refused
                else:
                    known = "、".join(sorted(formats.EXTRACTORS))
                    raise ReportError(
                        f"不认识的文件格式：{one_line(file.name)}。能读的有 {known}；旧的 .doc、.xls 请另存为新格式。"
                    )
            except ReportError as error:
                skipped.append(Skipped(file, one_line(error)))
            except RuntimeError:  # what Python 3.11 and 3.12 say of a link that leads to itself
                skipped.append(Skipped(file, f"链接指向它自己：{one_line(file.name)}。请换成文件。"))
    return tuple(files), tuple(skipped)


def _unpack(archive: Path, folder: Path) -> tuple[list[Path], list[Skipped]]:
    """The readable files of an archive, unpacked in a child, and what it held that is not read.

    Raises:
        ReportError: the archive cannot be unpacked.
    """
    check_file(archive, ARCHIVE_BYTES)
    inside = folder / (archive.stem.strip(".") or "zip")
    folder.mkdir(parents=True)
    suffixes = frozenset((*formats.EXTRACTORS, ".toml"))
    members, refused = isolated("qa.reading.archives:expand", archive, inside, suffixes)
    kept = [m for m in members if m.name != FILE and not _is_hidden(m.name)]
    skipped = [Skipped(archive, one_line(reason)) for reason in refused]
    if not kept and not refused:
        skipped.append(Skipped(archive, f"{one_line(archive.name)} 里没有能读的文件。"))
    return kept, skipped


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """The files below a folder, in order; folders that cannot be listed, lie too deep or lead elsewhere are noted."""

    def refuse(error: OSError) -> None:
        where = Path(error.filename or folder)
        skipped.append(Skipped(where, f"打不开文件夹（{error.strerror}）。请检查权限。"))

    depth = len(folder.parts)
    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = (Path(root, name) for name in folders if Path(root, name).is_symlink())
        skipped += (
            Skipped(link, "是指向别处的链接，没有读。要收录里面的报告，请把那个文件夹也写上。")
            for link in links
        )
        if folders and len(Path(root).parts) - depth >= _DEEPEST:
            skipped.append(Skipped(Path(root), f"文件夹套了 {_DEEPEST} 层以上，更深的没有读。"))
            folders.clear()
        for name in sorted(names):
            if not _is_hidden(name) and name != FILE:
                yield Path(root, name)


def read_report(path: Path, overrides: Mapping[str, Override] | None = None) -> Report:
    """Read, restore and date one file, in a child process with limits of time and memory.

    Args:
        path: a file of a format in ``EXTRACTORS``.
        overrides: what ``load_overrides`` found in its folder, by file name; None to use the file's own folder.

    Raises:
        ReportError: the file cannot be read as a report; the message says what to do.
    """
    report: Report = _read("read_report", path, overrides)
    return report


def read_restored(path: Path, overrides: Mapping[str, Override] | None = None) -> tuple[Report, Restored]:
    """The report together with what restoration decided on the way."""
    read: tuple[Report, Restored] = _read("read", path, overrides)
    return read


def _read(function: str, path: Path, overrides: Mapping[str, Override] | None) -> Any:
    formats.check(path)
    given = load_overrides(path.parent) if overrides is None else overrides
    target, override = f"qa.reading.reader:{function}", given.get(path.name)
    try:
        return isolated(target, path, override)
    except ScanError as scan:
        if not ocr.installed() or len(scan.pages) > OCR_PAGES:
            raise
        seconds = OCR_SECONDS_PER_PAGE * (1 + len(scan.pages))
    return isolated(target, path, override, True, seconds=seconds, memory=OCR_BYTES)


def _is_hidden(name: str) -> bool:
    """Whether a file was never meant to be read: ``.name``, but not ``..name``, and what Office locks a file with."""
    return name.startswith(("~$", ".")) and not name.startswith("..")
