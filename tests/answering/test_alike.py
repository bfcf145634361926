"""What may be set against each other: figures that measure the same, at the same pace."""

from __future__ import annotations

from qa.answering.comparison import measured_alike
from qa.text.figures import figures
from qa.types import Figure


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
