"""Nearest vectors: brute force agrees, filters hold, ties go by row."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from embeddings.dense import DenseIndex, _nearest, index_kinds

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


def test_a_filter_is_part_of_the_search(vectors: Vectors) -> None:
    index, query = DenseIndex.build(vectors), vectors[0]
    worst = np.argsort(vectors @ query, kind="stable")[:5]  # never among the best of all
    allowed = np.zeros(500, dtype=bool)
    allowed[worst] = True
    rows, _ = index.search(query, 3, allowed)
    assert rows.tolist() == worst[::-1][:3].tolist()
    assert len(index.search(query, 50, allowed)[0]) == 5
    assert len(index.search(query, 5, np.zeros(500, dtype=bool))[0]) == 0


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


@pytest.fixture
def large(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> Vectors:
    monkeypatch.setattr("embeddings.dense.EXACT", 100)
    return vectors


def test_large_indexes_take_the_quickest_kind_that_finds_the_nearest(
    large: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index_kinds(100, 24) == ("Flat",)
    assert index_kinds(500, 24) == ("PQ6x4fs", "PQ12x4fs", "SQfp16")
    assert index_kinds(500, 7) == ("SQfp16",)
    index = DenseIndex.build(large)
    assert index.kind == "PQ6x4fs"
    assert 0.98 <= index.recall <= 1.0
    monkeypatch.setattr("embeddings.dense.COMPARED", 12)  # which codes so coarse do not order well enough
    index = DenseIndex.build(large)
    assert index.kind == "SQfp16"
    assert index.recall == 1.0


def test_a_large_index_finds_the_nearest_among_a_few_more(large: Vectors, tmp_path: Path) -> None:
    index, odd = DenseIndex.build(large), np.arange(500) % 2 == 1
    index.save(tmp_path)
    opened = DenseIndex.open(tmp_path)
    assert (opened.kind, opened.dimension, len(opened)) == (index.kind, 24, 500)
    assert opened.recall == pytest.approx(index.recall, abs=1e-4)
    found = []
    for row in range(0, 500, 20):
        nearest = np.argsort(-(large @ large[row]), kind="stable")[:10]
        rows, _ = opened.search(large[row], 256)
        found.append(np.isin(nearest, rows).mean())
        np.testing.assert_array_equal(rows, index.search(large[row], 256)[0])
    assert np.mean(found) >= 0.98
    rows, _ = opened.search(large[0], 100, odd)
    assert len(rows) == 100
    assert odd[rows].all()


def test_a_large_index_finds_what_a_filter_leaves_however_far_it_is(large: Vectors) -> None:
    index, allowed = DenseIndex.build(large), np.zeros(500, dtype=bool)
    worst = np.argsort(large @ large[0])[:5]
    allowed[worst] = True
    rows, scores = index.search(large[0], 20, allowed)
    assert sorted(rows.tolist()) == sorted(worst.tolist())
    assert (np.diff(scores) <= 0).all()


def test_exact_neighbours_are_computed_piece_by_piece(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.dense.ADDED_AT_ONCE", 64)
    questions, nearest = _nearest(vectors)
    truth = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]
    np.testing.assert_array_equal(np.sort(nearest, axis=1), np.sort(truth, axis=1))
