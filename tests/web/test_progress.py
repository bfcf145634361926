"""What is shown while an answer is made."""

from collections.abc import Callable

import pytest

from qa.engines import Step
from qa.errors import QAError
from qa.types import Work
from qa.web.answers import steps_html
from qa.web.chat import run_with_progress
from qa.web.markup import render


def test_each_step_comes_as_it_begins_then_the_result() -> None:
    def work(watch: object) -> str:
        for kind in ("plan", "search", "read"):
            watch(Step(kind, "甲市<b>", 6))  # type: ignore[operator,arg-type]
        return "好"

    growing = run_with_progress(work, steps_html)
    words = [next(growing) for _ in range(3)]
    with pytest.raises(StopIteration) as ended:
        next(growing)
    assert ended.value.value == "好"
    assert "正在理解问题" in words[0]
    assert "正在查找：甲市&lt;b&gt;" in words[1]
    assert "正在读 6 段" in words[2]


def test_statements_that_hold_stand_above_the_step() -> None:
    shown = steps_html((Step("check"), Step("stated", "甲市有书屋3家"), Step("search", "乙市")))
    assert shown.index("甲市有书屋3家。") < shown.index("正在查找：乙市")


def test_an_error_of_the_work_comes_after_its_steps() -> None:
    def work(tell: Callable[[str], None]) -> None:
        tell("read")
        raise QAError("坏了")

    growing = run_with_progress(work, " ".join)
    assert next(growing) == "read"
    with pytest.raises(QAError, match="坏了"):
        next(growing)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Work("kleine", 2.25, 1200, True), ("由 kleine 阅读", "1200 个词元", "2.2 秒")),
        (Work("", 2.0, 0, False), ("没有用语言模型", "约 0")),
    ],
)
def test_who_answered_and_what_it_took(work: Work, words: tuple[str, ...]) -> None:
    assert all(each in render("answers.cost", work=work) for each in words)
