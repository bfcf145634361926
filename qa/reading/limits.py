"""Limits of files, and the check that a file can be opened; docs/usage.md has the same table."""

from pathlib import Path

from qa.errors import ReportError, ReportUnreadable

_MEGA = 1024 * 1024

TEXT_BYTES = 16 * _MEGA  # txt, md, csv, html
DOCUMENT_BYTES = 64 * _MEGA  # docx, pdf, xlsx
EXPANDED_BYTES = 64 * _MEGA  # what one compressed file may grow to
ARCHIVE_BYTES = 256 * _MEGA  # a zip file, and all that it holds
ARCHIVE_FILES = 1000
ARCHIVE_DEPTH = 3  # zip in zip
PDF_PAGES = 2000
TABLE_CELLS = 500_000  # of all tables of a file
TOML_BYTES = _MEGA  # reports.toml

ARCHIVE_MEMBERS = 20_000  # entries of a zip, docx or xlsx, pictures included
COMPRESSION_RATIO = 200  # of an archive past HARMLESS_BYTES; documents stay under 100
HARMLESS_BYTES = 16 * _MEGA  # unpacked; below this any compression ratio is accepted
EXTRACTED_CHARACTERS = 20_000_000  # text of one file
OCR_BYTES = 4096 * _MEGA  # address space of the process that recognises a scan
OCR_PAGES = 100  # of one scan
OCR_SECONDS_PER_PAGE = 60
PARSER_BYTES = 960 * _MEGA  # address space of the process that reads a file
PARSER_SECONDS = 13  # of CPU time of that process …
PARSER_SECONDS_PER_MEGABYTE = 5  # … and so many more for each megabyte of the file
TREE_DEPTH = 512  # nested HTML elements; the tags of deeper ones are ignored


def check_file(path: Path, limit: int, least: int = 1) -> None:
    """Raise ReportError for a file that is missing, unreadable, too large or too small; sizes in bytes."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ReportError(f"{path.name} 不是普通文件，已跳过。")
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise ReportError(f"找不到文件 {path}。请检查路径。") from None
    except OSError as error:
        raise unreadable(path, error) from error
    if size < least:
        raise ReportError(f"{path.name} 是空文件，已跳过。请确认导出时没有出错。")
    if size > limit:
        most = f"超过上限 {limit // _MEGA} MB"
        raise ReportError(f"{path.name} 有 {size / _MEGA:.1f} MB，{most}。请拆成几份，或只留下正文。")


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the bytes of a file; raises ReportError as ``check_file`` does."""
    check_file(path, limit)
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ReportUnreadable:
    """Return the error for a file that the system refuses to open."""
    return ReportUnreadable(f"打不开 {path.name}：{error.strerror or error}。请检查文件权限。")
