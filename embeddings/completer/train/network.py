"""The completer's network: the reader's encoder, and heads that say which position follows which; and how it is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.completer.completer import GLUE, MODEL
from embeddings.completer.encoding import FURTHEST
from embeddings.reader.base import CHARACTERS
from embeddings.reader.encoding import CLS, PAD, QUESTION, SEP, Alphabet
from embeddings.reader.train.network import Network, Shape
from embeddings.reader.train.quantized import Traced, write_folder

WEIGHTS = "completer.safetensors"
OFFSETS = 8  # positions before and behind that are told apart
NEVER = -1e4


class Completion(nn.Module):
    """Rows of S positions, (B, S) each, to what :class:`embeddings.completer.ways.Verdicts` holds.

    Each with B before it; the last is the log-odds that nothing is missing, (B,). Rows are padded only while it learns.
    """

    def __init__(self, shape: Shape, glue: int) -> None:
        super().__init__()
        width = shape.width
        self.encoder = Network(shape)
        self.here, self.there = nn.Linear(width, width), nn.Linear(width, width)
        self.offset = nn.Linear(width, 2 * OFFSETS + 1)
        self.stays = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        self.glue = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, glue))
        self.years = nn.Linear(width, 2 * FURTHEST + 1)
        self.whole = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> tuple[Tensor, ...]:
        states = self.drop(self.encoder.states(ids, parts, runs, self.training))
        asked = ((parts == QUESTION) & (ids != PAD)).unsqueeze(-1).to(states.dtype)
        mean = (states * asked).sum(1) / asked.sum(1)
        whole = self.whole(torch.cat([states[:, 0], mean], -1)).squeeze(-1)
        stays = self.stays(states).squeeze(-1)
        scores = self.here(states) @ self.there(states).transpose(1, 2) * states.shape[2] ** -0.5
        places = torch.arange(ids.shape[1], device=ids.device)
        offsets = (places[None] - places[:, None]).clamp(-OFFSETS, OFFSETS) + OFFSETS
        scores = scores + self.offset(states).gather(2, offsets.expand(len(ids), -1, -1))
        scores = scores + stays.unsqueeze(1) * (places > 0)
        closed = (ids <= SEP) & (ids != CLS) & (ids != 1)  # characters that are not known may be copied too
        scores = scores.float().masked_fill(closed.unsqueeze(1), NEVER)
        scores = scores.masked_fill((places[None] == places[:, None]) & (places[None] > 0), NEVER)
        return (
            functional.log_softmax(scores, -1),
            stays.float(),
            functional.log_softmax(self.glue(states).float(), -1),
            functional.log_softmax(self.years(states).float(), -1),
            whole.float(),
        )


def export(network: Completion, alphabet: Alphabet, glue: Sequence[str], folder: Path) -> None:
    """Writes a model folder: the network in 8 bits, its characters, what it may write, and the checksums of all."""
    row = {name: torch.ones((1, 60), dtype=torch.int64) for name in ("ids", "parts", "runs")}
    outputs = ("following", "stays", "glue", "years", "whole")
    free = {name: {1: "length"} for name in (*row, *outputs[:-1])}
    free["following"] = {1: "length", 2: "length"}
    traced = Traced(network.cpu().eval(), row, outputs, free)
    write_folder(folder, {MODEL: traced}, {CHARACTERS: alphabet.characters, GLUE: "\n".join(glue)})
