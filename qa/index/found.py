"""The report files that are going to be indexed, looked at before they are read: each content once, none replaced."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReportError, ReportUnreadable
from qa.index.disk import sha256_of
from qa.text.visible import one_line

if TYPE_CHECKING:
    from qa.reading import Override

_NAMED = 5  # names in one message


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, says nothing there, or stands there as it was before, and why."""

    path: str
    reason: str


def without_duplicates(files: Iterable[Path]) -> tuple[dict[Path, str], dict[Path, str], list[Skipped]]:
    """Files with their checksums, the first of several with the same content only; and what was left out.

    In between stands what the system does not let be read now, with the reason. A file is looked at before
    it is read: one of ten gigabytes is refused at once.
    """
    from qa.reading import formats
    from qa.reading.limits import unreadable

    first: dict[str, Path] = {}
    unread: dict[Path, str] = {}
    skipped = []
    for path in files:
        try:
            formats.check(path)
            sha256 = sha256_of(path)
        except ReportUnreadable as error:
            unread[path] = one_line(error)
            continue
        except ReportError as error:
            skipped.append(Skipped(str(path), one_line(error)))
            continue
        except OSError as error:
            unread[path] = one_line(unreadable(path, error))
            continue
        if first.setdefault(sha256, path) != path:
            same = one_line(first[sha256])
            skipped.append(Skipped(str(path), f"与 {same} 内容相同，只收录一次。"))
    return {path: sha256 for sha256, path in first.items()}, unread, skipped


def overrides_of(folders: Iterable[Path]) -> tuple[dict[Path, Mapping[str, Override]], list[Skipped]]:
    """What the ``reports.toml`` of each folder says; one that cannot be read says nothing and is listed.

    So is one that speaks of a file that is not there, or of one that replaces itself; the rest of it holds.
    """
    from qa.reading import load_overrides
    from qa.reading.overrides import FILE

    overrides: dict[Path, Mapping[str, Override]] = {}
    skipped = []
    for folder in folders:
        try:
            overrides[folder] = load_overrides(folder)
        except ReportError as error:
            overrides[folder] = {}
            reason = f"{one_line(error)} 这次旁边的报告按没有这个文件收录，改正后请重新运行。"
            skipped.append(Skipped(str(folder / FILE), reason))
        skipped += (Skipped(str(folder / FILE), reason) for reason in _idle(folder, overrides[folder]))
    return overrides, skipped


def _idle(folder: Path, overrides: Mapping[str, Override]) -> Iterator[str]:
    """What of a ``reports.toml`` changes nothing, and why."""
    absent = [name for name in overrides if not os.path.lexists(folder / name)]
    if absent:
        more = f" 等 {len(absent)} 节" if len(absent) > _NAMED else ""
        names = "、".join(one_line(name) for name in absent[:_NAMED])
        yield f"旁边没有这些节所写的文件：{names}{more}。请核对文件名，要连同后缀。"
    for name, override in overrides.items():
        if name in override.supersedes:
            yield f"{one_line(name)} 写成取代它自己，没有采用。"


def without_superseded(
    files: Mapping[Path, str], overrides: Mapping[Path, Mapping[str, Override]]
) -> tuple[dict[Path, str], list[Skipped]]:
    """The files that no other file replaces, as ``reports.toml`` says; and what was left out.

    Files that replace each other, by whatever detour, stay, and the file that says so is listed.
    """
    from qa.reading.overrides import FILE

    by: dict[Path, set[Path]] = defaultdict(set)  # a file → those that replace it
    for path in files:
        override = overrides[path.parent].get(path.name)
        for name in override.supersedes if override else ():
            if name != path.name and path.parent / name in files:
                by[path.parent / name].add(path)
    skipped = []
    while circle := _circle(by):
        for new, old in pairwise(circle):
            by[old].discard(new)
        names = "、".join(one_line(path.name) for path in circle[1:])
        reason = f"{names} 互相取代，这几份都照常收录。请只留下一个方向。"
        skipped.append(Skipped(str(circle[0].parent / FILE), reason))
    skipped += (
        Skipped(str(path), f"已由 {one_line(min(by[path]).name)} 取代（{FILE}）。")
        for path in files
        if by.get(path)
    )
    return {path: sha256 for path, sha256 in files.items() if not by.get(path)}, skipped


def _circle(by: Mapping[Path, set[Path]]) -> list[Path]:
    """Files each of which replaces the next one, the first again at the end; empty where there is no such circle."""
    try:
        TopologicalSorter(by).prepare()
    except CycleError as found:
        circle: list[Path] = found.args[1]
        return circle
    return []
