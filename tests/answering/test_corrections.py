"""Reports that contradict each other: both figures are said, each with its source."""

from __future__ import annotations

from qa.answering.side_by_side import DISAGREE
from tests.reports import Desk, assert_sound, report_of

SHELVES = "# 宁波市总工会工作报告（2019—2023年）\n\n## 一、服务职工\n\n五年来，全市建成职工书屋1340家，配书26.5万册。\n"
YEARS = (2019, 2023)
QUESTION = "宁波市建成职工书屋多少家？"


def desk(*texts: str) -> Desk:
    return Desk.over(*(report_of(text, f"{i}.md", "宁波市", YEARS) for i, text in enumerate(texts)))


def test_two_reports_of_one_time_disagree() -> None:
    at = desk(SHELVES, SHELVES.replace("总工会工作报告", "工会服务职工情况").replace("1340", "980"))
    told = at.ask(QUESTION)
    assert_sound(told, at)
    assert told.text.startswith(DISAGREE)
    assert {c.report for c in told.citations} == {"0.md", "1.md"}
    assert "1340家" in told.text and "980家" in told.text
    assert told.reason is None


def test_what_agrees_is_not_said_to_disagree() -> None:
    assert DISAGREE not in desk(SHELVES, SHELVES.replace("总工会工作报告", "工会情况")).ask(QUESTION).text
