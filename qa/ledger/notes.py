"""Read and change ``ledger.toml`` in the index folder: corrections and groups that people set by hand.

::

    [groups]                                  # indicators with the same meaning; union-qa figures --groups lists them
    "法律援助" = ["提供法律援助", "办理法律援助案件"]   # under this name, and in no other group

    [[corrections]]                           # a figure that is printed wrongly
    report = "温州.txt"                       # the report's file name
    printed = "9029个"                        # the figure as printed
    sentence = "建立工会组织"                  # words of its sentence; needed if the figure is printed twice
    number = 2                                # which one it is, if that sentence prints it several times
    value = 9092                              # in the base unit: 36.58万 is 365800, 92.3% is 92.3
    indicator = "工会组织数"                   # what is counted; value or indicator may be left out
    author = "王芳"                           # who is responsible
    date = 2024-05-06
    reason = "与年报不符"                      # may be left out

A corrected figure keeps its printed form and who corrected it when. A rebuild does not touch the file; the
next query of the ledger uses a changed one. The web page changes it as text, so that comments survive, and
parses the result before it replaces the old one: if that is not what was meant, nothing is changed.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import QAError, ReportError
from qa.index.disk import held, replace_file, require_regular_file
from qa.ledger.build import Correction, LedgerFigure
from qa.reading.isolate import run_isolated
from qa.text.normal import without_punctuation

if TYPE_CHECKING:
    from qa.ledger import Ledger

FILE = "ledger.toml"
MOST_BYTES = 1 << 20
_EXAMPLES = {
    "report": 'report = "温州.txt"',
    "printed": 'printed = "9029个"',
    "sentence": 'sentence = "建立工会组织"',
    "number": "number = 2",
    "value": "value = 9092",
    "indicator": 'indicator = "工会组织数"',
    "author": 'author = "王芳"',
    "date": "date = 2024-05-06",
    "reason": 'reason = "与年报不符"',
}


class LedgerError(QAError):
    """``ledger.toml`` cannot be used."""


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """One ``[[corrections]]`` of the file; ``value`` None and ``indicator`` ``""`` mean unchanged."""

    report: str
    printed: str
    sentence: str
    value: float | None
    author: str
    date: date
    reason: str
    indicator: str = ""
    number: int | None = None  # from 1, where the words fit several figures


@dataclass(frozen=True, slots=True)
class Notes:
    """The content of the file; ``groups``: name → wordings; ``path`` is for messages."""

    path: str = FILE
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    corrections: tuple[CorrectionNote, ...] = ()


def read_notes(folder: Path) -> Notes:
    """Read ``ledger.toml`` of a folder, empty if missing; raise LedgerError if it is not valid."""
    path = folder / FILE
    try:
        if not require_regular_file(path).exists():
            return Notes(str(path))
        if path.stat().st_size > MOST_BYTES:
            raise LedgerError(f"{path} 超过 {MOST_BYTES // 1024} KB，不像是人写的更正。请检查内容。")
        return run_isolated(parsed, path, path.read_bytes())
    except OSError as error:
        raise LedgerError(f"打不开 {path}：{error.strerror or error}。请检查这个文件和它的权限。") from error
    except ReportError as error:  # the limits of time and memory
        raise LedgerError(f"{path} 读不了：{error}") from error


def parsed(path: Path, data: bytes) -> Notes:
    """Parse the file, or raise LedgerError.

    :func:`read_notes` does so in a child process, because tomllib takes minutes for some files.
    """
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError
        raise LedgerError(f"{path} 不是合法的 TOML（UTF-8）：{error}。请改正后再试。") from error
    if unknown := sorted(tables.keys() - {"groups", "corrections"}):
        raise LedgerError(
            f"{path} 里有不认识的部分 {'、'.join(unknown)}。可用的是 [groups] 和 [[corrections]]。"
        )
    groups, entries = _groups(path, tables.get("groups", {})), tables.get("corrections", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LedgerError(f"{path} 的更正写得不对。请每个更正写一节 [[corrections]]。")
    corrections = (_correction(f"{path} 的第 {n} 个 [[corrections]]", e) for n, e in enumerate(entries, 1))
    return Notes(str(path), groups, tuple(corrections))


def corrected(
    figures: Iterable[LedgerFigure], notes: Notes
) -> tuple[tuple[LedgerFigure, ...], tuple[str, ...]]:
    """Return the figures with the corrections of the file, and why entries of it are not used.

    A correction is not used that matches no figure or several, nor the indicator of a group that no figure has.
    """
    every, unused = list(figures), list[str]()
    by_report: defaultdict[str, list[int]] = defaultdict(list)
    for at, figure in enumerate(every):
        by_report[figure.report].append(at)
    for number, note in enumerate(notes.corrections, start=1):
        where = f"{notes.path} 的第 {number} 个 [[corrections]]"
        try:
            at = _only_match(every, by_report[note.report], note, where)
        except LedgerError as error:  # its report is deleted, or has another figure now
            unused.append(str(error))
            continue
        old = every[at]
        value = old.value if note.value is None else note.value
        read = old.indicator if note.indicator not in ("", old.indicator) else ""
        done = Correction(old.value, note.author, note.date, note.reason, read)
        every[at] = replace(old, value=value, indicator=note.indicator or old.indicator, correction=done)
    known = {
        name for f in every for name in (f.indicator, f.correction.read_indicator if f.correction else "")
    }
    for name, wordings in notes.groups.items():
        if missing := sorted(wordings - known):
            unused.append(
                f"{notes.path} 的 [groups] 里“{name}”提到的指标“{missing[0]}”在台账中没有。"
                "现有的指标可用 union-qa figures --groups 查看，请照原样填写。"
            )
    return tuple(every), tuple(unused)


def _only_match(figures: list[LedgerFigure], own: list[int], note: CorrectionNote, where: str) -> int:
    """Return the index of the one figure that a note corrects; ``own`` are the indexes of its report's figures."""
    if not own:
        raise LedgerError(f"{where}：库中没有报告“{note.report}”，或其中没有数字。report 应是报告的文件名。")
    fits = [at for at in own if _fits(note, figures[at])]
    if note.number:
        fits = fits[note.number - 1 : note.number]
    if len(fits) > 1:
        raise LedgerError(
            f"{where}：“{note.printed}”在报告“{note.report}”里有 {len(fits)} 处。"
            "请用 sentence 写明是哪一句，一句里有几处的再用 number 写明是第几处。"
        )
    if not fits:
        among = f"（句中含“{note.sentence}”）" if note.sentence else ""
        raise LedgerError(
            f"{where}：报告“{note.report}”里没有印作“{note.printed}”的数字{among}。请照报告原文填写 printed 和 sentence。"
        )
    return fits[0]


