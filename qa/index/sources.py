"""From paths to reports: what is new or changed is read, the rest is taken from the previous generation.

The files are chosen before they are read: each content once, and none that another replaces.
"""

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import chain, count, pairwise
from pathlib import Path

from qa.errors import ReportError, ReportUnreadable
from qa.index.disk import sha256_of
from qa.index.executors import Executor
from qa.index.manifest import SourceEntry
from qa.index.segment import Previous
from qa.reading import Override, Skipped, find_reports, formats, load_overrides, read_report
from qa.reading.limits import unreadable
from qa.reading.overrides import FILE
from qa.scratch import scratch_folder
from qa.text.normal import one_line
from qa.types import Report

_MOST_NAMES = 5  # names in one message
_STALE = "索引里仍是上次读到的内容，可能已经过时；能读以后请重新运行。"


@dataclass(frozen=True, slots=True)
class Reading:
    """The reports of the next generation, ordered by name, and what changed since the previous one."""

    entries: tuple[SourceEntry, ...]
    read: Mapping[str, Report]  # by name, those that were read; the others are unchanged
    added: tuple[str, ...]  # names, as in the next three
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    paths: tuple[str, ...]  # absolute paths that were read


def read_sources(
    paths: Sequence[Path],
    unpacked: Path,
    previous: Previous | None,
    reuse: bool,
    step: Callable[[int, int], None],
    spread: Executor,
) -> Reading:
    """Read the report files at ``paths`` and in zip archives there; skip unreadable ones with the reason.

    An unreadable ``reports.toml`` is skipped as well, and the reports next to it are read without it. A
    report that the system refuses to read now stays as it is in the previous generation, and so does each that is
    not there while a folder cannot be looked into.

    Args:
        unpacked: an empty folder for the contents of archives.
        reuse: take reports from ``previous`` unread if name, content and overrides are the same.
        step: called with (files done, files in all).
    """
    files, not_read = find_reports(paths, unpacked)
    before = {entry.name: entry for entry in previous.manifest.sources} if previous else {}
    unique, unread, left_out = _without_duplicates(files)
    name_of = distinct_names([*unique, *unread])
    unique |= {path: before[name_of[path]].sha256 for path in unread if name_of[path] in before}
    overrides, not_used = _overrides_of(dict.fromkeys(path.parent for path in unique))
    unique, replaced = _without_superseded(unique, overrides)
    override_of = {path: overrides[path.parent].get(path.name) for path in unique}
    override_text = {path: repr(override) if override else "" for path, override in override_of.items()}
    skipped = [*not_read, *left_out, *not_used, *replaced]
    skipped += (Skipped(str(path), reason) for path, reason in unread.items() if name_of[path] not in before)
    names = distinct_names(unique)
    entries: dict[str, SourceEntry] = {}
    reports: dict[str, Report] = {}
    texts: dict[str, str] = {}  # digest of the text → name of the first report with it
    known: dict[Path, SourceEntry] = {}
    for path in unique:
        as_before = before.get(names[path])
        same = as_before and (as_before.sha256, as_before.overrides) == (unique[path], override_text[path])
        if as_before and (path in unread or (reuse and same)):
            known[path] = as_before
    ordered = sorted(unique, key=names.__getitem__)
    new = (path for path in ordered if path not in known)
    fresh = spread.map(
        _read_one, ((p, override_of[p], None if spread.shares_disk else _content(p)) for p in new)
    )
    for done, path in enumerate(ordered):
        step(done, len(unique))
        name, entry, report = names[path], known.get(path), None
        if entry is None:
            read = next(fresh)
            if isinstance(read, ReportUnreadable) and name in before:
                unread[path], entry = str(read), before[name]
            elif isinstance(read, ReportError):
                skipped.append(Skipped(str(path), str(read)))
                continue
            else:
                report = renamed(read, name)
                sha256, digest = report.source.sha256, _digest(report)
                entry = SourceEntry(name, sha256, override_text[path], report.id, digest)
        if (first := texts.setdefault(entry.text, name)) != name:
            skipped.append(Skipped(str(path), f"与 {first} 正文相同，只收录一次。"))
            continue
        entries[name] = entry
        if path in unread:
            skipped.append(Skipped(str(path), f"{unread[path]}{_STALE}"))
            report = previous.reports([name])[name] if previous and not reuse else None
        if report is not None:
            reports[name] = report
    step(len(unique), len(unique))
    if any(each.folder for each in not_read):
        out_of_sight = before.keys() - set(name_of.values()) - entries.keys()
        kept = {name: before[name] for name in sorted(out_of_sight) if before[name].text not in texts}
        entries |= kept
        reports |= previous.reports(list(kept)) if previous and not reuse else {}
        stale = _STALE if kept else ""
        skipped = [replace(each, reason=each.reason + stale) if each.folder else each for each in skipped]
    was = previous.reports([name for name in reports if name in before]) if previous else {}
    changed = {name for name, report in was.items() if report != reports[name]}
    return Reading(
        entries=tuple(entries.values()),
        read=reports,
        added=tuple(name for name in entries if name not in before),
        changed=tuple(name for name in entries if name in changed),
        unchanged=tuple(name for name in entries if name in before and name not in changed),
        removed=tuple(name for name in before if name not in entries),
        skipped=tuple(_place_in_archive(each, unpacked) for each in skipped),
        paths=tuple(str(path.resolve()) for path in paths),
    )


