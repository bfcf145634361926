"""A sheet of questions becomes the same sheet with answers, whatever its cells hold; nothing in it is a formula."""

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from qa.answer_sheet import COLUMNS, MOST_QUESTIONS, _in_a_cell, answered_rows, read_sheet, write_sheet
from qa.cli import main
from qa.errors import QAError
from qa.types import Answer
from qa.web.small_pages import answers_view
from tests.index.made import KUNMING, SUZHOU, write_reports
from tests.web.small_library import SmallLibrary

QUESTION = "云岭市走访慰问困难职工多少人次？"
ANSWER = "五年间云岭市走访慰问困难职工3.2万人次[1]。"
STEERING = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "＝1", "  =HYPERLINK(1)")


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_the_questions_of_every_sheet_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet, rows in {
        "填表说明": [["每行写一个想问的，写清楚地区和年份，越具体越好。"]],
        "一": [["序号", "问题", "备注"], ["1", QUESTION, "急"]],
        "二": [["提问", "时期", "备注"], ["办了多少件？", "2023", "缓"]],
        "说明": [["这一张只说明怎么填，里面没有要问的。"]],
    }.items():
        page = book.create_sheet(sheet)
        for row in rows:
            page.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "问.xlsx")
    found = read_sheet(tmp_path / "问.xlsx")
    assert found.head == ("序号", "问题", "备注", "时期")
    assert found.rows == (("1", QUESTION, "急", ""), ("", "办了多少件？", "缓", "2023"))


def test_the_column_that_is_headed_is_asked_and_the_others_stay(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "问.xlsx",
        [
            ["编号", "问题", "备注"],
            [1, QUESTION, "急"],
            [None, None, None],
            [2, "", "空"],
            [3, "有几艘潜水艇？"],
        ],
    )
    sheet = read_sheet(path)
    assert sheet.questions == 2
    head, *rows = answered_rows(sheet, SmallLibrary().ask)
    assert head == ("编号", "问题", "备注", *COLUMNS)
    assert rows[0] == (
        "1", QUESTION, "急", "有回答", ANSWER, "3.2万人次", "云岭市", "2019–2023",
        "[1] 五年间云岭市走访慰问困难职工3.2万人次。", "[1] 《云岭市工会工作报告》，帮扶维权：办实事，云岭 <b>报告</b>.txt",
    )  # fmt: skip
    assert rows[1] == ("2", "", "空", *("",) * 7)
    assert rows[2][3:5] == ("报告未提", "已收录的报告里没有找到依据。")
    assert rows[2][8].startswith("最接近：") and ".txt" in rows[2][9]
    write_sheet(tmp_path / "答.xlsx", (head, *rows))
    again = read_sheet(tmp_path / "答.xlsx")
    assert again.head == ("编号", "问题", "备注")
    assert again.rows == sheet.rows


