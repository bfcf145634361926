"""Both ends of a change, a year of a row: each figure of its own year."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.ledger import Ledger
from qa.reading import read_report
from tests.reports import Desk, assert_sound

TERM = """# 苏州市工会工作报告（2016—2019年）

苏州市总工会加强阵地建设，全市工人驿站由2016年的23座增加到2019年的71座。开展安全竞赛的企业由二〇一六年的三百一十家增加到二〇一九年的九百四十家。

在档困难职工由年初的172户减少到129户。法律援助律师团由上一届末的42人扩充至137人。

四年苏州市工会经费收入分别为1.15亿元、1.28亿元、1.46亿元、1.73亿元。

| 县区 | 会员数2016年 | 会员数2019年 |
|---|---|---|
| 合计 | 61.5万人 | 74.2万人 |
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path: Path = tmp_path_factory.mktemp("reports") / "苏州.md"
    path.write_text(TERM, encoding="utf-8")
    return Desk.over(read_report(path))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("苏州的工人驿站截至2019年共有多少座？", "71座"),
        ("2016年苏州有多少座工人驿站？", "23座"),
        ("苏州在档困难职工有多少户？", "129户"),
        ("苏州年初的在档困难职工有多少户？", "172户"),
        ("苏州的法律援助律师团有多少人？", "137人"),
        ("苏州的法律援助律师团上届末有多少人？", "42人"),
    ],
)
def test_the_end_of_the_change_that_is_asked_for(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert answer.short == short, answer.text


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("苏州开展安全竞赛的企业，2016年和2019年各有几家？", ("三百一十家", "九百四十家")),
        ("苏州工人驿站从2016年到2019年涨到多少座了，原来多少？", ("23座", "71座")),
    ],
)
def test_both_are_stated(question: str, figures: tuple[str, str], desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert all(figure in answer.text for figure in figures), answer.text


def test_by_how_much_one_figure_became_another(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州在档困难职工减少了多少户？")
    assert_sound(answer, desk)
    assert answer.calculation == ("172户 - 129户 = 43户",), answer.text
    answer = desk.ask_in_full("苏州的工人驿站原来几座、现在几座，多了几座？")
    assert_sound(answer, desk)
    assert answer.calculation == ("71座 - 23座 = 48座",), answer.text


def test_the_ledger_knows_what_changed_and_when_each_figure_was(desk: Desk) -> None:
    entries = {f.text: (f.indicator, str(f.period)) for f in Ledger.of(desk.index).find()}
    assert entries["172户"] == entries["129户"] == ("在档困难职工", "2016–2019")
    assert entries["42人"] == ("法律援助律师团", "2013–2016")
    assert entries["137人"] == ("法律援助律师团", "2016–2019")
    assert (entries["23座"][1], entries["71座"][1]) == ("2016", "2019")
