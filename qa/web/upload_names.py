"""Portable file names of uploads, and their tables in ``reports.toml``."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from qa.types import Period

_NAME_CHARACTERS = 80
_NAME_BYTES = 230  # file systems allow 255; a number and a suffix follow
_UNFIT = re.compile(r"[^\w\u3000-\u303f（）《》“”·.\- ]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A person's corrections of inferred metadata; ``""`` and None for none."""

    title: str = ""
    place: str = ""
    period: Period | None = None


def safe_name(name: str) -> str:
    """Return a file name without path, control characters, quotes and emoji; the suffix stays.

    >>> safe_name('../../a"b😀.PDF')
    'a b.pdf'
    """
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, suffix = bare.rpartition(".")
    suffix = re.sub(r"[^a-z0-9]", "", suffix.lower())[:10] if dot else ""
    if not suffix:  # other dots must not make a suffix
        stem = bare.replace(".", " ")
    stem = _UNFIT.sub(" ", stem).strip(" .~$")[:_NAME_CHARACTERS]
    stem = stem.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .~$") or "报告"
    return f"{stem}.{suffix}" if suffix else stem


def untaken(name: str, taken: Set[str]) -> str:
    """Return the name, with a number before its suffix if it is taken."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    names = (f"{stem}（{number}）{dot}{suffix}" for number in count(2))
    return next(n for n in chain((name,), names) if n not in taken)


def write_toml(path: Path, said: Mapping[str, Edit]) -> None:
    """Replace the tables of some files in ``reports.toml``; ReportError if it cannot be read."""
    import tomllib

    from qa.reading import load_overrides

    load_overrides(path.parent)  # checks its limits
    tables = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}
    for name, edit in said.items():
        tables.pop(name, None)
        table = {
            "title": edit.title,
            "place": edit.place,
            "period": [edit.period.start, edit.period.end] if edit.period else None,
        }
        if kept := {key: value for key, value in table.items() if value}:
            tables[name] = kept
    if not tables:
        path.unlink(missing_ok=True)
        return
    lines = [
        f"[{_quoted(name)}]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _quoted(value: object) -> str:
    """Return TOML: for strings, numbers and lists of them it is JSON, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
