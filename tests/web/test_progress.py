"""What is shown while an answer is made, and that whoever leaves waits for nothing."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest

from qa.engines import Step, Stopped
from qa.types import Work
from qa.web.progress import cost_line, run_with_progress, steps_html


def test_each_step_comes_as_it_begins_then_the_result() -> None:
    def work(watch: object) -> str:
        for kind in ("plan", "search", "read"):
            watch(Step(kind, "甲市<b>", 6))  # type: ignore[operator,arg-type]
        return "好"

    *steps, last = run_with_progress(work, threading.Event())
    assert [len(each) for each in steps if isinstance(each, tuple)] == [1, 2, 3]
    assert isinstance(last, Future)
    assert last.result() == "好"
    words = [steps_html(each) for each in steps if isinstance(each, tuple)]
    assert "正在理解问题" in words[0]
    assert "正在查找：甲市&lt;b&gt;" in words[1]
    assert "正在读 6 段" in words[2]


def test_statements_that_hold_stand_above_the_step() -> None:
    shown = steps_html((Step("check"), Step("stated", "甲市有书屋3家"), Step("search", "乙市")))
    assert shown.index("甲市有书屋3家。") < shown.index("正在查找：乙市")


def test_who_leaves_gives_the_work_up() -> None:
    stop, ended = threading.Event(), threading.Event()

    def work(watch: object) -> None:
        watch(Step("plan"))  # type: ignore[operator]
        assert stop.wait(10)
        ended.set()
        raise Stopped

    growing = run_with_progress(work, stop)
    next(growing)
    growing.close()  # type: ignore[attr-defined]
    assert ended.wait(10)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Work("kleine", 2.25, 1200, True), ("由 kleine 阅读", "1200 个词元", "2.2 秒")),
        (Work("", 2.0, 0, False), ("没有用语言模型", "约 0")),
    ],
)
def test_who_answered_and_what_it_took(work: Work, words: tuple[str, ...]) -> None:
    assert all(each in cost_line(work) for each in words)
    assert cost_line(None) == ""