def _fits(note: CorrectionNote, figure: LedgerFigure) -> bool:
    same = without_punctuation(figure.text) == without_punctuation(note.printed)
    return same and without_punctuation(note.sentence) in without_punctuation(figure.sentence)


def _groups(path: Path, table: Any) -> Mapping[str, frozenset[str]]:
    example = '请写成："法律援助" = ["提供法律援助", "办理法律援助案件"]'
    if not isinstance(table, dict):
        raise LedgerError(f"{path} 的 [groups] 写得不对。{example}")
    seen: dict[str, str] = {}
    for name, wordings in table.items():
        usable = isinstance(wordings, list) and all(isinstance(w, str) and w.strip() for w in wordings)
        if not usable or not wordings:
            raise LedgerError(f"{path} 的 [groups] 里“{name}”写得不对。{example}")
        for wording in wordings:
            if seen.setdefault(wording, name) != name:
                raise LedgerError(
                    f"{path} 的 [groups] 里，指标“{wording}”同时在“{seen[wording]}”和“{name}”中。请只留一处。"
                )
    return {name: frozenset(wordings) for name, wordings in table.items()}


def _correction(where: str, entry: dict[str, Any]) -> CorrectionNote:
    for key, value in entry.items():
        if key not in _EXAMPLES:
            raise LedgerError(f"{where} 里有不认识的键 {key}。可用的键：{'、'.join(_EXAMPLES)}。")
        if not _usable(key, value):
            raise LedgerError(f"{where} 的 {key} 写得不对。请写成：{_EXAMPLES[key]}")
    required = ("report", "printed", *(("value",) if "indicator" not in entry else ()), "author", "date")
    if missing := [key for key in required if key not in entry]:
        raise LedgerError(f"{where} 缺少 {missing[0]}。请加上：{_EXAMPLES[missing[0]]}")
    value = float(entry["value"]) if "value" in entry else None
    fields = {"sentence": "", "reason": ""} | entry
    return CorrectionNote(**fields | {"value": value, "indicator": entry.get("indicator", "").strip()})


