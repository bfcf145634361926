"""Years as a person types them, and which of them meet."""

import pytest

from qa.text.numerals import typed_years
from qa.types import Period


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("2023", (2023, 2023)),
        ("2018-2023", (2018, 2023)),
        (" 2018年 至 2023年 ", (2018, 2023)),
        ("2018～2023年", (2018, 2023)),
        ("２０１８－２０２３", (2018, 2023)),
        ("二〇一八至二〇二三年", (2018, 2023)),
    ],
)
def test_years_and_terms_are_read(words: str, years: tuple[int, int]) -> None:
    assert typed_years(words) == Period(*years)


@pytest.mark.parametrize("words", ["", "去年", "2023-2018", "2018-", "20183", "2018-2023-2028"])
def test_what_is_no_year_is_none(words: str) -> None:
    assert typed_years(words) is None


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((2018, 2023), (2020, 2025), True),
        ((2018, 2023), (2023, 2028), False),
        ((2018, 2023), (2023, 2023), True),
        ((2023, 2023), (2023, 2023), True),
        ((2018, 2023), (2024, 2024), False),
    ],
)
def test_terms_that_share_the_year_of_a_congress_alone_do_not_meet(
    one: tuple[int, int], other: tuple[int, int], meet: bool
) -> None:
    assert Period(*one).meets(Period(*other)) is Period(*other).meets(Period(*one)) is meet
