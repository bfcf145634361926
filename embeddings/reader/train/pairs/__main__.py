"""``python -m embeddings.reader.train.pairs --data DIR --start WEIGHTS --output DIR``: learns, measures, ships.

Needs ``onnx`` beside what the package needs.
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from embeddings.reader.base import CHARACTERS, MODEL, Alphabet
from embeddings.reader.pairs import PAIR_INPUTS, RELATIONS, PairReader, pair_row
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.passages.weights import loaded
from embeddings.reader.train.quantized import Traced, write_folder
from embeddings.reader.train.recover import recovered_pairs

from .network import PairNetwork
from .rows import Pair, development, drawn, training

BATCH = 32
SMOOTHED = 0.05  # of a label is spread over all


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.reader.train.pairs", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    begun = parser.add_mutually_exclusive_group(required=True)
    begun.add_argument("--start", type=Path, help="weights of a passage reader to begin with")
    begun.add_argument("--pairs", type=Path, help="reader.onnx of a reader of pairs to go on from")
    parser.add_argument("--output", type=Path, required=True, help="the model folder")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    alphabet = alphabet_of()
    network = recovered_pairs(options.pairs) if options.pairs else PairNetwork(loaded(options.start))
    _learn(
        network, training(options.data), alphabet, options.epochs, options.rate, random.Random(options.seed)
    )
    _ship(network.eval(), alphabet.characters, options.output)
    print(json.dumps(measured(PairReader.open(options.output), options.data), indent=1, ensure_ascii=False))


def _learn(
    network: PairNetwork, pairs: list[Pair], alphabet: Alphabet, epochs: int, rate: float, draw: random.Random
) -> None:
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    steps, step, begun = epochs * len(pairs) // BATCH, 0, monotonic()
    network.train()
    for epoch in range(epochs):
        mixed, losses = drawn(pairs, draw), list[float]()
        for at in range(0, len(mixed), BATCH):
            done = min(step / steps, 1.0)
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, done / 0.05 + 0.02) * (1 + math.cos(math.pi * done)) / 2
            optimiser.zero_grad(set_to_none=True)
            # Half of the bits and attention as plain products: faster where a processor multiplies in bfloat16.
            with sdpa_kernel(SDPBackend.MATH), torch.autocast("cpu", torch.bfloat16):
                loss = _loss(network, mixed[at : at + BATCH], alphabet)
                loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            losses.append(loss.item())
        print(
            f"epoch {epoch + 1} of {epochs}, {monotonic() - begun:.0f} s, loss {np.mean(losses):.3f}",
            flush=True,
        )


def _loss(network: PairNetwork, some: Sequence[Pair], alphabet: Alphabet) -> Tensor:
    rows = [pair_row(alphabet, pair.one, pair.other) for pair in some]
    width = max(row.shape[1] for row in rows)
    padded = np.stack([np.pad(row, ((0, 0), (0, width - row.shape[1]))) for row in rows], 1)
    told = network(*torch.from_numpy(padded))
    gold = torch.tensor([RELATIONS.index(pair.relation) for pair in some])
    return functional.cross_entropy(told.float(), gold, label_smoothing=SMOOTHED)


class _One(nn.Module):
    def __init__(self, network: PairNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> Tensor:
        told: Tensor = self.network(ids, parts, runs, False)
        return told


def _ship(network: PairNetwork, characters: str, output: Path) -> None:
    example = {name: torch.ones((1, 30), dtype=torch.int64) for name in PAIR_INPUTS}
    free = {name: {1: "length"} for name in PAIR_INPUTS}
    write_folder(
        output, {MODEL: Traced(_One(network), example, ("relation",), free)}, {CHARACTERS: characters}
    )


def measured(reader: PairReader, data: Path) -> dict[str, float]:
    """By set: same or not, told rightly; the relation told rightly; of each relation the share that is told."""
    figures = {}
    for name, pairs in development(data).items():
        told = [(pair.relation, reader.read(pair.one, pair.other)) for pair in pairs]
        same = [(chances["same"] > 0.5) == (relation == "same") for relation, chances in told]
        best = [(relation, max(chances, key=chances.__getitem__)) for relation, chances in told]
        figures[f"{name}: same or not, of {len(pairs)}"] = round(float(np.mean(same)), 4)
        figures[f"{name}: relation"] = round(float(np.mean([a == b for a, b in best])), 4)
        right = Counter(relation for relation, guessed in best if relation == guessed)
        for relation, count in Counter(relation for relation, _ in best).items():
            figures[f"{name}: {relation}, of {count}"] = round(right[relation] / count, 4)
    return figures


if __name__ == "__main__":
    main()
