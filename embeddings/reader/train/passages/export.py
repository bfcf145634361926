"""Weights → a model folder for inference: ``python -m embeddings.reader.train.passages.export WEIGHTS… --output DIR``.

Two weights, one for each of the networks whose mean the reader tells. In 8 bits, as ONNX. Needs ``onnx`` beside what the
package needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from embeddings.reader.base import CHARACTERS
from embeddings.reader.encoding import Alphabet
from embeddings.reader.passages import INPUTS, NETWORKS
from embeddings.reader.train.quantized import Traced, write_folder

from .network import PassageNetwork
from .weights import loaded


class _OneRow(nn.Module):
    """The network with an input for each kind of number, without padding."""

    def __init__(self, network: PassageNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, *values: Tensor) -> tuple[Tensor, Tensor]:
        told = self.network(torch.stack(values, 1), False)
        return told.verdicts, told.marks


def export(weights: Sequence[Path], characters: str, output: Path) -> None:
    """Writes ``output``: a network for each of the weights in 8 bits, their characters, and the checksums of all."""
    row = {name: torch.ones((1, 90), dtype=torch.int64) for name in INPUTS}
    free = {name: {1: "length"} for name in (*INPUTS, "marks")}
    size = len(Alphabet(characters))
    networks = {
        name: Traced(_OneRow(loaded(path, size).eval()), row, ("verdicts", "marks"), free)
        for name, path in zip(NETWORKS, weights, strict=True)
    }
    write_folder(output, networks, {CHARACTERS: characters})


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.export", description=__doc__
    )
    parser.add_argument("weights", type=Path, nargs=len(NETWORKS))
    parser.add_argument("--characters", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    export(options.weights, options.characters.read_bytes().decode("utf-8"), options.output)


if __name__ == "__main__":
    main()
