"""Uploaded reports: stage, accept and remove them, in a folder of their own next to the index.

An index that was built from other folders is built from those and from this one; files of the others, and the
bundled sample, are never touched.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QAError, ReportError
from qa.library import Library
from qa.settings import Settings
from qa.text.dates import typed_years
from qa.types import Period, Report
from qa.web.upload_names import Edit, safe_name, untaken, write_toml

MOST_FILES = 50  # of one upload
_INCOMING = ".incoming"  # hidden, so that a rebuild skips it
_LEFT_SECONDS = 24 * 3600.0  # after which a staged upload is abandoned


@dataclass(frozen=True, slots=True)
class Candidate:
    """An uploaded file that was read but is not indexed yet."""

    path: Path  # in the staging folder
    name: str  # that it will have
    report: Report | None  # None if it cannot be read
    problem: str  # why not, or what to know before it is accepted
    upload: Path | None = None  # Gradio's file, deleted with the candidate


def uploads_folder(settings: Settings) -> Path:
    """Return the folder of uploaded reports, next to the index."""
    if settings.index is None:
        return settings.home / "reports"
    return settings.index.parent / f"{settings.index.name}-reports"


def own_files(folder: Path) -> tuple[Path, ...]:
    """Return the uploaded files in order of their names."""
    from qa.reading import find_reports

    return find_reports([folder])[0] if folder.is_dir() else ()


def other_sources(library: Library, folder: Path) -> tuple[Path, ...]:
    """Return the sources of a library other than the uploads."""
    if library.status().is_sample:
        return ()
    return tuple(path for path in library.built_from if path != folder.resolve())


def why_not_addable(library: Library, folder: Path) -> str:
    """Return why no report can be added to this library here, or ``""``."""
    if library.status().is_sample:
        return ""
    others = other_sources(library, folder)
    if others and all(path.exists() for path in others):
        return ""
    from qa.index.disk import sha256_of

    uploaded = {sha256_of(path) for path in own_files(folder)}
    if all(report.source.sha256 in uploaded for report in library.reports):
        return ""
    return "这个索引是从别的文件夹建立的，那个文件夹现在找不到。请在放报告的地方再运行一次 union-qa rebuild，之后就能在这里上传。"


def stage(paths: Sequence[Path], folder: Path) -> Iterator[Candidate]:
    """Read uploaded files one by one into a hidden folder; ReportError if there are too many."""
    from qa.reading import read_report

    if len(paths) > MOST_FILES:
        raise ReportError(f"一次最多上传 {MOST_FILES} 份，这次有 {len(paths)} 份。请分几次上传。")
    with _disk_errors(folder), _waiting(folder / _INCOMING) as waiting:
        existing, taken = {path.name for path in own_files(folder)}, set[str]()
        for path in paths:
            name = untaken(safe_name(path.name), taken)
            taken.add(name)
            copy = waiting / name
            shutil.copyfile(path, copy)
            try:
                report = read_report(copy, {})
            except ReportError as error:
                copy.unlink()
                yield Candidate(copy, name, None, str(error), path)
                continue
            problem = "已有同名报告，收录后将替换它。" if name in existing else ""
            yield Candidate(copy, name, report, problem, path)
        if not any(waiting.iterdir()):
            _throw_away(waiting)


@contextmanager
def _waiting(incoming: Path) -> Iterator[Path]:
    """Make a staging folder, removed if the block fails; abandoned ones are removed first."""
    for left in incoming.iterdir() if incoming.is_dir() else ():
        if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    waiting = incoming / secrets.token_hex(6)
    waiting.mkdir(parents=True)
    try:
        yield waiting
    except BaseException:
        _throw_away(waiting)
        raise


def edits_of(candidates: Iterable[Candidate], rows: Iterable[Sequence[str]]) -> dict[str, Edit]:
    """Return the changes in rows of (name, title, place, period, …) by name; ReportError for bad periods."""
    inferred = {c.name: c.report for c in candidates if c.report}
    edits = {}
    for name, title, place, period, *_ in ([str(cell or "").strip() for cell in row] for row in rows):
        report = inferred.get(name)
        if report is None:
            continue
        edit = Edit(
            title=title if title != report.title else "",
            place=place if place != report.place.name else "",
            period=_period(name, period) if period != str(report.period or "") else None,
        )
        if edit != Edit():
            edits[name] = edit
    return edits


@contextmanager
def accept(candidates: Sequence[Candidate], edits: Mapping[str, Edit], folder: Path) -> Iterator[None]:
    """Put confirmed files and their edits into the folder; all is restored if the block fails."""
    from qa.reading.overrides import FILE

    names = [c.name for c in candidates if c.report]
    with _disk_errors(folder), _as_before(folder, [*names, FILE]):
        for candidate in candidates:
            if candidate.report:
                shutil.copyfile(candidate.path, folder / candidate.name)
        write_toml(folder / FILE, {name: edits.get(name, Edit()) for name in names})
        yield
    discard(candidates)


@contextmanager
def remove(name: str, folder: Path) -> Iterator[bool]:
    """Remove a file and yield whether any other is left; all is restored if the block fails."""
    from qa.reading.overrides import FILE

    files = {path.name: path for path in own_files(folder)}
    if name not in files:
        raise ReportError(f"“{name}”已不在上传的报告里，可能刚刚被删除。请刷新页面。")
    with _disk_errors(folder), _as_before(folder, [name, FILE]):
        files[name].unlink()
        write_toml(folder / FILE, {name: Edit()})
        yield len(files) > 1


def discard(candidates: Iterable[Candidate], keep: Collection[Path] = ()) -> None:
    """Delete staged files and their uploads, except the uploads to keep."""
    for candidate in candidates:
        if candidate.upload and candidate.upload not in keep:
            candidate.upload.unlink(missing_ok=True)
        if (waiting := candidate.path.parent).parent.name == _INCOMING:
            _throw_away(waiting)


def _throw_away(waiting: Path) -> None:
    shutil.rmtree(waiting, ignore_errors=True)
    with suppress(OSError):  # not empty
        waiting.parent.rmdir()


def _period(name: str, words: str) -> Period | None:
    if not words:
        return None
    if (period := typed_years(words)) is None:
        raise ReportError(f"{name} 的时期“{words}”看不懂。请写成 2018-2023 或 2023。")
    return period


@contextmanager
def _as_before(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """Restore these files if the block fails."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in names]
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise QAError(
            f"上传的报告写不进 {folder}（{error.strerror or error}）。请检查磁盘空间和写权限后重试。"
        ) from error
