"""One sentence at a time: which verdict it gets, and what the report has instead."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.drafts import check_report
from qa.drafts.draft import draft_of
from qa.drafts.judging import GOOD, DraftItem
from qa.drafts.ranking import Register, register_of
from qa.drafts.statements import statements_of
from qa.drafts.verdicts import VERDICTS, Softmax, asking
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from qa.types import Period
from tests.reports import report_of

HEAD = "温州市总工会2018—2023年工作汇报\n\n"


def item(register: Register, sentence: str, text: str, head: str = HEAD) -> DraftItem:
    checked = check_report(draft_of(head + sentence), register)
    return next(each for each in checked.items if each.text == text)


@pytest.mark.parametrize(
    ("sentence", "text", "verdict", "right"),
    [
        ("五年来开展宣讲1.56万场次。", "1.56万场次", "agrees", None),
        ("五年来开展宣讲１．５６万场次。", "１．５６万场次", "agrees", None),
        ("五年来开展宣讲15600场次。", "15600场次", "agrees_otherwise", None),
        ("五年来开展宣讲一点五六万场次。", "一点五六万场次", "agrees_otherwise", None),
        ("五年来开展宣讲1.65万场次。", "1.65万场次", "differs", "1.56万场次"),
        ("五年来开展宣讲15.6万场次。", "15.6万场次", "differs", "1.56万场次"),
        ("市级以上集体荣誉拿到两百余项。", "两百余项", "agrees_otherwise", None),
        ("市级以上集体荣誉拿到200项。", "200项", "differs", "200多项"),
        ("受惠企业达7.36万家。", "7.36万家", "differs", "7.36万户次"),
        ("医疗互助参保职工550万人次以上。", "550万人次以上", "agrees_otherwise", None),
        ("选树的“温州工匠”有143名。", "143名", "differs", "213名"),
    ],
)
def test_figures(register: Register, sentence: str, text: str, verdict: str, right: str | None) -> None:
    found = item(register, sentence, text)
    assert (found.verdict, found.right) == (verdict, right)
    assert found.report == "wenzhou-2018-2023.md"


@pytest.mark.parametrize(("said", "verdict"), [("-3.2%", "agrees"), ("3.2%", "differs")])
def test_a_minus_that_a_draft_leaves_out_makes_another_figure(said: str, verdict: str) -> None:
    report = report_of("全市会员数同比增长-3.2%，新建职工书屋50家。", "甲.md", "浙江省宁波市", (2018, 2023))
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    draft = f"宁波市总工会2018—2023年工作汇报\n\n全市会员数同比增长{said}。"
    found = check_report(draft_of(draft), register).items[-1]
    assert (found.text, found.verdict) == (said, verdict)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("宁波市百人以上企业已全部建会。", "plan_for_result"),
        ("工人疗养院已经建成。", "plan_for_result"),
        ("职工书屋的改造已全部完成。", None),  # as the report has it
        ("宁波市的电影院已全部建成。", None),  # of which it says nothing
        ("宁波市将努力推动百人以上企业全部建会。", None),
    ],
)
def test_what_is_told_as_done_and_only_planned_is_found_without_a_figure(
    said: str, verdict: str | None
) -> None:
    text = "全面完成职工书屋的改造。\n\n下一步，努力推动百人以上企业全部建会，加快建设工人疗养院。"
    report = report_of(text, "甲.md", "浙江省宁波市", (2018, 2023))
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    items = check_report(draft_of(f"宁波市总工会2018—2023年工作汇报\n\n{said}"), register).items
    assert next((each.verdict for each in items if each.verdict == "plan_for_result"), None) == verdict


OWN = """五年来，全市城镇新增就业86.2万人。

2025年，全市城镇新增就业17.8万人。2023年4月，市总工会开展职工宣讲活动，组织宣讲400场次。获评全国模范职工之家3个。

