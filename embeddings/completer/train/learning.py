"""Trains a completer: which character follows which, which stay, what is written between, and whether anything is missing."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from embeddings.completer.encoding import COUNTED, FURTHEST, Row, apart, moved, row_of
from embeddings.completer.ways import END
from embeddings.reader.encoding import Alphabet, fold

from .examples import WRITTEN, Example, alignment, reworded, varied, vocabulary_of, with_another
from .network import Completion

OFTEN = 16  # texts that are written often
NOTHING = -100  # a label that is not learned
WEIGHTS = (1.0, 0.5, 0.3, 0.1, 0.3)  # of the losses: what follows, what stays, glue, years, whole
ENCODER_SHARE = 0.4  # of the rate: the encoder knows something already
REWORDED = 0.3  # share of the dialogues with other words
WARM = 100  # steps in which the rate rises
POOL = 8  # batches that are cut from examples of like length together

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast is learned."""

    steps: int
    rows: int  # of a step
    rate: float
    talk: float  # share of everyday talk at the beginning; it falls to nothing
    seed: int
    begun: int = 0  # steps that were done before


class Batch(NamedTuple):
    """B examples, S positions of the longest conversation; labels as :func:`labels_of` gives them."""

    ids: Tensor
    parts: Tensor
    runs: Tensor
    following: Tensor
    stays: Tensor
    glue: Tensor
    years: Tensor
    whole: Tensor


def labels_of(row: Row, complete: str, glue: Sequence[str]) -> tuple[_Numbers, _Numbers, _Numbers, _Numbers]:
    """What follows each position, whether it stays, what is written behind it, by how many years it is moved, (S,) each.

    ``NOTHING`` where there is nothing to learn: behind positions that are not in the complete form, and where it
    needs a position twice or a text that is no glue.
    """
    following, written, years = (np.full(len(row.text), NOTHING, dtype=np.int64) for _ in range(3))
    stays = np.zeros(len(row.text), dtype=np.int64)
    told = fold(row.text)
    wanted, moves = _as_told(told, fold(complete))
    often = frozenset(text for text in glue[:OFTEN] if len(text) == 1)
    places, texts = [END], [""]
    for character, place in zip(wanted, alignment(told, wanted, often), strict=True):
        if place == WRITTEN:
            texts[-1] += character
        else:
            places.append(int(place))
            texts.append("")
    for number, ((here, there), text) in enumerate(zip(pairwise([*places, END]), texts, strict=True)):
        if here not in places[:number] and there not in places[1 : number + 1]:
            following[here] = there
            written[here] = glue.index(text) if text in glue else NOTHING
    stays[places[1:]] = 1
    for counted in COUNTED.finditer(told):
        if counted.start() in places[1:]:
            years[counted.start()] = moves.get(counted[0], 0) + FURTHEST
    return following, stays, written, years


def _as_told(told: str, complete: str) -> tuple[str, dict[str, int]]:
    """The complete form with what the conversation counts (2019, 十五届) in place of what it lacks, and how far each moved."""
    known = dict.fromkeys(COUNTED.findall(told))
    wanted = dict.fromkeys(COUNTED.findall(complete))
    if not known or all(counted in known for counted in wanted):
        return complete, {}
    steps = sorted(range(-FURTHEST, FURTHEST + 1), key=abs)[1:]
    by = next((by for by in steps if all(moved(counted, -by) in known for counted in wanted)), None)
    if by is not None:  # all by as much
        told_so = {moved(counted, -by): by for counted in wanted}
        return COUNTED.sub(lambda counted: moved(counted[0], -by), complete), told_so
    moves: dict[str, int] = {}
    for counted in wanted:
        far = {
            other: by for other in known if (by := apart(counted, other)) is not None and other not in wanted
        }
        near = min(far, key=lambda other: abs(far[other]), default=counted)
        if counted not in known and abs(far.get(near, FURTHEST + 1)) <= FURTHEST:
            moves[near] = far[near]
            complete = complete.replace(counted, near)
    return complete, moves


