"""The completer's network: the reader's encoder, and a decoder that points at what it copies."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.reader.encoding import PAD, SEP
from embeddings.reader.train.network import Network, Shape

OFFSETS = 8  # positions before and behind the last copied one that are told apart
DEPTH = 2  # layers of the decoder
MEMORY = 2 * DEPTH + 2  # vectors that the decoder keeps of a position


class Layer(nn.Module):
    """What has been written so far, then what stands in the conversation."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.gru = nn.GRU(width, width, batch_first=True)
        self.between = nn.LayerNorm(width)
        self.query, self.key_value = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)
        self.last = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, state: Tensor, both: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Keys and values ``both`` (B, S, 2 width) of the conversation, ``state`` (1, B, width)."""
        rows, steps, width = x.shape
        size = width // self.heads
        written, state = (
            self._stepped(self.before(x), state) if steps == 1 else self.gru(self.before(x), state)
        )
        x = x + self.drop(written)
        query = self.query(self.between(x)).view(rows, steps, self.heads, size).transpose(1, 2)
        key, value = both.view(rows, both.shape[1], 2, self.heads, size).permute(2, 0, 3, 1, 4).unbind(0)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = x + self.drop(self.out(seen.transpose(1, 2).reshape(rows, steps, width)))
        x = x + self.drop(self.down(functional.gelu(self.up(self.last(x)), approximate="tanh")))
        return x, state

    def _stepped(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One step of the GRU as matrix products, which are rounded to 8 bits as all others are."""
        by_input, by_state, of_input, of_state = self.gru.parameters()
        new = functional.linear(x[:, 0], by_input, of_input).chunk(3, 1)
        old = functional.linear(state[0], by_state, of_state).chunk(3, 1)
        kept = torch.sigmoid(new[1] + old[1])
        fresh = torch.tanh(new[2] + torch.sigmoid(new[0] + old[0]) * old[2])
        after = (1 - kept) * fresh + kept * state[0]
        return after.unsqueeze(1), after.unsqueeze(0)


class Completion(nn.Module):
    """Rows of S positions and what is written, T characters, to log-probabilities of what comes next.

    The next character is copied from one of S positions, or one of G that may be written, the first of them the end.
    """

    def __init__(self, shape: Shape, glue: int) -> None:
        super().__init__()
        width = shape.width
        self.encoder = Network(shape)
        self.carry = nn.Linear(width, width)
        self.layers = nn.ModuleList(Layer(width, shape.heads, shape.dropout) for _ in range(DEPTH))
        self.norm = nn.LayerNorm(width)
        self.point, self.pointed = nn.Linear(width, width), nn.Linear(width, width)
        self.offset = nn.Linear(width, 2 * OFFSETS + 2)
        self.again = nn.Linear(width, 1)
        self.write = nn.Linear(width, glue)
        self.whole = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.drop = nn.Dropout(shape.dropout)

    def read(self, ids: Tensor, parts: Tensor, runs: Tensor, padded: bool = True) -> tuple[Tensor, Tensor]:
        """States (B, S, width), and the log-odds that nothing is missing, (B,)."""
        states = self.encoder.states(ids, parts, runs, padded)
        asked = ((parts == 0) & (ids != PAD)).unsqueeze(-1).to(states.dtype)
        mean = (states * asked).sum(1) / asked.sum(1)
        return states, self.whole(torch.cat([states[:, 0], mean], -1)).squeeze(-1)

    def remembered(self, told: Tensor) -> Tensor:
        """States (B, S, width) as the decoder needs them at every step, (B, S, MEMORY width)."""
        keys: list[Tensor] = [layer.key_value(told) for layer in self.layers]  # type: ignore[operator]
        return torch.cat([*keys, self.pointed(told), self.carry(told)], -1)

    def next(
        self,
        memory: Tensor,
        ids: Tensor,
        last: Tensor,
        at: Tensor,
        latest: Tensor,
        used: Tensor,
        state: Tensor,
        padded: bool = True,
    ) -> tuple[Tensor, Tensor]:
        """Log-probabilities (B, T, S + G) of what comes next, and the state after it.

        Args:
            memory: (B, S, MEMORY width) of the row.
            ids: (B, S) its characters.
            last: (B, T) the character before, CLS at the beginning.
            at: (B, T) where it was copied from, 0 where it was written.
            latest: (B, T) the position copied last, 0 where none was.
            used: (B, T, S) 1 where a position was copied before.
            state: (DEPTH, B, width).
        """
        width = memory.shape[2] // MEMORY
        *both, pointed, carried = torch.split(memory, [*[2 * width] * DEPTH, width, width], -1)
        taken = carried.gather(1, at.unsqueeze(-1).expand(-1, -1, width))
        x = self.encoder.characters(last) + taken * (at > 0).unsqueeze(-1).to(memory.dtype)
        x = self.drop(x)
        shown = (ids != PAD)[:, None, None, :] if padded else None
        states = []
        for number, layer in enumerate(self.layers):
            x, after = layer(x, state[number : number + 1], both[number], shown)
            states.append(after)
        x = self.norm(x)
        scores = self.point(x) @ pointed.transpose(1, 2) * width**-0.5
        places = torch.arange(ids.shape[1], device=ids.device)
        offsets = (places - latest.unsqueeze(-1)).clamp(-OFFSETS, OFFSETS) + OFFSETS
        offsets = torch.where((latest > 0).unsqueeze(-1), offsets, 2 * OFFSETS + 1)
        scores = scores + self.offset(x).gather(2, offsets) + self.again(x) * used
        scores = scores.masked_fill((ids <= SEP).unsqueeze(1) & (ids != 1).unsqueeze(1), -1e4)
        return torch.log_softmax(torch.cat([scores, self.write(x)], -1), -1), torch.cat(states)
