"""The reader's network: a transformer over characters with two heads, relevance and span."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from embeddings.reader.base import PAD, RUNS

POSITIONS = 200
WEIGHTS = "reader.safetensors"


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network."""

    characters: int
    width: int = 256
    heads: int = 4
    layers: int = 6
    dropout: float = 0.1


class Block(nn.Module):
    """Attention and a feed-forward layer, each behind its norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, shape.dropout
        self.before = nn.LayerNorm(shape.width)
        self.mix = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.between = nn.LayerNorm(shape.width)
        self.up = nn.Linear(shape.width, 4 * shape.width)
        self.down = nn.Linear(4 * shape.width, shape.width)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, width = x.shape
        mixed = self.mix(self.before(x)).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = mixed.permute(2, 0, 3, 1, 4)
        if mask is not None and mask.dtype != torch.bool:
            mask = mask.to(query.dtype)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = x + self.drop(self.out(seen.transpose(1, 2).reshape(rows, length, width)))
        wider = functional.gelu(self.up(self.between(x)), approximate="tanh")
        added: Tensor = x + self.drop(self.down(wider))
        return added


class Network(nn.Module):
    """Characters, their parts and shared runs, (B, T) each, to relevance (B,) and span logits (B, T, 2)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.characters = nn.Embedding(shape.characters, shape.width)
        self.positions = nn.Embedding(POSITIONS, shape.width)
        self.parts = nn.Embedding(3, shape.width)
        self.runs = nn.Embedding(RUNS, shape.width)
        for table in (self.characters, self.positions, self.parts, self.runs):
            nn.init.normal_(table.weight, std=0.02)
        self.drop = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.guess = nn.Sequential(  # of a character that was hidden
            nn.Linear(shape.width, shape.width), nn.GELU(), nn.LayerNorm(shape.width)
        )
        self.often = nn.Parameter(torch.zeros(shape.characters))
        self.relevance = nn.Sequential(
            nn.Linear(2 * shape.width, shape.width), nn.GELU(), nn.Linear(shape.width, 1)
        )
        self.span = nn.Linear(shape.width, 2)

    def states(self, ids: Tensor, parts: Tensor, runs: Tensor, padded: bool = True) -> Tensor:
        """(B, T, width)."""
        x = self.characters(ids) + self.parts(parts) + self.runs(runs) + self.positions.weight[: ids.shape[1]]
        x = self.drop(x)
        mask = (ids != PAD)[:, None, None, :] if padded else None
        for block in self.blocks:
            x = block(x, mask)
        normed: Tensor = self.norm(x)
        return normed

    def hidden(self, ids: Tensor, parts: Tensor, runs: Tensor, at: Tensor) -> Tensor:
        """Logits over all characters for the positions where ``at`` is true, (N, characters)."""
        states = self.states(ids, parts, runs)[at]
        guessed: Tensor = self.guess(states) @ self.characters.weight.T + self.often
        return guessed

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor, padded: bool = True) -> tuple[Tensor, Tensor]:
        states = self.states(ids, parts, runs, padded)
        told = (parts == 2).unsqueeze(-1).to(states.dtype)
        mean = (states * told).sum(1) / told.sum(1).clamp(min=1.0)
        return self.relevance(torch.cat([states[:, 0], mean], -1)).squeeze(-1), self.span(states)


def shape_of(state: Mapping[str, Tensor]) -> Shape:
    """The sizes of a network, read off its weights."""
    characters, width = state["characters.weight"].shape
    return Shape(characters, width, width // 64, sum(name.endswith("mix.weight") for name in state))


def written_network(folder: Path) -> Network:
    """The network that ``python -m embeddings.reader.train`` wrote into a folder.

    Raises:
        FileNotFoundError: there is none.
    """
    state = {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}
    network = Network(shape_of(state))
    network.load_state_dict(state)
    return network
