"""What may be set against each other: figures that measure the same, at the same pace."""

from __future__ import annotations

import pytest

from qa.answering.comparison import caveat, how_alike, likeness, measured_alike
from qa.text.figures import amounts_in, figures
from qa.types import Figure
from tests.reports import Desk, report_of


def said(text: str) -> tuple[str, Figure]:
    return text, figures(text)[0]


def test_a_figure_per_year_is_not_alike_to_one_for_all_years() -> None:
    whole, other = said("城镇新增就业261.6万人"), said("城镇新增就业190万人")
    assert measured_alike([whole, other])
    assert not measured_alike([whole, said("城镇新增就业每年超过90万人")])
    assert measured_alike([said("城镇新增就业每年60万人"), said("城镇新增就业每年超过90万人")])


def test_an_approximator_is_no_other_unit() -> None:
    assert measured_alike([said("城镇新增就业人数45万人"), said("城镇新增就业70万人以上")])
    assert not measured_alike([said("新建职工书屋50家"), said("现有职工书屋86家")])


def test_other_units_are_not_alike() -> None:
    assert not measured_alike([said("慰问职工3万人次"), said("慰问职工支出260万元")])


def test_a_mean_is_not_alike_to_a_total() -> None:
    assert likeness(said("人均地区生产总值10万元"), said("地区生产总值3200亿元")) == 0.0


def test_a_clause_that_is_only_a_year_is_compared_by_what_stands_before_it_also_with_marks() -> None:
    texts = "全市新增农民工会员，2022年：4900人", "全市开展培训，2021年：4500人"
    plain = [(text, amounts_in(text)[0]) for text in texts]
    marked = [(f"{text}[{n}]", figure) for n, (text, figure) in enumerate(plain, 1)]
    assert how_alike(marked) < 0.5 and how_alike(plain) < 0.5 and likeness(*marked) < 0.5


def test_further_items_and_how_exact_a_figure_is_do_not_matter() -> None:
    alone, beside = said("工会驿站169个"), said("工会驿站169个、占全市驿站64%[1]")
    other, more = said("工会驿站170个"), said("工会驿站170个以上")
    assert likeness(beside, other) == likeness(alone, other) == likeness(alone, more) > 0.5


def test_what_all_items_of_a_list_share_is_read_with_each() -> None:
    opened, shut = "新建驿站30个、母婴室12个", "关闭驿站5个、母婴室8个"
    assert likeness((opened, figures(opened)[1]), (shut, figures(shut)[1])) < 0.5


def test_a_figure_is_not_looked_for_in_a_longer_one() -> None:
    text = "走访困难企业15人次，救助困难职工5人次"
    longer, own = amounts_in(text)
    other = said("救助困难职工8人次")
    assert likeness((text, own), other) > 0.5 > likeness((text, longer), other)


def test_like_is_chosen_for_like() -> None:
    """Of several figures of the other place the one that counts the same, in the words in which it is said."""
    desk = Desk.over(
        report_of("# 工作\n\n建成户外劳动者服务站点84个。", "苏州.md", "苏州市", (2018, 2023)),
        report_of(
            "# 工作\n\n走访工地95个，建成职工食堂12个。\n\n新建户外劳动者驿站15个，总数达62个。",
            "泉州.md",
            "泉州市",
            (2018, 2023),
        ),
    )
    told = desk.ask_in_full("苏州和泉州，给在外面干活的人歇脚的站点各有多少个，哪边多？")
    assert "84个" in told.text and "95个" not in told.text and "12个" not in told.text, told.text


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (("甲县（2013–2018）", "乙县（2018–2023）"), "different_period"),
        (("甲县（2018–2023）", "乙县（2023）"), "different_period"),
        (("甲县（2018–2023）", "乙县（2018–2023）"), None),
        (("甲县2023年", "甲县2024年"), None),
        (("甲县（2013–2018）", "甲县（2018–2023）"), None),  # two terms of one place are meant to differ
    ],
)
def test_places_of_different_years_are_compared_with_a_note(
    labels: tuple[str, str], reason: str | None
) -> None:
    note, found = caveat([said("法律援助200件"), said("法律援助600件")], labels)
    assert found == reason and bool(note) == (reason is not None)
