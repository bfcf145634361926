"""Nearest vectors: brute force agrees, filters hold, ties go by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from embeddings.dense import DenseIndex, index_kind

Vectors = npt.NDArray[np.float32]


@pytest.fixture
def vectors() -> Vectors:
    rows = np.random.default_rng(3).normal(size=(500, 24)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def test_each_row_is_nearest_to_itself(vectors: Vectors) -> None:
    index = DenseIndex.build(vectors)
    for row in range(0, 500, 50):
        rows, scores = index.search(vectors[row], 1)
        assert rows.tolist() == [row]
        assert scores[0] == pytest.approx(1.0, abs=1e-5)


def test_it_equals_brute_force(vectors: Vectors) -> None:
    index, query = DenseIndex.build(vectors), vectors[7]
    expected = np.argsort(-(vectors @ query), kind="stable")[:20]
    rows, scores = index.search(query, 20)
    assert rows.tolist() == expected.tolist()
    np.testing.assert_allclose(scores, vectors[expected] @ query, atol=1e-5)
    np.testing.assert_allclose(index.scores(query), vectors @ query, atol=1e-5)


def test_a_filter_is_part_of_the_search(vectors: Vectors) -> None:
    index, query = DenseIndex.build(vectors), vectors[0]
    worst = np.argsort(vectors @ query, kind="stable")[:5]  # never among the best of all
    allowed = np.zeros(500, dtype=bool)
    allowed[worst] = True
    rows, _ = index.search(query, 3, allowed)
    assert rows.tolist() == worst[::-1][:3].tolist()
    assert len(index.search(query, 50, allowed)[0]) == 5
    assert len(index.search(query, 5, np.zeros(500, dtype=bool))[0]) == 0
    with pytest.raises(ValueError, match="mask"):
        index.search(query, 5, allowed[:10])


def test_k_beyond_the_rows_and_none(vectors: Vectors) -> None:
    index = DenseIndex.build(vectors[:4])
    rows, scores = index.search(vectors[0], 10)
    assert sorted(rows.tolist()) == [0, 1, 2, 3]
    assert (np.diff(scores) <= 0).all()
    for k in (0, -1):
        assert len(index.search(vectors[0], k)[0]) == 0


def test_ties_go_by_row(vectors: Vectors) -> None:
    twins = np.concatenate([vectors[:3], np.repeat(vectors[3:4], 90, axis=0), vectors[4:5]])
    rows, _ = DenseIndex.build(twins).search(vectors[3], 12)
    assert rows.tolist() == list(range(3, 15))


def test_saved_and_opened_it_answers_the_same(vectors: Vectors, tmp_path: Path) -> None:
    index = DenseIndex.build(vectors)
    index.save(tmp_path)
    opened = DenseIndex.open(tmp_path)
    assert len(opened) == 500
    assert opened.dimension == 24
    for before, after in zip(index.search(vectors[9], 30), opened.search(vectors[9], 30), strict=True):
        np.testing.assert_array_equal(before, after)


def test_an_empty_index(tmp_path: Path) -> None:
    DenseIndex.build(np.zeros((0, 8), dtype=np.float32)).save(tmp_path)
    index = DenseIndex.open(tmp_path)
    assert len(index) == 0
    assert len(index.search(np.ones(8, dtype=np.float32), 5)[0]) == 0
    assert len(index.scores(np.ones(8, dtype=np.float32))) == 0


def test_what_is_no_vector_is_refused(vectors: Vectors) -> None:
    broken = vectors.copy()
    broken[3, 3] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        DenseIndex.build(broken)
    with pytest.raises(ValueError, match="matrix"):
        DenseIndex.build(vectors[0])
    index = DenseIndex.build(vectors)
    with pytest.raises(ValueError, match="NaN"):
        index.search(broken[3], 1)
    with pytest.raises(ValueError, match="columns"):
        index.scores(vectors[0][:5])


def test_the_vectors_given_stay_as_they_were(vectors: Vectors) -> None:
    before = vectors.copy()
    DenseIndex.build(vectors).search(vectors[0], 3)
    np.testing.assert_array_equal(vectors, before)


def test_missing_and_damaged_files(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="dense"):
        DenseIndex.open(tmp_path)
    (tmp_path / "dense.faiss").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match="FAISS"):
        DenseIndex.open(tmp_path)


def test_a_large_index_of_wide_vectors_finds_the_nearest_among_a_few_more(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.dense.HALVED", 100)
    monkeypatch.setattr("embeddings.dense.SCANNED", 16)
    assert index_kind(500, 24) == "PCA16,SQfp16"
    assert index_kind(500, 16) == "SQfp16"
    vectors = vectors * np.linspace(1, 0.1, 24, dtype=np.float32)  # as of texts: some dimensions tell more
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index, allowed = DenseIndex.build(vectors), np.arange(500) % 2 == 0
    index.save(tmp_path)
    opened = DenseIndex.open(tmp_path)
    assert opened.dimension == 24
    for row in range(0, 500, 20):
        nearest = np.argsort(-(vectors @ vectors[row]), kind="stable")[:3]
        rows, _ = opened.search(vectors[row], 60)
        assert rows[0] == row
        assert set(nearest) <= set(rows.tolist())
        assert (opened.search(vectors[row], 30, allowed)[0] % 2 == 0).all()
        np.testing.assert_array_equal(rows, index.search(vectors[row], 60)[0])
