"""Years and terms that a follow-up leaves to be reckoned: 21年 in full, and those some years or terms before another."""

from __future__ import annotations

import re

FURTHEST = 10  # years or terms by which one of the conversation may be moved
COUNTED = re.compile(  # 2019; 十五 in 十五届, 十五大, 十五五
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![一二三四五六七八九十])(?:二?十[一二三四五六七八九]?|[一二三四五六七八九])(?=届)"
    r"|(?<![一二三四五六七八九十])十[一二三四五六七八九]?(?=[大五])"
)
WHOLE = re.compile(r"\d+(?:\.\d+)?|[去今明前]年|(?:[上下本]|[这上前]一)届")  # copied whole or not at all
_DIGITS = "一二三四五六七八九"
_TENS = ("", "十", "二十", "三十")
_NUMERALS = tuple(f"{ten}{digit}" for ten in _TENS for digit in ("", *_DIGITS))
_SHORT = re.compile(r"(?<![\d第])([012]\d)(?=年(?![来间期以内前后]))")


def in_full(text: str) -> str:
    """The text with its years of two digits in full.

    >>> in_full("21年的呢"), in_full("近10年来")
    ('2021年的呢', '近10年来')
    """
    return _SHORT.sub(r"20\1", text)


def moved(counted: str, by: int) -> str:
    """The year or the term so many later; itself where there is none.

    >>> moved("2019", 2), moved("十五", -1), moved("一", -1)
    ('2021', '十四', '一')
    """
    if counted.isdecimal():
        return str(int(counted) + by)
    at = _NUMERALS.index(counted) + by
    return _NUMERALS[at] if 0 < at < len(_NUMERALS) else counted


def apart(one: str, other: str) -> int | None:
    """By how much ``one`` is later; None for a year and a term."""
    if one.isdecimal() != other.isdecimal():
        return None
    return int(one) - int(other) if one.isdecimal() else _NUMERALS.index(one) - _NUMERALS.index(other)
