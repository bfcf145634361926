"""How a passage is read: in the words of a sentence that ends, and where its characters stand."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.reader import default_passage_reader
from qa.text.units import as_read
from qa.types import Hit, Scores
from tests.reports import report_of


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("职工书屋：57家", "职工书屋57家。"),
        ("建成职工书屋57家", "建成职工书屋57家。"),
        ("建成职工书屋57家。", "建成职工书屋57家。"),
    ],
)
def test_a_passage_is_read_with_a_mark_at_its_end(text: str, read: str) -> None:
    report = report_of(f"# 甲市工会报告\n\n{text}\n", "甲.md", "苏州市", (2023, 2023))
    hit = Hit(report, report.paragraphs[-1], (), Scores(0.0, 0.0, 0.0))
    words, positions = as_read(hit)
    assert words == read and len(positions) == len(words)
    (reading,) = default_passage_reader().read("职工书屋有多少家？", [words], [""])
    placed = reading.placed(positions, len(text))
    assert len(placed.marks) == len(text)
    assert np.array_equal(placed.marks[text.index("5")], reading.marks[words.index("5")])
