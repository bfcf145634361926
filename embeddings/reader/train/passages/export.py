"""Weights → a model folder for inference: ``python -m embeddings.reader.train.passages.export WEIGHTS --output DIR``.

In 8 bits, as ONNX. Needs ``onnx`` beside what the package needs.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from embeddings.checksums import write_checksums
from embeddings.reader.encoding import Alphabet
from embeddings.reader.passage_encoding import INPUTS
from embeddings.reader.reader import CHARACTERS, MODEL

from .network import PassageNetwork, loaded

__all__ = ["export", "main"]


class _OneRow(nn.Module):
    """The network with an input for each kind of number, without padding."""

    def __init__(self, network: PassageNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, *values: Tensor) -> tuple[Tensor, Tensor]:
        told = self.network(torch.stack(values, 1), False)
        return told.verdicts, told.marks


def export(weights: Path, characters: str, output: Path) -> None:
    """Writes ``output``: the network in 8 bits, its characters, and the checksums of both."""
    network = loaded(weights, len(Alphabet(characters))).eval()
    rows = tuple(torch.ones((1, 90), dtype=torch.int64) for _ in INPUTS)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _OneRow(network),
            rows,
            str(whole),
            input_names=list(INPUTS),
            output_names=["verdicts", "marks"],
            dynamic_axes={name: {1: "length"} for name in (*INPUTS, "marks")},
            dynamo=False,
        )
        quantize_dynamic(
            whole, output / MODEL, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    (output / CHARACTERS).write_text(characters, "utf-8")
    write_checksums(output)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.export", description=__doc__
    )
    parser.add_argument("weights", type=Path)
    parser.add_argument("--characters", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    export(options.weights, options.characters.read_bytes().decode("utf-8"), options.output)


if __name__ == "__main__":
    main()
