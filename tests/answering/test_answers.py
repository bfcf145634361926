"""Answers over the bundled sample: one test a kind of question, value, citation and verdict each."""

from __future__ import annotations

import re

import pytest

from qa.types import Answer
from tests.reports import Desk, assert_sound, sample

WENZHOU, BEFORE = "wenzhou-2018-2023.md", "wenzhou-2013-2018.md"
ZHANGZHOU, ZHEJIANG, QIANTANG = "zhangzhou-2018-2023.md", "zhejiang-2018-2023.md", "qiantang-2023.md"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return sample()


def told(desk: Desk, question: str, *history: str) -> Answer:
    """An answer that is sound and does not refuse."""
    answer = desk.ask(question, *history)
    assert_sound(answer, desk)
    assert not answer.abstained, answer.text
    return answer


def refused(desk: Desk, question: str, *history: str) -> Answer:
    answer = desk.ask_in_full(question, *history)
    assert_sound(answer, desk)
    assert answer.abstained and answer.short is None, answer.text
    return answer


def test_what_else_is_asked_and_not_found_is_named(desk: Desk) -> None:
    for thing in ("养了多少头猪", "盖了几栋楼"):
        answer = desk.ask_in_full(f"温州这一届法律援助办了多少件，{thing}？")
        assert_sound(answer, desk)
        assert "1.45万件" in answer.text
        assert answer.missing == (thing,)
        assert answer.text.endswith(f"没有确定的答案：{thing}。")
    assert desk.ask_in_full("温州2018年至2023年为职工提供法律援助多少件？").missing == ()
    read = told(desk, "温州哪个区首创推优入党，盖了几栋楼？")  # a name, which the passage reader alone finds
    assert "鹿城区" in read.text and read.missing == ("盖了几栋楼",)


@pytest.mark.parametrize(
    ("question", "short", "report"),
    [
        ("温州2018年至2023年为职工提供法律援助多少件？", "1.45万件", WENZHOU),
        ("温州2013年至2018年为职工提供法律援助多少件？", "3943件", BEFORE),
        ("温州上一届一共有多少家基层工会？", "2.3万家", BEFORE),
        ("漳州工会会员有多少人？", "72.7万人", ZHANGZHOU),
        ("浙江五年里有多少职工参加疗休养？", "420万名", ZHEJIANG),
        ("钱塘区有几个职工书屋？", "50个", QIANTANG),
        ("杭州市钱塘区2023年新建多少家基层工会？", "553家", QIANTANG),
        ("漳州退休劳模的荣誉津贴提高到每人每月多少元？", "200元", ZHANGZHOU),
        ("温州这一届收回的文化宫出租场地有多大面积？", "1.77万平方米", WENZHOU),
        ("漳州工资集体协议的覆盖面是多少？", "90%以上", ZHANGZHOU),
        ("浙江拉动的文旅消费有多少亿元？", "120亿元", ZHEJIANG),
    ],
)
def test_a_figure(question: str, short: str, report: str, desk: Desk) -> None:
    answer = told(desk, question)
    assert answer.short == short and short in answer.text
    assert [c.report for c in answer.citations] == [report]
    assert short in answer.citations[0].quote
    assert any(f.text == short and f.state == "quoted" and f.marker == 1 for f in answer.figures)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("漳州的职工医疗互助有多少人次参加，补助金总额多少？", ["81.93万人次", "4429.78万元"]),
        ("温州2018年到2023年受理劳动争议信访多少件，涉及多少人次？", ["1.79万件", "2.94万人次"]),
        ("钱塘区慰问了多少名高温作业职工，高温慰问金是多少？", ["45928人", "129.4万元"]),
    ],
)
def test_several_figures(question: str, values: list[str], desk: Desk) -> None:
    answer = told(desk, question)
    assert answer.short in (None, "、".join(values))
    assert all(value in answer.text for value in values)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("漳州办起的数字工匠学院叫什么名字？", "漳州数字工匠学院"),
        ("给工会送樱桃的桐乡外卖骑手叫什么？", "李刚"),
        ("漳州产业工人队伍建设改革由谁牵头？", "市总工会"),
        ("浙江的“群帮惠”获评什么？", "最佳应用"),
        ("漳州帮助哪个村脱贫？", "七高寨村"),
    ],
)
def test_a_name(question: str, name: str, desk: Desk) -> None:
    answer = told(desk, question)
    assert name in answer.text
    assert name in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "date"),
    [
        ("浙江的“班前十分钟”活动是什么时候开始的？", "2022年4月"),
        ("温州的“八位一体”维权机制是哪一年建立的？", "2013年"),
        ("温州职工讲堂哪年开通微信直播间？", "2017年"),
    ],
)
def test_a_date(question: str, date: str, desk: Desk) -> None:
    assert told(desk, question).short == date


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("温州今后五年要推进哪五大工程？", ["聚魂工程", "聚力工程", "聚能工程", "聚效工程", "聚合工程"]),
        ("温州申请法律援助的职工可以享受哪些服务？", ["三优先", "两免费", "一站式"]),
    ],
)
def test_a_list(question: str, items: list[str], desk: Desk) -> None:
    answer = told(desk, question)
    assert all(item in answer.text for item in items)


