"""What a figure counts, when, where: by sentences that reports are full of."""

from __future__ import annotations

import pytest

from qa.ledger.build import LedgerFigure, figures_of
from qa.ledger.indicators import levels, what_counts
from qa.text.figures import figures
from qa.text.units import sentences_of
from qa.types import Period
from tests.reports import report_of, source_at


def listed(
    text: str, place: str = "浙江省宁波市", years: tuple[int, int] = (2018, 2023)
) -> list[LedgerFigure]:
    report = report_of(text if text.startswith("#") else f"# 报告\n\n{text}\n", place=place, years=years)
    found = list(figures_of(report, sentences_of(report)))
    for figure in found:
        assert source_at(report, figure.spans) == "".join(figure.text.split())
    return found


def counted(text: str) -> list[tuple[str, str]]:
    return [(f.text, f.indicator) for f in listed(text) if f.kind == "amount"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("五年来，全市工会提供法律援助1.2万件。", [("1.2万件", "提供法律援助")]),
        ("组织6000名环卫职工免费疗休养。", [("6000名", "组织环卫职工免费疗休养")]),
        ("目前全市共有职工书屋320家。", [("320家", "职工书屋")]),
        ("建成爱心驿站120余个、母婴室45个。", [("120余个", "建成爱心驿站"), ("45个", "建成母婴室")]),
        ("新建30家职工书屋、12家健身房。", [("30家", "新建职工书屋"), ("12家", "新建健身房")]),
        ("劳动竞赛、技能比武800多场。", [("800多场", "劳动竞赛、技能比武")]),
        ("筹集资金90万元资助300名学生上大学。", [("90万元", "筹集资金"), ("300名", "资助学生上大学")]),
        ("为500名职工发放补助20万元。", [("500名", "为职工发放补助"), ("20万元", "发放补助")]),
        (
            "发动60家企业、3万名职工参加安全竞赛。",
            [("60家", "发动企业参加安全竞赛"), ("3万名", "发动职工参加安全竞赛")],
        ),
        ("受理劳动争议信访70件、95人次。", [("70件", "受理劳动争议信访"), ("95人次", "受理劳动争议信访")]),
        ("书屋和驿站分别建成8家和15家。", [("8家", "书屋"), ("15家", "驿站")]),
        ("开办公益课堂40场，惠及职工2600人次。", [("40场", "开办公益课堂"), ("2600人次", "惠及职工（开办公益课堂）")]),
        ("筹集资金70万元，深入工地慰问建筑工人900人次。", [("70万元", "筹集资金（深入工地慰问建筑工人）"), ("900人次", "深入工地慰问建筑工人")]),
        ("举办骨干培训班,200余名主席参加研讨。", [("200余名", "主席参加研讨")]),
        ("慰问环卫工人500人，发放慰问金9万元。", [("500人", "慰问环卫工人"), ("9万元", "发放慰问金（慰问环卫工人）")]),
        ("发出协商要约310份。", [("310份", "发出协商要约")]),
        ("制定实施办法、工作指引等20多个文件。", [("20多个", "制定文件")]),
        ("单建工会的职工入会率达93%以上。", [("93%以上", "单建工会的职工入会率")]),
        ("先后发放6000多万慰问金。", [("6000多万", "发放慰问金")]),
        ("新增科技馆12家、体育馆5家。", [("12家", "新增科技馆"), ("5家", "新增体育馆")]),
        ("服务业单位12家、建筑企业5家。", [("12家", "服务业单位"), ("5家", "建筑企业")]),
        ("全市近岸水质优良率达98%。", [("98%", "近岸水质优良率")]),
    ],
)  # fmt: skip
def test_an_indicator_is_the_words_that_belong_to_the_figure(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert counted(text) == expected


def test_a_figure_without_a_unit_takes_the_one_that_its_noun_shows() -> None:
    assert [(f.value, f.unit) for f in listed("发放6000多万慰问金，走访300多万职工。")] == [
        (6e7, "元"),
        (3e6, "人"),
    ]


def test_brackets_of_a_unit_come_off_and_the_print_stays() -> None:
    (figure,) = listed("走访职工家庭1.2万户(次)。")
    assert (figure.value, figure.unit, figure.text) == (12000.0, "户次", "1.2万户(次)")


def test_values_are_as_exact_as_they_are_printed() -> None:
    assert [f.value for f in listed("缓缴经费65.9亿元，参保率92.3%。")] == [6590000000.0, 92.3]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("推行“五个一”工作法，围绕“24680”思路，开展“1+8”改革。", {"name"}),
        ("出台《助力复工的十二条措施》。", {"name"}),
        ("落实中央八项规定精神，获第15名，开通24小时热线。", {"name"}),
        ("开展庆祝建市40周年活动，打造五大体系。", {"name"}),
        ("服务三省一市，百人以上企业和二十五人以上企业普遍建会。", {"name"}),
        ("从思想、组织等三个方面发力。", {"name"}),
        ("2021年5月1日，连续3年获奖。", {"date"}),
        ("过去5年来，2019—2022年都在进步。", {"date"}),
        ("今后五年，力争新建工会2000家。", {"plan"}),
        ("建成书屋12家。", {"amount"}),
    ],
)
def test_names_dates_and_plans_are_told_apart(text: str, kinds: set[str]) -> None:
    assert {f.kind for f in listed(text)} == kinds


