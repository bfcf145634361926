"""What exactly is wanted: the noun that is counted, the figures that are divided, as many names as were asked for."""

from __future__ import annotations

import pytest

from qa.answering.statement import Evidence, snippet
from qa.answering.wording import Wording, names_held
from qa.retrieval import search
from tests.reports import Desk, assert_sound, report_of

NOW = """# 苏州市工会五年工作报告（2018—2023年）

苏州市总工会推行职代会、厂务会、恳谈会三方议事制度。命名12家市级职工疗养院，培育“江南工匠”43名。

筹集资金21万元为全市700名骑手赠送意外伤害险，向400名骑手赠送价值6万元的雨衣。全市已建立基层工会800个，会员40万人。

提供法律援助600件。率先出台“稳岗留工9条措施”。职工技能竞赛上，12名选手组成的代表队获全省团体第三名。涌现出“劳动模范”陈小禾、“金牌工人”王大川、“巾帼标兵”沈青等代表。

全市工会以“33510”为总抓手推进各项工作。职工说：“有难处找娘家”。
"""
BEFORE = """# 苏州市工会五年工作报告（2013—2018年）

苏州市总工会提供法律援助200件，建成职工书屋30家，培育“江南工匠”20名。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(
        report_of(NOW, "今.md", "苏州市", (2018, 2023)), report_of(BEFORE, "昔.md", "苏州市", (2013, 2018))
    )


@pytest.mark.parametrize("question", ["苏州这一届建成职工书屋多少家？", "苏州这一届有几个工匠学院？"])
def test_a_figure_of_something_else_is_no_answer(question: str, desk: Desk) -> None:
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert answer.abstained


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("苏州的法律援助件数是上一届的几倍？", "3倍"),
    ],
)
def test_what_is_divided_belongs_together(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert short.strip("《》“”") in answer.text or all(part in answer.text for part in short.split("、"))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("苏州的三方议事制度是哪三方？", "职代会、厂务会、恳谈会"),
        ("苏州涌现出的代表有谁？", "陈小禾、王大川、沈青"),
        ("苏州各项工作的总抓手是什么数字？", "33510"),
    ],
)
def test_names_and_words_as_they_are_printed(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert short.strip("《》“”") in answer.text or all(part in answer.text for part in short.split("、"))


def test_a_share_that_is_printed_is_not_computed() -> None:
    text = "# 工作报告\n\n全市会员40万人，其中非公企业会员占六成以上。\n"
    desk = Desk.over(report_of(text, "今.md", "苏州市", (2018, 2023)))
    answer = desk.ask("苏州的会员里，非公企业会员占多大比例？")
    assert_sound(answer, desk)
    assert not answer.calculation and (answer.abstained or "六成以上" in answer.text), answer.text


def test_a_name_that_holds_a_place_is_no_place(desk: Desk) -> None:
    query = desk.understand("“江苏工匠”呢？", "苏州这一届培育了多少名“江南工匠”？")
    assert [s.place.name for s in query.scopes if s.place] == ["苏州市"]


def test_a_name_that_no_report_has_is_not_answered_by_another(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州培育了多少名海丝工匠？")
    assert_sound(answer, desk)
    assert answer.abstained
    assert desk.ask("苏州这一届培育了多少名江南工匠？").short == "43名"


def test_a_name_quoted_with_gaps_is_held_in_order() -> None:
    topic = "那句“一年……两年……”的思路"
    assert names_held(topic, "按照“一年起步，两年成形”的思路") == 1.0
    assert names_held(topic, "按照“两年成形，一年起步”的思路") == 0.0


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("全市有11个园区建立“园区有约”机制，帮助调解劳动争议。", "苏州工会调解劳动争议多少件？"),
        ("全市现有职工之家160个、职工书屋50个。", "苏州的职工书屋新建了多少家？"),
    ],
)
def test_what_counts_something_else_is_no_answer(sentence: str, question: str) -> None:
    desk = Desk.over(report_of(f"# 工作报告\n\n{sentence}\n", "今.md", "苏州市", (2018, 2023)))
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert answer.abstained, answer.text


def test_an_aim_is_stated_in_its_own_clause(desk: Desk) -> None:
    text = """# 泉州市总工会工作报告

