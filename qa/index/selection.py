"""Choose the report files to index before reading them: each content once, and none that another replaces."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

from qa.errors import ReportError, ReportUnreadable
from qa.index.disk import sha256_of
from qa.reading import Override, Skipped, formats, load_overrides
from qa.reading.limits import unreadable
from qa.reading.overrides import FILE
from qa.text.visible import one_line

_MOST_NAMES = 5  # names in one message


def without_duplicates(files: Iterable[Path]) -> tuple[dict[Path, str], dict[Path, str], list[Skipped]]:
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
        except (ReportError, OSError) as error:
            refused = unreadable(path, error) if isinstance(error, OSError) else error
            if isinstance(refused, ReportUnreadable):
                unread[path] = one_line(refused)
            else:
                skipped.append(Skipped(str(path), one_line(refused)))
            continue
        if first.setdefault(sha256, path) != path:
            skipped.append(Skipped(str(path), f"与 {one_line(first[sha256])} 内容相同，只收录一次。"))
    return {path: sha256 for sha256, path in first.items()}, unread, skipped


def overrides_of(folders: Iterable[Path]) -> tuple[dict[Path, Mapping[str, Override]], list[Skipped]]:
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


def without_superseded(
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
