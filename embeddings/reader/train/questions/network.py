"""The question reader's network: the body of the passage reader over a question alone, with heads of its own."""

import torch
from torch import Tensor, nn

from embeddings.reader.passages import INPUTS, POSITIONS
from embeddings.reader.questions import MARKS
from embeddings.reader.train.passages.network import PassageNetwork

EACH = 32  # width of the layer by which the words that stand for all places are marked


class QuestionNetwork(nn.Module):
    """Ids of questions, (B, T), to the logits of all labels, (B, L), and of the marks of each character, (B, T, M)."""

    def __init__(self, body: PassageNetwork, labels: int) -> None:
        super().__init__()
        self.body = body
        width = body.shape.width
        self.verdicts = nn.Sequential(
            nn.Linear(2 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, labels)
        )
        self.marks = nn.Linear(width, len(MARKS) - 1)
        # the last mark, learned later by layers of its own, so that everything else stays as it was
        self.each = nn.Sequential(nn.Linear(width, EACH), nn.GELU(), nn.Dropout(0.3), nn.Linear(EACH, 1))

    def forward(self, ids: Tensor, padded: bool = True) -> tuple[Tensor, Tensor]:
        nothing = torch.zeros_like(ids)
        known = {"ids": ids, "places": (torch.ones_like(ids).cumsum(-1) - 1).clamp(max=POSITIONS - 1)}
        states = self.body.states(torch.stack([known.get(name, nothing) for name in INPUTS], 1), padded)
        real = (ids != 0).unsqueeze(-1).to(states.dtype)
        mean = (states * real).sum(1) / real.sum(1)
        marks = torch.cat([self.marks(states), self.each(states)], -1)
        return self.verdicts(torch.cat([states[:, 0], mean], -1)), marks
