"""One thing is asked: its own name or figure answers, not the rest of its sentence or of its list."""

from __future__ import annotations

import pytest

from qa.answering.statement import readable
from tests.reports import Desk, assert_sound, report_of

CITY = """# 江西省赣州市工会五年工作报告（2018—2023年）

本报记者 熊雨桐 通讯员 罗文斌

一是推动出台《赣州市餐饮职工权益办法》，覆盖职工3万人；二是签订集体合同640份，覆盖企业900家；三是查改隐患4600处。

成立法律服务团，律师从9名发展到41名，五年办理法律援助案件718件。承办全国选矿工比赛，来自13个省份的92名选手同场竞技，赣县区选手罗永强夺得第一名。

挂点帮扶于都县银坑镇营下村，全村27户脱贫。建成驿站26个，其中石桥广场驿站被评为省级示范驿站。

市总工会联系煤炭、石油、化工三个行业，单位工会由62家增加到87家，会员43.6万人，其中女会员11.9万人。全年收缴工会经费386万元。

全市建有职工书屋70家、服务驿站36个、母婴小屋58间、工匠学堂12个，其中全国示范职工书屋4家、示范驿站2个。

金力厂、格特厂等6家企业进入全省产改标杆企业。瑞金、兴国、宁都三县新发展会员最多。首届职工茶艺比赛开办，42支队伍同台，石桥茶厂的罗小敏获得一等奖。果业行业工会联合会成立，首任主席由果业局干部党为民担任。智慧工会平台获评全省工会改革创新案例。到2028年，疗养职工达到9000人。
"""
FIRM = """# 江岸机械公司工会2024年工作报告

新建劳模创新工作室2个。现有会员5200人。
"""


REST = """# 苏州市总工会报告（2018—2023年）

全市工会驿站达到338家。命名职工疗养基地30家，3家工会驿站被评为“最美驿站”。市级退休劳模荣誉津贴提高到每人每月200元，为全省各市最高。
"""


def test_what_is_found_of_two_things_is_told_and_what_is_not_is_not_cut_off() -> None:
    desk = Desk.over(report_of(REST, "今.md", "苏州市", (2018, 2023)))
    both = desk.ask_in_full("苏州有多少家工会驿站，其中被评为“最美驿站”的有几家？")
    assert_sound(both, desk)
    assert "338家" in both.text and "3家" in both.text and not both.missing
    one = desk.ask_in_full("苏州退休劳模津贴每月多少钱，在全省排第几？")
    assert_sound(one, desk)
    assert "200元" in one.text and "为全省各市最高" in one.text


