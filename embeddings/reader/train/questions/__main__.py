"""``python -m embeddings.reader.train.questions --data DIR --start WEIGHTS --output DIR``: learns, measures, ships.

Needs ``onnx`` beside what the package needs.
"""

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from embeddings.reader.base import CHARACTERS, MODEL, PAD, Alphabet
from embeddings.reader.questions import HEADS, LABELS, QuestionReader, question_row
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.passages.weights import loaded
from embeddings.reader.train.quantized import Traced, write_folder
from embeddings.reader.train.recover import recovered_questions

from .network import QuestionNetwork
from .rows import Told, development, labels_of, training

Labels: TypeAlias = dict[str, list[str]]

QUESTIONS = QuestionReader.FOLDER
BATCH = 32
MARKED = (2.0, 2.0, 0.7, 2.0, 4.0)  # weights of the marks beside the verdicts
SMOOTHED = 0.05  # of a label is spread over all
RARE = (2.0, 1.0, 1.0, 1.0, 4.0)  # weights of a marked character, beside one that is not


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.reader.train.questions", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--start", type=Path, help="weights of a passage reader to begin with")
    parser.add_argument(
        "--model",
        type=Path,
        nargs="+",
        default=[QUESTIONS],
        help="without --start: a question reader to go on from, or several, from whose mean; --epochs 0 ships that",
    )
    parser.add_argument("--output", type=Path, required=True, help="the model folder")
    about = "learn only the mark of what stands for all places, in layers of its own"
    parser.add_argument("--each", action="store_true", help=about)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    draw = random.Random(options.seed)
    alphabet = alphabet_of()
    told = training(options.data, draw)
    if options.start:
        labels = labels_of(told)
        network = QuestionNetwork(loaded(options.start), sum(map(len, labels.values())))
    else:
        own = [json.loads((model / LABELS).read_text("utf-8")) for model in options.model]
        labels = _joined([*own, labels_of(told) | {"unit": []}])
        network = _mean([_going_on(*each, labels) for each in zip(options.model, own, strict=True)])
    if options.each:
        network.requires_grad_(False).each.requires_grad_(True)
    _learn(network, told, labels, alphabet, options.epochs, options.rate, draw)
    _ship(network.eval(), labels, alphabet.characters, options.output)
    print(
        json.dumps(measured(QuestionReader.open(options.output), options.data), indent=1, ensure_ascii=False)
    )


def _mean(networks: Sequence[QuestionNetwork]) -> QuestionNetwork:
    """The first network with the mean of the weights of all."""
    held = [network.state_dict() for network in networks]
    networks[0].load_state_dict({name: sum(one[name] for one in held) / len(held) for name in held[0]})
    return networks[0]


def _joined(every: Sequence[Labels]) -> Labels:
    return {head: sorted(set[str]().union(*(labels[head] for labels in every))) for head in HEADS}


def _going_on(model: Path, held: Labels, labels: Labels) -> QuestionNetwork:
    """A shipped network that tells more labels apart: one that it does not know begins as the mean of all that it does."""
    network = recovered_questions(model / MODEL, sum(map(len, held.values())))
    known = [(head, label) for head in HEADS for label in held[head]]
    rows = [
        known.index(one) if (one := (head, label)) in known else -1
        for head in HEADS
        for label in labels[head]
    ]
    last: nn.Linear = network.verdicts[-1]  # type: ignore[assignment]
    network.verdicts[-1] = wider = nn.Linear(last.in_features, len(rows))
    for name, weights in last.state_dict().items():
        wider.state_dict()[name].copy_(
            torch.stack([weights[row] if row >= 0 else weights.mean(0) for row in rows])
        )
    return network


