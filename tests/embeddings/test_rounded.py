"""Vectors at two bytes a number are nearly what they were, and stay what they are."""

import numpy as np

from embeddings.dense import floats, rounded


def test_cosines_hardly_differ_and_rounding_again_changes_nothing() -> None:
    rows = np.random.default_rng(3).normal(size=(300, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    held = rounded(rows)
    assert held.nbytes == rows.nbytes // 2
    assert floats(held[[3, 5]]).dtype == np.float32
    np.testing.assert_allclose(floats(held) @ rows[7], rows @ rows[7], atol=1e-4)
    np.testing.assert_array_equal(rounded(floats(held)), held)
    assert floats(rows) is rows


def test_what_is_longer_than_one_is_cut_off_and_does_not_change_its_sign() -> None:
    assert floats(rounded(np.array([[1.5, -2.0, 1.0]], dtype=np.float32)))[0].tolist() == [1.0, -1.0, 1.0]
