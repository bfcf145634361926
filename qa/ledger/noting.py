"""Write corrections into ``ledger.toml``, and take them out; what people wrote there by hand stays as it is.

The file is edited as text, so that comments survive, and read again before it takes the old one's place: where the
edit does not say what it should, nothing is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from qa.index.disk import replace_file
from qa.ledger.ledger import Ledger
from qa.ledger.notes import FILE, CorrectionNote, LedgerError, Notes, corrected, parsed, read_notes
from qa.text.normal import squeezed

_HEAD = re.compile(r"\s*\[")
_OURS = re.compile(r"\s*\[\[\s*corrections\s*\]\]")


def note_correction(folder: Path, ledger: Ledger, note: CorrectionNote) -> None:
    """Put a correction into the file, in the place of an earlier one of the same figure.

    Raises:
        LedgerError: it fits no figure of the ledger or several, or the file cannot be changed.
    """
    path = folder / FILE
    corrected(ledger.figures, Notes(str(path), corrections=(note,)))
    kept = read_notes(folder).corrections
    text = _without(_text(path), [n for n, old in enumerate(kept) if _same(old, note)])
    block = "\n".join(("[[corrections]]", *_lines(note)))
    joined = f"{text.rstrip()}\n\n{block}\n".lstrip()
    _put(path, joined, (*(old for old in kept if not _same(old, note)), note))


def withdraw_correction(folder: Path, note: CorrectionNote) -> None:
    """Take a correction out of the file: what is printed counts again.

    Raises:
        LedgerError: it is no longer there, or the file cannot be changed.
    """
    path, kept = folder / FILE, read_notes(folder).corrections
    if note not in kept:
        raise LedgerError("这处更正已不在了，可能刚刚被撤销。请刷新网页。")
    at = kept.index(note)
    _put(path, _without(_text(path), [at]), kept[:at] + kept[at + 1 :])


def forget_corrections(folder: Path, report: str) -> None:
    """Take out all corrections of a report that is no longer there: one that fits no figure would close the ledger.

    Raises:
        LedgerError: the file cannot be read or changed.
    """
    path, kept = folder / FILE, read_notes(folder).corrections
    gone = [n for n, note in enumerate(kept) if note.report == report]
    if gone:
        _put(path, _without(_text(path), gone), tuple(note for note in kept if note.report != report))


def _same(one: CorrectionNote, other: CorrectionNote) -> bool:
    """Whether both are of one figure."""
    short, long = sorted((squeezed(one.sentence), squeezed(other.sentence)), key=len)
    return (one.report, squeezed(one.printed)) == (other.report, squeezed(other.printed)) and short in long


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
    """The text without some of its ``[[corrections]]``, each down to the next table."""
    left, at, ours = [], -1, False
    for line in text.splitlines(keepends=True):
        if _HEAD.match(line):
            ours = _OURS.match(line) is not None
            at += ours
        if not (ours and at in numbers):
            left.append(line)
    return "".join(left)


def _put(path: Path, text: str, meant: tuple[CorrectionNote, ...]) -> None:
    """Replace the file, if the text says what is meant."""
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
