"""Turns that change the last answer: how they are recognised, and what they make of the columns and rows of a table."""

import pytest

from qa.question.catalogue import Catalogue, Term
from qa.question.edits import edited
from qa.question.form import in_form
from qa.question.intents import edits_in
from qa.text.divisions import get
from qa.types import Form, Part, Period, Place, Scope

TERMS = (("苏1", "苏州市", 2014), ("苏2", "苏州市", 2019), ("泉", "泉州市", 2019), ("扬", "扬州市", 2019))
REPORTS = Catalogue(
    tuple(
        Term(
            name,
            f"{name}.md",
            "",
            get(place) or Place(""),
            Period(first, first + 5),
            frozenset(),
            frozenset(),
        )
        for name, place, first in TERMS
    )
)
COLUMNS = tuple(Part(thing, None, "figure", thing) for thing in ("职工食堂", "调解件数", "会员人数"))
ROWS = (Scope("", None, None, ("苏1", "苏2", "泉"), ""),)


@pytest.mark.parametrize(
    ("turn", "changes"),
    [
        ("把食堂那一列去掉", [("drop", "食堂")]),
        ("麻烦删掉讲骑手的那句话", [("drop", "骑手")]),
        ("泉州那行就不要了", [("drop", "泉州")]),
        ("只留苏州和泉州两行", [("keep", "苏州和泉州")]),
        ("再补上一列：调解成功率", [("add", "调解成功率")]),
        ("不要食堂了；按调解件数由多到少排", [("drop", "食堂"), ("sort", "调解件数")]),
        ("加上食堂，字号大一点", [("add", "食堂"), ("", "字号")]),
        ("那泉州呢", []),
        ("新增了多少座食堂？", []),
        ("食堂最多的是哪个市", []),
        ("缩短一点", []),
        ("把食堂换成调解件数", [("swap", "食堂")]),
        ("换成调解件数", [("swap", "调解件数")]),
    ],
)
def test_clauses_that_change_an_answer_and_what_they_name(turn: str, changes: list[tuple[str, str]]) -> None:
    found = [(edit.change, edit.thing.removesuffix("大一点")) for edit in edits_in(turn)]
    assert found == changes


def test_a_turn_that_changes_the_last_table_belongs_to_it() -> None:
    form, wanted, earlier = in_form("按食堂数排", ["用表格对比苏州和泉州的食堂数、会员数", "只要泉州"])
    assert (form.shape, wanted, earlier) == ("table", "对比苏州和泉州的食堂数、会员数", ())
    assert [edit.change for edit in form.edits] == ["keep", "sort"]


def test_a_table_is_asked_for_and_changed_in_one_turn() -> None:
    form, wanted, _ = in_form("做成表格，按食堂数排", ["苏州和泉州各有几座食堂？"])
    assert (form.shape, [edit.change for edit in form.edits]) == ("table", ["sort"])
    assert wanted == "苏州和泉州各有几座食堂？"


@pytest.mark.parametrize("turn", ["去除骑手有多少", "去掉了多少", "撤掉的有多少家"])
def test_a_question_that_sounds_like_a_change_is_a_question(turn: str) -> None:
    for asked in ("苏州有多少会员？", "用表格对比苏州和泉州的食堂数、会员数"):
        assert in_form(turn, [asked])[1] == turn


def test_sorted_by_how_many_is_a_change() -> None:
    form, *_ = in_form("按食堂多少排", ["用表格对比苏州和泉州的食堂数、会员数"])
    assert [edit.change for edit in form.edits] == ["sort"]


@pytest.mark.parametrize("turn", ["删掉第二列", "缩短到50字", "每条不超过20字", "去掉食堂，再短一点"])
def test_what_would_shorten_an_answer_in_words_is_a_change_of_a_table(turn: str) -> None:
    form, *_ = in_form(turn, ["用表格对比苏州和泉州的食堂数、会员数"])
    assert form.shape == "table" and {edit.words for edit in form.edits} == set(turn.split("，"))


def test_thanks_behind_a_change_are_none() -> None:
    form, *_ = in_form("去掉食堂，谢谢", ["用表格对比苏州和泉州的食堂数、会员数"])
    assert [edit.words for edit in form.edits] == ["去掉食堂"]


def test_of_an_answer_in_words_something_is_only_taken_out() -> None:
    form, *_ = in_form("去掉食堂那句", ["写一段话介绍苏州的食堂和驿站"])
    assert (form.shape, form.of) == ("paragraph", Form("paragraph"))
    assert [edit.thing for edit in form.edits] == ["食堂"]
    assert in_form("改成表格", ["写一段话介绍苏州的食堂和驿站", "去掉食堂那句"])[0].edits == form.edits
    assert in_form("再加上调解件数", ["苏州有几座食堂？"])[1] == "再加上调解件数"


