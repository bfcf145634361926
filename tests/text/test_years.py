"""Years as a person types them."""

from __future__ import annotations

import pytest

from qa.text.years import typed_years
from qa.types import Period


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("2023", (2023, 2023)),
        ("2018-2023", (2018, 2023)),
        (" 2018年 至 2023年 ", (2018, 2023)),
        ("2018～2023年", (2018, 2023)),
    ],
)
def test_years_and_terms_are_read(words: str, years: tuple[int, int]) -> None:
    assert typed_years(words) == Period(*years)


@pytest.mark.parametrize("words", ["", "去年", "2023-2018", "2018-", "20183", "2018-2023-2028"])
def test_what_is_no_year_is_none(words: str) -> None:
    assert typed_years(words) is None
