"""Figures of other years that stand beside the right ones in a report, and figures of plans beside results."""

import pytest

from qa.drafts import check_report
from qa.drafts.draft import draft_of
from qa.drafts.judging import DraftItem
from qa.drafts.ranking import register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.text.units import sentences_of
from tests.drafts.test_details import items_against
from tests.reports import report_of

REPORT = """节前筹资186万元，比上年的152万元增加34万元。班组长平均年龄由48.5岁降至42.3岁。全年新建渔港驿站28家，总数达到103家。

下一步，新建渔港驿站30家，慰问支出达到900万元以上。"""


def told(said: str, text: str) -> DraftItem:
    return items_against(REPORT, f"宁波市2023年工作汇报\n\n{said}", (2023, 2023))[text]


@pytest.mark.parametrize(
    ("said", "text", "right"),
    [
        ("节前筹资152万元。", "152万元", "186万元"),
        ("班组长平均年龄48.5岁，队伍更年轻了。", "48.5岁", "42.3岁"),
        ("班组长平均年龄为48.5岁。", "48.5岁", "42.3岁"),
    ],
)
def test_a_figure_that_something_is_compared_with_is_of_another_time(
    said: str, text: str, right: str
) -> None:
    found = told(said, text)
    assert (found.verdict, found.right) == ("other_term", right)


def test_a_figure_of_five_years_before_is_of_another_time() -> None:
    report = "五年投入互助资金3.6亿元，是上一个五年1.2亿元的三倍。"
    found = items_against(report, "宁波市2018—2023年工作汇报\n\n五年投入互助资金1.2亿元。")["1.2亿元"]
    assert (found.verdict, found.right) == ("other_term", "3.6亿元")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("节前筹资比上年的152万元多34万元。", "152万元"),
        ("节前筹资比上年的152万元多34万元。", "34万元"),
        ("班组长平均年龄以前是48.5岁，现在42.3岁。", "48.5岁"),
        ("三年前，班组长平均年龄为48.5岁。", "48.5岁"),
    ],
)
def test_a_figure_that_is_said_to_be_of_before_agrees(said: str, text: str) -> None:
    assert told(said, text).verdict == "agrees"


def test_a_result_is_held_to_no_other_figure_of_the_plans() -> None:
    assert told("渔港驿站已有一百零三家。", "一百零三家").verdict == "agrees_otherwise"
    assert told("慰问支出860万元。", "860万元").verdict == "not_in_reports"


def test_a_figure_that_stands_beside_the_right_one_is_of_no_other_report() -> None:
    given = {
        "浙江省宁波市": "新建渔工创新工作室8家，累计达到41家。",
        "福建省泉州市": "渔工创新工作室中，省级有41家。",
    }
    reports = [report_of(text, f"{place}.md", place, (2023, 2023)) for place, text in given.items()]
    figures = [figure for each in reports for figure in figures_of(each, sentences_of(each))]
    register = register_of(reports, Ledger(reports, figures))
    items = check_report(draft_of("宁波市2023年工作汇报\n\n新建渔工创新工作室41家。"), register).items
    found = next(each for each in items if each.text == "41家")
    assert (found.verdict, found.right) == ("differs", "8家")
