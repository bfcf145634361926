"""What an answer says of time: of each figure the years that its sentence tells of, and whether it is a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.sureness.features import years_asked
from qa.index import rebuild
from qa.library import Library, open_library
from tests.reports import Desk, report_of

YEARLY = """# 2026年{city}市政府工作报告

（2026年1月20日在{city}市第十七届人民代表大会第五次会议上）

{city}市人民政府市长 王海平

各位代表：

## 一、2025年和“十四五”时期工作回顾

过去的一年，全市粮食产量{grain}万吨，城镇新增就业{year}万人，新建学校{schools}所。

“十四五”时期，全市城镇新增就业累计{term}万人，改造老旧小区310个。

## 二、2026年重点工作

今年要抓好以下工作：城镇新增就业{plan}万人以上，新建学校{new}所，粮食产量稳定在{grain}万吨左右。
"""
NEAR = YEARLY.format(city="宁波", grain=72, year="26.4", term="131.5", plan=25, schools=36, new=40)
FAR = YEARLY.format(city="绍兴", grain=70, year="11.8", term="58.9", plan=11, schools=21, new=23)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("reports")
    for name, text in (("宁波.md", NEAR), ("绍兴.md", FAR)):
        (folder / name).write_text(text, "utf-8")
    rebuild([folder], folder.with_name("index"))
    return open_library(folder.with_name("index"))


@pytest.mark.parametrize(
    ("question", "label", "when"),
    [
        ("宁波2026年计划新建多少所学校？", "宁波（2026，计划）：", "2026，计划"),
        ("宁波“十四五”时期改造了多少个老旧小区？", "宁波（2021–2025）：", "2021–2025"),
        ("宁波2025年新建了多少所学校？", "宁波（2025）：", "2025"),
    ],
)
def test_an_answer_is_headed_with_the_time_of_its_sentence(
    question: str, label: str, when: str, library: Library
) -> None:
    answer = library.ask(question)
    assert answer.outcome == "answered" and answer.text.startswith(label), answer.text
    assert [citation.time for citation in answer.citations] == [when]
    assert all(figure.state != "unsupported" for figure in answer.figures)


def test_what_is_of_another_time_does_not_compete(library: Library) -> None:
    """The same is told of five years, of the past one and of the next: only one of the three is asked."""
    answer = library.ask("宁波去年城镇新增就业多少万人？")
    assert (answer.outcome, answer.short) == ("answered", "26.4万人"), answer.text


def test_a_false_time_at_the_head_of_a_line_does_not_stand(library: Library) -> None:
    from dataclasses import replace

    from qa.checking import check

    answer = library.ask("宁波2026年计划新建多少所学校？")
    reports = {report.id: report for report in map(library.report, {c.report_id for c in answer.citations})}
    assert check(answer, reports).text == answer.text
    false = replace(answer, text=answer.text.replace("2026，计划", "2024，计划"))
    assert "2024" not in check(false, reports).text


def test_a_table_keeps_the_year_that_is_asked_for(library: Library) -> None:
    told = library.ask("用表格列出宁波、绍兴2026年新建学校多少所").table
    assert told is not None
    said = {row.label: row.cells[0].text for row in told.rows}
    assert "40所（2026，计划）" in said["宁波（2025）"] and "23所（2026，计划）" in said["绍兴（2025）"], said


def test_the_time_before_a_list_of_columns_is_that_of_all(library: Library) -> None:
    told = library.ask("做个表，宁波、绍兴今年的新建学校数、城镇新增就业").table
    assert told is not None
    assert all("计划" in cell.text for row in told.rows for cell in row.cells if cell.text), told


def test_the_matrix_says_which_years_and_what_is_a_plan(library: Library) -> None:
    from qa.ledger.tables import matrix_table

    ledger = library.ledger()
    _, *rows = matrix_table(ledger.matrix(ledger.find(indicator="城镇新增就业", place="宁波市")))
    said = "；".join(str(cell) for row in rows for cell in row[2:])
    assert "131.5万人（2021–2025）" in said and "25万人以上（2026，计划）" in said, said
    assert "26.4万人；" in said or said.endswith("26.4万人"), said


COUNTY = """# {name}县总工会2025年工作报告

## 一、2025年工作回顾

“十四五”以来，工会经费收入年均增长{long}%，工匠工作室{rooms}家、驿站96个。

一年来，工会经费收入{income}万元、增长{short}%。

## 二、2026年工作安排

培育工匠，工匠工作室达到{aim}家、驿站达到120个。

推进建家，新建职工之家20个。

完善阵地，新增工匠学院3家。
"""


@pytest.fixture(scope="module")
def counties() -> Desk:
    first = COUNTY.format(name="青川", long="6.3", rooms=128, income=300, short="4.1", aim=150)
    second = COUNTY.format(name="平武", long="4.7", rooms=97, income=280, short="5.2", aim=130)
    period = (2025, 2025)
    return Desk.over(
        report_of(first, "青川.md", "青川县", period), report_of(second, "平武.md", "平武县", period)
    )


def test_a_year_is_that_of_the_thing_it_stands_with(counties: Desk) -> None:
    told = counties.ask_in_full("青川的工匠工作室，现有多少家，2026年想达到多少家？")
    assert "128家" in told.text and "150家" in told.text, told.text


def test_of_the_year_that_is_asked_for_no_average_of_several_is_compared(counties: Desk) -> None:
    told = counties.ask_in_full("青川和平武去年工会经费收入增长谁快？")
    assert "4.1%" in told.text and "5.2%" in told.text, told.text


def test_targets_of_the_year_ahead_are_compared(counties: Desk) -> None:
    told = counties.ask_in_full("2026年工匠工作室的目标，青川和平武各是多少家？")
    assert "150家" in told.text and "130家" in told.text, told.text


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("现有多少家？", [(0, 2025)]),
        ("多少家？", []),
        ("2026年多少家？", [(2026, 2026)]),
        ("现在打算建多少家？", []),
    ],
)
def test_what_is_so_now_is_asked_of_no_year_ahead(question: str, years: list[tuple[int, int]]) -> None:
    report = report_of("# 工作", "青川.md", "青川县", (2025, 2025))
    assert [(period.start, period.end) for period in years_asked(question, report)] == years