@pytest.mark.xfail(strict=True, reason="the items are in the next sentence, which is not stated")
def test_a_list_whose_items_stand_in_the_next_sentence(desk: Desk) -> None:
    answer = told(desk, "钱塘区下一步有哪四项行动？")
    assert all(item in answer.text for item in ("凝心铸魂", "团结奋进", "服务聚力", "改革强基"))


@pytest.mark.parametrize(
    ("question", "report", "words"),
    [
        ("介绍一下钱塘区搭建学习平台的情况", QIANTANG, ["厂门口上大学", "家门口学技能"]),
        ("浙江在减轻企业负担方面做了什么？", ZHEJIANG, ["65.9亿元"]),
        ("概括漳州推进集体协商的工作", ZHANGZHOU, ["集体合同1080份"]),
    ],
)
def test_a_summary(question: str, report: str, words: list[str], desk: Desk) -> None:
    answer = told(desk, question)
    assert {c.report for c in answer.citations} == {report} and answer.short is None
    assert all(word in answer.text for word in words)
    for line in answer.text.split("\n")[1:]:
        assert line.rstrip("。").endswith("]")


def test_a_comparison_has_one_line_a_place_and_says_which_is_larger(desk: Desk) -> None:
    answer = told(desk, "浙江和漳州谁发放的医疗互助补助金更多？")
    first, second, conclusion = answer.text.split("\n")
    assert first.startswith("- 浙江（2018–2023）：") and "15.7亿元" in first
    assert second.startswith("- 漳州（2018–2023）：") and "4429.78万元" in second
    assert (
        conclusion
        == "相比之下，浙江（2018–2023）更多，多约15.3亿元（15.7亿元 - 4429.78万元 = 15.257022亿元，约15.3亿元）。"
    )
    assert [c.report for c in answer.citations] == [ZHEJIANG, ZHANGZHOU]


def test_the_order_of_the_lines_is_that_of_the_question(desk: Desk) -> None:
    answer = told(desk, "漳州和浙江谁发放的医疗互助补助金更多？")
    assert answer.text.startswith("- 漳州") and "浙江（2018–2023）更多" in answer.text


def test_a_comparison_over_unlike_periods_says_so(desk: Desk) -> None:
    answer = told(desk, "浙江和钱塘参加疗休养的职工各有多少人，哪个更多？")
    assert answer.reason == "different_period" and "统计时段" in answer.text
    assert "420万名" in answer.text and "1.6万名" in answer.text


def test_unlike_measures_are_not_set_against_each_other(desk: Desk) -> None:
    answer = told(desk, "温州和漳州谁发放的慰问金多？")
    if answer.reason == "different_measure":
        assert "更多" not in answer.text and "不宜直接相比" in answer.text


def test_a_place_without_reports_has_a_line_that_says_so(desk: Desk) -> None:
    answer = told(desk, "温州和苏州的法律援助各有多少件？")
    assert "1.45万件" in answer.text and "苏州：没有收录这里的报告。" in answer.text


def test_two_terms_side_by_side_oldest_first(desk: Desk) -> None:
    answer = told(desk, "温州上一届和这一届的法律援助各是多少件？")
    first, second = answer.text.split("\n")[:2]
    assert first.startswith("- 温州（2013–2018）：") and "3943件" in first
    assert second.startswith("- 温州（2018–2023）：") and "1.45万件" in second


@pytest.mark.parametrize(
    ("question", "formula", "short"),
    [
        ("温州前后两届的法律援助相差多少件？", "1.45万件 - 3943件 = 10557件，约1.06万件", "1.06万件"),
        ("温州的法律援助这一届是上一届的几倍？", "1.45万件 / 3943件 = 3.68倍", "3.68倍"),
        (
            "温州的法律援助从上一届到这一届增长了百分之几？",
            "(1.45万件 - 3943件) / 3943件 = 267.74%，约268%",
            "268%",
        ),
    ],
)
def test_a_computation_shows_its_formula(question: str, formula: str, short: str, desk: Desk) -> None:
    answer = told(desk, question)
    assert answer.calculation == (formula,) and formula in answer.text
    assert answer.short is not None and answer.short.removeprefix("约") == short
    assert any(f.state == "derived" and f.marker is None for f in answer.figures)
    quoted = "".join(c.quote for c in answer.citations)
    operands = formula.rpartition(" = ")[0].replace("(", "").replace(")", "").split(" ")
    assert all(operand in quoted for operand in operands if operand[:1].isdigit())


