"""Dates tell what their format prints, and formulas whose result a workbook lacks are told."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from qa.reading.formats.sheet import extract
from tests.reading.formats.made import zipped
from tests.reading.formats.test_sheet import lines, workbook


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ('yyyy"年"m"月"', "2024年6月"),
        ("yyyy/m", "2024年6月"),
        ('yyyy"年"', "2024年"),
        ('yyyy"年"m"月"d"日"', "2024-06-01"),
        ("yyyy-mm-dd", "2024-06-01"),
    ],
)
def test_a_date_tells_what_its_format_prints(tmp_path: Path, pattern: str, shown: str) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [["名", "时间", "人数"], ["行", dt.date(2024, 6, 1), 5]], formats={"B2": pattern}
    )
    assert lines(extract(path)) == [f"名：行；时间：{shown}；人数：5"]


def rewritten(path: Path, part: str, old: str, new: str) -> Path:
    """Replace a text in a part of a package."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[part].decode()
    assert old in text
    path.write_bytes(zipped(**parts | {part: text.replace(old, new).encode()}))
    return path


def test_chinese_formats_that_a_file_does_not_state_are_known(tmp_path: Path) -> None:
    rows: list[list[object]] = [["名", "时间", "人数"], ["行", dt.date(2024, 6, 1), 5]]
    path = workbook(tmp_path / "a.xlsx", rows, formats={"B2": "mm-dd-yy"})
    rewritten(path, "xl/styles.xml", 'numFmtId="14"', 'numFmtId="57"')
    assert lines(extract(path)) == ["名：行；时间：2024年6月；人数：5"]


def test_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["县区", "会员数（人）"],
        ["东溪区", 1200],
        ["合计", "=SUM(B2:B2)"],
        ["", '=""'],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    sheet = "xl/worksheets/sheet1.xml"
    rewritten(path, sheet, '<c r="B4">', '<c r="B4" t="str">')  # a formula whose result is an empty text
    (note,) = extract(path).notes
    assert "有 1 个公式没有保存结果" in note
    rewritten(path, sheet, "<f>SUM(B2:B2)</f><v></v>", "<f>SUM(B2:B2)</f><v>1200</v>")
    found = extract(path)
    assert (lines(found)[-1], found.notes) == ("县区：合计；会员数：1200人", ())
