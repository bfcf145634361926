"""Two terms, each asked in its own words, added up, or at odds with each other; years printed as a range; lists summed."""

from __future__ import annotations

import re

import pytest

from qa.answering.beside import DISAGREE
from qa.retrieval import with_nearest
from tests.reports import Desk, assert_sound, report_of

NOW = """# 苏州市工会五年工作报告（2018—2023年）

全市工会会员由2017年底的61.2万人增加到2023年底的83.5万人。率全省之先组建园区巡回法律服务队，提供法律援助600件。

苏州市总工会举办公益课堂4.2万场。筹集送温暖资金7300万元，建成劳模创新工作室96个。

五年间，昆山、常熟、张家港三市新建驿站数居前，分别为58个、41个、37个。
"""
BEFORE = """# 苏州市工会五年工作报告（2013—2018年）

截至2017年底，全市工会会员63.8万人。苏州市总工会推行“六方联动”法律维权机制，提供法律援助200件。

举办流动课堂860场。筹集送温暖资金5100万元，建成劳模创新工作室52个。制定工会建设三年行动计划（2014-2016），逐年推进。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(
        report_of(NOW, "今.md", "苏州市", (2018, 2023)), report_of(BEFORE, "昔.md", "苏州市", (2013, 2018))
    )


@pytest.mark.parametrize(
    ("question", "before", "now"),
    [
        ("送课：2018年换届前的流动课堂多少场？换届后的公益课堂多少场？都指苏州", "860场", "4.2万场"),
        ("苏州的劳模创新工作室，2018年换届时多少个，到2023年多少个？", "52个", "96个"),
    ],
)
def test_each_term_is_asked_its_own(question: str, before: str, now: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    first, second = answer.text.split("\n")[:2]
    assert before in first and now in second, answer.text


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("苏州两届筹集的送温暖资金加起来是多少？", "1.24亿元"),
    ],
)
def test_what_follows_from_what_is_printed(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert answer.short == short, answer.text


def test_what_is_asked_behind_a_first_question_is_a_part_of_its_own(desk: Desk) -> None:
    answer = desk.ask("苏州这一届办了多少场公益课堂？送温暖资金呢？")
    assert_sound(answer, desk)
    assert "4.2万场" in answer.text and "7300万元" in answer.text, answer.text


def test_an_aim_is_not_compared_with_what_there_is(desk: Desk) -> None:
    aims = "# 无锡市工会工作报告（2016—2021年）\n\n今后五年，无锡市工会会员总数力争超过77万人。\n"
    both = Desk.over(
        report_of(NOW, "今.md", "苏州市", (2018, 2023)), report_of(aims, "锡.md", "无锡市", (2016, 2021))
    )
    answer = with_nearest(both.ask("苏州和无锡的工会会员总数相比如何？"))
    assert_sound(answer, both)
    assert answer.outcome == "not_sure" and "77万人" not in answer.text, answer.text
    assert answer.nearest


def test_two_reports_that_differ_on_a_year_are_both_stated_the_newer_first(desk: Desk) -> None:
    answer = desk.ask("2017年底，苏州全市工会会员有多少万人？")
    assert_sound(answer, desk)
    assert answer.text.startswith(DISAGREE)
    assert answer.text.index("61.2万人") < answer.text.index("63.8万人")


def test_things_that_two_terms_tell_stand_each_under_its_own(desk: Desk) -> None:
    answer = desk.ask("苏州的公益课堂多少场，流动课堂多少场？")
    assert_sound(answer, desk)
    periods = {citation.marker: str(citation.period) for citation in answer.citations}
    lines = [line for line in answer.text.splitlines() if "场" in line]
    assert {periods[int(mark)] for mark in re.findall(r"\[(\d+)\]", answer.text)} == {
        "2013–2018",
        "2018–2023",
    }
    for line in lines:
        assert all(periods[int(mark)] in line for mark in re.findall(r"\[(\d+)\]", line))
