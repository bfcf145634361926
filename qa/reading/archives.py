"""Open zip archives (docx and xlsx too), after checking the sizes that their table of contents claims.

``zipfile`` never unpacks more of a member than the table says.
"""

import errno
import lzma
import shutil
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from qa.errors import QAError, ReportError
from qa.reading import limits
from qa.text.normal import one_line

_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # flag bits of a member
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Office files, and the envelope of encrypted new ones
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OverflowError, OSError,
)  # fmt: skip
_DEEPEST = 32  # nested folders
_LONGEST_SUFFIX = 12  # characters
_LISTED = 5  # names in one message


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; raises ReportError for zip bombs, damage and passwords."""
    limits.check_file(path, limits.ARCHIVE_BYTES)
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        raise ReportError(f"文件有密码保护，或者是旧版 Office 格式：{path.name}。请去掉密码，另存为新格式。")
    damaged = ReportError(f"文件已损坏，无法解开：{path.name}。请用原来的软件重新导出。")
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGE, ValueError):
        raise damaged from None
    with archive:
        _check(archive, path.name)
        try:
            yield archive
        except _DAMAGE:
            raise damaged from None


def _check(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if len(members) > limits.ARCHIVE_MEMBERS:
        raise ReportError(f"压缩包里的文件超过 {limits.ARCHIVE_MEMBERS} 个：{name}。请拆分成几个。")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ReportError(f"文件有密码保护：{name}。请去掉密码后另存一份。")
    places = {member.header_offset: member.compress_size for member in members}
    if len(places) < len(members):
        raise ReportError(f"压缩包的目录互相重叠，像是压缩炸弹，没有打开：{name}。")
    unpacked, packed = sum(member.file_size for member in members), sum(places.values())
    dense = unpacked > limits.HARMLESS_BYTES and unpacked > limits.COMPRESSION_RATIO * packed
    if dense or unpacked > limits.ARCHIVE_BYTES:
        raise ReportError(f"解开后有 {unpacked >> 20} MB，像是压缩炸弹，没有打开：{name}。")


def each_element(data: bytes, message: str, start: Callable[[str, dict[str, str]], None]) -> None:
    """Call ``start`` with the tag and attributes of each element of an XML part.

    Raises ReportError with this message at a document type declaration, and ExpatError if it is no XML.
    """

    def refuse(*_: object) -> None:
        raise ReportError(message)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, start
    parser.Parse(data, True)


def extract_members(path: Path, folder: Path, suffixes: frozenset[str]) -> tuple[list[Path], list[str]]:
    """Extract the members with these suffixes into an empty folder, nested archives included.

    Members keep their sub-folders; nothing is written outside of the folder, whatever a name says, and links
    are written as plain files. Returns the files in the order of the archive, and messages about the members
    that were refused. Raises ReportError if the archive itself cannot be opened.
    """
    expansion = _Expansion(suffixes)
    expansion.add(path, folder, depth=1)
    refused = expansion.refused
    if unknown := expansion.unknown:
        refused.append(f"{path.name} 里有 {len(unknown)} 个文件的格式不认识，没有读：{_listed(unknown)}。")
    for (reason, archive), names in expansion.packed.items():
        refused.append(f"{reason}，没有打开：{archive} 里的 {_listed(names)}。")
    return expansion.files, refused


def _listed(names: Sequence[str]) -> str:
    """Return the first names, and how many there are if that is not all."""
    more = f" 等 {len(names)} 个" if len(names) > _LISTED else ""
    return "、".join(names[:_LISTED]) + more


class _Expansion:
    """The unpacking of an archive and the archives in it, which share the limits."""

    def __init__(self, suffixes: frozenset[str]) -> None:
        self.suffixes = suffixes
        self.files: list[Path] = []
        self.refused: list[str] = []
        self.unknown: list[str] = []  # names of members of unknown formats
        self.packed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)  # (reason, archive) → names
        self._bytes = 0
        self._members = 0

    def add(self, path: Path, folder: Path, depth: int) -> None:
        with open_archive(path) as archive:
            for member in archive.infolist():
                name = _decoded_name(member)
                parts = _safe_parts(name)
                suffix = PurePosixPath(name).suffix.lower()
                if member.is_dir() or not parts:
                    continue
                if suffix not in self.suffixes and suffix != ".zip":
                    self.unknown.append(parts[-1])
                    continue
                if reason := self._over_limit(member, suffix, depth, len(parts)):
                    self.packed[reason, path.name].append(name)
                    continue
                target = folder.joinpath(*parts)
                try:
                    target = _free(target)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(member) as source, target.open("xb") as copy:
                        shutil.copyfileobj(source, copy)
                except Exception as error:
                    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):  # no fault of the file
                        raise QAError("临时文件夹写满了，压缩包没有解完。请腾出磁盘空间后重试。") from error
                    with suppress(OSError):
                        target.unlink()
                    self.packed["已损坏或文件名不合法", path.name].append(name)
                    continue
                if suffix != ".zip":
                    self.files.append(target)
                    continue
                try:
                    self.add(target, _free(target.with_suffix("")), depth + 1)
                except ReportError as error:
                    self.refused.append(str(error))
                finally:
                    target.unlink()

    def _over_limit(self, member: zipfile.ZipInfo, suffix: str, depth: int, parts: int) -> str:
        """Return why this member stays packed, "" if it does not."""
        if parts > _DEEPEST:
            return f"文件夹套了 {_DEEPEST} 层以上"
        if member.file_size > limits.DOCUMENT_BYTES:
            return f"文件超过 {limits.DOCUMENT_BYTES >> 20} MB"
        if suffix == ".zip" and depth >= limits.ARCHIVE_DEPTH:
            return f"压缩包套了 {limits.ARCHIVE_DEPTH} 层以上"
        self._bytes += member.file_size
        self._members += 1
        if self._bytes > limits.ARCHIVE_BYTES or self._members > limits.ARCHIVE_FILES:
            return f"已解开 {limits.ARCHIVE_BYTES >> 20} MB 或 {limits.ARCHIVE_FILES} 个文件"
        return ""


def _decoded_name(member: zipfile.ZipInfo) -> str:
    """Return the name as intended: unless the archive says UTF-8, macOS still writes it, and Windows tools GBK."""
    for encoding in () if member.flag_bits & _UTF8_NAME else ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return member.filename.encode("cp437").decode(encoding)
    return member.filename


def _safe_parts(name: str) -> tuple[str, ...]:
    """Return the path parts below the folder; empty for hidden files and those of macOS."""
    parts = PurePosixPath(name.replace("\\", "/").replace("\0", "")).parts
    kept = [one_line(part).replace(":", "_").strip() for part in parts if part.strip("/") not in ("", "..")]
    if any(part == "__MACOSX" or part.startswith(".") for part in kept):
        return ()
    return tuple(_short(part) for part in kept if part)


def _short(part: str) -> str:
    """Cut a name that is too long for file systems, but keep its suffix, which states the format."""
    whole = part.encode()
    short = whole[:200].decode(errors="ignore") + PurePosixPath(part).suffix[:_LONGEST_SUFFIX]
    return part if len(whole) <= 255 else short


def _free(path: Path) -> Path:
    """Return the path, with a number if something of that name exists."""
    numbered = (path.with_stem(f"{path.stem} ({number})") for number in count(2))
    return next(free for free in chain([path], numbered) if not free.exists())
