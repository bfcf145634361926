"""One year of a longer term: the figure of that year, never that of the whole term."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reading import read_report
from qa.text.units import sentences_of
from tests.reports import Desk, assert_sound, report_of

TERM = """# 苏州市工会五年工作报告（2018—2023年）

五年来，苏州市总工会提供法律援助600件，举办技能竞赛80场。2021年举办职工运动会3场，2022年举办职工运动会5场。

| 指标 | 2019年 | 2020年 | 2021年 |
|---|---|---|---|
| 调解争议 | 31件 | 42件 | 53件 |

| 项目 | 2018—2020年 | 2021—2023年 | 合计 |
|---|---|---|---|
| 助学资金（万元） | 30 | 50 | 80 |
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path: Path = tmp_path_factory.mktemp("reports") / "今.md"
    path.write_text(TERM, encoding="utf-8")
    return Desk.over(read_report(path))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("苏州2022年举办了多少场职工运动会？", "5场"),
        ("苏州2021年举办了多少场职工运动会？", "3场"),
        ("2020年苏州调解争议多少件？", "42件"),
        ("苏州五年提供法律援助多少件？", "600件"),
        ("苏州助学资金一共多少？", "80万元"),
    ],
)
def test_the_figure_of_the_year(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert answer.short == short, answer.text


@pytest.mark.parametrize(("year", "short"), [("2022", "５场"), ("二〇二一", "３场")])
def test_years_in_wide_digits_are_years(year: str, short: str) -> None:
    wide = TERM.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})
    desk = Desk.over(report_of(wide, "全角.md", "苏州市", (2018, 2023)))
    answer = desk.ask(f"苏州{year}年举办了多少场职工运动会？")
    assert_sound(answer, desk)
    assert answer.short == short, answer.text


def test_the_figure_of_the_whole_term_is_less_likely_that_of_a_year(desk: Desk) -> None:
    term, year = (desk.ask_in_full(f"苏州{when}提供法律援助多少件？") for when in ("这五年", "2020年"))
    for answer in (term, year):
        assert_sound(answer, desk)
    assert term.short == "600件" and term.chance is not None
    assert year.abstained or (year.chance or 0.0) < term.chance - 0.05


def test_two_years_are_set_side_by_side(desk: Desk) -> None:
    answer = desk.ask("苏州2019年和2021年各调解争议多少件？")
    assert_sound(answer, desk)
    assert "31件" in answer.text and "53件" in answer.text and "42件" not in answer.text


def test_years_of_one_report_are_added_and_compared(desk: Desk) -> None:
    added = desk.ask("苏州2019年和2021年一共调解争议多少件？")
    grown = desk.ask("苏州调解争议2021年比2019年增长百分之几？")
    for answer in (added, grown):
        assert_sound(answer, desk)
    assert added.short == "84件" and grown.short == "约71%"


def test_a_wrong_year_or_figure_of_a_year_is_corrected(desk: Desk) -> None:
    figure, year = (
        desk.ask_in_full("苏州2022年举办职工运动会3场吗？"),
        desk.ask_in_full("苏州的职工运动会3场是2020年举办的吗？"),
    )
    for answer in (figure, year):
        assert_sound(answer, desk)
        assert answer.abstained, answer.text
    assert figure.reason == "false_premise" and "5场" in figure.text
    assert "2021年举办职工运动会3场" in desk.nearest("苏州的职工运动会3场是2020年举办的吗？")


STAFF = """# 江岸机械公司工会2024年工作报告

全年慰问职工300人次。现有会员5200人。

| 类别 | 指标 | 2022年 | 2023年 | 2024年 |
|---|---|---|---|---|
| 组织建设 | 会员人数（人） | 4900 | 5050 | 5200 |
| 建功立业 | 建议采纳数（条） | 120 | 150 | 170 |

| 年度 | 互助金（万元） |
|---|---|
| 2021年 | 11 |
| 2022年 | 12 |
"""


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path: Path = tmp_path_factory.mktemp("reports") / "厂.md"
    path.write_text(STAFF, encoding="utf-8")
    return Desk.over(read_report(path))


@pytest.mark.parametrize(
    ("question", "short", "said"),
    [
        ("江岸机械2022年采纳了多少条建议？", "120条", "建议采纳数"),  # a year outside of the report's own
        ("江岸机械2023年有多少会员？", "5050人", "会员人数"),
    ],
)
def test_a_table_by_years_answers_for_the_column_that_is_asked(
    question: str, short: str, said: str, staff: Desk
) -> None:
    answer = staff.ask(question)
    assert_sound(answer, staff)
    assert answer.short == short and said in answer.text and "类别" not in answer.text, answer.text


def test_a_change_is_stated_by_all_years_of_its_row(staff: Desk) -> None:
    answer = staff.ask("江岸机械的会员人数这三年怎么变的？")
    assert_sound(answer, staff)
    assert all(f in answer.text for f in ("4900人", "5050人", "5200人")), answer.text


def test_the_row_of_another_year_answers_for_none(staff: Desk) -> None:
    answer = staff.ask_in_full("江岸机械2024年发了多少互助金？")
    assert_sound(answer, staff)
    assert answer.abstained, answer.text


