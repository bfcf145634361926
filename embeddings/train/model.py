"""Trains word rows: a text is the sum of its words' rows, and texts that belong together point the same way.

The row of a word is ``weight * (own vector + sum of share * vector over its characters and shorter words)``, so
rare words start from their parts; every weight and every share is learned. Afterwards each row is folded into one vector, and neither
parts nor weights are shipped. Loss: in-batch negatives (Henderson et al. 2017, arXiv:1705.00652).
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy import sparse  # type: ignore[import-untyped]
from torch import Tensor, nn
from torch.nn import functional

Ids = npt.NDArray[np.int32]
PART_SHARE = 0.3  # of a part's vector in a word's row, at first
WEIGHT_RATE = 1e-2  # how fast weights and shares are learned
WARM_UP = 0.03  # share of the steps
TEMPERATURE = 0.05  # similarities are divided by it


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as word numbers; ``left[i]`` belongs to ``right[i]``, equal keys are no negatives of each other."""

    left: list[Ids]
    right: list[Ids]
    left_keys: npt.NDArray[np.int64]
    right_keys: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast: linear warm-up, then linear decay over ``steps``."""

    steps: int
    rate: float


class _Product(torch.autograd.Function):
    """``matrix @ dense`` for a constant sparse matrix; its gradient is another such product."""

    @staticmethod
    def forward(context: Any, dense: Tensor, matrix: sparse.csr_array) -> Tensor:
        context.matrix = matrix
        return _to_torch(matrix) @ dense

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _to_torch(context.matrix.T.tocsr()) @ gradient.contiguous(), None


class WordRows(nn.Module):
    """Vectors of words, made of their parts."""

    def __init__(self, words: list[str], log_frequencies: npt.NDArray[np.float64], dimension: int) -> None:
        super().__init__()
        self._parts = _parts(words)
        self.vectors = nn.Parameter(torch.randn(len(words), dimension) / dimension**0.5)
        self.log_shares = nn.Parameter(torch.full((len(words), 1), math.log(PART_SHARE)))
        frequency = torch.from_numpy(np.exp(log_frequencies)).float()
        self.log_weights = nn.Parameter(torch.log(1e-3 / (1e-3 + frequency))[:, None])

    def rows(self) -> Tensor:
        """Folded rows of all words, (words, dimension)."""
        shared = self.vectors * torch.exp(self.log_shares)
        parts: Tensor = _Product.apply(shared, self._parts)  # type: ignore[no-untyped-call]
        return (self.vectors + parts) * torch.exp(self.log_weights)

    def encode(self, texts: list[Ids]) -> Tensor:
        """Unit vectors of texts, (n, dimension)."""
        ends = np.cumsum([0, *(len(text) for text in texts)])
        numbers = np.concatenate(texts)
        counts = sparse.csr_array(
            (np.ones(len(numbers), dtype=np.float32), numbers, ends), shape=(len(texts), len(self.vectors))
        )
        counts.sum_duplicates()
        summed: Tensor = _Product.apply(self.rows(), counts)  # type: ignore[no-untyped-call]
        return functional.normalize(summed, dim=1)

    def export(self) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
        """Folded rows at eight bits, (words, dimension), and their scales, (words,); the unknown word is zero.

        Rounding moves a row by 0.7 % of its length, less than a step of training does.
        """
        with torch.no_grad():
            folded: npt.NDArray[np.float32] = self.rows().numpy().astype(np.float32)
        folded[0] = 0.0
        scales = np.abs(folded).max(axis=1) / np.float32(127)
        return np.rint(folded / np.maximum(scales, 1e-12)[:, None]).astype(np.int8), scales


def train_rows(
    rows: WordRows, batches: Iterator[Batch], schedule: Schedule, say: Callable[[str], None]
) -> None:
    """Trains in place."""
    groups = [
        {"params": [rows.vectors], "lr": schedule.rate},
        {"params": [rows.log_weights, rows.log_shares], "lr": WEIGHT_RATE},
    ]
    optimizer = torch.optim.Adam(groups, fused=True)

    def factor(step: int) -> float:
        done = (step + 1) / (schedule.steps + 1)
        return min(done / WARM_UP, (1.0 - done) / (1.0 - WARM_UP))

    pace = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    start, mean_loss = time.monotonic(), 0.0
    for step in range(1, schedule.steps + 1):
        loss = _loss(rows, next(batches))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        pace.step()
        mean_loss += (loss.item() - mean_loss) * max(0.01, 1 / step)
        if step % 200 == 0:
            say(f"step {step} of {schedule.steps}, loss {mean_loss:.3f}, {time.monotonic() - start:.0f} s")


def _loss(rows: WordRows, batch: Batch) -> Tensor:
    encoded = rows.encode(batch.left + batch.right)
    left, right = encoded[: len(batch.left)], encoded[len(batch.left) :]
    scores = left @ right.T / TEMPERATURE
    same = (batch.left_keys[:, None] == batch.left_keys[None, :]) | (
        batch.right_keys[:, None] == batch.right_keys[None, :]
    )
    np.fill_diagonal(same, False)
    scores = scores.masked_fill(torch.from_numpy(same), -1e4)
    labels = torch.arange(len(batch.left))
    return (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)) / 2


def _parts(words: list[str]) -> sparse.csr_array:
    """(words, words): 1 where the second is a character of the first, or a shorter word in it."""
    number = {word: i for i, word in enumerate(words)}
    first: list[int] = []
    second: list[int] = []
    for i, word in enumerate(words[1:], 1):  # the unknown word has no parts
        pieces = {word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1)} - {word}
        found = sorted(number[piece] for piece in pieces if piece in number)
        first += [i] * len(found)
        second += found
    return sparse.csr_array((np.ones(len(first), dtype=np.float32), (first, second)), shape=(len(words),) * 2)


def _to_torch(matrix: sparse.csr_array) -> Tensor:
    return torch.sparse_csr_tensor(
        torch.from_numpy(matrix.indptr.astype(np.int64)),
        torch.from_numpy(matrix.indices.astype(np.int64)),
        torch.from_numpy(matrix.data),
        size=matrix.shape,
        check_invariants=False,
    )
