"""Which function reads which kind of file; the functions are imported when a file needs them.

Every entry names a function ``extract(path: Path) -> Extract`` that raises ``ReportError`` for a file it refuses.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReportError

if TYPE_CHECKING:
    from qa.reading.extract import Extract

__all__ = ["EXTRACTORS", "extract"]

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


def extract(path: Path) -> Extract:
    """Read a file by its suffix; raises ReportError for a suffix that nobody reads."""
    target = EXTRACTORS.get(path.suffix.lower())
    if target is None:
        known = "、".join(sorted(EXTRACTORS))
        raise ReportError(f"不认识的文件格式：{path.name}。能读的格式有 {known}，请先转换成其中一种。")
    module, function = target.split(":")
    result: Extract = getattr(import_module(module), function)(path)
    return result
