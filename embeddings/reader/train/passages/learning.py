"""Trains the passage reader: verdicts on the passage, marks of its characters, from a checkpoint where there is one."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim.swa_utils import AveragedModel

from embeddings.reader.base import Alphabet
from embeddings.reader.passages import INPUTS, passage_row

from .network import MARKS, Output, PassageNetwork
from .rows import Asked

UNKNOWN = -1.0  # a label that is not known and not learned
BLIND = 0.1  # of rows do not tell which characters are shared
BARE = 0.15  # of rows have no context line
POOLED = 32  # batches whose rows are sorted by length together
TAKEN = 0.0005  # of the weights into their running mean at each step: half of it is of the last 1,400 steps
LEAST = 0.2  # of the rate at the end
SPAN, INSIDE, CLAUSE, YES = 0.5, 4.0, 2.0, 0.5  # weights beside the verdict's


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast is learned."""

    rows: int  # all rows that are learned, counted again when seen again
    batch: int  # characters of a step, padding included
    rate: float
    seconds: float  # learning ends after so long, should it come before
    kept: float = 240  # seconds from checkpoint to checkpoint


@dataclass(frozen=True, slots=True)
class Batch:
    """B rows of T positions with their labels.

    Args:
        rows: (B, 5, T).
        answered: (B,) 0 or 1.
        yes: (B,) 0, 1 or -1.
        marks: (B, 4, T) 0 or 1, begin, end, answer, clause; -1 where not known or not of the passage.
    """

    rows: Tensor
    answered: Tensor
    yes: Tensor
    marks: Tensor

    def to(self, device: str) -> Batch:
        """The same on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def batch_of(asked: Sequence[Asked], alphabet: Alphabet, draw: random.Random | None = None) -> Batch:
    """Rows of numbers of some questions; some lose their context line and shared runs where ``draw`` is given."""
    made = [
        passage_row(alphabet, a.question, "" if draw and draw.random() < BARE else a.context, a.passage)
        for a in asked
    ]
    width = max(row.values.shape[1] for row in made)
    rows = np.zeros((len(made), len(INPUTS), width), dtype=np.int64)
    marks = np.full((len(made), len(MARKS), width), UNKNOWN, dtype=np.float32)
    for number, (one, row) in enumerate(zip(asked, made, strict=True)):
        rows[number, :, : row.values.shape[1]] = row.values
        if draw and draw.random() < BLIND:
            rows[number, INPUTS.index("runs")] = 0
        own = marks[number, :, row.start : row.start + row.length]
        if one.spans or not one.answered:
            own[2] = 0
        if one.spans:
            own[:2] = 0
        for start, end in one.spans:
            own[0, start], own[1, end - 1] = 1, 1
            own[2, start:end] = 1
        if one.clause:
            own[3] = 0
            own[3, one.clause[0] : one.clause[1]] = 1
    return Batch(
        torch.from_numpy(rows),
        torch.tensor([float(a.answered) for a in asked]),
        torch.tensor([UNKNOWN if a.yes is None else float(a.yes) for a in asked]),
        torch.from_numpy(marks),
    )


def loss_of(told: Output, batch: Batch) -> Tensor:
    """The loss of a batch: its verdicts, and its marks where they are known."""
    logits = told.marks.float().transpose(1, 2)
    loss = functional.binary_cross_entropy_with_logits(told.verdicts[:, 0].float(), batch.answered)
    checked = batch.yes >= 0
    if checked.any():
        said = functional.binary_cross_entropy_with_logits(
            told.verdicts[checked, 1].float(), batch.yes[checked], reduction="sum"
        )
        loss = loss + YES * said / len(checked)
    for mark, weight in ((0, SPAN), (1, SPAN)):
        gold = batch.marks[:, mark]
        known = (gold == 1).any(1)
        if known.any():
            told_here = logits[known, mark].masked_fill(gold[known] < 0, -torch.inf).log_softmax(-1)
            right = gold[known].clamp(min=0)
            here = (-told_here.masked_fill(right == 0, 0) * right).sum(1) / right.sum(1)
            loss = loss + weight * here.sum() / len(known)
    for mark, weight in ((2, INSIDE), (3, CLAUSE)):
        gold = batch.marks[:, mark]
        known = (gold >= 0).float()
        each = functional.binary_cross_entropy_with_logits(
            logits[:, mark], gold.clamp(min=0), reduction="none"
        )
        loss = loss + weight * (each * known).sum() / known.sum().clamp(min=1)
    return loss


def batches(
    rows: Callable[[random.Random], Iterator[Asked]], characters: int, draw: random.Random
) -> Iterator[list[Asked]]:
    """Endless batches of rows of like length; each of at most so many characters."""
    pool: list[Asked] = []
    source = rows(draw)
    while True:
        pool = [next(source) for _ in range(POOLED * max(1, characters // 320))]
        pool.sort(key=_length)
        made: list[list[Asked]] = [[]]
        for one in pool:
            if made[-1] and (len(made[-1]) + 1) * _length(one) > characters:
                made.append([])
            made[-1].append(one)
        draw.shuffle(made)
        yield from made


def _length(one: Asked) -> int:
    return len(one.question) + min(len(one.context), 40) + len(one.passage)


def _followed(mean: Tensor, now: Tensor, steps: Tensor | int) -> Tensor:
    return mean + (now - mean) * max(TAKEN, 10 / (10 + int(steps)))


def learn(
    network: PassageNetwork,
    source: Iterator[list[Asked]],
    alphabet: Alphabet,
    plan: Plan,
    checkpoint: Path,
    draw: random.Random,
    say: Callable[[str], None],
    device: str = "cpu",
) -> None:
    """Learns so many rows, from the checkpoint where there is one; writes it every few minutes and at the end.

    ``network`` ends with the running mean of its weights, which reads better than the last of them.
    """
    learned = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01)
    mean = AveragedModel(network, avg_fn=_followed)
    seen, spent = 0, 0.0
    if checkpoint.exists():
        held = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(held["network"])
        mean.load_state_dict(held["mean"])
        optimiser.load_state_dict(held["optimiser"])
        seen, spent = held["seen"], held["spent"]
        draw.seed(seen)  # other rows than at the beginning
        say(f"goes on from {seen} rows")

    def write() -> None:
        beside = checkpoint.with_suffix(".part")
        state = {
            "network": network.state_dict(),
            "mean": mean.state_dict(),
            "optimiser": optimiser.state_dict(),
            "seen": seen,
            "spent": spent,
        }
        torch.save(state, beside)
        beside.replace(checkpoint)

    network.train()
    written, first, losses = monotonic(), (seen, spent), list[float]()
    while (done := max(seen / plan.rows, spent / plan.seconds)) < 1:
        begun = monotonic()
        asked = next(source)
        for group in optimiser.param_groups:
            group["lr"] = (
                plan.rate
                * min(1.0, done / 0.03 + 0.02)
                * (LEAST + (1 - LEAST) * (1 + math.cos(math.pi * done)) / 2)
            )
        batch = batch_of(asked, alphabet, draw).to(device)
        optimiser.zero_grad(set_to_none=True)
        with sdpa_kernel(SDPBackend.MATH), torch.autocast(device, torch.bfloat16):
            loss = loss_of(network(batch.rows), batch)
            loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        mean.update_parameters(network)
        seen += len(asked)
        spent += monotonic() - begun
        losses.append(loss.item())
        if len(losses) == 25:
            pace = (seen - first[0]) / (spent - first[1])
            say(f"{seen} rows, {spent:.0f} s, {pace:.2f} a second, loss {sum(losses) / len(losses):.3f}")
            losses.clear()
        if monotonic() - written > plan.kept:
            write()
            written = monotonic()
    write()
    network.load_state_dict(mean.module.state_dict())
    network.eval()
