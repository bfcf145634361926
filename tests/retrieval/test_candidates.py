"""What the two retrievers offer: the same as counting every row one by one would."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.dense import DECIMALS
from qa.index import Index
from qa.retrieval.candidates import allowed_paragraphs, candidates, query_words, word_weights
from qa.types import Scope
from tests.reports import memory_index, report_of

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
def test_allowed_are_those_that_a_walk_through_the_reports_finds(
    reports: tuple[int, ...], mention: str, index: Index
) -> None:
    wanted = scope("夜校", reports, mention)
    expected = []
    for own in index.layout.paragraphs:
        before = index.report(own.report_id).paragraphs[max(0, own.number - 3) : own.number + 1]
        named = [p for p in before if mention in p.text or any(mention in h for h in p.heading)]
        expected.append(
            own.report_id in wanted.report_ids and bool(named) and named[-1].heading == own.heading
        )
    assert allowed_paragraphs(index, wanted).tolist() == expected


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("reports", [(2,), (0, 5), (0, 1, 2, 3, 4, 5)])
def test_each_half_offers_its_best_and_ties_go_by_place(
    topic: str, reports: tuple[int, ...], index: Index
) -> None:
    wanted, layout = scope(topic, reports), index.layout
    allowed = np.flatnonzero(allowed_paragraphs(index, wanted)).tolist()
    cosines = np.round(index.dense.vectors[:] @ index.encoder.encode_query(topic), DECIMALS)
    own, synonyms = query_words(topic)
    asked, weights = own + synonyms, word_weights(own, synonyms)
    sparse, in_sentences = (
        index.words.passages.scores(asked, weights),
        index.words.sentences.scores(asked, weights),
    )
    rows = [row for number in allowed for row in range(*layout.rows[number : number + 2])]
    near = sorted(rows, key=lambda row: (-cosines[row], row))[:9]
    rare = sorted((n for n in allowed if sparse[n] > 0), key=lambda n: (-sparse[n], n))[:9]
    found = candidates(index, wanted, 9)
    assert found.paragraphs.tolist() == sorted({*layout.paragraph_of[near].tolist(), *rare})
    for number, dense in zip(found.paragraphs.tolist(), found.dense, strict=True):
        assert dense == pytest.approx(max(cosines[slice(*layout.rows[number : number + 2])]), abs=1e-5)
    assert (found.sparse == sparse[found.paragraphs]).all()
    assert found.rows.tolist() == [row for row in rows if layout.paragraph_of[row] in found.paragraphs]
    assert np.allclose(found.cosines, cosines[found.rows], atol=1e-5)
    assert np.allclose(found.words, in_sentences[found.rows], rtol=1e-5)


def test_words_are_counted_over_whole_paragraphs_with_their_headings_once() -> None:
    report = report_of(
        "# 年报\n\n## 夜校\n\n班次排满。教室十间。\n\n## 驿站\n\n班次不多。\n\n教室没有。\n", "甲.md"
    )
    index = memory_index([report])
    both = index.words.passages.scores(["班次", "教室"])
    assert int(np.argmax(both)) == 0 and both[0] > both[1:].max()
    assert len(index.words.passages.scores([])) == 3
    assert (
        index.words.passages.document_frequency("夜校") == 1
        and index.words.passages.document_frequency("驿站") == 2
    )
    again = report_of("# 年报\n\n## 夜校\n\n夜校排满。教室十间。\n", "乙.md")
    twice, once, *others = memory_index([again, report]).words.passages.scores(["夜校"]).tolist()
    assert twice > once > 0 and not any(others)
