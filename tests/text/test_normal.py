"""Wordings compare whatever their width, case and punctuation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.text.normal import normal, without_punctuation


@pytest.mark.parametrize(
    ("one", "other"),
    [("３６％", "36%"), ("APP", "app"), ("（次）", "(次)"), ("工会　之家", "工会 之家"), ("①", "1")],
)
def test_one_normal_form(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“五小”创新", "五小创新"),
        ("“五小”创新", "「五小」 创新"),
        ("尊法·守法", "尊法守法"),
        ("职工**书屋**", "职工书屋"),
        ("听党话、跟党走！", "听党话跟党走"),
    ],
)
def test_punctuation_does_not_part_wordings(one: str, other: str) -> None:
    assert without_punctuation(one) == without_punctuation(other)


def test_figures_stay_apart() -> None:
    assert without_punctuation("36.58万") != without_punctuation("3658万")
    assert without_punctuation("职工书屋") != without_punctuation("职工之家")


@given(st.text(st.sampled_from("工会之家书屋ABCabc019０９％％（）()《》“”，。：；·—…　 *①"), max_size=40))
@settings(max_examples=100)
def test_a_normal_form_is_its_own(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert without_punctuation(without_punctuation(text)) == without_punctuation(text)
