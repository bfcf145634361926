"""An answer that leans on its neighbours takes them along."""

from __future__ import annotations

import pytest

from tests.reports import Desk, assert_sound, report_of

TEXT = """# 苏州市工会五年工作报告（2018—2023年）

2021年4月，苏州市总工会推出“班组课堂”。同年10月，出台《班组课堂管理办法》。

工会要抓好三件实事：一是新建职工书屋30家；二是改造职工食堂6个；三是组织一线职工疗养2000名。各项工作按季度检查。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(report_of(TEXT, "今.md", "苏州市", (2018, 2023)))


def test_a_list_over_several_sentences_is_told_whole(desk: Desk) -> None:
    answer = desk.ask("苏州工会要抓好的“三件实事”都是什么？")
    assert_sound(answer, desk)
    assert all(item in answer.text for item in ("30家", "6个", "2000名")) and "季度" not in answer.text
