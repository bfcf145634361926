"""Reports that people upload: looked at first, taken in when confirmed, taken out again. Knows nothing of the page.

They lie in a folder of their own beside the index. An index that was built from other folders is built from these and
from this one; what lies in the others, and the bundled sample, is never touched.
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
_INCOMING = ".incoming"  # hidden: a rebuild walks past it
_LEFT_SECONDS = 24 * 3600.0  # after which nobody confirms an upload


@dataclass(frozen=True, slots=True)
class Candidate:
    """An uploaded file that was looked at; nothing is indexed yet.

    Args:
        path: where it waits.
        name: what it will be called.
        report: None where it cannot be read.
        problem: why not, or what to know before it is taken in; or ``""``.
        upload: what the browser sent, as Gradio put it down; it goes with the candidate.
    """

    path: Path
    name: str
    report: Report | None
    problem: str
    upload: Path | None = None


def uploads_folder(settings: Settings) -> Path:
    """Where uploaded reports lie: a folder of their own, beside the index."""
    if settings.index is None:
        return settings.home / "reports"
    return settings.index.parent / f"{settings.index.name}-reports"


def own_files(folder: Path) -> tuple[Path, ...]:
    """The uploaded files, in order of their names."""
    from qa.reading import find_reports

    return find_reports([folder])[0] if folder.is_dir() else ()


def beside(library: Library, folder: Path) -> tuple[Path, ...]:
    """What the reports of a library were read from beside the uploaded ones."""
    if library.status().is_sample:
        return ()
    return tuple(path for path in library.built_from if path != folder.resolve())


def not_ours(library: Library, folder: Path) -> str:
    """Why no report can be added to this library here, or ``""`` where they can."""
    if library.status().is_sample:
        return ""
    others = beside(library, folder)
    if others and all(path.exists() for path in others):
        return ""
    from qa.index.disk import sha256_of

    held = {sha256_of(path) for path in own_files(folder)}
    if all(report.source.sha256 in held for report in library.reports):
        return ""
    return "这个索引是从别的文件夹建立的，那个文件夹现在找不到。请在放报告的地方再运行一次 union-qa rebuild，之后就能在这里上传。"


def stage(paths: Sequence[Path], folder: Path) -> Iterator[Candidate]:
    """Look at uploaded files, one after the other; they wait in a hidden folder until they are confirmed.

    Raises:
        ReportError: there are too many of them.
    """
    from qa.reading import read_report

    if len(paths) > MOST_FILES:
        raise ReportError(f"一次最多上传 {MOST_FILES} 份，这次有 {len(paths)} 份。请分几次上传。")
    with _disk_errors(folder), _waiting(folder / _INCOMING) as waiting:
        existing, taken = {path.name for path in own_files(folder)}, set[str]()
        for path in paths:
            name = untaken(safe_name(path.name), taken)
            taken.add(name)
            put = waiting / name
            shutil.copyfile(path, put)
            try:
                report = read_report(put, {})
            except ReportError as error:
                put.unlink()
                yield Candidate(put, name, None, str(error), path)
                continue
            yield Candidate(
                put, name, report, "已有同名报告，收录后将替换它。" if name in existing else "", path
            )
        if not any(waiting.iterdir()):
            _throw_away(waiting)


@contextmanager
def _waiting(incoming: Path) -> Iterator[Path]:
    """A new folder for files that wait, gone where the block fails; first those go that nobody will ask for again."""
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
    """What people changed in rows of (name, title, place, period, …), by name.

    Raises:
        ReportError: a period cannot be read as years.
    """
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
    """Put confirmed files and what was said about them into the folder; all is as before where the block fails."""
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
    """Take a file out; gives whether any other is left. All is as before where the block fails."""
    from qa.reading.overrides import FILE

    files = {path.name: path for path in own_files(folder)}
    if name not in files:
        raise ReportError(f"“{name}”已不在上传的报告里，可能刚刚被删除。请刷新页面。")
    with _disk_errors(folder), _as_before(folder, [name, FILE]):
        files[name].unlink()
        write_toml(folder / FILE, {name: Edit()})
        yield len(files) > 1


def discard(candidates: Iterable[Candidate], keep: Collection[Path] = ()) -> None:
    """Throw away what waits, and what was sent of it but for the uploads to keep."""
    for candidate in candidates:
        if candidate.upload and candidate.upload not in keep:
            candidate.upload.unlink(missing_ok=True)
        if (waiting := candidate.path.parent).parent.name == _INCOMING:
            _throw_away(waiting)


def _throw_away(waiting: Path) -> None:
    shutil.rmtree(waiting, ignore_errors=True)
    with suppress(OSError):  # others wait there
        waiting.parent.rmdir()


def _period(name: str, words: str) -> Period | None:
    if not words:
        return None
    if (period := typed_years(words)) is None:
        raise ReportError(f"{name} 的时期“{words}”看不懂。请写成 2018-2023 或 2023。")
    return period


@contextmanager
def _as_before(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """Bring these files back as they were where the block fails."""
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
