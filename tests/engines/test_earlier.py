"""A follow-up that computes with the figures just answered: with which, and when it is left to the search."""

from __future__ import annotations

import pytest

from qa.engines import Conversation
from qa.engines.earlier import computed_from_earlier
from qa.types import Answer
from tests.reports import Desk, report_of

SUZHOU = """# 苏州市总工会五年工作报告（2018—2023年）

全市有职工书屋30家，妈妈小屋12家。

投入帮扶资金200万元，帮扶困难职工500人。

法律援助3600件。
"""
WUXI = """# 无锡市总工会五年工作报告（2018—2023年）

法律援助1200件。
"""
BOOKS, ROOMS = "苏州建了多少家职工书屋？", "苏州有多少家妈妈小屋？"
AID = "苏州法律援助多少件？"
MONEY, PEOPLE = "苏州投入多少帮扶资金？", "苏州帮扶了多少困难职工？"


@pytest.fixture(scope="module")
def desk() -> Desk:
    period = (2018, 2023)
    return Desk.over(
        report_of(SUZHOU, "苏州.md", "苏州市", period), report_of(WUXI, "无锡.md", "无锡市", period)
    )


def computed(desk: Desk, *turns: str) -> Answer | None:
    """What the last turn computes with the answers to the others, each asked in full."""
    *earlier, asked = turns
    answers = [desk.ask(turn) for turn in earlier]
    conversation = Conversation(
        desk.understand(asked, *earlier), tuple(earlier), earlier=lambda back: answers[-back]
    )
    return computed_from_earlier(desk.index, conversation)


@pytest.mark.parametrize(
    ("turns", "formula", "short"),
    [
        ((BOOKS, ROOMS, "两样加起来一共多少个？"), "30家 + 12家 = 42家", "42家"),
        ((BOOKS, ROOMS, "差多少"), "30家 - 12家 = 18家", "18家"),
        ((BOOKS, "谢谢", ROOMS, "前头是后头的几倍"), "30家 / 12家 = 2.5倍", "2.5倍"),
        ((MONEY, PEOPLE, "平均一个人摊到多少钱"), "200万元 / 500人 = 4000元/人", "4000元/人"),
        ((AID, "无锡法律援助多少件？", "两家差多少"), "3600件 - 1200件 = 2400件", "2400件"),
        ((ROOMS, BOOKS, "后头是前头的几倍"), "30家 / 12家 = 2.5倍", "2.5倍"),
    ],
)
def test_it_computes_with_what_was_answered(
    desk: Desk, turns: tuple[str, ...], formula: str, short: str
) -> None:
    answer = computed(desk, *turns)
    assert answer is not None
    assert (answer.calculation, answer.short) == ((formula,), short)
    assert len(answer.citations) == 2
    assert all(figure.state in ("quoted", "derived") for figure in answer.figures)
    assert answer.text.splitlines()[-1] == f"计算：{formula}。"


@pytest.mark.parametrize(
    "turns",
    [
        (BOOKS, MONEY, "两样加起来一共多少"),  # of unlike units
        (BOOKS, BOOKS, "差多少"),  # twice the same
        (BOOKS, "三样加起来一共多少"),  # more than were answered
        (BOOKS, ROOMS, "帮扶了多少困难职工？"),  # asks for something new
        (BOOKS, ROOMS, "后头是前头的几倍"),  # the larger came first
        (ROOMS, BOOKS, "增长了百分之多少"),  # one thing does not grow into another
        (AID, "无锡法律援助多少件？", "增长了百分之多少"),  # nor one place
        (MONEY, PEOPLE, "平均每人服务多少小时"),  # money is no time
    ],
)
def test_what_does_not_fit_together_is_left_to_the_search(desk: Desk, turns: tuple[str, ...]) -> None:
    assert computed(desk, *turns) is None


def test_which_of_two_is_larger_is_told(desk: Desk) -> None:
    answer = computed(desk, BOOKS, ROOMS, "哪样多？")
    assert answer is not None
    assert answer.text.splitlines()[-1] == "相比之下，职工书屋更多，多18家（30家 - 12家 = 18家）。"


def test_figures_of_one_answer_keep_their_own_citations() -> None:
    told = {"苏州": "全市有职工书屋30家。", "无锡": "五年来，无锡市建成职工书屋30家。"}
    text, period = "# {}市总工会五年工作报告\n\n{}\n", (2018, 2023)
    reports = (report_of(text.format(*own), f"{own[0]}.md", f"{own[0]}市", period) for own in told.items())
    both = Desk.over(*reports)
    answer = computed(both, "苏州和无锡各有多少家职工书屋？", "两家加起来一共多少")
    assert answer is not None
    assert {citation.place for citation in answer.citations} == {"苏州市", "无锡市"}
    assert answer.short == "60家"
