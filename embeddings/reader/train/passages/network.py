"""The passage reader's network: the sentence reader's transformer over whole passages, with other heads."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from embeddings.reader.base import PAD, RUNS, SENTENCE
from embeddings.reader.passages import MOST_PIECES, POSITIONS
from embeddings.reader.train.network import Block, Network, Shape

MARKS = ("begin", "end", "answer", "clause")  # of a character, in this order
# Added to the logits of what is not to be seen. Below -87 exp() gives denormal numbers, and softmax takes ten times as long.
HIDDEN = -40.0
VERDICTS = ("answered", "yes")  # of a row


@dataclass(frozen=True, slots=True)
class Output:
    """Logits of B rows of T positions.

    Args:
        verdicts: (B, 2): the passage answers, against not; yes, against no.
        marks: (B, T, 4): the answer begins here, ends here, holds this character; the proof holds it.
    """

    verdicts: Tensor
    marks: Tensor


class PassageNetwork(nn.Module):
    """Rows of characters, (B, 5, T), to verdicts on the row and marks of its characters.

    In the lower half of the layers a sentence of the passage sees itself, the question and the context line alone, as
    the sentence reader does whose weights it begins with; in the upper half everything sees everything.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.characters = nn.Embedding(shape.characters, shape.width)
        self.positions = nn.Embedding(POSITIONS, shape.width)
        self.parts = nn.Embedding(3, shape.width)
        self.runs = nn.Embedding(RUNS, shape.width)
        for table in (self.characters, self.positions, self.parts, self.runs):
            nn.init.normal_(table.weight, std=0.02)
        self.pieces = nn.Embedding(MOST_PIECES, shape.width)
        nn.init.zeros_(self.pieces.weight)
        self.drop = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.marks = nn.Linear(shape.width, len(MARKS))
        self.look = nn.Linear(shape.width, 1)  # which characters a verdict rests on
        nn.init.zeros_(self.look.weight)
        self.verdicts = nn.Sequential(
            nn.Linear(2 * shape.width, shape.width), nn.GELU(), nn.Linear(shape.width, len(VERDICTS))
        )

    def keep_lower(self) -> None:
        """Leaves the lower half as it is: what reads single sentences well need not learn that again."""
        for module in (
            self.characters,
            self.positions,
            self.parts,
            self.runs,
            *self.blocks[: len(self.blocks) // 2],
        ):
            module.requires_grad_(False)

    def states(self, rows: Tensor, padded: bool) -> Tensor:
        """(B, T, width)."""
        ids, parts, runs, places, pieces = rows.unbind(1)
        x = self.characters(ids) + self.parts(parts) + self.runs(runs)
        x = self.drop(x + self.positions(places))
        own, other = pieces.unsqueeze(2), pieces.unsqueeze(1)
        seen = (own == other) | (own == 0) | (other == 0)
        real = (ids != PAD).unsqueeze(1).expand_as(seen) if padded else None
        near = _hidden(seen if real is None else seen & real, x)
        half = len(self.blocks) // 2
        for block in self.blocks[:half]:
            x = block(x, near)
        x = x + self.pieces(pieces)
        everything = None if real is None else _hidden(real, x)
        for block in self.blocks[half:]:
            x = block(x, everything)
        normed: Tensor = self.norm(x)
        return normed

    def forward(self, rows: Tensor, padded: bool = True) -> Output:
        states = self.states(rows, padded)
        looked = self.look(states).squeeze(-1).masked_fill(rows[:, 1] != SENTENCE, HIDDEN)
        rested = (torch.softmax(looked, -1).unsqueeze(-1) * states).sum(1)
        verdicts = self.verdicts(torch.cat([states[:, 0], rested], -1))
        return Output(verdicts, self.marks(states))


def _hidden(seen: Tensor, like: Tensor) -> Tensor:
    """What is added to attention so that only what is seen counts, (B, 1, T, T)."""
    return ((~seen).to(like.dtype) * HIDDEN).unsqueeze(1)


def begun_from(network: Network) -> PassageNetwork:
    """A passage reader that begins where a sentence reader ended."""
    begun = PassageNetwork(network.shape)
    old, new = network.state_dict(), begun.state_dict()
    shared = {name: value for name, value in old.items() if name in new and new[name].shape == value.shape}
    shared["marks.weight"] = torch.cat([old["span.weight"], new["marks.weight"][2:]])
    shared["marks.bias"] = torch.cat([old["span.bias"], new["marks.bias"][2:] - 3.0])
    shared["verdicts.0.weight"], shared["verdicts.0.bias"] = (
        old["relevance.0.weight"],
        old["relevance.0.bias"],
    )
    shared["verdicts.2.weight"] = torch.cat([old["relevance.2.weight"], new["verdicts.2.weight"][1:]])
    shared["verdicts.2.bias"] = torch.cat([old["relevance.2.bias"], torch.zeros(1)])
    begun.load_state_dict({**new, **shared})
    return begun