“十四五”期间，圆满完成宁波市工会第十五次代表大会确定的任务。"""


@pytest.mark.parametrize(
    ("said", "text", "verdict", "right"),
    [
        ("城镇新增就业17.8万人。", "17.8万人", "agrees", None),
        ("获评全国模范职工之家3个。", "3个", "agrees", None),
        ("获评省级模范职工之家3个。", "3个", "wrong_name", "获评全国模范职工之家3个。"),
        ("2021年7月，市总工会开展职工宣讲活动，组织宣讲400场次。", "2021年7月", "wrong_name", None),
        ("2021年7月，市总工会开展职工宣讲活动，组织宣讲400场次。", "400场次", "agrees", None),
        ("市工会第十五次代表大会的任务完成了。", "第十五次", "agrees", None),
        ("市工会第十六次代表大会的任务完成了。", "第十六次", "wrong_name", "第十五次"),
    ],
)
def test_years_levels_congresses_and_plans_of_a_report(
    said: str, text: str, verdict: str, right: str | None
) -> None:
    report = report_of(OWN, "甲.md", "浙江省宁波市", (2021, 2025))
    report = replace(report, plans=Period(2026, 2026), delivered="2026-01-20")
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    found = item(register, said, text, head="宁波市总工会2025年工作汇报\n\n")
    assert found.verdict == verdict
    assert right in (None, found.right)


def test_a_figure_of_the_other_term_is_distinguished_from_a_wrong_one(register: Register) -> None:
    found = item(register, "培训职工28万人次，市级劳动关系监测点设立164个，提供法律援助3943件。", "3943件")
    assert (found.verdict, found.report) == ("other_term", "wenzhou-2013-2018.md")


@pytest.mark.parametrize(
    ("when", "verdict"), [("五年来", "agrees"), ("2021年，", "other_term"), ("到2023年，", "agrees")]
)
def test_a_figure_of_five_years_is_not_one_of_a_single_year(
    register: Register, when: str, verdict: str
) -> None:
    assert item(register, f"{when}温州市开展宣讲1.56万场次。", "1.56万场次").verdict == verdict


def test_a_figure_of_another_place_says_of_which(register: Register) -> None:
    sentence = (
        "省总工会支持新建阵地64个，全省户外劳动者服务站点1.2万余个，喜迎亚运志愿服务队100支，“妈妈小屋”89个。"
    )
    found = item(register, sentence, "89个", "浙江省总工会2018—2023年工作汇报\n\n")
    assert (found.verdict, found.report) == ("other_place", "zhangzhou-2018-2023.md")


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [("近500场", "1500多场", "agrees"), ("1500多场", "近500场", "other_place")],
)
def test_each_of_two_places_in_a_sentence_is_held_to_its_own_figure(
    register: Register, first: str, second: str, verdict: str
) -> None:
    sentence = f"漳州举行主题劳动和技能竞赛{first}，温州举行职工劳动竞赛和技术比武{second}。"
    for text, other in ((first, second), (second, first)):
        found = item(register, sentence, text, "两地工会工作材料\n\n")
        right = None if verdict == "agrees" else other.replace("近500场", "近500场（次）")
        assert (found.verdict in ("agrees", "agrees_otherwise"), found.right) == (verdict == "agrees", right)
        if right:
            assert found.verdict == verdict


def test_a_figure_of_something_else_is_no_counterpart(register: Register) -> None:
    assert item(register, "温州全市职工人数达到320万人。", "320万人").verdict not in GOOD


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("五年来提供法律援助1.45万件，年均2900件。", "2900件"),
        ("提供法律援助年均2900件。", "2900件"),
        ("为企业减负3.49亿元，户均减负约4700元。", "约4700元"),
        ("培育市级以上疗休养基地259家，平均每县服务21家。", "21家"),
        ("提供法律援助1.45万件，比上届增加10557件。", "10557件"),
    ],
)
def test_what_the_writer_computed_is_not_in_the_reports_rather_than_wrong(
    register: Register, sentence: str, text: str
) -> None:
    assert item(register, sentence, text).verdict == "not_in_reports"


@pytest.mark.parametrize("text", ["近260家", "约260家", "250多家", "超250家"])
def test_a_figure_that_the_writer_rounded_agrees(register: Register, text: str) -> None:
    found = item(register, f"培育市级以上疗休养基地{text}。", text)
    assert found.verdict == "agrees_otherwise"
    assert "259家" in (found.quote or "")


def test_a_wrong_figure_is_no_other_thing_for_being_relative(register: Register) -> None:
    assert item(register, "平均每届提供法律援助1.54万件。", "1.54万件").verdict == "differs"


BEFORE = "会员总数287万人，入会单位组成的基层工会有2.3万家，办了3943件法律援助，互助互济金赔出2047万元，“妈妈小屋”开了200多家。"


def test_a_draft_whose_figures_are_of_another_term_than_its_title_says_so(register: Register) -> None:
    checked = check_report(draft_of(HEAD + BEFORE), register)
    (note,) = checked.notes
    assert "温州2018–2023" in note and "温州（2013–2018）" in note
    assert check_report(draft_of(HEAD.replace("2018—2023", "2013—2018") + BEFORE), register).notes == ()


def test_a_sentence_that_names_its_term_is_held_to_it_whatever_stands_around(register: Register) -> None:
    said = "2018年至2023年，温州市工会会员达287万人。"
    head = "温州市总工会2013—2018年工作汇报\n\n"
    assert item(register, BEFORE + said.replace("287万人", "2.3万家"), "287万人", head).verdict == "agrees"
    assert (
        item(register, BEFORE.removeprefix("会员总数287万人，") + said, "287万人", head).verdict
        == "other_term"
    )


def test_a_term_that_only_begins_in_the_opening_of_a_sentence_is_read_whole(register: Register) -> None:
    said = "温州市工会第十五次代表大会以来的五年（2018—2023年），全市工会为职工提供法律援助3943件。"
    assert item(register, said, "3943件", "").verdict == "other_term"


def test_what_another_report_says_of_the_same_thing_is_distinguished_from_a_wrong_figure(
    register: Register,
) -> None:
    found = item(
        register, "市级劳动关系监测点164个，接待信访1.79万件、2.94万人次，提供法律援助3943件。", "3943件"
    )
    assert (found.verdict, found.report, found.right) == ("other_term", "wenzhou-2013-2018.md", "1.45万件")
    found = item(
        register, "市级劳动关系监测点164个，接待信访1.79万件、2.94万人次，提供法律援助1.54万件。", "1.54万件"
    )
    assert (found.verdict, found.report, found.right) == ("differs", "wenzhou-2018-2023.md", "1.45万件")


def test_two_figures_exchanged_are_both_wrong(register: Register) -> None:
    head = "浙江省总工会2018—2023年工作汇报\n\n"
    sentence = "缓减的企业工会经费为10.2亿元，退给小微企业的工会经费为65.9亿元。"
    for text, right in (("10.2亿元", "65.9亿元"), ("65.9亿元", "10.2亿元")):
        found = item(register, sentence, text, head)
        assert (found.verdict, found.right) == ("differs", right)


@pytest.mark.parametrize(
    ("sentence", "text", "verdict"),
    [
        ("宁波市提供法律援助1.45万件。", "1.45万件", "other_place"),  # what is true of 温州
        ("宁波市提供法律援助2300件。", "2300件", "not_in_reports"),  # and what no report is of
        ("温州市提供法律援助1.45万件。", "1.45万件", "agrees"),
    ],
)
def test_a_place_that_no_report_is_of(register: Register, sentence: str, text: str, verdict: str) -> None:
    assert item(register, sentence, text, "").verdict == verdict


def test_a_wrong_month_and_a_wrong_honour(register: Register) -> None:
    head = "浙江省总工会2018—2023年工作汇报\n\n"
    found = item(register, "“守好红色根脉·班前十分钟”活动从2022年6月开始。", "2022年6月", head)
    assert (found.verdict, found.right) == ("wrong_name", "2022年4月")
    head = "漳州市总工会2018—2023年工作汇报\n\n"
    found = item(register, "五年间捧回“第十三届省级文明单位”荣誉。", "第十三届省级文明单位", head)
    assert (found.verdict, found.right) == ("wrong_name", "第十四届省级文明单位")


def test_what_no_report_says_is_said_so(register: Register) -> None:
    found = item(register, "另有海上风电平台值守人员领到津贴，共37船次、6188个航段。", "6188个")
    assert found.verdict == "not_in_reports"
    assert found.report is found.quote is found.right is None


def test_the_years_of_the_heading_are_no_error(register: Register) -> None:
    checked = check_report(
        draft_of("温州市总工会2018年至2023年工作汇报\n五年来开展宣讲1.56万场次。"), register
    )
    assert {each.verdict for each in checked.items} == {"agrees"}
    assert "".join(each.text for each in checked.items).startswith("2018年至2023年")


def test_the_number_of_a_list_item_is_no_statement(register: Register) -> None:
    lines = "10．建立市级劳动关系监测点164个\n（十一）开展宣讲1.56万场次\n12、法律援助1.45万件"
    told = check_report(draft_of(HEAD + lines), register).items
    assert [each.text for each in told if each.verdict == "agrees"][-3:] == [
        "164个",
        "1.56万场次",
        "1.45万件",
    ]
    assert not [each for each in told if each.text in ("10", "十一", "12")]


def test_what_counts_in_another_unit_and_reads_otherwise_is_another_thing(register: Register) -> None:
    assert item(register, "建成职工健身步道210条。", "210条").verdict == "not_in_reports"
    assert item(register, "受惠企业达7.36万家。", "7.36万家").verdict == "differs"


def test_years_that_no_report_covers_are_not_held_against_another_year(register: Register) -> None:
    assert item(register, "2031年，温州市开展宣讲9.9万场次。", "9.9万场次").verdict == "not_in_reports"
    assert item(register, "五年来，温州市开展宣讲9.9万场次。", "9.9万场次").verdict == "differs"


def test_years_without_their_word_are_years(register: Register) -> None:
    told = check_report(draft_of("（2018—2023）温州市总工会开展宣讲1.56万场次。"), register).items
    assert [(each.text, each.verdict) for each in told] == [("2018—2023", "agrees"), ("1.56万场次", "agrees")]


def test_what_a_report_tells_of_one_district_is_not_true_of_another(register: Register) -> None:
    assert item(register, "龙湾区的“135”全域劳动竞赛受到市政府肯定。", "135").verdict == "agrees"
    assert item(register, "洞头区的“135”全域劳动竞赛受到市政府肯定。", "135").verdict == "other_place"


@pytest.mark.parametrize("between", ["|", "\t", "｜"])
def test_a_table_of_places_is_held_to_the_place_of_each_column(register: Register, between: str) -> None:
    lines = (
        ("项目", "浙江省", "漳州市"),
        ("妈妈小屋", "6100余个", "89个"),
        ("户外劳动者服务站点", "1.2万余个", "1.2万余个"),
    )
    told = check_report(draft_of("\n".join(map(between.join, lines))), register)
    assert [(each.text, each.verdict) for each in told.items] == [
        ("6100余个", "agrees"),
        ("89个", "agrees"),
        ("1.2万余个", "agrees"),
        ("1.2万余个", "other_place"),
    ]
    assert all(told.text[each.start : each.end] == each.text for each in told.items)


def test_lines_of_cells_without_heads_are_lines(register: Register) -> None:
    lines = "1｜开展宣讲｜1.56万场次\n2｜法律援助｜1.45万件"
    told = check_report(draft_of(HEAD + lines), register).items
    assert [each.verdict for each in told if "万" in each.text] == ["agrees", "agrees"]


YEARLY = """# 2026年宁波市政府工作报告

