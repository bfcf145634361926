"""Choose the parser of a file by its suffix; parsers are imported on first use.

Each entry names a function ``(path: Path) -> Extract`` that raises ``ReportError`` for a file it refuses.
Parsers run in a child process, which :mod:`qa.reading` starts.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from qa.errors import ReportError
from qa.reading.extract import Extract
from qa.reading.limits import DOCUMENT_BYTES, TEXT_BYTES, check_file
from qa.text.visible import one_line

__all__ = ["EXTRACTORS", "check", "check_suffix", "extract"]

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
_DOCUMENTS = (".docx", ".pdf", ".xlsx")


def check(path: Path) -> None:
    """Raise ReportError for an unknown suffix, or a file that cannot be opened or is too large."""
    check_suffix(path)
    check_file(path, DOCUMENT_BYTES if path.suffix.lower() in _DOCUMENTS else TEXT_BYTES)


def check_suffix(path: Path) -> None:
    """Raise ReportError for a suffix of no format in ``EXTRACTORS``."""
    if path.suffix.lower() not in EXTRACTORS:
        known = "、".join(sorted(EXTRACTORS))
        raise ReportError(
            f"不认识的文件格式：{one_line(path.name)}。能读的有 {known}；旧的 .doc、.xls 请另存为新格式。"
        )


def extract(path: Path, recognise: bool = False) -> Extract:
    """Parse a file of a format in ``EXTRACTORS``, a PDF with OCR if ``recognise``; raises ReportError."""
    module, function = EXTRACTORS[path.suffix.lower()].split(":")
    parse = getattr(import_module(module), function)
    result: Extract = parse(path, recognise=True) if recognise else parse(path)
    return result
