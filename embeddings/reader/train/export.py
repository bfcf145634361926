"""Weights → a model folder for inference: ``python -m embeddings.reader.train.export WEIGHTS... --output DIR``.

The means of the weights given, in 8 bits, as ONNX. Needs ``onnx`` beside what the package needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from embeddings.reader.base import CHARACTERS, MODEL
from embeddings.reader.encoding import Alphabet

from .network import Network, Shape
from .quantized import Traced, write_folder


class _OneRow(nn.Module):
    """A network that reads one row without padding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> tuple[Tensor, Tensor]:
        relevance, marks = self.network(ids, parts, runs, False)
        return relevance, marks


def averaged(weights: Sequence[Path]) -> dict[str, Tensor]:
    """The mean of several trainings that began at the same weights."""
    loaded = [load_file(path) for path in weights]
    return {name: sum(w[name].float() for w in loaded) / len(loaded) for name in loaded[0]}  # type: ignore[misc]


def export(weights: Sequence[Path], characters: str, output: Path) -> None:
    """Writes ``output``: the network in 8 bits, its characters, and the checksums of both."""
    state = averaged(weights)
    width = state["positions.weight"].shape[1]
    layers = sum(name.endswith("mix.weight") for name in state)
    network = Network(Shape(len(Alphabet(characters)), width, width // 64, layers))
    network.load_state_dict(state)
    network.eval()
    row = {name: torch.ones((1, 90), dtype=torch.int64) for name in ("ids", "parts", "runs")}
    free = {name: {1: "length"} for name in (*row, "marks")}
    traced = Traced(_OneRow(network), row, ("relevance", "marks"), free)
    write_folder(output, {MODEL: traced}, {CHARACTERS: characters})


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.reader.train.export", description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--characters", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    export(options.weights, options.characters.read_bytes().decode("utf-8"), options.output)


if __name__ == "__main__":
    main()
