"""The network of the reader of pairs: the body of the passage reader over two clauses, with a head of its own."""

import torch
from torch import Tensor, nn

from embeddings.reader.pairs import RELATIONS
from embeddings.reader.passages import INPUTS, POSITIONS
from embeddings.reader.train.passages.network import PassageNetwork


class PairNetwork(nn.Module):
    """Characters, mentions and shared runs of pairs, each (B, T), to the logits of ``RELATIONS``, (B, 9)."""

    def __init__(self, body: PassageNetwork) -> None:
        super().__init__()
        self.body = body
        width = body.shape.width
        self.relation = nn.Sequential(
            nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, len(RELATIONS))
        )

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor, padded: bool = True) -> Tensor:
        places = (torch.ones_like(ids).cumsum(-1) - 1).clamp(max=POSITIONS - 1)
        known = {"ids": ids, "parts": parts, "runs": runs, "places": places}
        nothing = torch.zeros_like(ids)
        states = self.body.states(torch.stack([known.get(name, nothing) for name in INPUTS], 1), padded)
        own = [(parts == mention).unsqueeze(-1).to(states.dtype) for mention in (1, 2)]
        means = [(states * mask).sum(1) / mask.sum(1).clamp(min=1) for mask in own]
        told: Tensor = self.relation(torch.cat([states[:, 0], *means], -1))
        return told
