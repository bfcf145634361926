"""The members of a class that a report names one by one are listed if all of them are found."""

from __future__ import annotations

import pytest

from qa.answering.members import classes_named
from tests.reports import Desk, assert_sound, report_of

REPORT = """# 苏州市总工会2023年工作报告

全市工会以“三项行动”为抓手。

## 在“暖心”行动中办实事

走访困难职工1520户，发放慰问金30.4万元。

## 在“匠心”行动中育人才

选树工匠43名，开办技能培训班120期。

## 在“同心”行动中强组织

新建基层工会86家。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(report_of(REPORT, "苏州.md", "苏州市", (2023, 2023)))


@pytest.mark.parametrize("question", ["苏州工会的“三项行动”是哪三项？", "苏州工会抓的三项行动都叫什么名字？"])
def test_names_in_headings_are_listed_with_what_stands_under_them(question: str, desk: Desk) -> None:
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert answer.short == "暖心、匠心、同心", answer.text
    assert len(answer.citations) == 3 and "1520户" in answer.text


def test_nothing_is_listed_if_the_report_names_more_or_fewer(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州工会的四项行动是哪四项？")
    assert_sound(answer, desk)
    assert answer.short != "暖心、匠心、同心"


def test_a_question_for_a_figure_names_no_members(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州工会三项行动里走访了多少户困难职工？")
    assert_sound(answer, desk)
    assert answer.short in ("1520户", None)


def test_a_class_has_a_number_before_it() -> None:
    assert list(classes_named("“四项行动”是哪四项")) == [("行动", 4)]
    assert list(classes_named("行动有哪些")) == []
