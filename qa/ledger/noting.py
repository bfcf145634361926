"""Add corrections to ``ledger.toml`` and remove them, keeping what people wrote there by hand.

The file is edited as text, so that comments survive, and parsed before it replaces the old one: if the result is not
what was meant, nothing is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from qa.index.disk import replace_file
from qa.ledger.ledger import Ledger
from qa.ledger.notes import FILE, CorrectionNote, LedgerError, Notes, corrected, parsed, read_notes
from qa.text.normal import without_punctuation

_TABLE = re.compile(r"\s*\[")
_CORRECTION = re.compile(r"\s*\[\[\s*corrections\s*\]\]")


def add_correction(folder: Path, ledger: Ledger, note: CorrectionNote) -> None:
    """Add a correction to the file and remove earlier ones of the same figure.

    Raises:
        LedgerError: it matches no figure of the ledger or several, or the file cannot be changed.
    """
    path = folder / FILE
    corrected(ledger.figures, Notes(str(path), corrections=(note,)))
    kept = read_notes(folder).corrections
    text = _without(_text(path), [n for n, old in enumerate(kept) if _same(old, note)])
    block = "\n".join(("[[corrections]]", *_lines(note)))
    joined = f"{text.rstrip()}\n\n{block}\n".lstrip()
    _replace(path, joined, (*(old for old in kept if not _same(old, note)), note))


def withdraw_correction(folder: Path, note: CorrectionNote) -> None:
    """Remove a correction from the file; raise LedgerError if it is gone or the file cannot be changed."""
    path, kept = folder / FILE, read_notes(folder).corrections
    if note not in kept:
        raise LedgerError("这处更正已不在了，可能刚刚被撤销。请刷新网页。")
    at = kept.index(note)
    _replace(path, _without(_text(path), [at]), kept[:at] + kept[at + 1 :])


def forget_corrections(folder: Path, report: str) -> None:
    """Remove all corrections of a deleted report: one without a figure would make the ledger unusable.

    Raises:
        LedgerError: the file cannot be read or changed.
    """
    path, kept = folder / FILE, read_notes(folder).corrections
    gone = [n for n, note in enumerate(kept) if note.report == report]
    if gone:
        _replace(path, _without(_text(path), gone), tuple(note for note in kept if note.report != report))


def _same(one: CorrectionNote, other: CorrectionNote) -> bool:
    """Return whether both correct the same figure."""
    short, long = sorted((without_punctuation(one.sentence), without_punctuation(other.sentence)), key=len)
    return (one.report, without_punctuation(one.printed)) == (
        other.report,
        without_punctuation(other.printed),
    ) and short in long


def _lines(note: CorrectionNote) -> Iterator[str]:
    for key in ("report", "printed", "sentence", "value", "indicator", "author", "date", "reason"):
        value = getattr(note, key)
        if value in (None, ""):
            continue
        if key == "date":
            yield f"date = {note.date.isoformat()}"
        elif key == "value":
            yield f"value = {value!r}"
        else:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""


def _without(text: str, numbers: list[int]) -> str:
    """Return the text without some of its ``[[corrections]]``, each up to the next table."""
    left, at, in_correction = [], -1, False
    for line in text.splitlines(keepends=True):
        if _TABLE.match(line):
            in_correction = _CORRECTION.match(line) is not None
            at += in_correction
        if not (in_correction and at in numbers):
            left.append(line)
    return "".join(left)


def _replace(path: Path, text: str, meant: tuple[CorrectionNote, ...]) -> None:
    """Replace the file if the text parses to the corrections that are meant."""
    try:
        right = parsed(path, text.encode()).corrections == meant
    except LedgerError:
        right = False
    if not right:
        raise LedgerError(
            f"{path} 的写法特别，不能在网页上改。请直接编辑这个文件，写成 [[corrections]] 一节一处更正。"
        )
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise LedgerError(f"写不进 {path}（{error.strerror or error}）。请检查磁盘空间和写权限。") from error
