"""One thing is asked: its own name or figure answers, not the rest of its sentence or of its list."""

from __future__ import annotations

import pytest

from tests.reports import Desk, assert_sound, report_of

CITY = """# 江西省赣州市工会五年工作报告（2018—2023年）

本报记者 熊雨桐 通讯员 罗文斌

一是推动出台《赣州市餐饮职工权益办法》，覆盖职工3万人；二是签订集体合同640份，覆盖企业900家；三是查改隐患4600处。

成立法律服务团，律师从9名发展到41名，五年办理法律援助案件718件。承办全国选矿工比赛，来自13个省份的92名选手同场竞技，赣县区选手罗永强夺得第一名。

挂点帮扶于都县银坑镇营下村，全村27户脱贫。建成驿站26个，其中石桥广场驿站被评为省级示范驿站。

市总工会联系煤炭、石油、化工三个行业，单位工会由62家增加到87家，会员43.6万人，其中女会员11.9万人。全年收缴工会经费386万元。

金力厂、格特厂等6家企业进入全省产改标杆企业。智慧工会平台获评全省工会改革创新案例。到2028年，疗养职工达到9000人。
"""
FIRM = """# 江岸机械公司工会2024年工作报告

新建劳模创新工作室2个。现有会员5200人。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    firm = report_of(FIRM, "厂.md", "苏州市", (2024, 2024))
    return Desk.over(report_of(CITY, "市.md", "赣州市", (2018, 2023)), firm)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("赣州法律服务团后来有多少个律师？", "41名"),
        ("全国选矿工比赛在赣州来了多少个选手？", "92名"),
        ("全国选矿工比赛的第一名是谁？", "罗永强"),
        ("赣州工会挂点帮扶的是哪个村？", "于都县银坑镇营下村"),
        ("赣州哪个驿站评上了省级示范？", "石桥广场驿站"),
        ("赣州推动出台了哪个保障餐饮职工的办法？", "《赣州市餐饮职工权益办法》"),
        ("赣州市总工会联系哪三个行业？", "煤炭、石油、化工"),
        ("赣州市总工会下面有多少家单位工会？", "87家"),
        ("赣州市总工会的单位工会起初有多少家？", "62家"),
        ("赣州的会员里女的有多少？", "11.9万人"),
        ("赣州的智慧工会平台拿过什么荣誉？", "全省工会改革创新案例"),
        ("赣州哪两家企业进了全省产改标杆？", "金力厂、格特厂"),
    ],
)
def test_the_thing_itself(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert answer.short == short, answer.text
    assert "640" not in answer.text and "718" not in answer.text


@pytest.mark.parametrize("question", ["全国选矿工比赛的第三名是谁？", "赣州2019年疗养职工达到多少人？"])
def test_another_rank_and_the_plan_for_another_year_are_no_answers(question: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert answer.abstained, answer.text


def test_of_those_some(desk: Desk) -> None:
    answer = desk.ask("里面有多少是女的？", "赣州有多少工会会员？")
    assert_sound(answer, desk)
    assert answer.short == "11.9万人", answer.text


def test_money_that_was_taken_in_is_none_that_was_given_back(desk: Desk) -> None:
    answer = desk.ask("赣州工会返还企业工会经费多少钱？")
    assert_sound(answer, desk)
    assert answer.abstained, answer.text
