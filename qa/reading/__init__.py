"""Path → Report: the bytes of a file become a restored report with place and period.

``find_reports`` walks folders, ``read_report`` reads one file, ``load_overrides`` reads ``reports.toml``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from qa.errors import ReportError
from qa.reading import formats
from qa.reading.layout import Restored, restore
from qa.reading.metadata import infer
from qa.reading.overrides import FILE, Override, load_overrides
from qa.reading.version import reader_version
from qa.types import Paragraph, Report, Source

__all__ = [
    "Override", "Skipped", "find_reports", "load_overrides", "read_report", "read_restored", "reader_version",
]  # fmt: skip

_SENTENCE = re.compile(r"[，。；！？,;!?]")


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
            candidates = _walk(path)
        elif path.exists():
            candidates = iter([path])
        else:
            skipped.append(Skipped(path, f"找不到 {path}。请检查路径。"))
            continue
        for file in candidates:
            where = file.resolve()
            if where in seen:
                continue
            seen.add(where)
            if file.suffix.lower() in formats.EXTRACTORS:
                files.append(file)
            elif unpacked is not None and file.suffix.lower() == ".zip":
                members, refused = _unpack(file, unpacked / str(len(seen)) / file.stem)
                files += members
                skipped += refused
            else:
                skipped.append(
                    Skipped(
                        file,
                        f"不认识的文件格式：{file.name}。能读的有 {'、'.join(sorted(formats.EXTRACTORS))}。",
                    )
                )
    return tuple(files), tuple(skipped)


def _unpack(archive: Path, folder: Path) -> tuple[list[Path], list[Skipped]]:
    """The readable files of an archive, unpacked, and what it held that is not read."""
    from qa.reading.archives import expand

    folder.mkdir(parents=True)
    try:
        members, refused = expand(archive, folder, frozenset((*formats.EXTRACTORS, ".toml")))
    except ReportError as error:
        return [], [Skipped(archive, str(error))]
    kept = [m for m in members if m.name != FILE and not _is_hidden(m.name)]
    skipped = [Skipped(archive, reason) for reason in refused]
    if not kept and not refused:
        skipped.append(Skipped(archive, f"{archive.name} 里没有能读的文件。"))
    return kept, skipped


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not _is_hidden(name) and name != FILE:
                yield Path(root, name)


def read_report(path: Path, overrides: Mapping[str, Override] | None = None) -> Report:
    """Read, restore and date one file.

    Args:
        path: a file of a format in ``EXTRACTORS``.
        overrides: what ``load_overrides`` found in its folder, by file name; None to use the file's own folder.

    Raises:
        ReportError: the file cannot be read as a report; the message says what to do.
    """
    return read_restored(path, overrides)[0]


def read_restored(path: Path, overrides: Mapping[str, Override] | None = None) -> tuple[Report, Restored]:
    """The report together with what restoration decided on the way."""
    extracted = formats.extract(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(f"打不开 {path.name}：{error.strerror or error}。请检查文件权限。") from error
    restored = restore(extracted)
    if not restored.paragraphs:
        raise ReportError(f"{path.name} 里没有正文，已跳过。请确认导出时没有漏掉内容。")
    given = load_overrides(path.parent) if overrides is None else overrides
    known = infer(restored, path.stem, given.get(path.name))
    identity = hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + data).hexdigest()[:16]
    source = Source(
        path.name, extracted.format, extracted.encoding, extracted.text, hashlib.sha256(data).hexdigest()
    )
    paragraphs = tuple(
        Paragraph(identity, number, draft.heading, draft.text, draft.kind, draft.spans)
        for number, draft in enumerate(restored.paragraphs)
    )
    report = Report(
        id=identity,
        source=source,
        title=known.title,
        subtitle=known.subtitle,
        organisation=known.organisation,
        place=known.place,
        period=known.period,
        inferences=known.inferences,
        paragraphs=paragraphs,
        published=known.published,
        as_of=known.as_of,
        notes=(*extracted.notes, *_emptiness(restored)),
        delivered=known.delivered,
        speaker=known.speaker,
        plans=known.plans,
    )
    return report, restored


def _emptiness(restored: Restored) -> tuple[str, ...]:
    """What to say of a page whose text was not copied with it; nothing where there is a sentence or a row."""
    kept = (p for p in restored.paragraphs if p.kind in ("prose", "table row", "note"))
    if any(p.kind != "prose" or _SENTENCE.search(p.text) for p in kept):
        return ()
    return ("没有读到成句的正文，只有标题、栏目一类的短行。请确认复制网页时选中了正文，再重新导入。",)


def _is_hidden(name: str) -> bool:
    """Whether a file was never meant to be read: ``.name``, but not ``..name``, and what Office locks a file with."""
    return name.startswith(("~$", ".")) and not name.startswith("..")
