"""The reader's span made whole, and when it is told."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.reader import Reading
from qa.answering.spans import likely, marked


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
        ("该项目获全省十佳案例。", "获全省十佳案例。", "全省十佳案例"),
        ("有两处（均在城东）。", "（均在城东", "均在城东"),
    ],
)
def test_a_span_is_told_whole_and_without_what_leads_to_it(text: str, span: str, told: str) -> None:
    assert marked(text, reading(text, span))[0] == told  # type: ignore[index]


def test_what_is_unlikely_is_not_told() -> None:
    text = "由临江职业技术学院承办。"
    assert likely(text, reading(text, "临江职业技术学院", -6.0)) is None
    assert likely(text, None) is None
    assert likely(text, reading(text, "临江职业技术学院")) == "临江职业技术学院"
