"""Weights → a model folder for inference: ``python -m embeddings.completer.train.export WEIGHTS --output DIR``.

8 bits, as ONNX. Needs ``onnx`` beside what the package needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from embeddings.completer.completer import GLUE, MODEL, Completer
from embeddings.reader.base import CHARACTERS
from embeddings.reader.encoding import Alphabet
from embeddings.reader.train.network import Shape
from embeddings.reader.train.quantized import Traced, write_folder

from .network import Completion

ROW = ("ids", "parts", "runs")


class _Session:
    """A network that is run as onnxruntime runs a model."""

    def __init__(self, network: Completion) -> None:
        self._network = network.eval()

    @torch.no_grad()
    def run(self, _: None, given: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        return [out.numpy() for out in self._network(*(torch.from_numpy(given[n]) for n in ROW), False)]


class _Unpadded(nn.Module):
    def __init__(self, network: Completion) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> tuple[Tensor, ...]:
        verdicts: tuple[Tensor, ...] = self.network(ids, parts, runs, False)
        return verdicts


def completer_of(network: Completion, alphabet: Alphabet, glue: Sequence[str]) -> Completer:
    """The completer that a network in training would be."""
    return Completer(_Session(network), alphabet, "\n".join(glue))


def export(weights: Path, characters: str, glue: str, output: Path) -> None:
    """Writes ``output``: the network in 8 bits, its characters, what it may write, and the checksums of all."""
    state = load_file(weights)
    width = state["offset.weight"].shape[1]
    layers = sum(name.endswith("mix.weight") for name in state)
    network = Completion(Shape(len(Alphabet(characters)), width, width // 64, layers), len(glue.split("\n")))
    network.load_state_dict(state)
    network.eval()
    row = {name: torch.ones((1, 60), dtype=torch.int64) for name in ROW}
    names = ("following", "stays", "glue", "years", "whole")
    free = {name: {1: "length"} for name in (*ROW, *names[:-1])}
    free["following"] = {1: "length", 2: "length"}
    write_folder(
        output, {MODEL: Traced(_Unpadded(network), row, names, free)}, {CHARACTERS: characters, GLUE: glue}
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.completer.train.export", description=__doc__)
    parser.add_argument(
        "weights", type=Path, help="completer.safetensors, characters.txt and glue.txt beside it"
    )
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    characters, glue = (
        options.weights.with_name(name).read_bytes().decode("utf-8") for name in (CHARACTERS, GLUE)
    )
    export(options.weights, characters, glue, options.output)


if __name__ == "__main__":
    main()
