import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from qa.errors import ReportError
from qa.reading import read_report
from qa.reading.formats import Extract
from qa.reading.formats.sheet import extract
from tests.reading.formats.made import ROWS, TABLE, zipped


def lines(found: Extract) -> list[str]:
    return [found.text[b.start : b.end] for b in found.blocks]


def workbook(
    path: Path, rows: list[list[object]], merged: tuple[str, ...] = (), formats: dict[str, str] | None = None
) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    for cell, pattern in (formats or {}).items():
        book.active[cell].number_format = pattern
    book.save(path)
    return path


def test_rows_carry_their_heads(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["县区", "会员数（万人）", "建会率"], ["东溪区", 36.58, 0.923]],
        formats={"C2": "0.0%"},
    )
    found = extract(path)
    assert lines(found) == [ROWS[0]]
    assert {b.role for b in found.blocks} == {"table row"}


def test_figures_are_shown_as_they_are_printed(tmp_path: Path) -> None:
    values = [1234567.891, 0.5, 0.1 + 0.2, 12.0, 3.5, dt.date(2023, 5, 6), "文字"]
    patterns = {"B2": "#,##0.00", "C2": "0%", "F2": '0.0"亿元"'}
    path = workbook(tmp_path / "a.xlsx", [["名", *"甲乙丙丁戊己庚"], ["行", *values]], formats=patterns)
    assert lines(extract(path)) == [
        "名：行；甲：1,234,567.89；乙：50%；丙：0.3；丁：12；戊：3.5亿元；己：2023-05-06；庚：文字"
    ]


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [
        (36.58, "0.##", "36.58"),
        (36.58, "#,##0.##", "36.58"),
        (36.58, '0.##"万人"', "36.58万人"),
        (36.5, "0.0##", "36.5"),
        (36, '0.##"万人"', "36万人"),
        (0.923, "0.0#%", "92.3%"),
        (0.923, "0.0\\ %", "92.3%"),
        (92.3, "0.0\\%", "92.3%"),
        (92.3, '0.0"%"', "92.3%"),
        (0.9225, "0.0%", "92.3%"),  # a half, which Excel rounds up
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (1.005, "0.00", "1.01"),
        (12345678, '#,##0,"千元"', "12,346千元"),
        (12345678, '0.00,,"百万元"', "12.35百万元"),
        (1234567, "0,000", "1,234,567"),
        (123456, '0!.0,"万元"', "12.3万元"),
        (123456, '0\\.0,"万元"', "12.3万元"),
        (123456, '0"."0,"万元"', "12.3万元"),
        (123456, "0!.0000\\万\\元", "12.3456万元"),
        (1234.5, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,234.50"),
        (0.5, "# ?/?", "0.5"),
        (0.375, "?/8", "0.375"),
        (12.5, '0.0"元/人"', "12.5元/人"),
        (12345.5, "0.00E+00", "12345.5"),
        (12345.5, "# ##0.00", "12345.5"),
        (0.5, ".00", "0.5"),
        (500, '[>=10000]0!.0,"万元";0"元"', "500"),
        (1.5, '[Red]0.0"人"', "1.5人"),
        (1e20, "0.0%", f"1{'0' * 22}.0%"),
    ],
)
def test_number_formats_print_the_figure_that_excel_prints(
    tmp_path: Path, value: float, pattern: str, shown: str
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["名", "甲", "乙"], ["行", value, "丙"]], formats={"B2": pattern})
    assert lines(extract(path)) == [f"名：行；甲：{shown}；乙：丙"]


def test_title_unit_merged_heads_and_a_second_table(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["各县区经费表（单位：万元）", None, None],
        ["县区", "经费", None],
        [None, "收入", "增长率"],
        ["东溪区", 812.5, 7.1],
        ["西岭县", 640, -2],
        [None, None, None],
        ["指标", "2022年", "2023年"],
        ["会员", 10, 12],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, merged=("A1:C1", "A2:A3", "B2:C2"))
    assert lines(extract(path)) == [
        "各县区经费表（单位：万元）",
        "县区：东溪区；经费 收入：812.5万元；经费 增长率：7.1",
        "县区：西岭县；经费 收入：640万元；经费 增长率：-2",
        "指标：会员；2022年：10；2023年：12",
    ]