def _without_duplicates(files: Iterable[Path]) -> tuple[dict[Path, str], dict[Path, str], list[Skipped]]:
    """Return the checksum of each file, why files cannot be read now, and what was left out.

    Of files with the same content only the first stays. A file is checked before it is read: one of ten
    gigabytes is refused at once.
    """
    first: dict[str, Path] = {}
    unread: dict[Path, str] = {}
    skipped = []
    for path in files:
        try:
            formats.check(path)
            sha256 = sha256_of(path)
        except OSError as error:
            unread[path] = one_line(unreadable(path, error))
        except ReportUnreadable as error:
            unread[path] = one_line(error)
        except ReportError as error:
            skipped.append(Skipped(str(path), one_line(error)))
        else:
            if first.setdefault(sha256, path) != path:
                skipped.append(Skipped(str(path), f"与 {one_line(first[sha256])} 内容相同，只收录一次。"))
    return {path: sha256 for sha256, path in first.items()}, unread, skipped


def _overrides_of(folders: Iterable[Path]) -> tuple[dict[Path, Mapping[str, Override]], list[Skipped]]:
    """Return what the ``reports.toml`` of each folder states, and the problems found.

    An unreadable one states nothing. Sections on files that do not exist, or that replace themselves, are
    reported; the rest applies.
    """
    overrides: dict[Path, Mapping[str, Override]] = {}
    skipped = []
    for folder in folders:
        try:
            overrides[folder] = load_overrides(folder)
        except ReportError as error:
            overrides[folder] = {}
            reason = f"{one_line(error)} 这次旁边的报告按没有这个文件收录，改正后请重新运行。"
            skipped.append(Skipped(str(folder / FILE), reason))
        skipped += (Skipped(str(folder / FILE), reason) for reason in _ineffective(folder, overrides[folder]))
    return overrides, skipped


def _ineffective(folder: Path, overrides: Mapping[str, Override]) -> Iterator[str]:
    """Yield the parts of a ``reports.toml`` that have no effect, and why."""
    absent = [name for name in overrides if "/" in name or not os.path.lexists(folder / name)]
    if absent:
        more = f" 等 {len(absent)} 节" if len(absent) > _MOST_NAMES else ""
        names = "、".join(one_line(name) for name in absent[:_MOST_NAMES])
        yield f"旁边没有这些节所写的文件：{names}{more}。请核对文件名，要连同后缀。"
    for name, override in overrides.items():
        if name in override.supersedes:
            yield f"{one_line(name)} 写成取代它自己，没有采用。"


