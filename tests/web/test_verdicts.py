"""A verdict goes with its question, filters and history into the feedback, whatever a browser sends."""

import os
from pathlib import Path

import pytest

from qa.feedback import load_all
from qa.settings import read_settings
from qa.web.chat import Turn, converse, judged, recorded
from tests.web.small_library import SmallLibrary

NOWHERE = Path(os.devnull)


@pytest.fixture(scope="module")
def turns() -> tuple[Turn, ...]:
    library = SmallLibrary()
    turns: tuple[Turn, ...] = ()
    report = library.reports[1].id
    for question, filters in (
        ("云岭市走访慰问困难职工多少人次？", {}),
        ("除以零", {}),
        ("书屋建成多少个？", {"report": report}),
    ):
        *_, turns = converse(library, question, turns, NOWHERE, **filters)
    return turns


def test_a_verdict_and_its_comment_are_one_entry(turns: tuple[Turn, ...], tmp_path: Path) -> None:
    settings = read_settings({"UNION_QA_HOME": str(tmp_path)})
    library = SmallLibrary()
    now, number = judged(turns, "useless-3")
    assert number == 3
    recorded(library, now, number, "", settings)
    recorded(library, now, number, " 不是书屋 ", settings)
    (kept,) = load_all(settings.feedback_file)
    assert (kept.key, kept.verdict, kept.comment) == (turns[2].key, "useless", "不是书屋")
    assert kept.history == ("云岭市走访慰问困难职工多少人次？",)
    assert kept.report == library.reports[1].source.name
    changed, number = judged(now, "useful-3")
    recorded(library, changed, number, "", settings)
    recorded(library, (), 1, "没有对话", settings)  # what a page never sends
    assert [each.verdict for each in load_all(settings.feedback_file)] == ["useful"]


@pytest.mark.parametrize(
    "button",
    ["", "useful", "useful-0", "useful-2", "useful-9", "useful--1", "good-1", "useful-²", "useful-1e3"],
)
def test_a_button_that_no_page_has_changes_nothing(button: str, turns: tuple[Turn, ...]) -> None:
    assert judged(turns, button) == (turns, 0)