（2026年1月20日在宁波市第十七届人民代表大会第五次会议上）

## 一、2025年和“十四五”时期工作回顾

过去的一年，全市城镇新增就业26.4万人，新建学校36所。“十四五”时期，全市改造老旧小区310个。

## 二、2026年重点工作

今年要抓好以下工作：城镇新增就业25万人以上，新建学校40所。
"""


@pytest.mark.parametrize(
    ("sentence", "text", "verdict"),
    [
        ("2026年，宁波市计划城镇新增就业25万人以上。", "25万人以上", "agrees"),
        ("2025年，宁波市城镇新增就业25万人以上。", "25万人以上", "agrees_otherwise"),
        ("2025年，宁波市新建学校63所。", "63所", "differs"),
        ("“十四五”时期，宁波市改造老旧小区310个。", "310个", "agrees"),
        ("宁波市去年一年改造老旧小区310个。", "310个", "other_term"),
    ],
)
def test_a_plan_and_a_sum_are_of_the_years_that_they_are_for(
    sentence: str, text: str, verdict: str, tmp_path: Path
) -> None:
    path = tmp_path / "宁波.md"
    path.write_text(YEARLY, "utf-8")
    report = read_report(path)
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    assert item(register, sentence, text, "").verdict == verdict


def test_the_years_of_a_plan_are_no_name_to_look_up(register: Register) -> None:
    checked = check_report(draft_of("“十四五”期间，温州市总工会开展宣讲1.56万场次。"), register)
    assert "十四五" not in {each.text for each in checked.items}


def test_each_term_of_a_line_is_held_to_its_own_figure(register: Register) -> None:
    line = "温州市工会上届、本届对比\n\n上届向职工提供法律援助{}件，本届提供法律援助{}件。"
    for first, second, verdict in (("3943", "1.45万", "agrees"), ("1.45万", "3943", "other_term")):
        draft = draft_of(line.format(first, second))
        verdicts = {each.text: each.verdict for each in check_report(draft, register).items}
        assert [verdicts.get(f"{count}件") for count in (first, second)] == [verdict, verdict]


def test_the_last_term_named_at_the_end_of_a_sentence_dates_nothing_before_it(register: Register) -> None:
    said = "温州2018—2023年受理职工劳动争议信访1.79万件。提供法律援助1.45万件，是上一届3943件的3.7倍。"
    assert item(register, said, "1.45万件", "").verdict == "agrees"
    assert item(register, said, "3943件", "").verdict == "agrees"
    said = "2018—2023年温州受理职工劳动争议信访1.79万件。2013—2018年温州提供法律援助1.45万件，比上届多。"
    assert item(register, said, "1.45万件", "").verdict == "other_term"


@pytest.mark.parametrize(
    ("sentence", "text", "question"),
    [
        ("宁波办夜校30所，受理提案41件。", "30所", "宁波办夜校多少所"),
        (
            "渔工夜校今年办得红火，已经有三十多所，受理提案41件。",
            "三十多所",
            "渔工夜校今年办得红火，已经有多少所",
        ),
    ],
)
def test_a_clause_is_read_as_a_question_about_its_figure(sentence: str, text: str, question: str) -> None:
    draft = draft_of(f"宁波市工作汇报\n\n{sentence}")
    said = statements_of(draft, figures_of(draft, sentences_of(draft)))
    assert [asking(one).rstrip("，。") for one in said if one.text == text] == [question]


def test_what_a_model_is_not_told_counts_as_nothing() -> None:
    weights = np.zeros((len(VERDICTS), 2))
    weights[VERDICTS.index("differs"), 0] = 2.0
    model = Softmax(("slip",), weights)
    assert model.probabilities({"something else": 1.0}) == pytest.approx(
        np.full(len(VERDICTS), 1 / len(VERDICTS))
    )
    assert VERDICTS[int(model.probabilities({"slip": 1.0}).argmax())] == "differs"


def test_the_year_in_which_a_term_began_is_not_held_against_another_report(register: Register) -> None:
    draft = "温州工会五年工作\n\n2018年以来，全市开展各类宣讲1.56万场次。"
    assert [each.verdict for each in check_report(draft_of(draft), register).items] == ["agrees", "agrees"]
