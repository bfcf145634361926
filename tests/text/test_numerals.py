"""Numerals in characters: what they are worth, and which of them state no single number."""

import pytest

from qa.text.figures import figures
from qa.text.numerals import hanzi_value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("一万二", 12_000),
        ("一百廿五", 125),
        ("一千廿三", 1_023),
        ("三千五", 3_500),
        ("一百二", 120),
        ("两亿三", 230_000_000),
        ("一万零二", 10_002),
        ("廿三", 23),
    ],
)
def test_a_last_digit_counts_tenths_of_the_scale_before_it(word: str, value: float) -> None:
    assert hanzi_value(word) == value


@pytest.mark.parametrize(
    "text",
    [
        "走访三四十家企业",
        "惠及七八百人",
        "帮扶一百二三十户",
        "惠及数十万人次",
        "投入几百万元",
        "筹得数千万元",
        "建成几十家",
    ],
)
def test_what_is_counted_only_roughly_is_no_figure(text: str) -> None:
    assert figures(text) == ()


def test_a_number_behind_the_word_for_number_is_one() -> None:
    assert [f.value for f in figures("参加人数十二万人，职工数三千人")] == [120_000, 3_000]
    assert [f.value for f in figures("参保人数十万人，会员总数百万人")] == [100_000, 1_000_000]


def test_years_in_a_row_are_not_one_number() -> None:
    assert [f.value for f in figures("2021,2022年共1,234人")] == [2021, 2022, 1234]