def test_without_a_place_every_report_that_says_it_is_listed_with_its_place(desk: Desk) -> None:
    answer = told(desk, "妈咪暖心小屋有多少个？")
    assert "浙江（2018–2023）：" in answer.text and "6100余个" in answer.text
    assert "钱塘（2023）：" in answer.text and "90个" in answer.text
    assert answer.short is None and {ZHEJIANG, QIANTANG} <= {c.report for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "opens"),
    [
        ("漳州工会会员总数是72.7万人吗？", "是的，"),
        ("温州这一届的互助保障参保职工超过500万人次吗？", "是的，"),
        ("钱塘区的职工书屋是不是50个？", "是的，"),
    ],
)
def test_yes(question: str, opens: str, desk: Desk) -> None:
    assert f"：{opens}" in told(desk, question).text


def test_a_sentence_without_the_figure_speaks_for_itself(desk: Desk) -> None:
    answer = told(desk, "温州有没有成立产业工人职业发展联盟？")
    assert "联盟" in answer.text and not re.search("：(?:有|是的)，", answer.text)


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("漳州工会会员总数是100万人吗？", "72.7万人"),
        ("漳州建成工会驿站500家，对吗？", "338家"),
        ("温州这一届发放的帮扶资金是3000万元吗？", "2300万元"),
        ("钱塘区的职工书屋有100个吗？", "50个"),
        ("漳州的“妈妈小屋”是338个，对吗？", "89个"),  # 338 counts something else of the same sentence
    ],
)
def test_a_false_premise_is_corrected(question: str, right: str, desk: Desk) -> None:
    answer = refused(desk, question)
    assert answer.reason == "false_premise" and "不符" in answer.text
    assert right in answer.text and right in answer.citations[0].quote


@pytest.mark.parametrize("place", ["苏州", "哈尔滨", "贵州", "福建省", "宁波市"])
def test_an_unknown_place(place: str, desk: Desk) -> None:
    answer = refused(desk, f"{place}总工会办了多少件法律援助？")
    assert answer.reason == "unknown_place" and f"报告里没有{place}的资料" in answer.text


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("温州2005年的法律援助有多少件？", "2005年"),
        ("漳州2015年有多少会员？", "2015年"),
        ("钱塘区2030年有几个职工书屋？", "2030年"),
    ],
)
def test_a_period_outside_of_the_reports(question: str, years: str, desk: Desk) -> None:
    answer = refused(desk, question)
    assert answer.reason == "outside_period" and years in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "温州有多少家机器人餐厅？",
        "漳州的无人机培训班办了几期？",
        "钱塘区的托育机构有多少家？",
        "温州两届的太空旅行各有多少人次？",
        "浙江为什么取消工会的游泳比赛？",
    ],
)
def test_an_unknown_indicator(question: str, desk: Desk) -> None:
    answer = refused(desk, question)
    assert answer.reason in ("no_support", "unsure") and answer.passages


@pytest.mark.parametrize("words", ["你好", "谢谢", "谢谢你！", "你是谁？", "好的，明白了", "哈哈"])
def test_chatter_is_answered_without_citations(words: str, desk: Desk) -> None:
    answer = desk.ask(words, "温州的法律援助有多少件？")
    assert_sound(answer, desk)
    assert not answer.citations and not answer.abstained and answer.short is None
    assert not any(c.isdigit() for c in answer.text)


def test_follow_ups(desk: Desk) -> None:
    asked = "温州2018年至2023年的法律援助有多少件？"
    before = told(desk, "那上一届呢？", "温州的法律援助有多少件？")
    assert before.short == "3943件" and "温州" in before.standalone_question
    assert refused(desk, "那苏州呢？", asked).reason == "unknown_place"
    again = told(desk, "漳州的会员总数是多少？", asked, "谢谢")
    assert again.short == "72.7万人" and "温州" not in again.standalone_question


def test_the_same_question_gives_the_same_answer(desk: Desk) -> None:
    for question in ("妈咪暖心小屋有多少个？", "概括漳州推进集体协商的工作"):
        assert desk.ask(question) == desk.ask(question)


@pytest.mark.parametrize(
    "junk", ["？", "的", "啊啊啊啊", "a" * 500, "12345", "9" * 400 + "件吗？", "[1][99]", "%s{}\\n"]
)
def test_junk_is_answered_soundly(junk: str, desk: Desk) -> None:
    assert_sound(desk.ask(junk), desk)
    assert_sound(desk.ask(f"温州{junk}"), desk)
