"""Words for time are resolved from the date of the report; what only compares or names a plan is no time."""

import pytest

from qa.text.numerals import days
from qa.text.states import state_of_heading, state_of_sentence
from qa.text.when import Calendar, time_expressions
from qa.types import Period, State

SESSION = Calendar(Period(2025, 2025), Period(2026, 2026), 2026, given=True)
CONGRESS = Calendar(Period(2018, 2023), Period(2023, 2028), 2023, given=True)


@pytest.mark.parametrize(
    ("text", "calendar", "years"),
    [
        ("去年新建驿站86座。", SESSION, (2025, 2025)),
        ("今年再建40座。", SESSION, (2026, 2026)),
        ("上一年为72座。", SESSION, (2024, 2024)),
        ("前年建成60座。", SESSION, (2024, 2024)),
        ("“十四五”时期累计建成300座。", SESSION, (2021, 2025)),
        ("“十五五”期间建成500座。", SESSION, (2026, 2030)),
        ("过去五年，新建300座。", SESSION, (2021, 2025)),
        ("五年来，新建300座。", CONGRESS, (2018, 2023)),
        ("上一届新建100座。", CONGRESS, (2013, 2018)),
        ("上一个五年新建100座。", CONGRESS, (2013, 2018)),
        ("今后五年，新建500座。", CONGRESS, (2023, 2028)),
        ("再过五年，新建500座。", CONGRESS, (2023, 2028)),
        ("今后五年，新建500座。", SESSION, (2026, 2030)),
        ("2020年以来，送课300场。", CONGRESS, (2020, 2023)),
        ("2019—2021年送课300场。", CONGRESS, (2019, 2021)),
        ("年份：2022；送课：300场", CONGRESS, (2022, 2022)),
        ("２０１９—２０２１年送课３００场。", CONGRESS, (2019, 2021)),
        ("二〇二二年送课三百场。", CONGRESS, (2022, 2022)),
    ],
)
def test_years(text: str, calendar: Calendar, years: tuple[int, int]) -> None:
    (time, *_) = time_expressions(text, calendar)
    assert (time.period, time.aside) == (Period(*years), False)


@pytest.mark.parametrize(
    "text",
    [
        "比2018年增加300家。",
        "由2020年的3家增加到5家。",
        "增长4%，快于2024年1.8个百分点。",
        "完成“十四五”减排任务。",
    ],
)
def test_what_only_compares_or_names_is_aside(text: str) -> None:
    assert all(time.aside for time in time_expressions(text, SESSION))


def test_fifteen_is_a_plan_only_where_it_is_called_one() -> None:
    calendar = Calendar(None)
    for text in ("建成十五家", "第十五次代表大会召开", "二十五人以上企业", "十五条措施"):
        assert not list(time_expressions(text, calendar)), text
    for text in ("“十五”时期", "十五期间", "十五计划"):
        assert [(t.period.start, t.period.end) for t in time_expressions(text, calendar)] == [(2001, 2005)], (
            text
        )


def test_without_a_date_nothing_is_made_up() -> None:
    assert not list(time_expressions("去年新建86座，今后五年再建。", Calendar(None)))
    assert not list(time_expressions("落实《2016—2018年规划》。", SESSION))


@pytest.mark.parametrize(
    ("heading", "state"),
    [
        ("一、2025年工作回顾", "result"),
        ("二、2026年重点工作", "plan"),
        ("三、“十五五”主要目标", "plan"),
        ("目标任务完成情况", "result"),
        ("“十四五”发展成就和“十五五”主要目标", ""),
        ("筑牢团结奋斗的思想根基", ""),
        ("服务职工用心用情", ""),
    ],
)
def test_headings(heading: str, state: State) -> None:
    assert state_of_heading(heading, SESSION) == state


@pytest.mark.parametrize(
    ("text", "part", "state"),
    [
        ("新建驿站86座。", "result", "result"),
        ("新建驿站86座。", "plan", "plan"),
        ("到2030年建成驿站500座。", "result", "plan"),
        ("争取上级资金3亿元。", "result", "result"),
        ("去年已建成86座。", "plan", "result"),
        ("力争再建40座。", "", "plan"),
    ],
)
def test_sentences(text: str, part: State, state: State) -> None:
    assert state_of_sentence(text, SESSION, part) == state


def test_days_in_both_kinds_of_figures() -> None:
    text = "二〇二六年一月二十七日；2026-02-03 09:02；２０２６年２月；第2026-001号"
    assert [day.iso for day in days(text)] == ["2026-01-27", "2026-02-03", "2026-02"]


def test_a_count_after_a_year_is_no_month() -> None:
    assert not list(days("2026年10件实事完成情况，2026年5家单位"))
    assert [day.iso for day in days("2026年4月一日游，二〇二六年四月一日")] == ["2026-04", "2026-04-01"]
