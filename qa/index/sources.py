"""From paths to reports: what is new or changed is read, the rest is taken from the previous generation."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReportError, ReportUnreadable
from qa.index.files import Unread, read_files
from qa.index.found import Skipped, overrides_of, without_duplicates, without_superseded
from qa.index.manifest import SourceEntry
from qa.index.spread import Here, Spread
from qa.scratch import scratch_folder
from qa.text.visible import one_line
from qa.types import Report

if TYPE_CHECKING:
    from qa.index.generation import Previous

_AS_BEFORE = "索引里仍是上次读到的内容，可能已经过时；能读以后请重新运行。"


@dataclass(frozen=True, slots=True)
class Reading:
    """The reports of the next generation, in order of their names, with what changed since the last one.

    Args:
        entries: where each came from.
        read: by their names, those that were read; the others are as they were.
        added: names, likewise the three below.
        paths: what was given to be read, in full.
    """

    entries: tuple[SourceEntry, ...]
    read: Mapping[str, Report]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    paths: tuple[str, ...] = ()


def read_sources(
    paths: Sequence[Path],
    previous: Previous | None,
    reuse: bool,
    step: Callable[[int, int], None],
    spread: Spread | None = None,
) -> Reading:
    """Read the report files at ``paths``, zip archives unpacked; one that cannot be read is skipped with its reason.

    So is a ``reports.toml``: the reports beside it are read as if it were not there. A report that the system does not
    let be read now stays as it is in the previous generation.

    Args:
        previous: the generation that this one is compared with, or None.
        reuse: take its report where name, content and overrides are the same, instead of reading the file.
        step: told (files done, files in all).
        spread: who reads; None for this process.
    """
    with scratch_folder() as unpacked:
        read = _read(paths, unpacked, previous, reuse, step, spread or Here())
        skipped = tuple(_outside(one, unpacked) for one in read.skipped)
        return replace(read, skipped=skipped, paths=tuple(str(path.resolve()) for path in paths))


def _outside(skipped: Skipped, unpacked: Path) -> Skipped:
    """The same, of a file out of an archive by its place there and not by where it was unpacked."""
    where = re.compile(rf"{re.escape(str(unpacked))}[\\/]\d+[\\/]")
    return Skipped(where.sub("", skipped.path), where.sub("", skipped.reason))


def _read(
    paths: Sequence[Path],
    unpacked: Path,
    previous: Previous | None,
    reuse: bool,
    step: Callable[[int, int], None],
    spread: Spread,
) -> Reading:
    from qa.reading import find_reports

    files, not_read = find_reports(paths, unpacked)
    before = {entry.name: entry for entry in previous.manifest.sources} if previous else {}
    unique, unread, left_out = without_duplicates(files)
    called = distinct_names([*unique, *unread])
    unique |= {path: before[called[path]].sha256 for path in unread if called[path] in before}
    overrides, not_used = overrides_of(dict.fromkeys(path.parent for path in unique))
    unique, replaced = without_superseded(unique, overrides)
    of = {path: overrides[path.parent].get(path.name) for path in unique}
    said = {path: repr(override) if override else "" for path, override in of.items()}
    skipped = [*(Skipped(str(path), reason) for path, reason in not_read), *left_out, *not_used, *replaced]
    skipped += (Skipped(str(path), reason) for path, reason in unread.items() if called[path] not in before)
    names = distinct_names(unique)
    entries: dict[str, SourceEntry] = {}
    reports: dict[str, Report] = {}
    texts: dict[str, str] = {}  # digest of the text → name of the first report that holds it
    known: dict[Path, SourceEntry] = {}
    for path in unique:
        as_before = before.get(names[path])
        same = as_before and (as_before.sha256, as_before.overrides) == (unique[path], said[path])
        if as_before and (path in unread or (reuse and same)):
            known[path] = as_before
    ordered = sorted(unique, key=names.__getitem__)
    fresh = read_files((Unread(path, of[path]) for path in ordered if path not in known), spread)
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
                entry = SourceEntry(name, report.source.sha256, said[path], report.id, _digest(report))
        if (first := texts.setdefault(entry.text, name)) != name:
            skipped.append(Skipped(str(path), f"与 {first} 正文相同，只收录一次。"))
            continue
        entries[name] = entry
        if path in unread:
            skipped.append(Skipped(str(path), f"{unread[path]}{_AS_BEFORE}"))
            report = previous.reports([name])[name] if previous and not reuse else None
        if report is not None:
            reports[name] = report
    step(len(unique), len(unique))
    return _compared(previous, entries, reports, skipped)


def _digest(report: Report) -> str:
    """Of the text and what it is of, so that it is the same in another encoding or format, and not of another place."""
    said = "\n".join((report.place.name, *("".join(p.text.split()) for p in report.paragraphs)))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def distinct_names(paths: Iterable[Path]) -> dict[Path, str]:
    """The names that citations print: the bare one, or as much of the path as sets two files apart.

    A number sets apart what differs only in characters that nobody sees.

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
            if path not in names and length >= len(path.parts):  # it has no more to say
                taken, numbered = set(names.values()), (f"{tail} ({number})" for number in count(2))
                names[path] = next(name for name in chain([tail], numbered) if name not in taken)
        unnamed = [path for path in unnamed if path not in names]
        length += 1
    return names


def nothing_read(skipped: Sequence[Skipped]) -> str:
    """The sentence for when there is nothing to index, with the first reasons."""
    reasons = "".join(f"\n- {one_line(each.path)}：{one_line(each.reason)}" for each in skipped[:5])
    return f"没有读到任何报告，索引没有改动。请检查给出的文件或文件夹。{reasons}"


def renamed(report: Report, name: str) -> Report:
    """The report under another source name, with the id that goes with it; itself where it has that name."""
    if report.source.name == name:
        return report
    report_id = hashlib.sha256(
        f"{name}\n{report.source.sha256}".encode("utf-8", "surrogateescape")
    ).hexdigest()[:16]
    return replace(
        report,
        id=report_id,
        source=replace(report.source, name=name),
        paragraphs=tuple(replace(paragraph, report_id=report_id) for paragraph in report.paragraphs),
    )


def _compared(
    previous: Previous | None,
    entries: Mapping[str, SourceEntry],
    reports: Mapping[str, Report],
    skipped: Iterable[Skipped],
) -> Reading:
    names = [entry.name for entry in previous.manifest.sources] if previous else []
    before = frozenset(names)
    was = previous.reports([name for name in reports if name in before]) if previous else {}
    changed = {name for name, report in was.items() if report != reports[name]}
    return Reading(
        entries=tuple(entries.values()),
        read=reports,
        added=tuple(name for name in entries if name not in before),
        changed=tuple(name for name in entries if name in changed),
        unchanged=tuple(name for name in entries if name in before and name not in changed),
        removed=tuple(name for name in names if name not in entries),
        skipped=tuple(skipped),
    )
