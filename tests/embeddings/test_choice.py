"""A network learns to choose among candidates, or none, where what speaks for one depends on the rest; it is read as it was written."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.fitted import Network
from embeddings.train.choice import fitted


def test_a_network_learns_what_no_weighted_sum_tells(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    features = [random.integers(0, 2, (6, 2)).astype(float) for _ in range(600)]
    right = [[bool(one != other) for one, other in own] for own in features]  # either of two, not both
    network = fitted(features, right)
    every = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    scores = network.scores(every)
    assert min(scores[1:3]) > 0.0 > max(scores[[0, 3]])  # 0 is the score of none
    network.write(tmp_path / "network.npz")
    read = Network.read(tmp_path / "network.npz")
    assert read.scores(every) == pytest.approx(scores, abs=0.05)  # of half precision
