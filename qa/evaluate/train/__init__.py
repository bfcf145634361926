"""Recipes of what ranks and judges answers: ``passages``, ``sureness``, ``meanings`` and ``salience``, and of ``names`` in drafts; run in a checkout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]

Floats: TypeAlias = NDArray[np.float64]

__all__ = ["Floats", "logistic"]


def logistic(
    rows: Floats,
    right: NDArray[np.bool_] | Floats,
    share: Floats,
    ridge: float,
    bounds: Sequence[tuple[float | None, float | None]] | None = None,
) -> Floats:
    """Return the weights and, last, the bias of a logistic regression, (features + 1,), fitted by L-BFGS from zero.

    Args:
        rows: features, (n, features).
        right: 0 to 1 for each row, (n,).
        share: the weight of each row, (n,).
        ridge: factor of the squared weights, the bias excepted.
        bounds: least and largest value of each weight and of the bias.
    """
    padded = np.hstack([rows, np.ones((len(rows), 1))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = padded @ weights
        value = float(share @ (np.logaddexp(0.0, logits) - right * logits))
        penalised = np.append(weights[:-1], 0.0)
        slope = padded.T @ (share * (expit(logits) - right)) + 2 * ridge * penalised
        return value + ridge * float(penalised @ penalised), slope

    start = np.zeros(padded.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
