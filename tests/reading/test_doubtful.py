"""Text of seven bits is read, text that was decoded wrongly is noted, and no JSON steers a terminal."""

import json

import pytest

from qa.cli.terminal import print_json
from qa.reading.encoding import decode, is_garbled

TEXT = "渡口镇总工会办了三期夜校，来上课的职工有九十六人，其中女工四十一人。\n"


def test_seven_bits_are_read() -> None:
    assert decode(TEXT.encode("hz"), "a.txt") == (TEXT, "hz")


@pytest.mark.parametrize("plain", ["a+b=c, C++ and 1+1", "See +-5% and ~{x~}", "x +AAA- y"])
def test_plain_ascii_stays_as_it_is(plain: str) -> None:
    assert decode(plain.encode(), "a.txt") == (plain, "utf-8")


def test_what_was_decoded_wrongly_is_told_from_what_was_not() -> None:
    assert is_garbled(TEXT.encode("gbk").decode("latin-1"))
    assert is_garbled(TEXT.encode().decode("gbk", "replace"))
    assert not is_garbled(TEXT)
    assert not is_garbled("Only English words, and a naïve café.")


def test_json_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"名": "甲\x9b31m\x1b[2J\u202e乙\n丙"}
    print_json(value)
    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert not set(printed) & set("\x9b\x1b\u202e")
