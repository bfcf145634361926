"""Muon: momentum whose steps on matrices are made orthogonal, as Keller Jordan describes it; matrices of one shape together.

``torch.optim.Muon`` takes one matrix after the other, with some hundred small kernels for each, and a query, key and
value that stand in one matrix as one.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

RATES = (3.4445, -4.7750, 2.0315)  # of the Newton-Schulz steps
STEPS = 5
LIKE_ADAM = 0.2  # root mean square of a step at rate 1, as Adam's steps have it


class Muon(torch.optim.Optimizer):
    """Steps on matrices; other parameters belong to another optimiser."""

    def __init__(
        self, matrices: Iterable[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """One step; gradients must be there."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[Tensor]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    shapes.setdefault(matrix.shape, []).append(matrix)
            for matrices in shapes.values():
                self._step(matrices, group)

    def _step(self, matrices: list[Tensor], group: dict[str, Any]) -> None:
        gradients = torch.stack([matrix.grad for matrix in matrices if matrix.grad is not None])
        state = self.state[matrices[0]]
        mean = state.setdefault("mean", torch.zeros_like(gradients))
        mean.lerp_(gradients, 1 - group["momentum"])
        ahead = gradients.lerp(mean, group["momentum"])
        count, rows, columns = ahead.shape
        cut = 3 if rows == 3 * columns else 1  # query, key and value each by itself
        ahead = ahead.reshape(count * cut, rows // cut, columns)
        added = orthogonal(ahead) * LIKE_ADAM * max(ahead.shape[1:]) ** 0.5
        torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
        steps = list(added.reshape(count, rows, columns).to(matrices[0].dtype).unbind())
        torch._foreach_add_(matrices, steps, alpha=-group["lr"])


def orthogonal(matrices: Tensor) -> Tensor:
    """Matrices, (N, R, C), with all singular values near 1."""
    x = matrices.bfloat16() if matrices.is_cuda else matrices
    wide = x.shape[1] <= x.shape[2]
    x = x if wide else x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    one, three, five = RATES
    for _ in range(STEPS):
        square = x @ x.transpose(1, 2)
        x = one * x + (three * square + five * square @ square) @ x
    made: Tensor = x if wide else x.transpose(1, 2)
    return made
