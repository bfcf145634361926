"""Uploaded reports: read, accept, index and remove them, in a folder of their own next to the index.

An index that was built from other folders is built from those and from this one; files of the others, and the
bundled sample, are never touched.
"""

import re
import shutil
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import tomlkit

from qa.errors import QAError, ReportError, os_errors
from qa.index import rebuild, store_named
from qa.index.disk import rebuild_lock, sha256_of
from qa.index.folder import CURRENT_NAME
from qa.library import Library, open_library
from qa.reading import find_reports, load_overrides, read_report
from qa.reading.overrides import FILE
from qa.settings import Settings
from qa.text.numerals import typed_years
from qa.types import Report
from qa.web.shelf import Shelf

MOST_FILES = 50  # of one upload
_WAIT_SECONDS = 60.0  # for a rebuild of another process
_NAME_CHARACTERS = 80
_NAME_BYTES = 230  # file systems allow 255; a number and a suffix follow
_ASKED = ("title", "place", "period")  # of a report, before it is accepted
_UNFIT = re.compile(r"[^\w\u3000-\u303f（）《》“”·.\- ]+")

ProgressCallback = Callable[[str, int, int], None]
# Of ``reports.toml``: title, place and period of a file, where a person corrected them.
Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An uploaded file that was read but is not indexed yet."""

    path: Path  # Gradio's file, deleted with the candidate
    name: str  # that it will have
    report: Report | None  # None if it cannot be read
    problem: str  # why not, or what to know before it is accepted


def uploads_folder(settings: Settings) -> Path:
    """Return the folder of uploaded reports, next to the index."""
    if settings.index is None:
        return settings.home / "reports"
    return settings.index.parent / f"{settings.index.name}-reports"


def own_files(folder: Path) -> tuple[Path, ...]:
    """Return the uploaded files in order of their names."""
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
    uploaded = {sha256_of(path) for path in own_files(folder)}
    if all(report.source.sha256 in uploaded for report in library.reports):
        return ""
    return "这个索引是从别的文件夹建立的，那个文件夹现在找不到。请在放报告的地方再运行一次 union-qa rebuild，之后就能在这里上传。"


def stage(paths: Sequence[Path], folder: Path, known: Iterable[Candidate] = ()) -> Iterator[Candidate]:
    """Read uploaded files one by one, but not those that are ``known``; ReportError if there are too many."""
    if len(paths) > MOST_FILES:
        raise ReportError(f"一次最多上传 {MOST_FILES} 份，这次有 {len(paths)} 份。请分几次上传。")
    existing, read = {path.name for path in own_files(folder)}, {c.path: c for c in known if c.path in paths}
    taken = {c.name for c in read.values()}
    for path in paths:
        if path in read:
            yield read[path]
            continue
        safe = Path(safe_name(path.name))
        numbered = (safe.with_stem(f"{safe.stem}（{number}）") for number in count(2))
        name = next(each.name for each in chain((safe,), numbered) if each.name not in taken)
        taken.add(name)
        problem = "已有同名报告，收录后将替换它。" if name in existing else ""
        try:
            yield Candidate(path, name, read_report(path, {}), problem)
        except ReportError as error:
            yield Candidate(path, name, None, str(error))


def edits_of(candidates: Iterable[Candidate], rows: Iterable[Sequence[str]]) -> dict[str, Table]:
    """Return the changes in rows of (name, title, place, period, …) by name; ReportError for bad periods."""
    inferred = {c.name: c.report for c in candidates if c.report}
    edits = {}
    for name, *typed in ([str(cell or "").strip() for cell in row] for row in rows):
        if report := inferred.get(name):
            known = (report.title, report.place.name, str(report.period or ""))
            pairs = zip(_ASKED, typed, known, strict=False)
            edit: Table = {key: words for key, words, before in pairs if words not in ("", before)}
            if words := str(edit.get("period", "")):
                if (period := typed_years(words)) is None:
                    raise ReportError(f"{name} 的时期“{words}”看不懂。请写成 2018-2023 或 2023。")
                edit["period"] = [period.start, period.end]
            if edit:
                edits[name] = edit
    return edits


@contextmanager
def accept(candidates: Sequence[Candidate], edits: Mapping[str, Table], folder: Path) -> Iterator[None]:
    """Put confirmed files and their edits into the folder; all is restored if the block fails."""
    paths = {c.name: c.path for c in candidates if c.report}
    with _as_before(folder, [*paths, FILE]):
        for c in candidates:
            if c.report and not c.problem and (folder / c.name).exists():
                raise ReportError(f"刚刚有人收录了同名的“{c.name}”，还没有替换它。请再选一次文件。")
        for name, path in paths.items():
            shutil.copyfile(path, folder / name)
        write_toml(folder / FILE, {name: edits.get(name, {}) for name in paths})
        yield
    discard(candidates)


@contextmanager
def remove(name: str, folder: Path) -> Iterator[bool]:
    """Remove a file and yield whether any other is left; all is restored if the block fails."""
    files = {path.name: path for path in own_files(folder)}
    if name not in files:
        raise ReportError(f"“{name}”已不在上传的报告里，可能刚刚被删除。请刷新页面。")
    with _as_before(folder, [name, FILE]):
        files[name].unlink()
        write_toml(folder / FILE, {name: None})
        yield len(files) > 1


def discard(candidates: Iterable[Candidate], keep: Collection[Path] = ()) -> None:
    """Delete uploads that are not wanted, except those to keep."""
    for candidate in candidates:
        if candidate.path not in keep:
            candidate.path.unlink(missing_ok=True)


def reindex(shelf: Shelf, settings: Settings, progress: ProgressCallback) -> None:
    """Rebuild from the uploads and the other sources; on errors of ``rebuild`` the old index stays."""
    folder = uploads_folder(settings)
    rebuild(
        [*other_sources(shelf.library, folder), *([folder] if own_files(folder) else ())],
        store_named(settings.store, settings.index_folder, settings.store_token),
        encoder=settings.encoder,
        wait_seconds=_WAIT_SECONDS,
        progress=progress,
    )
    if shelf.library.status().is_sample:
        shelf.library = open_library(settings=settings)


def forget_all(shelf: Shelf, settings: Settings) -> None:
    """Remove the index, so that the sample answers; QAError if the user named the index."""
    if settings.index or settings.store:
        raise QAError("这是最后一份报告，删除后索引就空了。请先上传别的报告，再删除它。")
    index = settings.index_folder
    with rebuild_lock(index, _WAIT_SECONDS):
        (index / CURRENT_NAME).unlink(missing_ok=True)
        shutil.rmtree(index / "generations", ignore_errors=True)
    shelf.library = open_library(settings=settings)


@contextmanager
def _as_before(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """Restore these files if the block fails; QAError if they cannot be written."""
    with os_errors(f"上传的报告写不进 {folder}", "请检查磁盘空间和写权限后重试。"):
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


def safe_name(name: str) -> str:
    """Return a file name without path, control characters, quotes and emoji; the suffix stays.

    >>> safe_name('../../a"b😀.PDF')
    'a b.pdf'
    """
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, suffix = bare.rpartition(".")
    suffix = re.sub(r"[^a-z0-9]", "", suffix.lower())[:10] if dot else ""
    if not suffix:  # other dots must not make a suffix
        stem = bare.replace(".", " ")
    stem = _UNFIT.sub(" ", stem).strip(" .~$")[:_NAME_CHARACTERS]
    stem = stem.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .~$") or "报告"
    return f"{stem}.{suffix}" if suffix else stem


def write_toml(path: Path, edits: Mapping[str, Table | None]) -> None:
    """Replace in ``reports.toml`` what a page asks of some files, remove the tables of others (None).

    Comments and what people wrote beside it stay; ReportError if the file cannot be read.
    """
    load_overrides(path.parent)  # checks its limits
    tables = tomlkit.parse(path.read_text(encoding="utf-8-sig") if path.is_file() else "")
    for name, edit in edits.items():
        known = tables.pop(name, {}) if edit is None else tables.setdefault(name, {})
        for key in set(_ASKED) - set(edit or {}):
            known.pop(key, None)
        known.update(edit or {})  # where it stands; comments stay
        if not known:
            tables.pop(name, None)
    text = tomlkit.dumps(tables)
    if text.strip():
        path.write_text(text, encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
