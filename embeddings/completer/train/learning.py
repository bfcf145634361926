"""Trains a completer: each character of the complete question, and whether anything is missing."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from time import monotonic

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from embeddings.completer.encoding import row_of
from embeddings.completer.search import END
from embeddings.reader.encoding import CLS, Alphabet, fold

from .aligned import alignment
from .examples import Example, varied, with_another
from .network import DEPTH, Completion

WHOLE_WEIGHT = 0.3
ENCODER_SHARE = 0.4  # of the rate: the encoder knows something already
WARM = 100  # steps in which the rate rises
POOL = 8  # batches that are cut from examples of like length together


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast is learned."""

    steps: int
    rows: int  # of a step
    rate: float
    talk: float  # share of everyday talk at the beginning; it falls to nothing
    begun: int = 0  # steps that were done before


@dataclass(frozen=True, slots=True)
class Batch:
    """B examples; S positions of the longest conversation, T characters of the longest complete form and its end."""

    ids: Tensor
    parts: Tensor
    runs: Tensor
    whole: Tensor
    last: Tensor
    at: Tensor
    latest: Tensor
    used: Tensor
    right: Tensor  # (B, T, S + G), what may come next
    real: Tensor  # (B, T)

    def to(self, device: torch.device) -> Batch:
        """The batch on a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def batch_of(examples: Sequence[Example], alphabet: Alphabet, glue: str) -> Batch:
    """Examples as tensors, padded."""
    rows = [row_of(alphabet, e.question, e.history) for e in examples]
    wanted = [e.complete for e in examples]
    size, source, target = len(rows), max(len(r.ids) for r in rows), max(map(len, wanted)) + 1
    ids, parts, runs = (np.zeros((size, source), dtype=np.int64) for _ in range(3))
    last, at, latest = (np.zeros((size, target), dtype=np.int64) for _ in range(3))
    used = np.zeros((size, target, source), dtype=np.float32)
    right = np.zeros((size, target, source + len(glue)), dtype=bool)
    real = np.zeros((size, target), dtype=bool)
    written = {character: source + number for number, character in enumerate(glue) if number != END}
    for number, (row, text) in enumerate(zip(rows, wanted, strict=True)):
        width, told, told_in_full = len(row.ids), fold(row.text), fold(text)
        ids[number, :width], parts[number, :width], runs[number, :width] = row.ids, row.parts, row.runs
        copied = alignment(told, told_in_full)
        own = np.array(list(told))
        last[number, 0] = CLS
        last[number, 1 : len(text) + 1] = alphabet.ids(text)
        at[number, 1 : len(text) + 1] = np.maximum(copied, 0)
        latest[number] = np.maximum.accumulate(np.where(at[number] > 0, np.arange(target), 0))
        latest[number] = at[number][latest[number]]
        for step, (character, place) in enumerate(zip(told_in_full, copied, strict=True)):
            used[number, step + 1] = used[number, step]
            if place >= 0:
                used[number, step + 1, place] = 1.0
            right[number, step, :width] = own == character
            if character in written:
                right[number, step, written[character]] = True
            real[number, step] = right[number, step].any()
        right[number, len(text), source + END] = real[number, len(text)] = True
    whole = np.array([e.whole for e in examples], dtype=np.float32)
    return Batch(*map(torch.from_numpy, (ids, parts, runs, whole, last, at, latest, used, right, real)))


def loss_of(network: Completion, batch: Batch) -> tuple[Tensor, Tensor]:
    """Of a character, and of whether anything is missing."""
    told, whole = network.read(batch.ids, batch.parts, batch.runs)
    state = torch.zeros(DEPTH, len(told), told.shape[2], device=told.device)
    memory = network.remembered(told)
    chances, _ = network.next(memory, batch.ids, batch.last, batch.at, batch.latest, batch.used, state)
    chosen = chances.masked_fill(~batch.right, -1e4).logsumexp(-1)
    return -chosen[batch.real].mean(), functional.binary_cross_entropy_with_logits(whole, batch.whole)


def learn(
    network: Completion,
    talk: Sequence[Example],
    dialogues: Sequence[Example],
    alphabet: Alphabet,
    glue: str,
    plan: Plan,
    seed: int,
    save: Callable[[int], None],
) -> None:
    """Learns everyday talk first, then dialogues about reports more and more; ``save`` hears the steps done."""
    draw = random.Random(seed + plan.begun)
    device = network.norm.weight.device
    for module in (network.encoder.characters, network.encoder.blocks[0]):
        module.requires_grad_(False)
    groups: list[dict[str, object]] = [
        {"params": [p for p in network.encoder.parameters() if p.requires_grad], "share": ENCODER_SHARE},
        {"params": [p for n, p in network.named_parameters() if not n.startswith("encoder.")], "share": 1.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    network.train()
    heard, total = monotonic(), [0.0, 0.0, 0.0]
    batches = _batches(talk, dialogues, plan, draw)
    for step in range(plan.begun, plan.steps):
        warm = min(1.0, (step - plan.begun + 1) / WARM)
        falling = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / plan.steps))
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * group["share"] * warm * falling
        one, other = loss_of(network, batch_of(next(batches), alphabet, glue).to(device))
        optimiser.zero_grad(set_to_none=True)
        (one + WHOLE_WEIGHT * other).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        total = [total[0] + one.item(), total[1] + other.item(), total[2] + 1]
        if monotonic() - heard > 30:
            heard = monotonic()
            print(f"step {step + 1}: {total[0] / total[2]:.4f} {total[1] / total[2]:.4f}", flush=True)
            total = [0.0, 0.0, 0.0]
            save(step + 1)
    network.eval()


def _batches(
    talk: Sequence[Example], dialogues: Sequence[Example], plan: Plan, draw: random.Random
) -> Iterator[list[Example]]:
    """Batches of conversations of like length, without end."""
    step = plan.begun
    while True:
        share = plan.talk * max(0.0, 1 - 2 * step / plan.steps)
        pool = []
        for _ in range(plan.rows * POOL):
            one = draw.choice(talk if draw.random() < share else dialogues)
            other = draw.choice(dialogues)
            pool.append(varied(with_another(one, other, draw), draw) if one.kind != "talk" else one)
        pool.sort(key=lambda e: len(e.question) + sum(map(len, e.history)))
        cut = [pool[i : i + plan.rows] for i in range(0, len(pool), plan.rows)]
        draw.shuffle(cut)
        yield from cut
        step += POOL
