"""A figure of a table row is cited with the unit and the year of its row and column, and with no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.checking.verify import verify_figures
from qa.reading import read_report
from tests.checking.attacks import cite

TITLE = "# 黄石市总工会2019—2021年指标\n\n"
TABLE = "|指标|2019年|2020年|\n|---|---|---|\n|发放互助金（万元）|368.9|527.4|\n"
LINE = "发放互助金（万元）；2019年：368.9；2020年：527.4\n"


@pytest.mark.parametrize("text", [TABLE, LINE])
@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("2020年发放互助金527.4万元", "quoted"),
        ("发放互助金527.4万元", "quoted"),
        ("2019年发放互助金527.4万元", "unsupported"),
        ("2020年发放互助金527.4亿元", "unsupported"),
        ("2020年发放互助金527.4件", "unsupported"),
        ("2020年发放互助金527.4元", "unsupported"),
    ],
)
def test_a_cell_confirms_its_own_unit_and_year(tmp_path: Path, text: str, said: str, state: str) -> None:
    path = tmp_path / "黄石.md"
    path.write_text(TITLE + text, encoding="utf-8")
    report = read_report(path)
    row = next(p for p in report.paragraphs if "527.4" in p.text)
    found = verify_figures(f"{said}[1]。", (cite(report, row, 0, len(row.text)),), ())
    assert [f.state for f in found if f.text.startswith("527")] == [state]
