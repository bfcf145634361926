"""Weights → a model folder for inference: ``python -m embeddings.reader.train.passages.export WEIGHTS ... --output DIR``.

In 8 bits, as ONNX; of several weights their mean, which must come from runs that went on from one another. Needs ``onnx`` beside what the package needs.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from embeddings.reader.base import CHARACTERS, MODEL
from embeddings.reader.passages import INPUTS, PassageReader
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


def averaged(weights: Sequence[Path]) -> PassageNetwork:
    """The network whose weights are the mean of those of several files, in 16 bits as they are."""
    first, *others = map(loaded, weights)
    mean = {
        name: (sum((other.state_dict()[name] for other in others), value) / len(weights)).half().float()
        for name, value in first.state_dict().items()
    }
    first.load_state_dict(mean)
    return first


def export(weights: Sequence[Path], characters: str, output: Path) -> None:
    """Writes ``output``: the network in 8 bits, its characters, and the checksums of both."""
    row = {name: torch.ones((1, 90), dtype=torch.int64) for name in INPUTS}
    free = {name: {1: "length"} for name in (*INPUTS, "marks")}
    network = Traced(_OneRow(averaged(weights).eval()), row, ("verdicts", "marks"), free)
    write_folder(output, {MODEL: network}, {CHARACTERS: characters})


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.export", description=__doc__
    )
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--characters", type=Path, default=PassageReader.FOLDER / CHARACTERS)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    export(options.weights, options.characters.read_bytes().decode("utf-8"), options.output)


if __name__ == "__main__":
    main()
