"""Weights → a model folder for inference: ``python -m embeddings.reader.train.passages.export WEIGHTS… --output DIR``.

The mean of several weights is often better than any of them (Izmailov et al., 2018, arXiv:1803.05407). In 8 bits, as ONNX. Needs ``onnx`` beside what the package needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from embeddings.reader.encoding import Alphabet
from embeddings.reader.passage_encoding import INPUTS
from embeddings.reader.reader import CHARACTERS, MODEL
from embeddings.reader.train.quantized import Traced, write_folder

from .network import PassageNetwork
from .weights import loaded

__all__ = ["export", "main"]


class _OneRow(nn.Module):
    """The network with an input for each kind of number, without padding."""

    def __init__(self, network: PassageNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, *values: Tensor) -> tuple[Tensor, Tensor]:
        told = self.network(torch.stack(values, 1), False)
        return told.verdicts, told.marks


def export(weights: Sequence[Path], characters: str, output: Path) -> None:
    """Writes ``output``: the network of the mean weights in 8 bits, its characters, and the checksums of both."""
    each = [loaded(path, len(Alphabet(characters))) for path in weights]
    states = [one.state_dict() for one in each]
    network = each[0].eval()
    network.load_state_dict({name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]})
    row = {name: torch.ones((1, 90), dtype=torch.int64) for name in INPUTS}
    free = {name: {1: "length"} for name in (*INPUTS, "marks")}
    traced = Traced(_OneRow(network), row, ("verdicts", "marks"), free)
    write_folder(output, {MODEL: traced}, {CHARACTERS: characters})


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.export", description=__doc__
    )
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--characters", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    export(options.weights, options.characters.read_bytes().decode("utf-8"), options.output)


if __name__ == "__main__":
    main()
