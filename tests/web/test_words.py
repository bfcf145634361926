"""Both languages say everything, and say what the records can hold."""

import re
from typing import get_args

import pytest

from qa.types import FigureState, Reason
from qa.web.markup import both, chinese, translations


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    words = translations()
    assert words["zh-CN"].keys() == words["en"].keys()
    for key, zh in words["zh-CN"].items():
        en = words["en"][key]
        assert all((zh, en)), key
        assert re.findall(r"\{\w+\}", zh) == re.findall(r"\{\w+\}", en), key


@pytest.mark.parametrize(
    "key", [f"reason_{r}" for r in get_args(Reason)] + [f"figures_{s}" for s in get_args(FigureState)]
)
def test_every_reason_and_state_has_words(key: str) -> None:
    assert chinese(key)


def test_values_are_escaped() -> None:
    assert "<b>" not in both("quotes_checked", count="<b>")
