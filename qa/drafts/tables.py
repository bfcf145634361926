"""Convert a checked draft to JSON values and to rows of a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from qa.drafts.records import DraftCheck, DraftItem
from qa.drafts.words import LABELS
from qa.ledger.tables import Row, write_xlsx

Json: TypeAlias = dict[str, Any]

COLUMNS = ("序号", "稿件里写的", "核对结果", "报告里的", "报告", "原文", "所在的句子")
_WIDTHS = (6, 20, 24, 20, 32, 60, 60)
_STOPS = "。！？；\n"


def as_json(check: DraftCheck, draft_id: str) -> Json:
    """Return the items of a draft in order; offsets count characters of its text."""
    return {"id": draft_id, "items": [_item(item) for item in check.items]}


def _item(item: DraftItem) -> Json:
    plain = {name: getattr(item, name) for name in ("text", "start", "end", "verdict", "report", "quote")}
    spans = [list(span) for span in item.spans] if item.quote else None
    return {**plain, "spans": spans, "right": item.right}


def rows(check: DraftCheck) -> tuple[Row, ...]:
    """Return one row per item under a row of column names."""
    made: list[Row] = [COLUMNS]
    for number, item in enumerate(check.items, start=1):
        source = (item.right or "", item.title or "", item.quote or "")
        sentence = _sentence(check.text, item.start, item.end)
        made.append((number, item.text, LABELS[item.verdict], *source, sentence))
    return tuple(made)


def save_xlsx(check: DraftCheck, path: Path) -> None:
    """Write the rows as a workbook; raise QAError if that fails."""
    write_xlsx(path, [("核稿", rows(check))], _WIDTHS)


def _sentence(text: str, start: int, end: int) -> str:
    first = max((text.rfind(stop, 0, start) for stop in _STOPS), default=-1) + 1
    last = min((at for stop in _STOPS if (at := text.find(stop, end)) >= 0), default=len(text))
    return text[first : last + 1].strip()
