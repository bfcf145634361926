"""Which function reads which kind of file; the functions are imported when a file needs them.

Every entry names a function ``extract(path: Path) -> Extract`` that raises ``ReportError`` for a file it refuses. They
run in a child process, which :mod:`qa.reading` starts.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReportError
from qa.reading.limits import DOCUMENT_BYTES, TEXT_BYTES, check_file

if TYPE_CHECKING:
    from qa.reading.extract import Extract

__all__ = ["EXTRACTORS", "check", "extract"]

EXTRACTORS: dict[str, str] = {
    ".txt": "qa.reading.formats.text:extract",
    ".md": "qa.reading.formats.text:extract",
    ".markdown": "qa.reading.formats.text:extract",
    ".html": "qa.reading.formats.html:extract",
    ".htm": "qa.reading.formats.html:extract",
    ".docx": "qa.reading.formats.docx:extract",
    ".pdf": "qa.reading.formats.pdf:extract",
    ".xlsx": "qa.reading.formats.sheet:extract_workbook",
    ".csv": "qa.reading.formats.sheet:extract",
    ".tsv": "qa.reading.formats.sheet:extract",
}
_RECOGNISERS = {".pdf": "qa.reading.formats.pdf:parse_scan"}  # of text in pictures
_DOCUMENTS = (".docx", ".pdf", ".xlsx")


def check(path: Path) -> None:
    """Refuse, before a byte is read, what nobody reads, cannot be opened, or is larger than its format may be.

    Raises:
        ReportError: the message says what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in EXTRACTORS:
        raise _unknown(path)
    check_file(path, DOCUMENT_BYTES if suffix in _DOCUMENTS else TEXT_BYTES)


def _unknown(path: Path) -> ReportError:
    known = "、".join(sorted(EXTRACTORS))
    return ReportError(f"不认识的文件格式：{path.name}。能读的格式有 {known}，请先转换成其中一种。")


def extract(path: Path, recognise: bool = False) -> Extract:
    """Read a file by its suffix, the text of its pictures too where that is asked for and there are any.

    Raises:
        ReportError: nobody reads this suffix, or the file is refused.
    """
    suffix = path.suffix.lower()
    target = _RECOGNISERS.get(suffix) if recognise else EXTRACTORS.get(suffix)
    if target is None:
        raise _unknown(path)
    module, function = target.split(":")
    result: Extract = getattr(import_module(module), function)(path)
    return result
