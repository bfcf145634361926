"""The reader's span made whole, and when it is told instead of what a rule found."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.reader import Reading
from qa.answering.spans import chosen, marked


def reading(text: str, span: str, chance: float = -0.2) -> Reading:
    """A reading that marks a span of a text."""
    begun, ended = (np.full(len(text), -9.0, dtype=np.float32) for _ in range(2))
    start = text.index(span)
    begun[start] = ended[start + len(span) - 1] = chance / 2
    return Reading(5.0, begun, ended)


@pytest.mark.parametrize(
    ("text", "span", "told"),
    [
        ("县工会依托“驿站夜校”开课。", "夜校”", "驿站夜校"),
        ("市总工会印发《职工书屋管理办法》。", "职工书屋管理办法", "职工书屋管理办法"),
        ("由临江职业技术学院承办，", "临江职业技术学", "临江职业技术学院"),
        ("该项目入选全省十佳案例。", "入选全省十佳案例。", "全省十佳案例"),
        ("有两处（均在城东）。", "（均在城东", "均在城东"),
    ],
)
def test_a_span_is_told_whole_and_without_what_leads_to_it(text: str, span: str, told: str) -> None:
    assert marked(text, reading(text, span))[0] == told  # type: ignore[index]


def test_what_is_unlikely_is_not_told() -> None:
    text = "由临江职业技术学院承办。"
    assert chosen(None, text, reading(text, "临江职业技术学院", -6.0)) is None
    assert chosen(None, text, None) is None
    assert chosen(None, text, reading(text, "临江职业技术学院")) == "临江职业技术学院"


def test_a_rule_gives_way_only_where_the_reader_is_sure_of_something_else() -> None:
    text = "李小山带着徒弟在临江职业技术学院拿了冠军。"
    sure = reading(text, "李小山")
    assert chosen("临江职业技术学院", text, sure) == "李小山"
    assert chosen("临江职业技术学院", text, reading(text, "李小山", -4.0)) == "临江职业技术学院"
    assert chosen("“李小山”", "“李小山”", sure) == "“李小山”"