def _without_superseded(
    files: Mapping[Path, str], overrides: Mapping[Path, Mapping[str, Override]]
) -> tuple[dict[Path, str], list[Skipped]]:
    """Return the files that no other file replaces according to ``reports.toml``, and what was left out.

    Files that replace each other, directly or through others, all stay, and the cycle is reported.
    """
    replacers: dict[Path, set[Path]] = defaultdict(set)  # file → the files that replace it
    for path in files:
        override = overrides[path.parent].get(path.name)
        for name in override.supersedes if override else ():
            if name != path.name and path.parent / name in files:
                replacers[path.parent / name].add(path)
    skipped = []
    while cycle := _find_cycle(replacers):
        for new, old in pairwise(cycle):
            replacers[old].discard(new)
        names = "、".join(one_line(path.name) for path in cycle[1:])
        reason = f"{names} 互相取代，这几份都照常收录。请只留下一个方向。"
        skipped.append(Skipped(str(cycle[0].parent / FILE), reason))
    by = {path: one_line(min(new).name) for path, new in replacers.items() if new}
    skipped += (Skipped(str(path), f"已由 {by[path]} 取代（{FILE}）。") for path in files if path in by)
    return {path: sha256 for path, sha256 in files.items() if path not in by}, skipped


def _find_cycle(replacers: Mapping[Path, set[Path]]) -> list[Path]:
    """Return a cycle of files, each replacing the next and the first again at the end, or nothing."""
    try:
        TopologicalSorter(replacers).prepare()
    except CycleError as found:
        cycle: list[Path] = found.args[1]
        return cycle
    return []


def _place_in_archive(skipped: Skipped, unpacked: Path) -> Skipped:
    """Name a file from an archive by its place there, not by the folder that it was unpacked to."""
    where = re.compile(rf"{re.escape(str(unpacked))}[\\/]\d+[\\/]")
    return Skipped(where.sub("", skipped.path), where.sub("", skipped.reason))


def _digest(report: Report) -> str:
    """Return a digest of text and place, equal for another encoding or format, not for another place."""
    text = "\n".join((report.place.name, *("".join(p.text.split()) for p in report.paragraphs)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def distinct_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Return the names that citations print: the file name, or as much of the path as tells two files apart.

    Names that differ only in invisible characters get a number.

    >>> sorted(distinct_names([Path("r/2018/a.txt"), Path("r/2023/a.txt"), Path("r/b.txt")]).values())
    ['2018/a.txt', '2023/a.txt', 'b.txt']
    """
    names: dict[Path, str] = {}
    unnamed = list(paths)
    length = 1
    while unnamed:
        tails = {path: one_line("/".join(path.parts[-length:])) for path in unnamed}
        shared = Counter(tails.values())
        names |= {path: tail for path, tail in tails.items() if shared[tail] == 1}
        for path, tail in tails.items():
            if path not in names and length >= len(path.parts):  # the path is used up
                taken, numbered = set(names.values()), (f"{tail} ({number})" for number in count(2))
                names[path] = next(name for name in chain([tail], numbered) if name not in taken)
        unnamed = [path for path in unnamed if path not in names]
        length += 1
    return names


def nothing_read(skipped: Sequence[Skipped]) -> str:
    """Return the message that there is nothing to index, with the first reasons."""
    reasons = "".join(f"\n- {one_line(each.path)}：{one_line(each.reason)}" for each in skipped[:5])
    return f"没有读到任何报告，索引没有改动。请检查给出的文件或文件夹。{reasons}"


def renamed(report: Report, name: str) -> Report:
    """Return the report under another source name, with the id that belongs to it."""
    if report.source.name == name:
        return report
    identity = f"{name}\n{report.source.sha256}".encode("utf-8", "surrogateescape")
    report_id = hashlib.sha256(identity).hexdigest()[:16]
    paragraphs = tuple(replace(paragraph, report_id=report_id) for paragraph in report.paragraphs)
    return replace(report, id=report_id, source=replace(report.source, name=name), paragraphs=paragraphs)


def _content(path: Path) -> bytes:
    """Return the content; nothing if the file is gone by now, which reading then reports."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _read_one(job: tuple[Path, Override | None, bytes | None]) -> Report | ReportError:
    """Return the report of a file, or the error that says why it cannot be read; a reader on another disk gets its content."""
    path, override, data = job
    if data is not None:
        with scratch_folder() as folder:
            (folder / path.name).write_bytes(data)
            return _read_one((folder / path.name, override, None))
    try:
        return read_report(path, {path.name: override} if override else {})
    except ReportError as error:
        return error
