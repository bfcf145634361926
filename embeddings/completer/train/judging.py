"""Train the judge of complete forms: ``python -m embeddings.completer.train.judging --data DIR --halves A B --output DIR``.

``A`` and ``B`` are outputs of ``python -m embeddings.completer.train --half 0`` and ``--half 1``: each completes the dialogues
that it has not seen, so that the forms to be judged are as wrong as those of a new conversation.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from embeddings.completer.completer import Completer
from embeddings.completer.encoding import Row, judged_row
from embeddings.reader.base import CHARACTERS, MODEL
from embeddings.reader.encoding import PAD, QUESTION, SENTENCE, Alphabet
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.network import Network, shape_of
from embeddings.reader.train.quantized import Traced, write_folder

from .evaluation import alike, equal
from .examples import Example, dialogues_in, reworded, varied, vocabulary_of
from .learning import ENCODER_SHARE, REWORDED
from .network import WEIGHTS

LIKE = 0.8  # label of a form that is alike and not equal
WRONG = 3  # forms that are wrong and learned, of an example
ANOTHER = 0.3  # how often one more right form is
LISTED = 0.3  # weight of the loss over all forms of an example beside that of each form
TOGETHER, POOL = 8, 64  # examples of a step, and those that are sorted by length together
WARM = 800  # examples in which the rate rises


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with forms that it might have in full, each with how right it is, 0 to 1."""

    example: Example
    forms: tuple[tuple[str, float], ...]


class JudgeNetwork(nn.Module):
    """Rows of forms, (B, S) each, to the log-odds that each is what was meant, (B,)."""

    def __init__(self, encoder: Network) -> None:
        super().__init__()
        width = encoder.shape.width
        self.encoder = encoder
        self.verdict = nn.Sequential(
            nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, 1)
        )

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> Tensor:
        states = self.encoder.states(ids, parts, runs, self.training)
        own = [
            ((parts == part) & (ids != PAD)).unsqueeze(-1).to(states.dtype) for part in (QUESTION, SENTENCE)
        ]
        means = [(states * mask).sum(1) / mask.sum(1).clamp(min=1) for mask in own]
        told: Tensor = self.verdict(torch.cat([states[:, 0], *means], -1)).squeeze(-1).float()
        return told


def judged(one: Example, completer: Completer) -> Judged:
    """Return an example with the forms that a completer gives it, and itself."""
    texts = dict.fromkeys((one.question, *(form.text for form in completer.forms(one.question, one.history))))
    return Judged(one, tuple((text, label(text, one.complete)) for text in texts))


def label(form: str, complete: str) -> float:
    """Return how right a form is, 0 to 1.

    >>> [label(form, "泉州有几家书屋？") for form in ("泉州有几家书屋", "泉州有几书屋", "苏州有几家书屋")]
    [1.0, 0.8, 0.0]
    """
    return 1.0 if equal(form, complete) else LIKE * alike(form, complete)


def drawn(one: Judged, draw: random.Random) -> list[tuple[str, float]]:
    """Return some forms of an example: up to three right ones, what was written if none is right, and likely wrong ones."""
    right = [form for form in one.forms if form[1]]
    best = [form for form in right if form[1] == 1.0] or right
    wrong = [form for form in one.forms if not form[1]][: 2 * WRONG]
    kept = draw.sample(best, min(2, len(best)))
    kept += [draw.choice(right)] if right and draw.random() < ANOTHER else []
    kept += draw.sample(wrong, min(WRONG, len(wrong)))
    return list(dict.fromkeys(kept if right else [*kept, (one.example.complete, 1.0)]))


def loss_of(verdicts: Tensor, labels: Tensor, groups: Sequence[int]) -> Tensor:
    """Return the loss of each form, and over those of each example; ``groups`` are how many each has."""
    loss = functional.binary_cross_entropy_with_logits(verdicts, labels)
    each = zip(*(values.split(list(groups)) for values in (verdicts, labels)), strict=True)  # type: ignore[no-untyped-call]
    listed = [
        -(functional.log_softmax(own, 0) * (right / right.sum())).sum()
        for own, right in each
        if right.sum() > 0 and len(own) > 1
    ]
    return loss + LISTED * torch.stack(listed).mean() if listed else loss


def batch_of(rows: Sequence[Row]) -> list[Tensor]:
    """Return characters, parts and runs of rows, each (B, T), padded."""
    width = max(len(row.ids) for row in rows)
    return [
        torch.from_numpy(np.stack([np.pad(part, (0, width - len(part))) for part in parts]))
        for parts in zip(*((row.ids, row.parts, row.runs) for row in rows), strict=True)
    ]


