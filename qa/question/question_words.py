"""The words of a question that ask: 多少, 几家, 谁."""

import re

from qa.text.figures import UNIT, unit_kind
from qa.types import Span

ASKED = re.compile(r"多少|什么|[几啥哪谁怎何]")  # the words of a question that asks for something
HOW_MANY = "(?:多少|几)"
ASK = re.compile(
    r"多少|(?<![这那前近](?=几[年天]))几[家个名场件项次户条份座所间位届天年月倍平公人万亿]?|多[大长高久]|(?<=[一-龥][一-龥][一-龥])呢(?=[？?\s]*$)|各?是?哪[些几个位家年里儿一两二三四五六七八九十]|什么|[啥谁怎]|何时"
)
MEASURE = re.compile(rf"(?:多少|(?<![这那前过头好])几)\s*[万亿百千]?\s*({UNIT})")  # with what it counts in


def asking(text: str) -> list[Span]:
    """Return the spans of the question words.

    >>> asking("建了多少家、花了多少钱")
    [(2, 4), (8, 10)]
    """
    return [match.span() for match in ASK.finditer(text)]


def asking_with_measure(text: str, unit: str | None = None) -> list[Span]:
    """Return the spans of the question words with their measure words, only of this kind of unit if one is given.

    >>> asking_with_measure("办了多少件,增长了多少倍", "倍")
    [(9, 12)]
    """
    return [match.span() for match in MEASURE.finditer(text) if unit in (None, unit_kind(match[1]))]
