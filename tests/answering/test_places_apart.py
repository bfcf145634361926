"""Figures of several places: none is put under another's name, none is added where nobody asked for that."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qa.answering.several import _seems_told
from qa.reading import read_report
from tests.reports import Desk, assert_sound, report_of

ONE = """# 浙江省总工会五年工作报告（2018—2023年）

能级工资集体协商覆盖企业1.5万余家。全省投入防疫资金3600万元，出台15条措施。
"""
OTHER = """# 温州市工会五年工作报告（2018—2023年）

集体合同签订1080份，覆盖企业2849家、职工27.4万人。投入2000多万元疫情防控资金，出台十条关爱措施。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(
        report_of(ONE, "浙.md", "浙江省", (2018, 2023)), report_of(OTHER, "温.md", "温州市", (2018, 2023))
    )


def test_where_no_place_is_named_a_line_holds_the_figures_of_one(desk: Desk) -> None:
    answer = desk.ask("集体协商覆盖了多少企业和职工？")
    assert_sound(answer, desk)
    places = {citation.marker: citation.place for citation in answer.citations}
    told = [
        [places[int(mark)] for mark in re.findall(r"\[(\d+)\]", line)] for line in answer.text.splitlines()
    ]
    assert sorted(map(tuple, filter(None, told))) == [("浙江省",), ("温州市",)] or len(places) == 1, (
        answer.text
    )


def test_what_each_of_two_places_spent_is_not_added_up(desk: Desk) -> None:
    answer = desk.ask("温州和浙江各投入了多少疫情防控资金？")
    assert_sound(answer, desk)
    assert "2000多万元" in answer.text and "3600万元" in answer.text
    assert not any("+" in formula for formula in answer.calculation), answer.text


def test_of_all_places_what_is_sure_is_told_and_the_rest_is_named() -> None:
    texts = {
        "苏州市": "五年来，苏州市总工会办理法律援助案件1570件，挽回经济损失3300万元。",
        "泉州市": "五年来，泉州市总工会办理法律援助案件820件，挽回经济损失1200万元。",
        "绵阳市": "五年来，绵阳市总工会建成户外劳动者驿站120个，职工书屋46家。",
    }
    reports = (
        report_of(f"# {place}工会五年工作回眸\n\n## 服务职工\n\n{text}", f"{place}.md", place, (2018, 2023))
        for place, text in texts.items()
    )
    desk = Desk.over(*reports)
    answer = desk.ask("各地的法律援助案件分别办了多少件？")
    assert_sound(answer, desk)
    assert "1570件" in answer.text and "820件" in answer.text, answer.text
    assert answer.missing == ("绵阳",)
    summary = desk.ask("介绍一下各地的法律援助工作")
    assert "1570件" in summary.text and "820件" in summary.text and "驿站" not in summary.text, summary.text
    assert summary.missing == ("绵阳",)


def test_a_place_that_tells_nothing_does_not_hide_what_another_tells() -> None:
    first = report_of("# 苏州市工会五年工作回眸\n\n工会会员72.7万人。", "苏州.md", "苏州市", (2018, 2023))
    other = report_of(
        "# 泉州市工会五年工作回眸\n\n开展劳动竞赛，举办职工运动会。", "泉州.md", "泉州市", (2018, 2023)
    )
    desk = Desk.over(first, other)
    answer = desk.ask_in_full("苏州的工会会员有多少人？泉州呢？")
    assert_sound(answer, desk)
    assert "72.7万人" in answer.text and answer.missing == ("泉州",)
    assert desk.ask_in_full("苏州和泉州哪个工会会员多？").abstained  # nothing to compare


@pytest.mark.parametrize(
    ("chance", "report", "seems"), [(0.5, "own", True), (0.5, "other", False), (0.01, "own", False)]
)
def test_a_place_seems_to_tell_what_its_own_report_rather_answers(
    chance: float, report: str, seems: bool
) -> None:
    query: Any = SimpleNamespace(scopes=[SimpleNamespace(report_ids=("own",))])
    answer = SimpleNamespace(citations=[SimpleNamespace(report_id=report)], chance=chance)
    one: Any = SimpleNamespace(scope=0, answer=answer)
    assert _seems_told(query, one) is seems


def test_figures_of_two_columns_of_a_table_are_not_added(tmp_path: Path) -> None:
    path = tmp_path / "苏州.md"
    rows = "| 项目 | 累计数 | 当年新建 |\n|---|---|---|\n| 工会驿站 | 423个 | 68个 |\n| 职工书屋 | 268个 | 20个 |\n"
    path.write_text(f"# 苏州市总工会2023年工作报告\n\n## 服务阵地\n\n{rows}", "utf-8")
    desk = Desk.over(read_report(path))
    for asked in ("苏州的工会驿站和职工书屋一共多少个？", "苏州的工会驿站和职工书屋相差多少个？"):
        assert not {"68个", "268个"} <= set(re.findall(r"\d+个", " ".join(desk.ask(asked).calculation)))
