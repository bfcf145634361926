"""Convert the ledger to JSON values and to rows of tables."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

from qa.ledger import Matrix
from qa.ledger.build import LedgerFigure
from qa.ledger.matching import IndicatorGroup
from qa.text.sheets import Row

Json: TypeAlias = dict[str, Any]

COLUMNS = (
    *("指标", "指标组", "数值", "单位", "约数", "原文", "地区", "层级", "时期", "截至", "计划"),
    *("报告", "标题", "小标题", "句子", "更正前", "更正人", "更正日期", "更正原因"),
)
LEVELS = {"country": "国家", "province": "省", "city": "市", "district": "区县", "other": "其他"}
EMPTY = {False: "报告未提", True: "没有匹配上"}  # by whether the report mentions it
_KEYS = (  # of a figure in JSON
    *("value", "unit", "approximator", "text", "indicator", "group", "context", "heading", "place"),
    *("level", "period", "as_of", "plan", "report", "report_id", "title", "paragraph"),
    *("sentence", "spans", "correction"),
)


def as_json(figure: LedgerFigure, group: str = "") -> Json:
    """Return a figure as plain values; ``group`` is the name of its indicator group."""
    correction = figure.correction
    return {key: getattr(figure, key, None) for key in _KEYS} | {
        "value": _number(figure.value),
        "group": group or None,
        "heading": " / ".join(figure.heading),
        "period": str(figure.period) if figure.period else None,
        "plan": figure.kind == "plan",
        "spans": [list(span) for span in figure.spans],
        "correction": correction
        and asdict(correction)
        | {
            "printed_value": _number(correction.printed_value),
            "date": correction.date.isoformat(),
            "read_indicator": correction.read_indicator or None,
        },
    }


def group_json(group: IndicatorGroup) -> Json:
    """Return a group with its wordings and the number of its figures."""
    wordings, figures = list(group.wordings), len(group.figures)
    return {"name": group.name, "wordings": wordings, "by_hand": group.by_hand, "figures": figures}


def matrix_json(matrix: Matrix) -> Json:
    """Return the reports, and for each indicator one list of figures per report."""
    return {
        "reports": [{"report_id": id_, "label": label} for id_, label in matrix.reports],
        "indicators": [
            group_json(row.group)
            | {"cells": [[as_json(f) for f in cell] for cell in row.cells], "spoken": list(row.spoken)}
            for row in matrix.rows
        ],
    }


def figures_json(figures: Iterable[LedgerFigure], groups: Iterable[IndicatorGroup]) -> list[Json]:
    """Return figures as plain values, each with the name of the group that holds it."""
    names = {(f.report_id, f.spans): group.name for group in groups for f in group.figures}
    return [as_json(figure, names.get((figure.report_id, figure.spans), "")) for figure in figures]


def table(figures: Sequence[LedgerFigure], groups: Iterable[IndicatorGroup]) -> tuple[Row, ...]:
    """Return figures as rows under a row of column names."""
    return (COLUMNS, *map(_row, figures, figures_json(figures, groups)))


def matrix_table(matrix: Matrix) -> tuple[Row, ...]:
    """Return the matrix as rows, one per indicator, with a column per report."""
    rows: list[Row] = [("指标", "其他说法", *(label for _, label in matrix.reports))]
    for row in matrix.rows:
        others = "、".join(w for w in row.group.wordings if w != row.group.name)
        columns = zip(row.cells, row.spoken, matrix.reports, strict=True)
        cells = (in_cell(cell, label) or EMPTY[spoken] for cell, spoken, (_, label) in columns)
        rows.append((row.group.name, others, *cells))
    return tuple(rows)


def printed_with_correction(figure: LedgerFigure) -> str:
    """Return a figure as printed, with its correction by hand if there is one."""
    return figure.text if figure.right == figure.text else f"{figure.text}（更正为 {figure.right}）"


def in_cell(figures: Iterable[LedgerFigure], label: str) -> str:
    """Return a report's figures of an indicator, for a column whose heading names its place and years."""
    return "；".join(f"{printed_with_correction(f)}{time_remark(f, label)}" for f in figures)


def time_remark(figure: LedgerFigure, label: str) -> str:
    """Return a remark on a figure's time if it is a plan or of other years than its column heading."""
    planned = "计划" if figure.kind == "plan" else ""
    years = str(figure.period or "")
    return f"（{'，'.join(filter(None, (years, planned)))}）" if planned or years not in label else ""


def _row(figure: LedgerFigure, plain: Json) -> Row:
    done = plain["correction"] or {"printed_value": None, "author": "", "date": "", "reason": ""}
    return (
        *(plain[key] or "" for key in ("indicator", "group")),
        *(plain[key] for key in ("value", "unit", "approximator", "text", "place")),
        *(LEVELS[figure.level], plain["period"] or "", figure.as_of, "计划" if plain["plan"] else ""),
        *(plain[key] for key in ("report", "title", "heading", "sentence")),
        *(done[key] for key in ("printed_value", "author", "date", "reason")),
    )


def _number(value: float) -> float | int:
    return int(value) if value == int(value) and abs(value) < 1e15 else value
