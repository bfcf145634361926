"""BM25: the scores of the library it follows, and the same after saving."""

import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.sparse import K1, B, Postings, SparseIndex, counted
from embeddings.words import words

TEXTS = [
    "全市工会建成妈妈小屋一百二十家。",
    "为困难职工发放帮扶资金三百万元，帮扶职工两千人。",
    "举办劳动竞赛，职工踊跃参加，竞赛覆盖三百家企业。",
    "",
    "法律援助案件逐年下降，职工满意。",
]


def built(texts: Iterable[Sequence[str]]) -> SparseIndex:
    return SparseIndex([Postings.of(counted(texts))])


@pytest.fixture
def index() -> SparseIndex:
    return built(words(text) for text in TEXTS)


def test_each_text_finds_itself(index: SparseIndex) -> None:
    for row, text in enumerate(TEXTS):
        if text:
            assert int(np.argmax(index.scores(words(text)))) == row


def test_scores_are_zero_without_a_shared_word_and_never_negative(index: SparseIndex) -> None:
    scores = index.scores(words("职工"))
    assert scores.dtype == np.float32
    assert scores.shape == (len(TEXTS),)
    assert (scores >= 0).all()
    assert [row for row, text in enumerate(TEXTS) if "职工" in text] == list(np.flatnonzero(scores))
    assert not index.scores(["没有这个词"]).any()
    assert not index.scores([]).any()


def test_rare_words_weigh_more_than_common_ones(index: SparseIndex) -> None:
    assert index.scores(["援助"]).max() > index.scores(["职工"]).max()


def test_weights_scale_and_repeated_words_count_again(index: SparseIndex) -> None:
    once = index.scores(["职工"])
    np.testing.assert_allclose(index.scores(["职工", "竞赛"], [0.5, 0.0]), once / 2, rtol=1e-6)
    np.testing.assert_allclose(index.scores(["职工", "职工"]), 2 * once, rtol=1e-6)
    with pytest.raises(ValueError, match="zip"):
        index.scores(["职工", "竞赛"], [1.0])


@pytest.mark.parametrize("rows", [[], [0], [1, 2, 4], [0, 1, 2, 3, 4]])
def test_scores_of_some_rows_are_those_of_all(index: SparseIndex, rows: list[int]) -> None:
    asked = [*words("困难职工的劳动竞赛，职工满意"), "没有这个词"]
    weights = [0.3 + at for at in range(len(asked))]
    some = index.scores_of(np.array(rows, dtype=np.int64), asked, weights)
    np.testing.assert_allclose(some, index.scores(asked, weights)[rows], rtol=1e-6)


@pytest.mark.skipif(importlib.util.find_spec("bm25s") is None, reason="bm25s is not installed")
def test_scores_are_those_of_bm25s(index: SparseIndex) -> None:
    import bm25s

    rival = bm25s.BM25(method="lucene", k1=K1, b=B)
    rival.index([words(text) for text in TEXTS if text], show_progress=False)
    own = built([words(text) for text in TEXTS if text])
    for question in ("妈妈小屋有几家", "帮扶困难职工", "企业竞赛"):
        known = [word for word in words(question) if own.document_frequency(word)]
        np.testing.assert_allclose(own.scores(known), rival.get_scores(known), rtol=1e-5)


def test_saved_and_opened_they_score_the_same(index: SparseIndex, tmp_path: Path) -> None:
    Postings.of(counted(words(text) for text in TEXTS)).save(tmp_path)
    opened = SparseIndex([Postings.open(tmp_path)])
    for text in TEXTS:
        np.testing.assert_array_equal(opened.scores(words(text)), index.scores(words(text)))


@pytest.mark.parametrize("places", [None, [[0, 1, 2], [3, 4]], [[1, 4], [0, 2, 3]], [[0, 1, 2, 3, 4], []]])
def test_parts_score_as_the_whole(index: SparseIndex, places: list[list[int]] | None) -> None:
    own = places or [[0, 1], [2], [3, 4]]
    parts = [Postings.of(counted(words(TEXTS[row]) for row in rows)) for rows in own]
    together = SparseIndex(parts, places and [np.array(rows, dtype=np.int64) for rows in places])
    asked = [*words("困难职工的劳动竞赛，职工满意"), "没有这个词"]
    np.testing.assert_array_equal(together.scores(asked), index.scores(asked))
    rows = np.array([0, 2, 3, 4])
    np.testing.assert_array_equal(together.scores_of(rows, asked), index.scores(asked)[rows])
    assert [together.document_frequency(word) for word in asked] == [
        index.document_frequency(word) for word in asked
    ]


@pytest.mark.parametrize("places", [[[0, 1, 2, 3]], [[1, 3], [0, 2]]])
def test_texts_are_found_by_parts_of_words_and_by_all_of_several(places: list[list[int]]) -> None:
    texts = [["南沙区", "书屋"], ["海南", "沙滩", "书屋"], ["南沙", "南沙港", "书屋"], ["北", "沙"]]
    parts = [Postings.of(counted(texts[row] for row in rows)) for rows in places]
    index = SparseIndex(parts, [np.array(rows, dtype=np.int64) for rows in places])
    assert index.holding("南沙").tolist() == [0, 2]  # not across two words
    assert index.holding("沙").tolist() == [0, 1, 2, 3]
    assert index.holding("西沙").tolist() == []
    assert index.holding_all(["书屋", "南沙"]).tolist() == [2]
    assert index.holding_all(["书屋"]).tolist() == [0, 1, 2]
    assert index.holding_all(["书屋", "东沙"]).tolist() == index.holding_all([]).tolist() == []


@pytest.mark.parametrize("texts", [[], [[]], [[], []]])
def test_nothing_to_index(texts: list[list[str]], tmp_path: Path) -> None:
    Postings.of(counted(texts)).save(tmp_path)
    assert SparseIndex([Postings.open(tmp_path)]).scores(["职工"]).shape == (len(texts),)
    assert not built(texts).scores(["职工"]).any()
    assert SparseIndex([]).scores(["职工"]).shape == (0,)


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    Postings.of(counted(words(text) for text in TEXTS)).save(tmp_path)
    np.save(tmp_path / "sparse.rows.npy", np.zeros(1, dtype=np.int32))
    with pytest.raises(ValueError, match="belong together"):
        Postings.open(tmp_path)
