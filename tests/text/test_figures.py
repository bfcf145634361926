"""Figures are read whole: value, unit, approximator, boundary; names and ordinals are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.text.figures import UNIT_KINDS, figures, is_unit, is_year, same_measure, same_value, senses, unit_kind


def read(text: str) -> list[tuple[float, str]]:
    return [(f.value, f.unit) for f in figures(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("36.58万人次", 365_800, "人次"),
        ("3亿4900万元", 349_000_000, "元"),
        ("1,234人", 1234, "人"),
        ("1,234,567元", 1_234_567, "元"),
        ("30.67万人(次)", 306_700, "人(次)"),
        ("30.67万人（次）", 306_700, "人(次)"),
        ("1.13万户（次）", 11_300, "户(次)"),
        ("0.5%", 0.5, "%"),
        ("３６％", 36, "%"),
        ("３６．５万元", 365_000, "元"),
        ("百分之五十", 50, "%"),
        ("三百零七名", 307, "名"),
        ("二十万零六百人", 200_600, "人"),
        ("百分之三点五", 3.5, "%"),
        ("千分之三点五", 3.5, "‰"),
        ("2.5倍", 2.5, "倍"),
        ("1.2万亿元", 1.2e12, "元"),
        ("5个百分点", 5, "个百分点"),
        ("①20家", 20, "家"),
        ("100㎡，共3间", 3, "间"),
        ("m²3家", 3, "家"),
        ("三项", 3, "项"),
        ("四十六万群众", 460_000, ""),
        ("八部门", 8, "部门"),
        ("二十余家", 20, "家"),
        ("一百二十三人", 123, "人"),
        ("18 013家次", 18_013, "家次"),
        ("1\u00a0002 567.5元", 1_002_567.5, "元"),
        ("12 000多人", 12_000, "人"),
        ("表中列2023 500万元", 5_000_000, "元"),
        ("3亿4千万元", 340_000_000, "元"),
        ("1千8百万元", 18_000_000, "元"),
        ("1千8百亿元", 180_000_000_000, "元"),
    ],
)
def test_value_and_unit_of_a_figure(text: str, value: float, unit: str) -> None:
    assert read(f"当年为{text}。")[-1] == (value, unit)


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("会员数同比增长-3.2%", -3.2, "-3.2%"),
        ("工会经费收入−560万元", -5_600_000, "−560万元"),
        ("工会经费结余－3亿4900万元", -349_000_000, "－3亿4900万元"),
        ("办理法律援助案件-3215件", -3215, "-3215件"),
        ("增长（万元）-560万", -5_600_000, "-560万"),
        ("增长约-3.2%", -3.2, "约-3.2%"),
        ("增幅（-3.2%）", -3.2, "-3.2%"),
        ("增长 -3.2", -3.2, "-3.2"),
        ("-560", -560, "-560"),
    ],
)
def test_a_minus_belongs_to_its_figure(text: str, value: float, printed: str) -> None:
    assert [(f.value, f.text) for f in figures(text)] == [(value, printed)]


@pytest.mark.parametrize(
    "text",
    [
        *("2018-2023年", "2018年-2023年", "2018 -2023年", "5-8家", "10余家-15家", "5%-5.5%", "三家-5家"),
        *("2023-05-01", "0577-88887777", "（0577）-88887777", "A-12件", "歼-35系列", "总结-2023年"),
        *("3—5月", "——3家", "- 3家", "会员--3家", "（-）", "90%以上-95%", "温州-2023区总工会"),
    ],
)
def test_the_stroke_of_a_range_or_a_name_is_no_minus(text: str) -> None:
    assert all(f.value >= 0 and f.text[0] not in "-−－" for f in figures(text))


@pytest.mark.parametrize(
    ("text", "approximator"),
    [
        ("近500场", "近"),
        ("超1.4亿元", "超"),
        ("超过300家", "超过"),
        ("突破10万人", "突破"),
        ("约80件", "约"),
        ("200余名", "余"),
        ("4000余万元", "余"),
        ("35万余人次", "余"),
        ("2000多万元", "多"),
        ("90%以上", "以上"),
        ("60件左右", "左右"),
        ("二十余家", "余"),
        ("近百家", "近"),
        ("逾千名", "逾"),
        ("突破了10万人", "突破了"),
        ("至少30场", "至少"),
        ("不足五十人", "不足"),
        ("72人", ""),
    ],
)
def test_an_approximator_is_kept_and_printed(text: str, approximator: str) -> None:
    (figure,) = figures(f"去年有{text}参加")
    assert (figure.approximator, figure.text) == (approximator, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("超50家", {"over"}),
        ("50余家", {"over"}),
        ("超过50家", {"over"}),
        ("50家以上", {"at least"}),
        ("近50家", {"nearly"}),
        ("不足50家", {"under"}),
        ("50家以内", {"at most"}),
        ("50家左右", {"about"}),
        ("约50余家", {"about", "over"}),
        ("50家", set()),
    ],
)
def test_approximators_are_alike_by_what_they_say(text: str, said: set[str]) -> None:
    assert senses(figures(text)[0]) == said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("件", "起", True),
        ("名", "人", True),
        ("人(次)", "人次", True),
        ("人", "人次", False),
        ("家", "家次", False),
        ("%", "个百分点", False),
        ("%", "‰", False),
        ("亩", "平方米", False),
        ("平米", "平方米", True),
        ("元", "美元", False),
        ("天", "个月", False),
        ("县", "省", False),
    ],
)
def test_units_that_measure_the_same(one: str, other: str, same: bool) -> None:
    assert same_measure(one, other) is same_measure(other, one) is same


def test_a_measure_word_alone() -> None:
    assert [t for t in ("万人次", "亿元", "%", "人(次)", "万", "", "县", "单位", "户数", "含调解") if is_unit(t)] == [
        "万人次", "亿元", "%", "人(次)", "万",
    ]  # fmt: skip


def test_an_approximator_does_not_change_the_value() -> None:
    assert {f.value for t in ("2000多万元", "近2000万元", "2000万元", "超2000万元") for f in figures(t)} == {
        2e7
    }


@pytest.mark.parametrize("text", ["150人", "250人", "50.5人", "1,050人", "5050人", "0.50人", "50万人"])
def test_fifty_is_not_found_in_a_longer_figure(text: str) -> None:
    assert (50.0, "人") not in read(text) or text == "0.50人"
    assert len(read(text)) == 1


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("附件1 200人参加培训", (200, "人")),
        ("在全省排名第5 100家企业", (100, "家")),
        ("占比 3 200%", (200, "%")),
        ("2021 115 230人", (230, "人")),
    ],
)
def test_numbers_beside_each_other_are_not_joined(text: str, last: tuple[float, str]) -> None:
    assert read(text)[-1] == last


@pytest.mark.parametrize(
    "text",
    [
        "第十五次代表大会",
        "推行“五个一”工作法",
        "落实“四个全面”",
        "十四五规划开局",
        "市工会十九届委员会",
        "一体化推进",
        "不约而同",
        "千方百计",
        "万众一心",
        "A4纸",
        "V2.0版",
        "版本1.5.3",
        "2千3千元",
        "1百3百人",
        "二十大精神",
        "亿元",
        "",
    ],
)
def test_numerals_in_names_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_a_straight_quotation_mark_opens_a_name_or_closes_one() -> None:
    assert read('推行"五大行动"') == []
    assert read('推行"护航、领航"五大行动') == [(5.0, "大")]


@pytest.mark.parametrize(
    "text", ["发出要约1082份", "解除合约300份", "公约12条", "预约45人", "续签条约3份", "节约90万元"]
)
def test_a_word_that_ends_in_yue_is_no_approximator(text: str) -> None:
    (figure,) = figures(text)
    assert figure.approximator == ""
    assert text.endswith(figure.text) and figure.text[0].isdigit()


def test_every_figure_of_a_sentence_in_reading_order() -> None:
    text = "五年签订合同1080份，覆盖企业2849家、职工274501人，三项指标超90%。"
    assert [f.text for f in figures(text)] == ["1080份", "2849家", "274501人", "三项", "超90%"]


def test_years_are_told_from_amounts() -> None:
    found = figures("2018年至2023年，2018人次入会，收到1.5万元，历时3年")
    assert [is_year(f) for f in found] == [True, True, False, False, False]


def test_a_year_before_the_name_of_a_place_has_no_unit() -> None:
    (figure,) = figures("2023区总工会年报")
    assert (figure.value, figure.unit) == (2023.0, "")


def test_forty_digits_are_one_figure() -> None:
    digits = "1234567890" * 4
    (figure,) = figures(f"共{digits}元")
    assert figure.value == pytest.approx(float(digits)) and figure.text == f"{digits}元"


@pytest.mark.parametrize(
    "text", ["9" * 309 + "家", "9" * 400 + "年", "9" * 5000 + "元", "1" + "0" * 300 + "万亿"]
)
def test_a_number_beyond_any_float_is_no_figure_and_no_error(text: str) -> None:
    assert read(f"办案120件，职工书屋{text}。") == [(120, "件")]


@pytest.mark.parametrize(
    ("one", "other"), [("名", "人"), ("位", "人"), ("场次", "场"), ("人(次)", "人次"), ("％", "%")]
)
def test_units_of_one_kind(one: str, other: str) -> None:
    assert unit_kind(one) == unit_kind(other)


@pytest.mark.parametrize(
    ("one", "other"), [("人", "人次"), ("元", "人"), ("件", "场"), ("%", "倍"), ("户", "人")]
)
def test_units_of_different_kinds(one: str, other: str) -> None:
    assert unit_kind(one) != unit_kind(other)


def test_no_unit_stands_in_two_kinds_of_one_meaning() -> None:
    assert unit_kind("没有的单位") == "没有的单位"
    assert all(units for units in UNIT_KINDS.values())


def test_values_are_equal_up_to_arithmetic_not_to_print() -> None:
    assert same_value(0.1 + 0.2, 0.3) and same_value(1.45e4, 14500)
    assert not same_value(14500, 14501) and not same_value(92.3, 92.31)


NUMERALS = st.text(
    "0123456789０１９.,，．%％万亿千百十一二三两余多近超约 人次元家（）()年第“”→²①", max_size=30
)


@given(st.one_of(st.text(max_size=60), NUMERALS))
@settings(max_examples=400)
def test_offsets_give_the_printed_text_on_any_input(text: str) -> None:
    found = figures(text)
    end = 0
    for figure in found:
        assert text[figure.start : figure.end].rstrip() == figure.text.rstrip() != ""
        assert figure.start >= end
        end = figure.end
        is_year(figure)


@given(
    st.integers(1, 9_999_999),
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(["人次", "元", "件", "家", "%", "户"]),
    st.sampled_from(["", "近", "超", "约"]),
)
@settings(max_examples=150)
def test_what_is_printed_is_read_back(number: int, scale: str, unit: str, before: str) -> None:
    size = {"": 1, "万": 1e4, "亿": 1e8}[scale]
    (figure,) = figures(f"职工{before}{number}{scale}{unit}，已公布")
    assert same_value(figure.value, number * size)
    assert (figure.unit, figure.approximator) == (unit, before)
    assert figures(f"职工{before}{number:,}{scale}{unit}")[0].value == figure.value


@pytest.mark.parametrize(("text", "value"), [("非公企业会员占六成以上", 60.0), ("近七成职工", 70.0)])
def test_tenths_in_words_are_shares(text: str, value: float) -> None:
    (figure,) = figures(text)
    assert (figure.value, figure.unit) == (value, "%")


@pytest.mark.parametrize("text", ["三成立项", "两成员单位", "第三成", "建成五成果园"])
def test_what_looks_like_tenths_is_no_figure(text: str) -> None:
    assert figures(text) == ()


def test_formal_numerals_count_and_surnames_do_not() -> None:
    assert [(f.value, f.unit, f.text) for f in figures("建成书屋壹佰贰拾玖家，投入壹仟零伍拾万元")] == [
        (129.0, "家", "壹佰贰拾玖家"),
        (10_500_000.0, "元", "壹仟零伍拾万元"),
    ]
    assert not figures("伍家岗和陆家嘴的工会")
