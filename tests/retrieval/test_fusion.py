"""Fusion: both halves count, and a half that says nothing leaves the other alone."""

import numpy as np

from qa.retrieval.candidates import fuse

NOTHING = np.zeros(0, dtype=np.float32)
DENSE = np.array([0.9, 0.2, 0.5, 0.1], dtype=np.float32)
SPARSE = np.array([0.0, 9.0, 4.0, 0.0], dtype=np.float32)


def test_what_is_good_in_both_beats_what_is_best_in_one() -> None:
    assert (
        int(np.argmax(fuse(np.array([0.9, 0.1, 0.8], np.float32), np.array([0, 9, 8], np.float32), 0.5))) == 2
    )


def test_the_weight_moves_between_the_halves() -> None:
    assert np.argsort(-fuse(DENSE, SPARSE, 1.0)).tolist() == np.argsort(-DENSE).tolist()
    assert int(np.argmax(fuse(DENSE, SPARSE, 0.0))) == 1


def test_scale_of_a_half_does_not_matter() -> None:
    np.testing.assert_allclose(fuse(DENSE, SPARSE), fuse(DENSE * 3 + 1, SPARSE * 100), rtol=1e-4)


def test_a_constant_or_missing_half_leaves_the_other() -> None:
    for silent in (np.zeros(4, dtype=np.float32), np.full(4, 7.0, dtype=np.float32), NOTHING):
        assert np.argsort(-fuse(DENSE, silent)).tolist() == np.argsort(-DENSE).tolist()
        assert np.argsort(-fuse(silent, SPARSE), kind="stable").tolist() == [1, 2, 0, 3]
    assert len(fuse(NOTHING, NOTHING)) == 0
    assert fuse(DENSE[:1], SPARSE[:1]).tolist() == [0.0]
