"""``python -m embeddings.completer.train.recover MODEL --output DIR``: a shipped completer as weights to go on from.

The float weights were not kept; 8 bits a weight and a scale a column lose too little to matter as a beginning.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from embeddings.completer.completer import MODEL
from embeddings.reader.base import CHARACTERS, SPECIAL, UNKNOWN
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.pieces import save_pieces
from embeddings.reader.train.recover import dequantized

from .network import WEIGHTS

TABLES = ("encoder.characters", "encoder.parts", "encoder.runs")


def recovered(folder: Path) -> dict[str, Tensor]:
    """Return the weights of a model folder by their names; characters that it does not know begin as the unknown one.

    Raises:
        OSError: the folder holds no such model.
    """
    graph = onnx.load(str(folder / MODEL)).graph
    held = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    state = {name: value for name, value in held.items() if not name.startswith("onnx::") and "_" not in name}
    state |= {f"{table}.weight": dequantized(held, f"{table}.weight") for table in TABLES}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            path = node.name.removeprefix("/").split("/")[:-1]
            name = ".".join(path[1:] if len(path) > 1 and path[1].startswith(f"{path[0]}.") else path)
            state[f"{name}.weight"] = dequantized(held, node.input[1].removesuffix("_quantized")).T
    beside = [value for name, value in held.items() if name.startswith("onnx::Mul_")]
    for number, pair in enumerate(zip(beside[::2], beside[1::2], strict=True)):
        state[f"encoder.blocks.{number}.beside"] = np.stack(pair)
    own, alphabet = state["encoder.characters.weight"], alphabet_of()
    known = (folder / CHARACTERS).read_bytes().decode("utf-8")
    at = {character: number for number, character in enumerate(known, SPECIAL)}
    rows = [*range(SPECIAL), *(at.get(character, UNKNOWN) for character in alphabet.characters)]
    state["encoder.characters.weight"] = own[rows]
    return {name: torch.from_numpy(np.array(value, np.float32)) for name, value in state.items()}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.completer.train.recover", description=__doc__)
    parser.add_argument("model", type=Path, help="a model folder, as `…train.export` writes it")
    parser.add_argument("--output", type=Path, required=True, help="folder for the weights")
    options = parser.parse_args()
    save_pieces(recovered(options.model), options.output, WEIGHTS)


if __name__ == "__main__":
    main()
