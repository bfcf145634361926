"""What the columns of a table are."""

import pytest

from qa.question.form import columns_of, names_rows_and_columns
from qa.text.divisions import find
from qa.text.when import times_in


def read(question: str) -> tuple[str, tuple[str, ...]]:
    rows = [(start, end) for start, end, _ in find(question)]
    return columns_of(question, (*rows, *times_in(question)))


@pytest.mark.parametrize(
    ("question", "common", "things"),
    [
        ("各地区工会的食堂数量、入会人数以及竞赛场次", "", ["食堂数量", "入会人数", "竞赛场次"]),
        ("和谐劳动关系企业", "", ["和谐劳动关系企业"]),
        ("比较温州两届的食堂数、调解件数", "", ["食堂数", "调解件数"]),
        ("比较温州前后两届的食堂数和调解件数", "", ["食堂数", "调解件数"]),
        ("扬州、泰州三行：食堂建了几座，惠及多少职工", "", ["食堂建了几座", "惠及多少职工"]),
        (
            "扬州2019–2024、泰州夏天送清凉的：去了多少人、花了多少钱",
            "夏天送清凉",
            ["去了多少人", "花了多少钱"],
        ),
        ("扬州以及泰州：", "", ["扬州以及泰州："]),
        ("扬州 2013–2018 和 扬州 2018–2023，食堂数、调解件数", "", ["食堂数", "调解件数"]),
        ("扬州、泰州：去年建了几座食堂，今年打算建几座", "", ["去年建了几座食堂", "今年打算建几座"]),
        ("扬州前后两届（2013–2018、2018–2023）：食堂，调解件数", "", ["食堂", "调解件数"]),
        (
            "各地建了多少食堂，给司机、保安歇脚的屋子有多少？",
            "",
            ["建了多少食堂", "给司机、保安歇脚的屋子有多少"],
        ),
        (
            "各地的劳动和技能竞赛办了多少场、多少人参加",
            "劳动和技能竞赛",
            ["劳动和技能竞赛办了多少场", "多少人参加"],
        ),
    ],
)
def test_columns(question: str, common: str, things: list[str]) -> None:
    assert read(question) == (common, tuple(things))


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("对比各地的食堂数和调解件数", True),
        ("各报告的送温暖金额", True),
        ("扬州、泰州：食堂数", True),
        ("对比一下各地", False),
        ("扬州和泰州", False),
        ("食堂数和调解件数", False),
    ],
)
def test_a_request_that_names_rows_and_columns_stands_alone(question: str, whole: bool) -> None:
    named = [(start, end) for start, end, _ in find(question)]
    assert names_rows_and_columns(question, (*named, *times_in(question))) is whole
