"""The manifest of a generation: what it was built from and by, and the checksum of every file.

The manifest is verified before any other file, and every other file before it is opened: no library notices a
flipped bit in a vector file; it answers differently. ``checksum`` is the SHA-256 of the other entries in
their canonical form, in this format and in every later one.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from qa.errors import IndexDamaged, IndexIncompatible
from qa.index.disk import require_regular_file

FORMAT = 4
MANIFEST_NAME = "manifest.json"
LARGEST_MANIFEST_BYTES = 256 << 20
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_Json: TypeAlias = dict[str, Any]
GENERATIONS = "generations"  # the folder of an index that holds them


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the generation; its name is relative to the folder, with ``/``."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A report file that was read."""

    name: str  # as citations print it
    sha256: str  # of the file's bytes
    overrides: str  # what ``reports.toml`` stated about it, in one line, or empty
    report_id: str
    text: str  # digest of the report's text, the same in another encoding or format


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """Reports indexed together, which stay together in later generations; the name is that of its folder."""

    name: str
    reports: tuple[str, ...]  # their names, in order
    paragraphs: int
    sentences: int

    @property
    def folder(self) -> str:
        return f"segments/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything that decides whether a generation can be used, and what of it can be used again; at first it is empty."""

    generation: int = 0  # its number; folder and manifest must agree
    created: str = ""  # ISO 8601, with offset
    encoder: str | None  # the name or path it was opened by; None for the shipped one
    encoder_identity: str  # vectors of two identities are never mixed
    dimension: int
    reader: str  # version of the reading stage, as the next two of theirs
    splitter: str
    words: str
    paragraphs: int = 0
    sentences: int = 0
    sources: tuple[SourceEntry, ...] = ()
    segments: tuple[SegmentEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()
    paths: tuple[str, ...] = ()  # absolute paths that were read; empty if an older version built this

    def files_of(self, segment: SegmentEntry) -> tuple[FileEntry, ...]:
        return tuple(file for file in self.files if file.name.startswith(f"{segment.folder}/"))

    def embedded_like(self, other: Manifest) -> bool:
        return (self.encoder_identity, self.dimension) == (other.encoder_identity, other.dimension)

    def indexed_like(self, other: Manifest) -> bool:
        """Return whether the same reports gave the same segments in two generations."""
        own, theirs = ((each.encoder, each.reader, each.splitter, each.words) for each in (self, other))
        return own == theirs and self.embedded_like(other)


def entry_of(name: str, data: bytes) -> FileEntry:
    """Return the entry of a file with this content."""
    return FileEntry(name, len(data), hashlib.sha256(data).hexdigest())


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as it is written, in ASCII: a path need not be UTF-8."""
    entries = {"format": FORMAT, **asdict(manifest)}
    entries |= {"checksum": _checksum(entries)}
    return json.dumps(entries, indent=1).encode("ascii")


def read_manifest(folder: Path) -> Manifest:
    """Read and verify the manifest in a generation's folder; raise IndexDamaged or IndexIncompatible."""
    path = folder / MANIFEST_NAME
    try:
        if path.stat().st_size > LARGEST_MANIFEST_BYTES:
            raise damaged(path, "过大")
        data = require_regular_file(path).read_bytes()
    except OSError as error:
        raise damaged(path, "读不出") from error
    return manifest_from(data, folder)


def manifest_from(data: bytes, where: Path | str) -> Manifest:
    """Return the verified manifest in these bytes; ``where`` names the generation in messages."""
    name = f"{where}/{MANIFEST_NAME}"
    entries = _parse(data, name)
    version = entries.pop("format", None)
    if isinstance(version, int) and version != FORMAT:
        raise IndexIncompatible(
            f"索引 {where} 的格式版本是 {version}，本程序读写的是版本 {FORMAT}。"
            f"请用写它的那个版本的程序，或运行 {rebuild_command(where)} 重建。"
        )
    checksum = entries.pop("checksum", None)
    if version != FORMAT or checksum != _checksum({"format": FORMAT, **entries}):
        raise damaged(name, "校验和不符")
    try:
        entries["sources"] = tuple(SourceEntry(**entry) for entry in entries["sources"])
        entries["segments"] = tuple(
            SegmentEntry(**(entry | {"reports": tuple(entry["reports"])})) for entry in entries["segments"]
        )
        entries["files"] = tuple(FileEntry(**entry) for entry in entries["files"])
        manifest = Manifest(**(entries | {"paths": tuple(entries.get("paths", ()))}))
    except (KeyError, TypeError) as error:
        raise damaged(name, "内容不全") from error
    names = [*(file.name for file in manifest.files), *(segment.name for segment in manifest.segments)]
    if not all(map(_NAME.fullmatch, names)):
        raise damaged(name, "文件名不合法")
    return manifest


def names_in(data: bytes) -> frozenset[str]:
    """Return the names of the reports in a manifest of any format; raise IndexDamaged if it lists none."""
    entries = _parse(data, MANIFEST_NAME)
    try:
        return frozenset(str(source["name"]) for source in entries["sources"])
    except (KeyError, TypeError) as error:
        raise damaged(MANIFEST_NAME, "内容不全") from error


def _parse(data: bytes, name: str) -> _Json:
    try:
        entries = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise damaged(name, "读不出") from error
    if not isinstance(entries, dict):
        raise damaged(name, "不是一份清单")
    return entries


def _checksum(entries: _Json) -> str:
    canonical = json.dumps(entries, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def damaged(where: Path | str, what: str, index: Path | None = None) -> IndexDamaged:
    """Return the error for a damaged file or generation; ``index`` is needed for paths outside generations.

    ``what`` is the problem, in words for people; a library's own message belongs in the cause.
    """
    command = rebuild_command(index / GENERATIONS if index else where)
    return IndexDamaged(f"索引 {where} 已损坏（{what}）。请运行 {command} 重建。")


def rebuild_command(where: Path | str) -> str:
    """Return the command that rebuilds the whole index that a generation or one of its files belongs to."""
    parts = Path(where).parts
    if GENERATIONS not in parts:
        return "union-qa rebuild 报告文件夹 --force"
    last = len(parts) - 1 - parts[::-1].index(GENERATIONS)
    return f"union-qa rebuild 报告文件夹 --index {shlex.quote(str(Path(*parts[:last])))} --force"