def test_the_short_answer_has_the_unit_that_is_asked_for() -> None:
    text = "# 苏州市总工会报告（2018—2023年）\n\n发动近3200家(次)企业、46万人(次)职工参加“平安杯”竞赛。"
    desk = Desk.over(report_of(text, "今.md", "苏州市", (2018, 2023)))
    assert desk.ask_in_full("苏州“平安杯”有多少企业参加？").short == "近3200家(次)"
    assert desk.ask_in_full("苏州“平安杯”有多少职工参加？").short == "46万人(次)"


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
        ("赣州哪三个县新发展的会员最多？", "瑞金、兴国、宁都"),
        ("赣州首届茶艺比赛谁拿了头奖？", "罗小敏"),
        ("赣州果业行业工会联合会的首任主席是谁？", "党为民"),
    ],
)
def test_the_thing_itself(question: str, short: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert short in answer.text
    assert "640" not in answer.text and "718" not in answer.text


def test_the_plan_for_another_year_is_no_answer(desk: Desk) -> None:
    answer = desk.ask_in_full("赣州2019年疗养职工达到多少人？")
    assert_sound(answer, desk)
    assert answer.abstained, answer.text


@pytest.mark.parametrize(
    "question", ["江岸机械公司会员比上一年增加了多少人？", "江岸机械公司会员增长了百分之几？"]
)
def test_what_there_is_is_not_by_how_much_it_grew(question: str, desk: Desk) -> None:
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert answer.abstained, answer.text


def test_of_those_some(desk: Desk) -> None:
    answer = desk.ask_in_full("里面有多少是女的？", "赣州有多少工会会员？")
    assert_sound(answer, desk)
    assert answer.short == "11.9万人", answer.text


MADE = """# 江西省瑞金市总工会2024年工作总结

评选“红都工匠”40名，命名示范站点16个。新建爱心驿站7个，累计29个。

投资3600万元的职工活动中心，占地22亩、设功能室15间，全年接待职工8.4万人次。

今后五年，新建站点90个，再评选“红都工匠”55名。
"""


@pytest.fixture(scope="module")
def made() -> Desk:
    other = report_of(
        "# 江西省兴国县总工会2024年工作总结\n\n建成爱心驿站18个。\n", "兴国.md", "兴国县", (2024, 2024)
    )
    return Desk.over(report_of(MADE, "瑞金.md", "瑞金市", (2024, 2024)), other)


def test_the_figure_right_behind_the_name_that_is_quoted(made: Desk) -> None:
    answer = made.ask_in_full("往后五年还要再评多少个？", "瑞金评了多少名“红都工匠”？")
    assert_sound(answer, made)
    assert answer.short == "55名", answer.text


def test_who_has_built_more_compares_what_there_is(made: Desk) -> None:
    answer = made.ask("爱心驿站，瑞金市和兴国县谁建得多？")
    assert_sound(answer, made)
    assert "18个 - 7个" not in answer.text, answer.text  # 29 there are, 7 were added


def test_two_things_that_one_sentence_tells(made: Desk) -> None:
    answer = made.ask("瑞金职工活动中心投资多少钱，接待了多少职工？")
    assert_sound(answer, made)
    assert "3600万元" in answer.text and "8.4万人次" in answer.text and not answer.missing


def test_the_number_of_an_item_is_not_said() -> None:
    assert readable("1. 6月，比赛举行") == "6月，比赛举行"


def test_a_place_inside_of_a_name_is_not_the_place_that_is_asked_for() -> None:
    text = "# 工会工作\n\n于都获“江西省职工疗养服务十佳县（市、区）”称号，建成疗养点20个。"
    desk = Desk.over(report_of(text, "市.md", "赣州市", (2018, 2023)))
    answer = desk.ask("赣州哪个县拿到了江西职工疗养服务十佳的称号？")
    assert_sound(answer, desk)
    assert "于都" in answer.text, answer


def test_a_title_that_begins_with_a_place_turns_to_no_other_place() -> None:
    city = "# 工会工作\n\n培育“江西工匠”38名，选树“赣州工匠”210名。"
    province = "# 工会工作\n\n组建工匠服务队90支。职工书屋4000家。"
    desk = Desk.over(
        report_of(city, "市.md", "赣州市", (2018, 2023)), report_of(province, "省.md", "江西省", (2018, 2023))
    )
    query = desk.understand("那江西工匠呢？", "赣州的产改怎么样？", "赣州工匠选树了多少名？")
    assert [scope.label for scope in query.scopes] == ["赣州（2018–2023）"]
    assert "4000家" in desk.ask("那江西呢？", "赣州的职工书屋有多少家？").text


def test_a_part_is_told_with_its_whole_and_a_change_by_how_much(desk: Desk) -> None:
    part = desk.ask_in_full("赣州有多少女会员？")
    assert_sound(part, desk)
    assert part.short == "11.9万人" and "会员43.6万人，其中女会员11.9万人" in part.text
    of_many = desk.ask_in_full("赣州的全国示范职工书屋有多少家？")
    assert of_many.short == "4家" and "58间" not in of_many.text
    change = desk.ask_in_full("赣州的单位工会增加了多少家？")
    assert_sound(change, desk)
    assert change.short == "25家" and "由62家增加到87家" in change.text


@pytest.mark.parametrize(
    ("told", "question", "expected"),
    [
        (
            "全额退还小微企业会费、缓减大企业会费，全市累计为企业减负3.4亿元、惠及企业7.3万户。",
            "苏州工会退还、缓减会费，一共替企业省下多少钱？",
            "3.4亿元",
        ),
        (
            "选树各级劳模、五一劳动奖章获得者496名，培育“苏州工匠”43名。",
            "苏州一共选树了多少名劳模和五一劳动奖章获得者？",
            "496名",
        ),
    ],
)
def test_of_two_things_that_a_report_counts_together_nothing_is_computed(
    told: str, question: str, expected: str
) -> None:
    desk = Desk.over(report_of(f"# 苏州市总工会2024年工作报告\n\n{told}", "市.md", "苏州市", (2024, 2024)))
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert not answer.calculation and answer.short in (expected, None), answer
    assert any(expected in shown for shown in (answer.text, *(near.text for near in answer.nearest)))


def test_one_thing_that_was_taken_for_two_is_told() -> None:
    text = "# 云岭县2024年工作报告\n\n企业经铁路进出口货值占全线的60.8%，口岸通关时间压缩一半。\n"
    desk = Desk.over(report_of(text, "县.md", "云岭县", (2024, 2024)))
    answer = desk.ask_in_full("云岭企业经铁路进出口的货值占全线货值的比重是多少？")
    assert_sound(answer, desk)
    assert answer.short == "60.8%" and not answer.abstained, answer