def test_straight_quotes_that_do_not_pair_hide_no_figure() -> None:
    text = '深化这项名称很长很长很长很长很长很长很长很长的"专项整治行动,督促17家工会整改",收回经费9万元。'
    assert "17家" in {f.text for f in listed('完成"后半程",督促17家工会"回头看"。') if f.kind == "amount"}
    assert "9万元" in {f.text for f in listed(text) if f.kind == "amount"}


def test_figures_under_a_heading_of_plans_are_plans() -> None:
    kinds = {
        f.text: f.kind
        for f in listed("# 报告\n\n## 一、成绩\n\n建会300家。\n\n## 二、今后五年的目标任务\n\n建会500家。\n")
    }
    assert kinds == {"300家": "amount", "500家": "plan"}


@pytest.mark.parametrize(
    ("text", "period", "as_of"),
    [
        ("办理法律援助300件。", Period(2018, 2023), None),
        ("2020年，办理法律援助300件。", Period(2020, 2020), None),
        ("自2019年起，送课300场。", Period(2019, 2023), 2023),
        ("2019年以来，送课300场。", Period(2019, 2023), 2023),
        ("2019—2021年送课300场。", Period(2019, 2021), None),
        ("目前，全市现有工会300家。", Period(2018, 2023), 2023),
        ("累计送课300场。", Period(2018, 2023), 2023),
        ("截至2022年底，工会300家。", Period(2022, 2022), 2022),
        ("近三年来，送课300场。", Period(2021, 2023), None),
        ("近五年来，送课300场。", Period(2018, 2023), None),
        ("去年送课300场。", Period(2022, 2022), None),
        ("落实《2016—2018年规划》，送课300场。", Period(2018, 2023), None),
        ("比2018年增加300家。", Period(2018, 2023), None),
    ],
)
def test_the_years_of_the_clause_win(text: str, period: Period, as_of: int | None) -> None:
    (figure,) = [f for f in listed(text) if f.kind == "amount"]
    assert (figure.period, figure.as_of) == (period, as_of)


def test_years_of_a_heading_go_before_those_of_the_report() -> None:
    (figure,) = listed("# 报告\n\n## 2021年的工作\n\n建会300家。\n")
    assert figure.period == Period(2021, 2021)


def test_a_report_without_years_gives_none() -> None:
    report = report_of("# 报告\n\n目前建会300家。\n")
    (figure,) = figures_of(report, sentences_of(report))
    assert (figure.period, figure.as_of, figure.place, figure.level) == (None, None, "", "other")


@pytest.mark.parametrize(
    ("text", "place", "level"),
    [
        ("建会300家。", "宁波市", "city"),
        ("慈溪建会300家。", "慈溪市", "district"),
        ("慈溪试点先行，全市建会300家。", "宁波市", "city"),
        ("选树“慈溪工匠”300名。", "宁波市", "city"),
        ("对口支援新疆库车市，捐款300万元。", "宁波市", "city"),
        ("慈溪海星等300家企业入选案例。", "宁波市", "city"),
        ("余姚市是制造业大市。当地有外来职工300万人。", "余姚市", "district"),
        ("余姚市是制造业大市。工会会员300万人。", "宁波市", "city"),
    ],
)
def test_the_place_is_the_report_s_or_that_of_the_subject(text: str, place: str, level: str) -> None:
    (figure,) = [f for f in listed(text) if f.text.startswith("300")]
    assert (figure.place, figure.level) == (place, level)


@pytest.mark.parametrize(
    "text", ["，，，。", "1" * 40, "“" * 30 + "3家", "（" * 40 + "5人", "3、4、5、6家、、和和", "100%" * 50]
)
def test_odd_text_is_survived(text: str) -> None:
    assert all(len(f.indicator) < 120 for f in listed(text))


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("建成市级以上职工书屋198家，其中省级20家。", "198家", {"市级以上"}),
        ("建成市级以上职工书屋198家，其中省级20家。", "20家", {"市级以上", "省级"}),
        ("建成职工书屋198家。", "198家", set()),
        ("建成职工书屋198家。", "5家", set()),
    ],
)
def test_the_levels_that_a_figure_counts_those_of(text: str, told: str, expected: set[str]) -> None:
    (figure,) = figures(told)
    assert levels(what_counts(text, figure)) == expected


def test_a_figure_of_a_list_has_the_unit_that_its_last_one_prints() -> None:
    found = listed("书屋、驿站占比分别提高15、22个百分点，惠及3500万、2300万人次。")
    assert [(f.text, f.unit) for f in found] == [
        ("15", "个百分点"), ("22个百分点", "个百分点"), ("3500万", "人次"), ("2300万人次", "人次"),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2024-02-03 09:02:33", "2021年5月6日 10:30", "2021年5月6日10：30"])
def test_the_time_of_a_day_and_the_mark_of_a_note_count_nothing(day: str) -> None:
    found = listed(f"{day}发布：做实“五张清单”［18］，新建书屋20家。")
    assert [f.text for f in found if f.kind == "amount"] == ["20家"]