def test_two_years_of_a_report_of_one_year_are_set_side_by_side(staff: Desk) -> None:
    answer = staff.ask("江岸机械2024年会员比2022年多了多少人？")
    assert_sound(answer, staff)
    assert all(said in answer.text for said in ("300人", "2022年", "4900人", "5200人")), answer.text


YEAR = """# 政府工作报告

——2026年1月20日在泉州市第十七届人民代表大会第六次会议上

各位代表：现在，我代表市人民政府，向大会报告工作。

一、2025年工作回顾

全年新建口袋公园63个，改造老旧小区214个。

二、2026年工作安排

今年要办好民生实事。新建口袋公园70个，改造老旧小区188个。
"""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path: Path = tmp_path_factory.mktemp("year") / "报告.txt"
    path.write_text(YEAR, encoding="utf-8")
    return Desk.over(read_report(path))


def test_what_was_done_and_what_is_planned_of_one_thing(year: Desk) -> None:
    """The figures name no year: theirs is that of their part of the report."""
    told = year.ask("口袋公园，泉州2025年新建了多少个，2026年要新建多少个？")
    assert_sound(told, year)
    assert "63个" in told.text and "70个" in told.text and not told.missing, told.text


@pytest.mark.parametrize(
    ("now", "figure"), [("今年准备再改造多少个", "188个"), ("去年改造了多少个", "214个")]
)
def test_a_follow_up_asks_of_its_own_time(now: str, figure: str, year: Desk) -> None:
    before = "泉州去年改造了多少个老旧小区？" if "今年" in now else "泉州今年要改造多少个老旧小区？"
    assert year.ask(now, before).short == figure


def test_two_years_of_one_sentence_are_compared_under_their_own_names() -> None:
    text = "# 泉州市总工会2024年工作报告\n\n2023年新建工会驿站12个，2024年新建工会驿站18个。\n"
    desk = Desk.over(report_of(text, "泉州.md", "泉州市", (2024, 2024)))
    told = desk.ask("泉州2023年和2024年哪年新建的工会驿站多？")
    assert_sound(told, desk)
    assert "12个" in told.text and "泉州2024年更多，多6个" in told.text, told.text


def test_years_that_have_a_report_each_are_asked_of_their_own() -> None:
    earlier = "# 昆山市总工会2023年工作总结\n\n全市共有工会会员2.94万人。2024年计划新增会员2500人。\n"
    desk = Desk.over(
        report_of(earlier, "2023.md", "昆山市", (2023, 2023)),
        report_of(
            "# 昆山市总工会2024年工作总结\n\n全市共有工会会员3.19万人。\n", "2024.md", "昆山市", (2024, 2024)
        ),
    )
    answer = desk.ask("昆山2024年的工会会员比2023年增加了多少人？")
    assert_sound(answer, desk)
    assert answer.short == "2500人" and len(answer.text.split("\n")) == 3, answer.text


def test_growth_is_from_the_earlier_term_however_the_later_one_is_named() -> None:
    terms = {(2013, 2018): "法律援助200件", (2018, 2023): "法律援助600件"}
    desk = Desk.over(
        *(
            report_of(f"# 苏州市工会五年工作报告\n\n全市工会提供{told}。\n", f"{term[0]}.md", "苏州市", term)
            for term, told in terms.items()
        )
    )
    answer = desk.ask("苏州2018年以来那届的法律援助比上一届增长了百分之几？")
    assert_sound(answer, desk)
    assert answer.short == "200%", answer.text


def test_one_year_of_a_report_of_one_year_answers_for_no_other() -> None:
    text = (
        "# 苏州市总工会2023年工作总结\n\n全年走访困难职工1520人，发放慰问金30.89万元。"
        "慰问高温作业职工45928人，发放慰问金129.4万元。\n"
    )
    desk = Desk.over(report_of(text, "苏州.md", "苏州市", (2023, 2023)))
    answer = desk.ask_in_full("苏州去年和前年比困难职工慰问金涨了多少")
    assert not answer.calculation and "129.4" not in answer.text, answer.text


def test_what_is_counted_is_not_answered_by_what_is_measured() -> None:
    text = "# 苏州市总工会2023年工作总结\n\n全市工人文化宫1.77万平方米出租场地全部收回。\n"
    desk = Desk.over(report_of(text, "苏州.md", "苏州市", (2023, 2023)))
    assert desk.ask("苏州有多少个工人文化宫？").abstained
    assert "1.77万平方米" in desk.ask("苏州工人文化宫收回了多少平方米出租场地？").text


def test_parts_that_a_sentence_on_plans_counts_are_plans() -> None:
    text = (
        "# 苏州市总工会年度报告\n\n2023年，建成书屋12家。2024年，市总工会将以“两项行动”为统领。\n\n"
        "## 深化改革\n\n培训职工400名。\n\n## 在“强基”行动中增活力\n\n推动百人以上企业全部建会。\n\n"
        "## 在“暖心”行动中办实事\n\n打造便捷行、设施足的驿站。\n"
    )
    (report,) = Desk.over(report_of(text, "苏州.md", "苏州市", (2023, 2023))).index.reports
    states = {sentence.text[:4]: sentence.state for sentence in sentences_of(report)}
    assert [states[own] for own in ("培训职工", "推动百人", "打造便捷")] == ["result", "plan", "plan"]
