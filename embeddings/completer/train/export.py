"""Weights → a model folder for inference: ``python -m embeddings.completer.train.export WEIGHTS --output DIR``.

8 bits, as ONNX: the encoder, read once, and a step of the decoder. Needs ``onnx`` beside what the package needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from embeddings.completer.completer import CHARACTERS, ENCODER, GLUE, STEP, Completer
from embeddings.reader.encoding import Alphabet
from embeddings.reader.train.network import Shape
from embeddings.reader.train.quantized import Traced, write_folder

from .network import DEPTH, MEMORY, Completion

ROW, WRITTEN = ("ids", "parts", "runs"), ("memory", "ids", "last", "at", "latest", "used", "state")


class _Encoder(nn.Module):
    def __init__(self, network: Completion) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, parts: Tensor, runs: Tensor) -> tuple[Tensor, Tensor]:
        states, whole = self.network.read(ids, parts, runs, False)
        return self.network.remembered(states), whole


class _Step(nn.Module):
    def __init__(self, network: Completion) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        memory: Tensor,
        ids: Tensor,
        last: Tensor,
        at: Tensor,
        latest: Tensor,
        used: Tensor,
        state: Tensor,
    ) -> tuple[Tensor, Tensor]:
        return self.network.next(memory, ids, last, at, latest, used, state, False)


class _Session:
    """A module that is run as onnxruntime runs a model."""

    def __init__(self, module: nn.Module, names: tuple[str, ...]) -> None:
        self._module, self._names = module.eval(), names

    @torch.no_grad()
    def run(self, _: None, given: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        return [out.numpy() for out in self._module(*(torch.from_numpy(given[n]) for n in self._names))]


def completer_of(network: Completion, alphabet: Alphabet, glue: str) -> Completer:
    """The completer that a network in training would be."""
    network.eval()
    sessions: tuple[Any, Any] = _Session(_Encoder(network), ROW), _Session(_Step(network), WRITTEN)
    return Completer(*sessions, alphabet, glue)


def export(weights: Path, characters: str, glue: str, output: Path) -> None:
    """Writes ``output``: the network in 8 bits, its characters, what it may write, and the checksums of all."""
    state = load_file(weights)
    width = state["norm.weight"].shape[0]
    layers = sum(name.endswith("mix.weight") for name in state)
    network = Completion(Shape(len(Alphabet(characters)), width, width // 64, layers), len(glue))
    network.load_state_dict(state)
    network.eval()
    length, texts, both = {1: "length"}, {0: "texts"}, {0: "texts", 1: "length"}
    row = {name: torch.ones((1, 60), dtype=torch.int64) for name in ROW}
    encoder = Traced(_Encoder(network), row, ("memory", "whole"), dict.fromkeys((*ROW, "memory"), length))
    one = torch.ones((2, 1), dtype=torch.int64)
    written = {
        "memory": torch.zeros(2, 60, MEMORY * width),
        "ids": torch.ones((2, 60), dtype=torch.int64),
        **dict.fromkeys(("last", "at", "latest"), one),
        "used": torch.zeros(2, 1, 60),
        "state": torch.zeros(DEPTH, 2, width),
    }
    free = {"memory": both, "ids": both, "used": {0: "texts", 2: "length"}}
    free |= dict.fromkeys(("last", "at", "latest"), texts) | {"state": {1: "texts"}, "after": {1: "texts"}}
    free |= {"chances": {0: "texts", 2: "choices"}}
    step = Traced(_Step(network), written, ("chances", "after"), free)
    write_folder(output, {ENCODER: encoder, STEP: step}, {CHARACTERS: characters, GLUE: glue})


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