def learn(
    network: JudgeNetwork, items: Sequence[Judged], alphabet: Alphabet, epochs: int, rate: float, seed: int
) -> None:
    """Learn all examples so many times; the rate falls to nearly nothing."""
    draw, began, heard = random.Random(seed), monotonic(), monotonic()
    network.encoder.characters.requires_grad_(False)
    groups: list[dict[str, object]] = [
        {"params": [p for p in network.encoder.parameters() if p.requires_grad], "share": ENCODER_SHARE},
        {"params": network.verdict.parameters(), "share": 1.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    done, total = 0, epochs * len(items)
    network.train()
    for batch in _batches(items, alphabet, epochs, draw):
        done += len(batch)
        now = min(1.0, done / WARM) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done / total)))
        for group in optimiser.param_groups:
            group["lr"] = rate * group["share"] * now
        labels = torch.tensor([right for group in batch for _, right in group])
        with torch.autocast("cpu", torch.bfloat16):
            verdicts = network(*batch_of([row for group in batch for row, _ in group]))
        loss = loss_of(verdicts, labels, [len(group) for group in batch])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if monotonic() - heard > 30:
            heard = monotonic()
            print(f"{done} of {total}, {heard - began:.0f} s, loss {loss.item():.3f}", flush=True)
    network.eval()


def _batches(
    items: Sequence[Judged], alphabet: Alphabet, epochs: int, draw: random.Random
) -> Iterator[list[list[tuple[Row, float]]]]:
    words = vocabulary_of([item.example for item in items])
    for _ in range(epochs):
        order = draw.sample(items, len(items))
        for start in range(0, len(order), POOL):
            pool = [_rows(item, alphabet, words, draw) for item in order[start : start + POOL]]
            pool.sort(key=lambda group: max(len(row.ids) for row, _ in group))
            batches = [pool[at : at + TOGETHER] for at in range(0, len(pool), TOGETHER)]
            yield from draw.sample(batches, len(batches))


def _rows(
    item: Judged, alphabet: Alphabet, words: Sequence[str], draw: random.Random
) -> list[tuple[Row, float]]:
    """Return rows of some forms, with places, years and words exchanged alike throughout."""
    forms, one = drawn(item, draw), item.example
    told = Example((*one.history, *(text for text, _ in forms)), one.question, one.complete, one.kind)
    told = varied(told, draw)
    told = reworded(told, words, draw) if draw.random() < REWORDED else told
    history, texts = told.history[: len(one.history)], told.history[len(one.history) :]
    return [
        (judged_row(alphabet, text, told.question, history), right)
        for text, (_, right) in zip(texts, forms, strict=True)
    ]


def export(network: JudgeNetwork, alphabet: Alphabet, folder: Path) -> None:
    """Write a model folder: the network in 8 bits, its characters and the checksums."""
    row = {name: torch.ones((1, 60), dtype=torch.int64) for name in ("ids", "parts", "runs")}
    traced = Traced(network.cpu().eval(), row, ("verdict",), {name: {1: "length"} for name in row})
    write_folder(folder, {MODEL: traced}, {CHARACTERS: alphabet.characters})


def main() -> None:
    """Train the judge and write its weights and its model folder."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.completer.train.judging", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/")
    parser.add_argument(
        "--halves", type=Path, nargs=2, required=True, help="outputs of --half 0 and --half 1"
    )
    parser.add_argument("--output", type=Path, required=True, help="folder for weights and model/")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    options.output.mkdir(parents=True, exist_ok=True)
    items: list[Judged] = []
    for half, folder in enumerate(options.halves):
        completer = Completer.open(folder / "model")
        items += [judged(one, completer) for one in dialogues_in(options.data, 1 - half)]
        print(f"{len(items)} dialogues", flush=True)
    weights = load_file(options.halves[1] / WEIGHTS)
    begun = {n.removeprefix("encoder."): value for n, value in weights.items() if n.startswith("encoder.")}
    network = JudgeNetwork(Network(shape_of(begun)))
    network.encoder.load_state_dict(begun)
    alphabet = alphabet_of(options.halves[1] / "model")
    learn(network, items, alphabet, options.epochs, options.rate, options.seed)
    save_file(network.state_dict(), options.output / "judge.safetensors")
    export(network, alphabet, options.output / "model")


if __name__ == "__main__":
    main()