def _learn(
    network: QuestionNetwork,
    told: list[Told],
    labels: dict[str, list[str]],
    alphabet: Alphabet,
    epochs: int,
    rate: float,
    draw: random.Random,
) -> None:
    optimiser = torch.optim.AdamW(_learned(network), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    steps, step, losses, begun = epochs * len(told) // BATCH, 0, list[float](), monotonic()
    network.train()
    network.body.train(network.marks.weight.requires_grad)  # what does not learn is not disturbed
    while step < steps:
        for some in _batches(told, draw):
            done = step / steps
            for group in optimiser.param_groups:
                group["lr"] = (
                    rate * min(1.0, done / 0.05 + 0.02) * (1 + math.cos(math.pi * min(1.0, done))) / 2
                )
            optimiser.zero_grad(set_to_none=True)
            # Half of the bits and attention as plain products: faster where a processor multiplies in bfloat16.
            with sdpa_kernel(SDPBackend.MATH), torch.autocast("cpu", torch.bfloat16):
                loss = _loss(network, some, labels, alphabet)
                loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(_learned(network), 1.0)
            optimiser.step()
            step += 1
            losses.append(loss.item())
            if len(losses) == 50:
                print(
                    f"{step} of {steps} steps, {monotonic() - begun:.0f} s, loss {np.mean(losses):.3f}",
                    flush=True,
                )
                losses.clear()


def _learned(network: QuestionNetwork) -> list[nn.Parameter]:
    return [weights for weights in network.parameters() if weights.requires_grad]


def _batches(told: Sequence[Told], draw: random.Random) -> Iterator[list[Told]]:
    """All questions once, those of like length together."""
    mixed = sorted(told, key=lambda one: (len(one.question) // 6, draw.random()))
    made = [mixed[at : at + BATCH] for at in range(0, len(mixed), BATCH)]
    draw.shuffle(made)
    yield from made


def _loss(
    network: QuestionNetwork, some: Sequence[Told], labels: dict[str, list[str]], alphabet: Alphabet
) -> Tensor:
    rows = [question_row(alphabet, one.question) for one in some]
    width = max(map(len, rows))
    ids = torch.from_numpy(
        np.stack([np.pad(row, (0, width - len(row)), constant_values=PAD) for row in rows])
    )
    verdicts, marks = network(ids)
    loss, at = torch.zeros(()), 0
    for head in HEADS:
        logits = verdicts[:, at : at + len(labels[head])]
        at += len(labels[head])
        values = [getattr(one, head) for one in some]
        gold = torch.tensor([labels[head].index(v) if v in labels[head] else -1 for v in values])
        if (gold >= 0).any():
            loss = loss + functional.cross_entropy(logits, gold, ignore_index=-1, label_smoothing=SMOOTHED)
    marked, known = torch.zeros_like(marks), torch.zeros_like(marks)
    for number, (one, row) in enumerate(zip(some, rows, strict=True)):
        end = len(row) - 1
        if one.starts is not None:
            known[number, 1:end, 0] = 1
            marked[number, [1 + at for at in one.starts if 1 + at < end], 0] = 1
        for mark, stretches in enumerate((one.asides, one.shared, one.looked_up, one.each), 1):
            if stretches is not None:
                known[number, 1:end, mark] = 1
                for a, b in stretches:
                    marked[number, 1 + a : min(1 + b, end), mark] = 1
    each = functional.binary_cross_entropy_with_logits(
        marks, marked, reduction="none", pos_weight=torch.tensor(RARE)
    )
    share = (each * known).sum((0, 1)) / known.sum((0, 1)).clamp(min=1)
    return loss + (torch.tensor(MARKED) * share).sum()


class _One(nn.Module):
    def __init__(self, network: QuestionNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        verdicts, marks = self.network(ids, False)
        return verdicts, marks


def _ship(network: QuestionNetwork, labels: dict[str, list[str]], characters: str, output: Path) -> None:
    free = {name: {1: "length"} for name in ("ids", "marks")}
    traced = Traced(
        _One(network), {"ids": torch.ones((1, 30), dtype=torch.int64)}, ("verdicts", "marks"), free
    )
    texts = {CHARACTERS: characters, LABELS: json.dumps(labels, ensure_ascii=False)}
    write_folder(output, {MODEL: traced}, texts)


def measured(reader: QuestionReader, data: Path) -> dict[str, float]:
    """Shares of the development questions read rightly, by set and head."""
    figures = {}
    for name, told in development(data).items():
        for head in HEADS:
            known = [one for one in told if getattr(one, head) is not None]
            right = [getattr(reader.read(one.question), head) == getattr(one, head) for one in known]
            if known:
                figures[f"{name} {head} of {len(known)}"] = round(float(np.mean(right)), 4)
        known = [one for one in told if one.starts is not None]
        right = [len(reader.read(one.question).starts) == len(one.starts or ()) for one in known]
        if known:
            figures[f"{name} how many things of {len(known)}"] = round(float(np.mean(right)), 4)
        for label in ("asides", "shared", "looked_up", "each"):
            if known := [one for one in told if getattr(one, label) is not None]:
                figure = f"{name} {label} of {len(known)}, F1 of characters"
                figures[figure] = round(_overlap(reader, known, label), 4)
    return figures


def _overlap(reader: QuestionReader, told: Sequence[Told], label: str) -> float:
    """F1 over the characters of all stretches."""
    both = found = wanted = 0
    for one in told:
        said = {at for a, b in getattr(reader.read(one.question), label) for at in range(a, b)}
        gold = {at for a, b in getattr(one, label) for at in range(a, b)}
        both, found, wanted = both + len(said & gold), found + len(said), wanted + len(gold)
    return 2 * both / max(1, found + wanted)


if __name__ == "__main__":
    main()