@pytest.mark.parametrize(
    "title", [["职工关心的问题汇总表"], ["填报单位：云岭市总工会", None, None, "2024年1月"]]
)
def test_titles_stand_above_the_head_and_merged_cells_hold_for_their_rows(
    title: list[str | None], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    rows = [
        title,
        [],
        ["序 号", "问 题：", "范围"],
        [None, None, "地 区", "时期"],
        [1, QUESTION, "云岭"],
        [2, "几艘？"],
    ]
    for row in rows:
        book.active.append(row)
    for area in ("A1:C1", "A3:A4", "B3:B4", "C3:D3", "C5:C6"):
        book.active.merge_cells(area)
    book.save(tmp_path / "问.xlsx")
    sheet = read_sheet(tmp_path / "问.xlsx")
    assert sheet.head == ("序 号", "问 题：", "地 区", "时期")
    assert sheet.rows == (("1", QUESTION, "云岭", ""), ("2", "几艘？", "云岭", ""))
    asked: list[object] = []

    def ask(question: str, **filters: str) -> Answer:
        asked.append(filters)
        return SmallLibrary().ask(question)

    assert len([*answered_rows(sheet, ask)]) == 3
    assert asked == [{"place": "云岭"}, {"place": "云岭"}]


def test_the_column_with_the_most_text_is_asked_where_none_is_headed_so(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["城市", "要问的", "备注"],
        ["云岭", QUESTION, "急"],
        ["云岭", "有几艘潜水艇？", ""],
    ]
    sheet = read_sheet(workbook(tmp_path / "问.xlsx", rows))
    assert (sheet.head, sheet.column, sheet.questions) == (("城市", "要问的", "备注"), 1, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_first_column_of_a_csv_without_a_head_is_asked(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "问.csv"
    path.write_bytes(f'{QUESTION},甲\n"两行\n的问题",乙\n'.encode(encoding))
    sheet = read_sheet(path)
    assert sheet.head == ("问题", "")
    assert [row[0] for row in sheet.rows] == [QUESTION, "两行\n的问题"]
    assert next(iter(answered_rows(sheet, SmallLibrary().ask))) == ("问题", "", *COLUMNS)


def test_nothing_that_comes_out_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "问.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["问题", "备注"], *([QUESTION, cell] for cell in STEERING)])

    def ask(question: str) -> Answer:
        answer = SmallLibrary().ask(question)
        return Answer(question, question, "=1+1", "@cmd", False, None, (), answer.citations, (), ())

    rows = tuple(answered_rows(read_sheet(path), ask))
    write_sheet(tmp_path / "答.csv", rows)
    write_sheet(tmp_path / "答.xlsx", rows)
    told = list(csv.reader(io.StringIO((tmp_path / "答.csv").read_text(encoding="utf-8-sig"))))
    assert len(told) == len(STEERING) + 1
    for row in told[1:]:
        assert row[1].startswith("'")
        assert row[3] == "'=1+1"
        assert row[4] == "'@cmd"
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "答.xlsx").active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not [c.value for c in cells if str(c.value or "").lstrip().startswith(("=", "+", "-", "@"))]


def test_items_of_a_list_need_no_apostrophe(tmp_path: Path) -> None:
    def ask(question: str) -> Answer:
        return Answer(question, question, "- 甲[1]\n- 乙-丙", None, False, None, (), (), (), ())

    rows = list(answered_rows(read_sheet(workbook(tmp_path / "问.xlsx", [["问题"], [QUESTION]])), ask))
    assert rows[1][2] == "· 甲[1]\n· 乙-丙"


def test_the_time_of_a_plan_is_that_of_the_plan(tmp_path: Path) -> None:
    path = workbook(tmp_path / "问.xlsx", [["问题"], [QUESTION]])
    answer = SmallLibrary().ask(QUESTION)
    planned = replace(answer, citations=(replace(answer.citations[0], years="2026", plan=True),))
    _, row = answered_rows(read_sheet(path), lambda question: planned)
    assert row[1 + COLUMNS.index("出处时期")] == "2026，计划"


def test_a_question_that_cannot_be_asked_says_why_in_its_row(tmp_path: Path) -> None:
    sheet = read_sheet(workbook(tmp_path / "问.xlsx", [["问题"], ["长" * 2001], [QUESTION]]))
    rows = list(answered_rows(sheet, SmallLibrary().ask))
    assert rows[1][1] == "没有作答"
    assert rows[1][2].startswith("问题太长")
    assert rows[2][2] == ANSWER


@pytest.mark.parametrize(
    "head",
    [
        ("问题", "地区", "时期", "报告", "备注"),
        ("Question", "Place", "Period", "Report", "Note"),
    ],
)
def test_columns_of_place_period_and_report_restrict_their_row(head: tuple[str, ...], tmp_path: Path) -> None:
    asked: list[dict[str, str]] = []

    def ask(question: str, **filters: str) -> Answer:
        asked.append(filters)
        return Answer(question, question, "无", None, True, "no_support", (), (), (), ())

    rows: list[list[object]] = [
        [*head],
        [QUESTION, "云岭市", 2023, None, "急"],
        [QUESTION, None, None, "甲.md", None],
    ]
    written = list(answered_rows(read_sheet(workbook(tmp_path / "问.xlsx", rows)), ask))
    assert asked == [{"place": "云岭市", "period": "2023"}, {"report": "甲.md"}]
    assert written[0] == (*head, *COLUMNS)
    assert written[1][5] == "报告未提"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("问.txt", b"x", "xlsx 或 csv"),
        ("问.csv", b"\n , \n", "没有文字"),
        ("问.csv", "问题\n".encode(), "没有问题"),
        ("问.csv", "问\n".encode() * (MOST_QUESTIONS + 1), "一次最多"),
        ("问.csv", b"x" * (3 << 20), "超过 2 MB"),
        ("问.xlsx", b"MZ\x90\x00", "x"),
        ("问.xlsx", b"", "x"),
        ("无.xlsx", None, "x"),
    ],
)
def test_what_is_no_sheet_of_questions_is_said(
    name: str, content: bytes | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QAError, match=words) as caught:
        read_sheet(path)
    assert name in str(caught.value)


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "问.xlsx", [[QUESTION]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b"<a>" + b"<c/>" * 600_000 + b"</a>")
    with pytest.raises(QAError, match="万格"):
        read_sheet(path)


def test_the_command_answers_a_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU, kunming=KUNMING)
    index = str(tmp_path / "index")
    assert main(["rebuild", str(reports), "--index", index]) == 0
    asked = workbook(tmp_path / "问.xlsx", [["问题"], ["苏州建成爱心驿站多少家？"], ["！"]])
    command = ["ask", "--index", index, "--questions", str(asked), "--output"]
    assert main([*command, str(tmp_path / "答.csv")]) == 0
    told = list(csv.reader(io.StringIO((tmp_path / "答.csv").read_text(encoding="utf-8-sig"))))
    assert told[1][3] == "1026家"
    assert told[2][1] == "没有作答"
    assert "2 个问题，其中 1 个没有作答。" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "答.jsonl")]) == 1
    assert main([*command, str(asked)]) == 1
    assert main([*command, str(tmp_path / "没有" / "答.xlsx")]) == 1
    assert "写不进" in capsys.readouterr().err


def test_a_table_in_a_cell_has_no_rulings() -> None:
    told = _in_a_cell("| 地区 | 书屋 |\n| --- | --- |\n| 甲市 | 50家[1] |\n- 说明")
    assert told == "地区；书屋\n甲市；50家[1]\n· 说明"


def test_the_page_shows_the_filters_of_a_row_before_its_question() -> None:
    head = ("地区", "问题", *COLUMNS)
    rows = (
        head,
        ("绍兴", "有多少个书屋？", *("",) * len(COLUMNS)),
        ("", "有多少个驿站？", *("",) * len(COLUMNS)),
    )
    shown = answers_view(rows, 1)
    assert "绍兴 · 有多少个书屋？" in shown and ">有多少个驿站？" in shown


def test_the_page_says_that_it_lists_a_part_only_where_it_does() -> None:
    rows = (("问题", *COLUMNS), *(("有多少个书屋？", *("",) * len(COLUMNS)),) * 51)
    assert "只列出" not in answers_view(rows[:-1], 0)
    assert "只列出前 50 个" in answers_view(rows, 0)
