"""What the two halves offer: the same as counting every row one by one would."""

from __future__ import annotations

import numpy as np
import pytest

from qa.index import Index
from qa.index.memory import memory_index
from qa.retrieval.allowed import allowed_rows
from qa.retrieval.candidates import SYNONYM, candidates, query_words
from qa.types import Scope
from tests.reports import report_of

TOPICS = ("夜校办起几所", "驿站建成多少个", "困难职工的走访和慰问")
REPORTS = tuple(
    report_of(
        f"# 第{n}号年报\n\n"
        + "\n\n".join(
            f"## 第{m}章\n\n在如皋办起夜校{m}所。\n\n建成驿站{m + n}个，走访困难职工。" for m in range(2, 40)
        ),
        f"{n}.md",
    )
    for n in range(6)
)


@pytest.fixture(scope="module")
def index() -> Index:
    return memory_index(REPORTS)


def scope(topic: str, reports: tuple[int, ...], mention: str = "") -> Scope:
    return Scope("", None, None, tuple(REPORTS[n].id for n in reports), topic, mention)


@pytest.mark.parametrize("reports", [(0,), (4, 1), (0, 1, 2, 3, 4, 5), ()])
@pytest.mark.parametrize("mention", ["", "如皋", "第7章", "喀什"])
def test_allowed_rows_are_those_that_a_walk_through_the_reports_finds(
    reports: tuple[int, ...], mention: str, index: Index
) -> None:
    wanted = scope("夜校", reports, mention)
    expected = []
    for sentence in index.sentences:
        report = index.report(sentence.report_id)
        before = report.paragraphs[max(0, sentence.paragraph - 3) : sentence.paragraph + 1]
        own = before[-1]
        named = [p for p in before if mention in p.text or any(mention in h for h in p.heading)]
        expected.append(report.id in wanted.report_ids and bool(named) and named[-1].heading == own.heading)
    assert allowed_rows(index, wanted).tolist() == expected


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("reports", [(2,), (0, 5), (0, 1, 2, 3, 4, 5)])
def test_each_half_offers_its_best_rows_and_ties_go_by_row(
    topic: str, reports: tuple[int, ...], index: Index
) -> None:
    wanted = scope(topic, reports)
    allowed = np.flatnonzero(allowed_rows(index, wanted))
    dense = index.dense.scores(index.encoder.encode_query(topic))
    words, synonyms = query_words(topic)
    sparse = index.sparse.scores(words + synonyms, [1.0] * len(words) + [SYNONYM] * len(synonyms))
    near = sorted(allowed.tolist(), key=lambda row: (-dense[row], row))[:9]
    rare = sorted((row for row in allowed.tolist() if sparse[row] > 0), key=lambda row: (-sparse[row], row))[
        :9
    ]
    found = candidates(index, wanted, 9)
    assert found.rows.tolist() == sorted({*near, *rare})
    assert np.allclose(found.dense, dense[found.rows], atol=1e-5)
    assert (found.sparse == sparse[found.rows]).all()
