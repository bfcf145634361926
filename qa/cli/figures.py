"""``union-qa figures``: list every figure of the reports, as a table, JSON, CSV or XLSX."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.terminal import (
    AsJson,
    Encoder,
    Index,
    Period,
    Place,
    Report,
    Store,
    opened,
    plain,
    print_json,
    print_table,
    say,
    settings_with,
    show,
    value,
)

if TYPE_CHECKING:
    from qa.ledger import Ledger, Matrix
    from qa.ledger.build import LedgerFigure
    from qa.ledger.matching import IndicatorGroup
    from qa.text.sheets import Row

WIDE = 5  # most reports shown as columns on a terminal


def figures(
    place: Place = None,
    period: Period = None,
    indicator: Annotated[str | None, value("指标", "数的是什么，如 法律援助；同义说法也算。")] = None,
    unit: Annotated[str | None, value("单位", "只看这类单位，如 件、元、%。")] = None,
    report: Report = None,
    matrix: Annotated[bool, typer.Option("--matrix", help="一行一个指标，一列一份报告。")] = False,
    groups: Annotated[
        bool, typer.Option("--groups", help="列出归在一起的指标，可抄进索引文件夹的 ledger.toml 更正。")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV。")] = False,
    as_json: AsJson = False,
    xlsx: Annotated[Path | None, value("FILE", "写成 Excel 工作簿。")] = None,
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
) -> None:
    """数字台账：报告里的每个数字，数的是什么、哪里、何时、原文何处。

    例：union-qa figures --indicator 法律援助

    例：union-qa figures --place 温州 --unit 元 --csv > 温州.csv

    例：union-qa figures --matrix --xlsx 对照表.xlsx
    """
    if as_csv + as_json + (xlsx is not None) > 1:
        raise typer.BadParameter("--csv、--json、--xlsx 只能选一个")
    if matrix and groups:
        raise typer.BadParameter("--matrix 与 --groups 只能选一个")
    from qa.ledger import tables
    from qa.text import sheets

    library = opened(settings_with(index, store), encoder)
    found = library.figures(place=place, period=period, indicator=indicator, unit=unit, report=report)
    ledger = library.ledger()
    for problem in ledger.unused:
        say(f"注意：{problem}")
    if xlsx is not None:
        rows, compared = tables.table(found, ledger.groups(found)), tables.matrix_table(ledger.matrix(found))
        sheets.write_xlsx(xlsx, [("数字", rows), ("对照", compared)])
        say(f"已写入 {xlsx}：{len(found)} 个数字。")
    elif as_json and matrix:
        print_json(tables.matrix_json(ledger.matrix(found)))
    elif as_json and groups:
        print_json([tables.group_json(group) for group in ledger.groups(found)])
    elif as_json:
        print_json(tables.figures_json(found, ledger.groups(found)))
    elif as_csv:
        if matrix:
            rows = tables.matrix_table(ledger.matrix(found))
        else:
            own = ledger.groups(found)
            rows = _group_rows(own) if groups else tables.table(found, own)
        print(plain(sheets.as_csv(rows)), end="")
    elif matrix:
        _show_matrix(ledger.matrix(found))
    elif groups:
        show("[groups]")
        for group in ledger.groups(found):  # strings of TOML are those of JSON
            name, *wordings = (json.dumps(text, ensure_ascii=False) for text in (group.name, *group.wordings))
            show(f"{name} = [{', '.join(wordings)}]")
    elif found:
        shown = ((f.indicator, tables.printed_with_correction(f), f.place, _when(f), f.report) for f in found)
        print_table(("指标", "数字", "地区", "时期", "报告"), shown)
        reports = len({f.report_id for f in found})
        say(f"{len(found)} 个数字，来自 {reports} 份报告。{_left_out(ledger, found)}")
    if not found:
        say("没有符合条件的数字。可去掉一个条件，或换一种说法再试。")


def _show_matrix(matrix: Matrix) -> None:
    from qa.ledger import tables

    labels = [label for _, label in matrix.reports]
    if len(labels) <= WIDE:
        cells = ([row.group.name, *map(tables.in_cell, row.cells, labels)] for row in matrix.rows)
        print_table(("指标", *labels), cells)
        return
    rows = []
    for row in matrix.rows:
        given = ((label, cell) for label, cell in zip(labels, row.cells, strict=True) if cell)
        lines = (f"{label}：{tables.in_cell(cell, label)}" for label, cell in given)
        rows.append((row.group.name, "\n".join(lines)))
    print_table(("指标", "报告"), rows)


def _group_rows(groups: Sequence[IndicatorGroup]) -> tuple[Row, ...]:
    rows = ((g.name, "、".join(g.wordings), len(g.figures), "是" if g.by_hand else "") for g in groups)
    return (("指标组", "说法", "数字", "人工归并"), *rows)


def _left_out(ledger: Ledger, found: Sequence[LedgerFigure]) -> str:
    """Return the sentence that says what a list of all figures leaves out; of some figures it is not known."""
    if len(found) < len(ledger.figures):
        return ""
    named = sum(f.kind == "name" for f in ledger.set_aside)
    return f"名称里的 {named} 个和日期里的 {len(ledger.set_aside) - named} 个数字没有列入。"


def _when(figure: LedgerFigure) -> str:
    if figure.kind == "plan":
        return f"{figure.period or ''}（计划）"
    return f"截至 {figure.as_of} 年" if figure.as_of else str(figure.period or "")