def _usable(key: str, value: Any) -> bool:
    if key == "value":
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18
    if key == "number":
        return isinstance(value, int) and value > 0 and not isinstance(value, bool)
    if key == "date":
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, str) and bool(value.strip() or key in ("sentence", "reason"))


def add_correction(
    folder: Path, ledger: Ledger, note: CorrectionNote, figure: LedgerFigure | None = None
) -> CorrectionNote:
    """Add a correction to the file, of this figure if several fit, and remove earlier ones of the same figure.

    Returns it as it was added, with its number if several fit. Raises LedgerError if it matches no figure of the
    ledger or several, or the file cannot be changed.
    """
    fits = [each for each in ledger.figures if each.report == note.report and _fits(note, each)]
    if figure in fits and len(fits) > 1:
        note = replace(note, number=fits.index(figure) + 1)
    _, unused = corrected(ledger.figures, Notes(str(folder / FILE), corrections=(note,)))
    if unused:
        raise LedgerError(unused[0])
    _rewrite(folder, lambda old: _same(old, note), added=note)
    return note


def withdraw_correction(folder: Path, note: CorrectionNote) -> None:
    """Remove a correction from the file; raise LedgerError if it is gone or the file cannot be changed."""
    if not _rewrite(folder, lambda old: old == note):
        raise LedgerError("这处更正已不在了，可能刚刚被撤销。请刷新网页。")


def forget_corrections(folder: Path, report: str) -> None:
    """Remove all corrections of a deleted report."""
    _rewrite(folder, lambda old: old.report == report)


def _rewrite(
    folder: Path, gone: Callable[[CorrectionNote], bool], added: CorrectionNote | None = None
) -> bool:
    """Replace the file, without some corrections and with another; return whether that changes it.

    Raises LedgerError if it would not parse to those that are meant, QAError if another process changes it for long.
    """
    import tomlkit

    path = folder / FILE
    try:
        with held(folder / f"{FILE}.lock", "另一处正在更正台账。请稍候再试。", wait_seconds=10.0):
            kept = read_notes(folder).corrections
            meant = (*(note for note in kept if not gone(note)), *filter(None, (added,)))
            if meant == kept:
                return False
            text = path.read_text("utf-8-sig").rstrip() if path.exists() else ""
            document = tomlkit.parse(f"{text}\n\n".lstrip())
            entries = document.setdefault("corrections", tomlkit.aot())
            for number in [n for n, note in enumerate(kept) if gone(note)][::-1]:
                del entries[number]
            if added is not None:
                table = tomlkit.table()
                table.update({key: v for key in _EXAMPLES if (v := getattr(added, key)) not in (None, "")})
                entries.append(table)
            data = tomlkit.dumps(document).encode()
            with suppress(LedgerError):
                if parsed(path, data).corrections == meant:
                    replace_file(path, data)
                    return True
    except OSError as error:
        raise LedgerError(f"写不进 {path}（{error.strerror or error}）。请检查磁盘空间和写权限。") from error
    raise LedgerError(
        f"{path} 的写法特别，不能在网页上改。请直接编辑这个文件，写成 [[corrections]] 一节一处更正。"
    )


def _same(one: CorrectionNote, other: CorrectionNote) -> bool:
    """Return whether both correct the same figure."""
    printed = {without_punctuation(note.printed) for note in (one, other)}
    short, long = sorted((without_punctuation(note.sentence) for note in (one, other)), key=len)
    return one.report == other.report and len(printed) == 1 and short in long and one.number == other.number
