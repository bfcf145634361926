"""Trains word rows: a text is the sum of its words' rows, and texts that belong together point the same way.

The row of a word is ``weight * (own vector + vectors of its characters and shorter words)``, so rare words
start from their parts; every weight is learned. Afterwards each row is folded into one vector, and neither
parts nor weights are shipped. Loss: in-batch negatives (Henderson et al. 2017, arXiv:1705.00652).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Batch", "Schedule", "WordRows", "train_rows"]

PARTS = 10  # of a word, itself included
Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as word numbers; ``left[i]`` belongs to ``right[i]``, equal keys are no negatives of each other."""

    left: list[Ids]
    right: list[Ids]
    left_keys: npt.NDArray[np.int64]
    right_keys: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast: linear warm-up, then linear decay over ``seconds``."""

    seconds: float
    rate: float = 2e-3
    weight_rate: float = 1e-2
    warm_up: float = 0.03
    temperature: float = 0.05


class WordRows(nn.Module):
    """Vectors of words, made of their parts."""

    def __init__(self, words: list[str], log_frequencies: npt.NDArray[np.float64], dimension: int) -> None:
        super().__init__()
        self.register_buffer("parts", _parts(words))
        self.vectors = nn.Parameter(torch.randn(len(words) + 1, dimension) / dimension**0.5)
        frequency = torch.from_numpy(np.exp(log_frequencies)).float()
        self.log_weights = nn.Parameter(torch.log(1e-3 / (1e-3 + frequency)))
        with torch.no_grad():
            self.vectors[-1] = 0.0

    def rows(self, numbers: Tensor) -> Tensor:
        """Folded rows of these words, (n, dimension)."""
        parts: Tensor = self.parts  # type: ignore[assignment]
        padding = self.vectors.shape[0] - 1
        summed = functional.embedding_bag(parts[numbers], self.vectors, mode="sum", padding_idx=padding)
        return summed * torch.exp(self.log_weights[numbers])[:, None]

    def encode(self, texts: list[Ids]) -> Tensor:
        """Unit vectors of texts, (n, dimension)."""
        lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
        flat = torch.from_numpy(np.concatenate(texts).astype(np.int64))
        offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]]))
        numbers, inverse = torch.unique(flat, return_inverse=True)
        return functional.normalize(
            functional.embedding_bag(inverse, self.rows(numbers), offsets, mode="sum"), dim=1
        )

    def export(self) -> npt.NDArray[np.float32]:
        """One folded row a word; the unknown word is the zero vector."""
        with torch.no_grad():
            folded = self.rows(torch.arange(self.vectors.shape[0] - 1))
            folded[0] = 0.0
        return folded.numpy().astype(np.float32)


def train_rows(
    rows: WordRows, batches: Iterator[Batch], schedule: Schedule, say: Callable[[str], None]
) -> int:
    """Trains in place until the time is over; returns the number of steps."""
    optimizer = torch.optim.Adam(
        [
            {"params": [rows.vectors], "lr": schedule.rate},
            {"params": [rows.log_weights], "lr": schedule.weight_rate},
        ]
    )
    base = [group["lr"] for group in optimizer.param_groups]
    start, step, mean_loss = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - start) / schedule.seconds) < 1.0:
        factor = min(done / schedule.warm_up, 1.0, (1.0 - done) / (1.0 - schedule.warm_up))
        for group, rate in zip(optimizer.param_groups, base, strict=True):
            group["lr"] = rate * max(factor, 0.01)
        loss = _loss(rows, next(batches), schedule.temperature)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        rows.vectors.grad[-1] = 0.0  # type: ignore[index]
        optimizer.step()
        step += 1
        mean_loss += (loss.item() - mean_loss) * max(0.01, 1 / step)
        if step % 100 == 0:
            say(f"step {step}  loss {mean_loss:.3f}  {done:.0%}")
    return step


def _loss(rows: WordRows, batch: Batch, temperature: float) -> Tensor:
    encoded = rows.encode(batch.left + batch.right)
    left, right = encoded[: len(batch.left)], encoded[len(batch.left) :]
    scores = left @ right.T / temperature
    same = (batch.left_keys[:, None] == batch.left_keys[None, :]) | (
        batch.right_keys[:, None] == batch.right_keys[None, :]
    )
    np.fill_diagonal(same, False)
    scores = scores.masked_fill(torch.from_numpy(same), -1e4)
    labels = torch.arange(len(batch.left))
    return (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)) / 2


def _parts(words: list[str]) -> Tensor:
    """(words, PARTS) numbers of each word, its characters and the shorter words in it, padded."""
    number = {word: i for i, word in enumerate(words)}
    padding = len(words)
    parts = torch.full((len(words), PARTS), padding, dtype=torch.long)
    for i, word in enumerate(words):
        found = [i]
        if i > 0 and len(word) > 1:
            pieces = [
                word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1) if b - a < len(word)
            ]
            pieces.sort(key=len)
            found += [number[piece] for piece in pieces if piece in number]
        parts[i, : min(len(found), PARTS)] = torch.tensor(found[:PARTS])
    return parts
