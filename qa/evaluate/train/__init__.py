"""Recipes of what ranks and judges answers: ``passages``, ``sureness``, ``programs``, ``meanings`` and ``salience``, and of ``names`` in drafts; run in a checkout."""

import argparse
import json
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]

from qa.answering.ranking import WEIGHTS

Floats: TypeAlias = NDArray[np.float64]

__all__ = ["Floats", "linear_table", "logistic", "multinomial", "parser_of", "write_weights"]


def parser_of(module: str | None) -> argparse.ArgumentParser:
    """Return a parser of options that prints the docstring of a recipe as it is."""
    return argparse.ArgumentParser(description=module, formatter_class=argparse.RawDescriptionHelpFormatter)


def linear_table(names: Sequence[str], weights: Sequence[float] | Floats, bias: float) -> dict[str, object]:
    """Return a linear model as it is stored, rounded to four decimals."""
    named = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return {"bias": round(float(bias), 4), "weights": named}


def write_weights(tables: dict[str, object]) -> None:
    """Write models into the package in place of those of the same names."""
    known = json.loads(WEIGHTS.read_text("utf-8")) | tables
    WEIGHTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")


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


def multinomial(rows: Floats, wanted: Sequence[int] | NDArray[np.int64], count: int, ridge: float) -> Floats:
    """Return the weights of a multinomial regression, (count, features), fitted by L-BFGS from zero.

    Args:
        rows: features, (n, features); a column of ones makes the last weight a bias, which is penalised, too.
        wanted: the number of what each row is, 0 to count - 1.
        count: how many there are.
        ridge: factor of the squared weights.
    """
    right = np.eye(count)[np.asarray(wanted)]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(count, -1)
        scores = rows @ weights.T
        scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
        value = -float((scores * right).sum()) / len(rows) + ridge * float((flat**2).sum())
        slope = (np.exp(scores) - right).T @ rows / len(rows) + 2 * ridge * weights
        return value, slope.ravel()

    found = minimize(loss, np.zeros(count * rows.shape[1]), jac=True, method="L-BFGS-B").x
    return np.asarray(found).reshape(count, -1)