def batch_of(examples: Sequence[Example], alphabet: Alphabet, glue: Sequence[str]) -> Batch:
    """Examples as tensors, padded."""
    rows = [row_of(alphabet, e.question, e.history) for e in examples]
    size, longest = len(rows), max(len(row.ids) for row in rows)
    inputs = [np.zeros((size, longest), dtype=np.int64) for _ in range(3)]
    labels = [np.full((size, longest), NOTHING, dtype=np.int64) for _ in range(4)]
    for number, (row, example) in enumerate(zip(rows, examples, strict=True)):
        filled = (row.ids, row.parts, row.runs, *labels_of(row, example.complete, glue))
        for table, own in zip((*inputs, *labels), filled, strict=True):
            table[number, : len(own)] = own
    whole = np.array([e.whole for e in examples], dtype=np.float32)
    return Batch(*map(torch.from_numpy, (*inputs, *labels, whole)))


def loss_of(network: Completion, batch: Batch) -> tuple[Tensor, ...]:
    """Of what follows, what stays, glue, years, and whether anything is missing."""
    following, stays, glue, years, whole = network(batch.ids, batch.parts, batch.runs)
    real = batch.stays != NOTHING
    either = functional.binary_cross_entropy_with_logits
    return (
        _chosen(following, batch.following),
        either(stays[real], batch.stays[real].float()),
        _chosen(glue, batch.glue),
        _chosen(years, batch.years),
        either(whole, batch.whole),
    )


def _chosen(chances: Tensor, labels: Tensor) -> Tensor:
    """The mean negative log-probability of the labels; 0 where there are none."""
    known = labels != NOTHING
    own = chances[known].gather(1, labels[known].unsqueeze(1))
    return -own.sum() / max(1, len(own))


def learn(
    network: Completion,
    talk: Sequence[Example],
    dialogues: Sequence[Example],
    alphabet: Alphabet,
    glue: Sequence[str],
    plan: Plan,
    save: Callable[[], object],
) -> None:
    """Learns everyday talk first, then dialogues about reports more and more; ``save`` is called now and then."""
    draw = random.Random(plan.seed + plan.begun)
    device = network.offset.weight.device
    network.encoder.characters.requires_grad_(False)
    groups: list[dict[str, object]] = [
        {"params": [p for p in network.encoder.parameters() if p.requires_grad], "share": ENCODER_SHARE},
        {"params": [p for n, p in network.named_parameters() if not n.startswith("encoder.")], "share": 1.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    network.train()
    heard, total = monotonic(), [0.0] * len(WEIGHTS)
    count = 0
    batches = _batches(talk, dialogues, plan, draw)
    for step in range(plan.begun, plan.steps):
        warm = min(1.0, (step - plan.begun + 1) / WARM)
        falling = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / plan.steps))
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * group["share"] * warm * falling
        batch = Batch(*(each.to(device) for each in batch_of(next(batches), alphabet, glue)))
        with torch.autocast(device.type, torch.bfloat16):
            losses = loss_of(network, batch)
        optimiser.zero_grad(set_to_none=True)
        sum(w * one for w, one in zip(WEIGHTS, losses, strict=True)).backward()  # type: ignore[union-attr]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        total, count = [a + b.item() for a, b in zip(total, losses, strict=True)], count + 1
        if monotonic() - heard > 30:
            print(f"step {step + 1}: " + " ".join(f"{value / count:.4f}" for value in total), flush=True)
            heard, total, count = monotonic(), [0.0] * len(WEIGHTS), 0
            save()
    network.eval()


def _batches(
    talk: Sequence[Example], dialogues: Sequence[Example], plan: Plan, draw: random.Random
) -> Iterator[list[Example]]:
    """Batches of conversations of like length, without end."""
    step = plan.begun
    words = vocabulary_of(dialogues)
    while True:
        share = plan.talk * max(0.0, 1 - 2 * step / plan.steps)
        pool = []
        for _ in range(plan.rows * POOL):
            one = draw.choice(talk if draw.random() < share else dialogues)
            other = draw.choice(dialogues)
            if one.kind != "talk":
                one = varied(with_another(one, other, draw), draw)
                one = reworded(one, words, draw) if draw.random() < REWORDED else one
            pool.append(one)
        pool.sort(key=lambda e: len(e.question) + sum(map(len, e.history)))
        cut = [pool[i : i + plan.rows] for i in range(0, len(pool), plan.rows)]
        draw.shuffle(cut)
        yield from cut
        step += POOL