未来五年，泉州市各级工会坚持以新时代中国特色社会主义思想为指导，以推动建设安居型社会为目标，实施五大工程。
"""
    own = Desk.over(report_of(text, "泉州.md", "泉州市", (2018, 2023)))
    answer = own.ask("泉州工会今后想建成什么样的社会？")
    assert "安居型社会" in answer.text, answer.text


def test_a_time_is_never_said_alone(desk: Desk) -> None:
    text = "未来五年,全市各级工会办好流动夜校,让课堂开到工地。"
    report = report_of(f"# 工会工作\n\n{text}", "泉州.md", "泉州市", (2018, 2023))
    own = Desk.over(report)
    (hit,) = search(own.index, own.understand("泉州工会未来做什么"), 5)[0]
    said = snippet(Evidence(hit, 0, len(hit.paragraph.text), 0), (0, 4), "未来", Wording(own.index))
    assert "流动夜校" in said.text or "各级工会" in said.text, said.text


def test_what_is_found_one_by_one_is_told_if_one_passage_says_less() -> None:
    text = """# 温岭市工会五年工作报告（2018—2023年）

温岭市总工会把思想教育搬到车间一线，2021年5月，市总工会联合市委宣传部组织开展“一线晨读十分钟活动”，组织宣讲员走进班组。

同年9月，出台《关于深化“一线晨读十分钟活动”的指导意见》，各级工会探索建立一线职工思想教育模式。
"""
    own = Desk.over(report_of(text, "温岭.md", "温岭市", (2018, 2023)))
    question = (
        "温岭“一线晨读十分钟活动”是何时由市总工会与市委宣传部联合组织开展的？相应的指导意见又是何时出台的？"
    )
    told = own.ask_in_full(question)
    assert_sound(told, own)
    assert told.abstained or ("2021年5月" in told.text and ("同年9月" in told.text or told.missing))
    assert any("同年9月" in shown.paragraph.text for shown in told.passages)


def test_a_part_of_a_sum_is_no_answer_where_the_sum_is_asked_for() -> None:
    text = "# 泉州市总工会2024年工作报告\n\n缓减企业工会经费6.5亿元，返还小微企业工会经费1.2亿元，惠及企业2.7万家。\n"
    own = Desk.over(report_of(text, "泉州.md", "泉州市", (2024, 2024)))
    told = own.ask_in_full("泉州工会缓减和返还的工会经费加起来是多少亿元？")
    assert_sound(told, own)
    assert told.abstained or told.calculation == ("6.5亿元 + 1.2亿元 = 7.7亿元",), told.text


def test_items_that_stand_for_names_before_them_are_not_cut_apart() -> None:
    text = "全市3家医院、4所学校、5个公园的职工之家分别达到12家、7家和9家，职工满意。"
    own = Desk.over(report_of(f"# 苏州市总工会工作报告\n\n{text}", "今.md", "苏州市", (2018, 2023)))
    (hit,) = search(own.index, own.understand("苏州医院的职工之家有多少家"), 1)[0]
    paragraph = hit.paragraph
    evidence = Evidence(hit, 0, len(paragraph.text), 0)
    at = paragraph.text.index("12家")
    assert "12家、7家和9家" in snippet(evidence, (at, at + 3), "医院的职工之家", Wording(own.index)).text


@pytest.mark.parametrize(
    ("text", "figure", "topic", "told"),
    [
        (
            "扩大覆盖，推动代驾、护工行业普遍建会，共建立32家，发展会员4.7万人。",
            "4.7万人",
            "工会会员",
            "推动代驾、护工行业普遍建会，共建立32家，发展会员4.7万人",
        ),
        ("开展法治体检，提供法律援助600件。", "600件", "法律援助", "提供法律援助600件"),
    ],
)
def test_what_does_not_say_what_it_counts_is_told_with_what_does(
    text: str, figure: str, topic: str, told: str
) -> None:
    own = Desk.over(report_of(f"# 苏州市总工会工作报告\n\n{text}", "今.md", "苏州市", (2018, 2023)))
    (hit,) = search(own.index, own.understand(f"苏州{topic}有多少"), 1)[0]
    at = text.index(figure)
    said = snippet(Evidence(hit, 0, len(text), 0), (at, at + len(figure)), topic, Wording(own.index))
    assert said.text == told
