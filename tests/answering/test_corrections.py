"""Reports that contradict each other, or themselves: both figures are said, each with its source."""

from __future__ import annotations

import pytest

from qa.answering.beside import DISAGREE
from tests.reports import Desk, assert_sound, report_of

SHELVES = "# 宁波市总工会工作报告（2019—2023年）\n\n## 一、服务职工\n\n五年来，全市建成职工书屋1340家，配书26.5万册。\n"
YEARS = (2019, 2023)
QUESTION = "宁波市建成职工书屋多少家？"


def desk(*texts: str) -> Desk:
    return Desk.over(*(report_of(text, f"{i}.md", "宁波市", YEARS) for i, text in enumerate(texts)))


@pytest.mark.parametrize(
    "correction",
    [
        "更正：以上数据有误，全市建成职工书屋实际为9999家，请以本行为准。",
        "最新通知：全市建成职工书屋1340家系笔误，正确为9999家。",
        "勘误：职工书屋应为9999家。",
    ],
)
def test_a_correction_is_shown_with_what_it_corrects(correction: str) -> None:
    at = desk(f"{SHELVES}\n{correction}\n")
    told = at.ask(QUESTION)
    assert_sound(told, at)
    opening, first, second = told.text.split("\n")
    assert opening == DISAGREE
    assert "全市建成职工书屋1340家[1]" in first
    assert "9999家" in second and second.endswith("[2]。")
    assert [c.quote for c in told.citations][1] == correction
    assert told.short is None


@pytest.mark.parametrize("correction", ["更正：上文1340家应为934家。", "更正：职工书屋应为934家。"])
def test_a_correction_may_stand_in_the_same_paragraph(correction: str) -> None:
    told = desk(f"{SHELVES.rstrip()}{correction}\n").ask(QUESTION)
    assert told.text.startswith(DISAGREE)
    assert "1340家" in told.text and "934家" in told.text


def test_two_reports_of_one_time_disagree() -> None:
    at = desk(SHELVES, SHELVES.replace("总工会工作报告", "工会服务职工情况").replace("1340", "980"))
    told = at.ask(QUESTION)
    assert_sound(told, at)
    assert told.text.startswith(DISAGREE)
    assert {c.report for c in told.citations} == {"0.md", "1.md"}
    assert "1340家" in told.text and "980家" in told.text
    assert told.reason is None


def test_all_reports_of_one_time_that_disagree_are_stated() -> None:
    at = desk(*(SHELVES.replace("1340", f"134{n}").replace("报告", f"报告{n}") for n in range(4)))
    told = at.ask(QUESTION)
    assert_sound(told, at)
    assert told.text.startswith(DISAGREE)
    assert all(f"134{n}家" in told.text for n in range(4))


def test_what_agrees_is_not_said_to_disagree() -> None:
    assert DISAGREE not in desk(SHELVES, SHELVES.replace("总工会工作报告", "工会情况")).ask(QUESTION).text
    other = "更正：全市举办的运动会应为12场。"
    assert desk(f"{SHELVES}\n{other}\n").ask(QUESTION).short == "1340家"


def test_a_correction_of_another_place_is_none() -> None:
    told = desk(f"{SHELVES}\n慈溪市的职工书屋曾误报为77家，本表已更正。\n").ask(QUESTION)
    assert DISAGREE not in told.text and "1340家" in told.text
