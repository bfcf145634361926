"""The completer's network: the pretrained encoder with heads that complete follow-ups and judge complete forms."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.completer.completer import FURTHEST, GLUE, MODEL, Completer, CompletionJudge
from embeddings.reader.base import CHARACTERS, CLS, PAD, QUESTION, SENTENCE, SEP, UNKNOWN
from embeddings.reader.train.encoder import Encoder, Shape
from embeddings.reader.train.quantized import Traced, write_folder

INPUTS = ("ids", "parts", "runs")
WEIGHTS = "completer"  # what the pieces of its weights are called
OFFSETS = 8  # positions before and behind that are told apart
NEVER = -1e4


class CompleterNetwork(nn.Module):
    """Rows of T positions, (B, T) each, to what completes them, or to how likely each form is meant."""

    def __init__(self, shape: Shape, glue: int) -> None:
        super().__init__()
        width = shape.width
        self.encoder = Encoder(shape)
        self.here, self.there = nn.Linear(width, width), nn.Linear(width, width)
        self.offset = nn.Linear(width, 2 * OFFSETS + 1)
        self.stays = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        self.glue = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, glue))
        self.years = nn.Linear(width, 2 * FURTHEST + 1)
        self.whole = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.verdict = nn.Sequential(
            nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, 1)
        )

    def completed(self, ids: Tensor, parts: Tensor, runs: Tensor) -> tuple[Tensor, ...]:
        """What :class:`embeddings.completer.completer.Verdicts` holds, each with B before it, and the log-odds that nothing is missing."""
        return self._completed(self.encoder(ids, parts, runs), ids, parts)

    def judged(self, ids: Tensor, parts: Tensor, runs: Tensor) -> Tensor:
        """The log-odds that each form is what was meant, (B,)."""
        return self._judged(self.encoder(ids, parts, runs), ids, parts)

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> tuple[Tensor, ...]:
        """Both, of rows without padding."""
        states = self.encoder(ids, parts, runs, False)
        return *self._completed(states, ids, parts), self._judged(states, ids, parts)

    def _completed(self, states: Tensor, ids: Tensor, parts: Tensor) -> tuple[Tensor, ...]:
        asked = _mean(states, (parts == QUESTION) & (ids != PAD))
        whole = self.whole(torch.cat([states[:, 0], asked], -1)).squeeze(-1)
        stays = self.stays(states).squeeze(-1)
        scores = self.here(states) @ self.there(states).transpose(1, 2) * states.shape[2] ** -0.5
        places = torch.arange(ids.shape[1], device=ids.device)
        offsets = (places[None] - places[:, None]).clamp(-OFFSETS, OFFSETS) + OFFSETS
        scores = scores + self.offset(states).gather(2, offsets.expand(len(ids), -1, -1))
        scores = scores + stays.unsqueeze(1) * (places > 0)
        closed = (ids <= SEP) & (ids != CLS) & (ids != UNKNOWN)  # what is not known may be copied too
        scores = scores.float().masked_fill(closed.unsqueeze(1), NEVER)
        scores = scores.masked_fill((places[None] == places[:, None]) & (places[None] > 0), NEVER)
        return (
            functional.log_softmax(scores, -1),
            stays.float(),
            functional.log_softmax(self.glue(states).float(), -1),
            functional.log_softmax(self.years(states).float(), -1),
            whole.float(),
        )

    def _judged(self, states: Tensor, ids: Tensor, parts: Tensor) -> Tensor:
        means = [_mean(states, (parts == part) & (ids != PAD)) for part in (QUESTION, SENTENCE)]
        told: Tensor = self.verdict(torch.cat([states[:, 0], *means], -1)).squeeze(-1).float()
        return told


def _mean(states: Tensor, own: Tensor) -> Tensor:
    mask = own.unsqueeze(-1).to(states.dtype)
    mean: Tensor = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
    return mean


def export(network: CompleterNetwork, characters: str, glue: Sequence[str], folder: Path) -> None:
    """Writes a model folder: the network in 8 bits, its characters, what it may write, and the checksums of all."""
    row = {name: torch.ones((1, 60), dtype=torch.int64) for name in INPUTS}
    outputs = (*Completer.OUTPUTS, *CompletionJudge.OUTPUTS)
    free = {name: {1: "length"} for name in (*INPUTS, "stays", "glue", "years")}
    free["following"] = {1: "length", 2: "length"}
    traced = Traced(network.cpu().eval(), row, outputs, free)
    write_folder(folder, {MODEL: traced}, {CHARACTERS: characters, GLUE: "\n".join(glue)})
