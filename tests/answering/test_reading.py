"""Which sentences are read for a part of a question, as which question, and on what scale it counts."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.reader import Reading
from qa.answering.candidates import Evidence, evidence_of
from qa.answering.reading import AT_ONCE, MOST, Readings, as_question, read, relevance, span
from qa.answering.wording import Wording
from qa.index.memory import memory_index
from qa.retrieval import search_scope
from qa.types import Part, Scope
from tests.reports import report_of

TEXT = """# 江城市工会五年工作报告（2018—2023年）

五年来，江城市总工会建成职工书屋48家。开展送温暖活动，走访慰问困难职工3000户。举办职工运动会12场。
培育劳模工匠创新工作室26个。组织2.1万名职工参加疗休养。提供法律援助870件。发展会员9.6万人。
"""


def test_the_sentences_that_promise_most_are_read_and_the_right_one_is_the_most_relevant() -> None:
    readings, evidence = _readings("职工书屋建了多少家？")
    assert len(evidence) > AT_ONCE == len(readings)
    best = max(evidence, key=lambda e: relevance(readings.get(e.rank)))
    assert "职工书屋48家" in best.text
    at = best.text.index("48")
    assert span(readings[best.rank], at, at + 3) > -0.1


def test_more_are_read_where_none_of_the_first_answers() -> None:
    readings, evidence = _readings("职工疗养院有多少张床位？")
    assert len(evidence) <= MOST
    assert len(readings) == len(evidence)


def _readings(question: str) -> tuple[Readings, tuple[Evidence, ...]]:
    index = memory_index([report_of(TEXT, "年报.md", "江城市", (2018, 2023))])
    evidence = evidence_of(search_scope(index, Scope("", None, None, (index.reports[0].id,), question), 20))
    return read(question, evidence, Wording(index)), evidence


def test_a_later_part_is_put_behind_the_one_it_follows() -> None:
    parts = (Part("书屋建了多少家", "家", "figure"), Part("办了几场活动", "场", "figure"))
    assert as_question(parts, 0, "全部的话") == "书屋建了多少家"
    assert as_question(parts, 1, "全部的话") == "书屋建了多少家，办了几场活动"
    assert as_question(parts[:1], 0, "全部的话") == "全部的话"


@pytest.mark.parametrize(("logit", "counts"), [(20.0, 1.0), (4.0, 0.5), (-4.0, -0.5), (-30.0, -0.5)])
def test_more_than_sure_counts_no_more(logit: float, counts: float) -> None:
    nothing = np.zeros(0, dtype=np.float32)
    assert relevance(Reading(logit, nothing, nothing)) == counts
    assert relevance(None) == -0.5
    assert span(None, 0, 1) == -1.0