def test_the_row_whose_cells_name_the_columns_is_the_head_and_a_column_of_units_is_used(
    tmp_path: Path,
) -> None:
    rows: list[list[object]] = [
        ["青禾市总工会2019—2021年主要指标一览表", None, None, None, None, None, None],
        ["编制单位：青禾市总工会财务部", None, None, None, "编制日期：2022年2月8日", None, None],
        ["序号", "指标名称", "单位", "2019年", "2020年", "同比增长", "备注"],
        [1, "医疗互助金发放额", "万元", 305.2, 368.9, 20.9, None],
        [2, "其中：货车司机会员", "万人", 1.1, 1.25, None, "年末数"],
        [3, "调解成功率", "%", 88.5, 91, None, None],
        ["合计", "合计", "件", 7, 8, None, None],
        ["注：增长为百分数。", None, None, None, None, None, None],
    ]
    found = extract(workbook(tmp_path / "a.xlsx", rows))
    assert lines(found) == [
        "青禾市总工会2019—2021年主要指标一览表",
        "编制单位：青禾市总工会财务部　编制日期：2022年2月8日",
        "指标名称：医疗互助金发放额；2019年：305.2万元；2020年：368.9万元；同比增长：20.9",
        "指标名称：其中：货车司机会员；2019年：1.1万人；2020年：1.25万人；备注：年末数",
        "指标名称：调解成功率；2019年：88.5%；2020年：91%",
        "指标名称：合计；2019年：7件；2020年：8件",
        "注：增长为百分数。",
    ]
    assert [b.role for b in found.blocks] == ["caption", "paragraph", *["table row"] * 4, "paragraph"]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([["指标", "2021年", "2022年"], ["发放互助金（万元）", "10.5", "11"]], "指标：发放互助金；2021年：10.5万元；2022年：11万元"),
        ([["指标", "2021年（件）"], ["法律援助（含调解）", "26"]], "指标：法律援助（含调解）；2021年：26件"),
        ([["指标", "数量", "单位"], ["新建书屋", "26", "市总工会"]], "指标：新建书屋；数量：26；单位：市总工会"),
        ([["活动", "成立年份", "金额/万元"], ["文化节", "2015", "30"]], "活动：文化节；成立年份：2015；金额：30万元"),
        ([["单位：万元", "", ""], ["县区", "参加人数", "金额"], ["甲", "30", "5"]], "县区：甲；参加人数：30；金额：5万元"),
        (
            [["（单位：人、万元）", "", ""], ["项目", "人数", "金额"], ["慰问", "30", "5"]],
            "项目：慰问；人数：30人；金额：5万元",
        ),
        (
            [["项目", "2019—2021年", "2022—2024年", "合计"], ["培训（人次）", "30", "50", "80"]],
            "项目：培训；2019—2021年：30人次；2022—2024年：50人次；合计：80人次",
        ),
        (
            [["类别", "指标", "2022年", "2023年"], ["建会", "会员（人）", "30", "50"]],
            "类别：建会；指标：会员；2022年：30人；2023年：50人",
        ),
        ([["项目", "1月", "2月"], ["信访（件）", "3", "5"]], "项目：信访；1月：3件；2月：5件"),
        (
            [["指标", "单位", "2024年上半年", "其中2025年"], ["慰问金", "万元", "29", "33.6"]],
            "指标：慰问金；2024年上半年：29万元；其中2025年：33.6万元",
        ),
    ],
)  # fmt: skip
def test_a_unit_goes_to_the_figures_it_measures(tmp_path: Path, rows: list[list[str]], line: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    assert lines(extract(path))[-1] == line


def test_sheets_have_names_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "会员"
    hidden = book.create_sheet("草稿")
    hidden.sheet_state = "hidden"
    for page in (book.active, hidden):
        for row in TABLE:
            page.append(row)
    book.save(tmp_path / "a.xlsx")
    assert lines(extract(tmp_path / "a.xlsx")) == ["会员", *ROWS]


def test_a_sheet_that_is_a_letter_has_a_title_of_its_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "正文"
    for text in ("青禾机械公司工会2024年工作报告", "一、服务职工", "全年新建驿站八座。"):
        book.active.append([text])
    for row in TABLE:
        (book["附表"] if "附表" in book.sheetnames else book.create_sheet("附表")).append(row)
    book.save(tmp_path / "a.xlsx")
    found = read_report(tmp_path / "a.xlsx")
    assert found.title == "青禾机械公司工会2024年工作报告"
    assert [p.heading for p in found.paragraphs][:2] == [("一、服务职工",), ("附表",)]


@pytest.mark.parametrize(("suffix", "mark"), [("csv", ","), ("csv", ";"), ("tsv", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_text_tables(tmp_path: Path, suffix: str, mark: str, encoding: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text("\r\n".join(mark.join(row) for row in TABLE), encoding=encoding, newline="")
    found = extract(path)
    assert (lines(found), found.format) == (list(ROWS), suffix)


def test_the_first_line_may_state_what_parts_the_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n县区;会员\n东溪区,西岭县;36,5\n", encoding="utf-8")
    assert lines(extract(path)) == ["县区：东溪区,西岭县；会员：36,5"]


def test_a_row_of_labels_as_wide_as_the_table_is_no_head(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "制表：办公室,单位：万人,2024年1月5日\n县区,会员数,女会员数\n东溪区,36.5,17.2\n", encoding="utf-8"
    )
    assert lines(extract(path))[-1] == "县区：东溪区；会员数：36.5万人；女会员数：17.2万人"


def test_names_and_values_need_no_heads(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("单位,青禾市总工会\n主席,林某\n", encoding="utf-8")
    assert lines(extract(path)) == ["单位：青禾市总工会", "主席：林某"]


def test_a_long_row_is_cut_between_cells_and_keeps_its_key(tmp_path: Path) -> None:
    heads, row = ["县区"] + [f"指标{i}" for i in range(80)], ["东溪区"] + [str(i) for i in range(80)]
    path = tmp_path / "a.csv"
    path.write_text(",".join(heads) + "\n" + ",".join(row), encoding="utf-8")
    found = lines(extract(path))
    assert len(found) > 2
    assert all(line.startswith("县区：东溪区；指标") and len(line) <= 300 for line in found)


def test_bad_files_are_refused(tmp_path: Path) -> None:
    bomb = zipped(**{"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": bytes(80_000_000)})
    entity = zipped(**{"xl/workbook.xml": '<!DOCTYPE d [<!ENTITY a "笑">]><d>&a;</d>'.encode()})
    files = {
        "炸弹": bomb,
        "实体": entity,
        "截断": bomb[:500],
        "不是": zipped(**{"a.txt": b"x"}),
        "坏": zipped(**{"xl/workbook.xml": b"<x"}),
    }
    for name, data in files.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
        with pytest.raises(ReportError, match=name):
            extract(tmp_path / f"{name}.xlsx")


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.reading.formats.TABLE_CELLS", 10_000)
    path = tmp_path / "大.csv"
    path.write_text("1,2\n" * 6000, encoding="utf-8")
    with pytest.raises(ReportError, match=r"大\.csv"):
        extract(path)


@pytest.mark.parametrize(
    "mark", [b'ref="C3:XFD1048576"', b"ref='C3:XFD1048576'", b"a='1'\nref = 'C3:XFD1048576'"]
)
def test_a_merged_area_over_the_whole_sheet_is_refused(tmp_path: Path, mark: bytes) -> None:
    good = workbook(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]], merged=("C3:D9",))
    with zipfile.ZipFile(good) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b'ref="C3:D9"', mark)
    (tmp_path / "满.xlsx").write_bytes(zipped(**parts))
    with pytest.raises(ReportError, match=r"满\.xlsx"):
        extract(tmp_path / "满.xlsx")


def test_a_cell_at_the_far_end_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.active.append([1, 2])
    book.active["XFD1048576"] = "远处的字"
    book.save(tmp_path / "a.xlsx")
    assert lines(extract(tmp_path / "a.xlsx"))[-1] == "远处的字"
