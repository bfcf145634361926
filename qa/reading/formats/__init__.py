"""Choose the parser of a file by its suffix; parsers are imported on first use.

Parsers run in a child process, which :mod:`qa.reading` starts, and raise ``ReportError`` for a file that they refuse.
"""

from importlib import import_module
from pathlib import Path

from qa.errors import ReportError
from qa.reading.extract import Extract
from qa.reading.limits import DOCUMENT_BYTES, TEXT_BYTES, check_file
from qa.text.visible import one_line

EXTRACTORS = {  # suffix → module of this package
    **dict.fromkeys((".txt", ".md", ".markdown"), "text"),
    **dict.fromkeys((".html", ".htm"), "html"),
    ".docx": "docx",
    ".pdf": "pdf",
    **dict.fromkeys((".xlsx", ".csv", ".tsv"), "sheet"),
}
_DOCUMENTS = (".docx", ".pdf", ".xlsx")


def check(path: Path) -> None:
    """Raise ReportError for an unknown suffix, or a file that cannot be opened or is too large."""
    check_suffix(path)
    check_file(path, DOCUMENT_BYTES if path.suffix.lower() in _DOCUMENTS else TEXT_BYTES)


def check_suffix(path: Path) -> None:
    """Raise ReportError for a suffix of no format in ``EXTRACTORS``."""
    if path.suffix.lower() not in EXTRACTORS:
        known = f"能读的有 {'、'.join(sorted(EXTRACTORS))}；旧的 .doc、.xls 请另存为新格式。"
        raise ReportError(f"不认识的文件格式：{one_line(path.name)}。{known}")


def extract(path: Path, recognise: bool = False) -> Extract:
    """Parse a file of a format in ``EXTRACTORS``, a PDF with OCR if ``recognise``; raises ReportError."""
    parser = import_module(f"{__name__}.{EXTRACTORS[path.suffix.lower()]}")
    result: Extract = parser.extract(path, recognise=True) if recognise else parser.extract(path)
    return result
