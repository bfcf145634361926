"""The encoder of readers: a transformer over characters, pretrained once and learned on with the heads of each task."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.reader.base import PAD, RUNS

PARTS = 3
HEAD = 64  # width of an attention head
MOST = 512  # positions
SLOWEST = 10_000.0  # positions, divided by 2π, in which the slowest rotation goes round


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an encoder; ``width`` is a multiple of 64."""

    characters: int
    width: int = 384
    layers: int = 8
    dropout: float = 0.0


def shape_of(state: Mapping[str, Tensor], within: str = "") -> Shape:
    """The sizes of an encoder, read off its weights, whose names begin with ``within``."""
    characters, width = state[f"{within}characters.weight"].shape
    layers = sum(name.startswith(within) and name.endswith("mix.weight") for name in state)
    return Shape(characters, width, layers)


class Block(nn.Module):
    """Attention and a feed-forward layer, each behind its norm.

    Attention knows how far characters are apart by rotation (RoPE); each character is mixed with the two beside it
    before, so that pairs of characters need no attention. Nothing is added by what has not learned yet.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.beside = nn.Parameter(torch.zeros(2, width))
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.drop = nn.Dropout(shape.dropout)
        for linear in (self.mix, self.up):
            nn.init.normal_(linear.weight, std=width**-0.5)
        for linear in (self.out, self.down):
            nn.init.zeros_(linear.weight)
        for linear in (self.mix, self.up, self.out, self.down):
            nn.init.zeros_(linear.bias)

    def forward(
        self, x: Tensor, seen: Tensor | None, real: Tensor | None, turns: tuple[Tensor, Tensor]
    ) -> Tensor:
        """(B, T, width) to the same.

        Args:
            x: states.
            seen: which positions are attended to, (B, 1, 1, T); None: all.
            real: 1 at characters and 0 at padding, (B, T, 1); None: no padding.
            turns: cosine and sine of each position's rotation, (T, 64) each.
        """
        rows, length, width = x.shape
        normed = self.before(x)
        if real is not None:
            normed = normed * real
        left = functional.pad(normed[:, :-1], (0, 0, 1, 0))
        right = functional.pad(normed[:, 1:], (0, 0, 0, 1))
        normed = normed + self.beside[0] * left + self.beside[1] * right
        mixed = self.mix(normed).view(rows, length, 3, width // HEAD, HEAD)
        query, key, value = mixed.permute(2, 0, 3, 1, 4)
        query, key = (_turned(each, *turns).to(value.dtype) for each in (query, key))
        mean = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        x = x + self.drop(self.out(mean.transpose(1, 2).reshape(rows, length, width)))
        wider = functional.gelu(self.up(self.between(x)), approximate="tanh")
        added: Tensor = x + self.drop(self.down(wider))
        return added


def _turned(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    half = HEAD // 2
    return x * cosine + torch.cat([x[..., half:], x[..., :half]], -1) * sine


class Encoder(nn.Module):
    """Characters, their parts and shared runs, (B, T) each, to states, (B, T, width)."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.characters = nn.Embedding(shape.characters, width)
        self.parts = nn.Embedding(PARTS, width)
        self.runs = nn.Embedding(RUNS, width)
        nn.init.normal_(self.characters.weight, std=0.02)
        for table in (self.parts, self.runs):
            nn.init.zeros_(table.weight)
        self.first = nn.LayerNorm(width)
        self.drop = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(width)
        half = HEAD // 2
        angle = torch.arange(MOST).float()[:, None] * SLOWEST ** (-torch.arange(half) / half)
        self.register_buffer("cosine", torch.cat([angle.cos(), angle.cos()], 1), persistent=False)
        self.register_buffer("sine", torch.cat([-angle.sin(), angle.sin()], 1), persistent=False)

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor, padded: bool = True) -> Tensor:
        x = self.drop(self.first(self.characters(ids) + self.parts(parts) + self.runs(runs)))
        own = ids != PAD
        seen = own[:, None, None, :] if padded else None
        real = own.unsqueeze(-1).to(x.dtype) if padded else None
        turns = (self.cosine[: ids.shape[1]].to(x.dtype), self.sine[: ids.shape[1]].to(x.dtype))
        for block in self.blocks:
            x = block(x, seen, real, turns)
        normed: Tensor = self.norm(x)
        return normed
