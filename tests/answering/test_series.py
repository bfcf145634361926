"""The most and the least of a table's column or row, and two things that one sentence tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reading import read_report
from tests.reports import Desk, assert_sound, report_of

TABLES = """# 苏州市工会五年工作报告（2019—2021年）

五年来，苏州市总工会举办技能竞赛80场。

## 各县区组织情况

| 县区 | 会员数2020年（万人） | 会员数2021年（万人） | 法律援助（件） |
|---|---|---|---|
| 吴中区 | 8.1 | 8.6 | 41 |
| 相城区 | 9.2 | 9.3 | 28 |
| 昆山市 | 7.7 | 9.9 | 63 |
| 合计 | 25.0 | 27.8 | 132 |

## 年度指标

| 指标 | 2019年 | 2020年 | 2021年 |
|---|---|---|---|
| 新建驿站（个） | 16 | 9 | 12 |

## 精准帮扶

| 项目 | 人数 | 金额（万元） |
|---|---|---|
| 生活救助 | 43人 | 21.5 |
| 助学 | 58人 | 17.5 |
| 医疗救助 | 37人 | 46 |
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path: Path = tmp_path_factory.mktemp("reports") / "今.md"
    path.write_text(TABLES, encoding="utf-8")
    return Desk.over(read_report(path))


@pytest.mark.parametrize(
    ("question", "short", "figure"),
    [
        ("苏州哪个县区2020年的会员最多？", "相城区", "9.2万人"),
        ("苏州2021年会员最多的是哪个区？", "昆山市", "9.9万人"),
        ("苏州各县区里法律援助最少的是哪个？", "相城区", "28件"),
        ("苏州2019到2021年哪一年新建驿站最少？", "2020年", "9个"),
    ],
)
def test_which_has_most_or_least(question: str, short: str, figure: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert answer.short == short and figure in answer.text, answer.text


@pytest.mark.parametrize(
    ("question", "figure"),
    [("苏州的法律援助有多少件？", "132件"), ("苏州吴中区的法律援助有多少件？", "41件")],
)
def test_a_part_that_nobody_named_does_not_stand_for_the_whole(
    question: str, figure: str, desk: Desk
) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert figure in answer.text and ("132件" in answer.text) == (figure == "132件"), answer.text


def test_a_row_that_leaves_others_out_has_no_label(tmp_path: Path) -> None:
    path = tmp_path / "报告.html"
    rows = (
        "<td>吴中区<td>8.1",
        "<td>相城区<td>9.2",
        "<td colspan=2>……",
        "<td>昆山市<td>7.7",
        "<td>合计<td>25.0",
    )
    table = "".join(f"<tr>{row}</tr>" for row in ("<th>县区<th>会员数（万人）", *rows))
    title = "<h1>苏州市工会五年工作报告（2019—2021年）</h1><h2>各县区组织情况</h2>"
    path.write_text(f"{title}<table>{table}</table>", "utf-8")
    own = Desk.over(read_report(path))
    assert "25" in own.ask("苏州的会员有多少人？").text


def test_a_part_in_other_words_does_not_drown_the_other() -> None:
    text = (
        "# 江西省瑞金市总工会2024年工作总结\n\n会费收缴工会经费1024万元，同比增长8.3%。\n\n新建工会47家。\n"
    )
    answer = Desk.over(report_of(text, "瑞金.md", "瑞金市", (2024, 2024))).ask(
        "瑞金2024年收上来多少工会经费，比上一年涨了百分之几"
    )
    assert "1024万元" in answer.text and "8.3%" in answer.text and not answer.abstained


def test_of_two_things_neither_alone_is_the_short_answer() -> None:
    text = (
        "# 江西省瑞金市总工会2024年工作总结\n\n全年收缴工会经费1024万元，同比增长8.3%。\n\n新建工会47家。\n"
    )
    answer = Desk.over(report_of(text, "瑞金.md", "瑞金市", (2024, 2024))).ask(
        "瑞金2024年收了多少工会经费、增长了多少？"
    )
    assert "1024万元" in answer.text and "8.3%" in answer.text
    assert answer.short in (None, "1024万元、8.3%")


def test_no_table_no_series(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州哪个县区的职工书屋最多？")
    assert answer.outcome != "answered", answer.text