def table(*turns: str) -> tuple[list[str], list[str], Form]:
    """The columns, the reports of the rows and the form after some turns."""
    edits = tuple(edit for turn in turns for edit in edits_in(turn))
    parts, scopes, form = edited(COLUMNS, ROWS, Form("table", edits=edits), REPORTS)
    return [part.text for part in parts], [i for scope in scopes for i in scope.report_ids], form


@pytest.mark.parametrize(
    ("turns", "columns", "rows"),
    [
        (["去掉食堂那列，加上驿站数"], ["调解件数", "会员人数", "驿站数"], ["苏1", "苏2", "泉"]),
        (["只保留会员人数和职工食堂"], ["职工食堂", "会员人数"], ["苏1", "苏2", "泉"]),
        (["把职工食堂那列换成驿站数"], ["调解件数", "会员人数", "驿站数"], ["苏1", "苏2", "泉"]),
        (["把苏州换成扬州"], ["职工食堂", "调解件数", "会员人数"], ["泉", "扬"]),
        (["只要苏州的调解件数"], ["调解件数"], ["苏1", "苏2"]),
        (["去掉2014-2019那行"], ["职工食堂", "调解件数", "会员人数"], ["苏2", "泉"]),
        (["只留最近一届"], ["职工食堂", "调解件数", "会员人数"], ["苏2", "泉"]),
        (
            ["把扬州也加进来", "去掉苏州", "不要会员人数"],
            ["职工食堂", "调解件数"],
            ["泉", "扬"],
        ),
    ],
)
def test_columns_and_rows_after_changes(turns: list[str], columns: list[str], rows: list[str]) -> None:
    left, reports, form = table(*turns)
    assert (left, reports, form.undone) == (columns, rows, ())


@pytest.mark.parametrize(
    "turn",
    [
        "去掉驿站那列",
        "去掉职工医院",
        "把驿站换成职工书屋",
        "只要扬州",
        "只要苏州和扬州",
        "按颜色排",
        "把苏州和泉州都去掉",
        "去掉2005-2010那行",
        "只看2016年的",
        "去掉2016年的",
        "只要苏州2016年的",
        "把泉州的职工食堂去掉",
        "换成扬州",
        "换成驿站数",
    ],
)
def test_what_the_table_does_not_have_changes_nothing_and_is_noted(turn: str) -> None:
    columns, rows, form = table(turn)
    assert (columns, rows) == ([part.text for part in COLUMNS], ["苏1", "苏2", "泉"])
    assert form.undone == (turn,)


def test_rows_are_sorted_by_a_column_from_the_most_unless_said() -> None:
    assert table("按食堂排")[2].order == ("职工食堂", False)
    assert table("按调解件数从少到多排")[2].order == ("调解件数", True)
    assert table("按食堂从多到少排", "从少到多排")[2].order == ("职工食堂", True)
    assert table("按食堂排", "去掉食堂")[2].order is None
    assert table("从多到少排")[2].undone == ("从多到少排",)  # by which of three columns


def test_a_year_keeps_the_rows_that_are_of_it() -> None:
    suzhou = get("苏州市")
    rows = tuple(Scope(f"苏州{year}年", suzhou, None, ("苏1",), "", year=year) for year in (2015, 2016))
    form = Form("table", edits=edits_in("只看2016年的"))
    _, left, form = edited(COLUMNS, rows, form, REPORTS)
    assert ([row.year for row in left], form.undone) == ([2016], ())


@pytest.mark.parametrize(
    ("turn", "columns", "rows"),
    [
        ("换成扬州", ["会员人数"], ["扬"]),
        ("换成苏州", ["会员人数"], ["苏1", "苏2"]),
        ("换成驿站数", ["驿站数"], ["泉"]),
    ],
)
def test_the_only_row_or_column_is_swapped(turn: str, columns: list[str], rows: list[str]) -> None:
    row = Scope("泉州", get("泉州市"), None, ("泉",), "")
    form = Form("table", edits=edits_in(turn))
    parts, scopes, form = edited(COLUMNS[2:], (row,), form, REPORTS)
    assert [part.text for part in parts] == columns and form.undone == ()
    assert [report for scope in scopes for report in scope.report_ids] == rows


def test_a_place_without_a_report_is_added_and_taken_out_again() -> None:
    form = Form("table", edits=edits_in("加上长春"))
    _, scopes, form = edited(COLUMNS, ROWS, form, REPORTS)
    assert [(scope.label, scope.report_ids) for scope in scopes[1:]] == [("长春", ())] and form.undone == ()
    form = Form("table", edits=(*edits_in("加上长春"), *edits_in("去掉长春")))
    assert edited(COLUMNS, ROWS, form, REPORTS)[1] == ROWS
