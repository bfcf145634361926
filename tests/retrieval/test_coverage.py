"""Of passages that share as many words, the one that holds more of the question comes first."""

from __future__ import annotations

import pytest

from qa.retrieval import search_scope
from qa.retrieval.candidates import CHARACTERS, PAIRS, coverages
from qa.types import Scope
from tests.reports import memory_index, report_of

REPORT = report_of(
    "# 年报\n\n## 一、夜校\n\n课程由职工来点。\n\n办起职工夜校46所。\n\n## 二、其他\n\n为戶外勞動者建驛站，ＡＢＣ大楼也有。\n",
    "年报.md",
)
INDEX = memory_index([REPORT])


@pytest.mark.parametrize(
    ("topic", "paragraph", "characters", "pairs"),
    [
        ("办起职工夜校46所", 1, 1, 1),
        ("办起职工书屋46所", 1, 7 / 9, 5 / 8),
        ("夜校", 0, 1, 1),  # in its heading
        ("夜校，课程！", 0, 1, 1),
        ("夜校，课程！", 1, 1 / 2, 1 / 2),
        ("户外劳动者的ABC", 2, 8 / 9, 6 / 8),  # in traditional and in wide characters
        ("校", 1, 1, 0),
        ("书屋", 1, 0, 0),
        ("？！", 1, 0, 0),
    ],
)
def test_characters_and_pairs_count_by_their_shares(
    topic: str, paragraph: int, characters: float, pairs: float
) -> None:
    (found,) = coverages(INDEX, topic, [paragraph])
    assert found == pytest.approx(CHARACTERS * characters + PAIRS * pairs)


def test_what_sentences_hold_apart_is_seen_together() -> None:
    apart = report_of(
        "# 年报\n\n## 一\n\n全市培训护理员。\n\n全市发放补贴。\n\n全市培训家政人员900名。这些人里有护理员。\n",
        "甲.md",
    )
    hits = search_scope(memory_index([apart]), Scope("", None, None, (apart.id,), "家政人员和护理员"), 3)
    assert hits[0].paragraph.number == 2


def test_passages_beyond_those_that_are_read_follow_them() -> None:
    many = report_of("# 年报\n\n" + "\n\n".join(f"第{n}镇办起夜校{n}所。" for n in range(2, 152)), "年报.md")
    hits = search_scope(memory_index([many]), Scope("", None, None, (many.id,), "第9镇夜校有几所"), 150)
    scores = [hit.scores.fused for hit in hits]
    assert len(hits) == 150 and scores == sorted(scores, reverse=True)
    assert hits[0].paragraph.text.startswith("第9镇")
