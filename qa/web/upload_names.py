"""File names that every system takes, and the lines of ``reports.toml`` that go with uploaded files."""

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
    """What a person put in the place of what was inferred; ``""`` and None where they left it."""

    title: str = ""
    place: str = ""
    period: Period | None = None


def safe_name(name: str) -> str:
    """A file name without path, control characters, quotes and emoji; the suffix stays.

    >>> safe_name('../../a"b😀.PDF')
    'a b.pdf'
    """
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, suffix = bare.rpartition(".")
    suffix = re.sub(r"[^a-z0-9]", "", suffix.lower())[:10] if dot else ""
    if not suffix:  # what is left of a dot that ends nothing must not become a suffix
        stem = bare.replace(".", " ")
    stem = _UNFIT.sub(" ", stem).strip(" .~$")[:_NAME_CHARACTERS]
    stem = stem.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .~$") or "报告"
    return f"{stem}.{suffix}" if suffix else stem


def untaken(name: str, taken: Set[str]) -> str:
    """The name, with a number before its suffix where another file of the upload has it already."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    names = (f"{stem}（{number}）{dot}{suffix}" for number in count(2))
    return next(n for n in chain((name,), names) if n not in taken)


def write_toml(path: Path, said: Mapping[str, Edit]) -> None:
    """Replace what ``reports.toml`` says of some files by what was said now; the others stay as they are.

    Raises:
        ReportError: somebody has written there what cannot be read.
    """
    import tomllib

    from qa.reading import load_overrides

    load_overrides(path.parent)  # its limits hold for what follows
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
    """Strings, numbers and lists of them look the same in JSON and in TOML, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
