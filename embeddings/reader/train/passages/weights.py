"""Weights on disk ↔ the passage reader's network: of training, or of a shipped model made floating-point again."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from embeddings.reader.train.network import shape_of
from embeddings.reader.train.pieces import load_pieces
from embeddings.reader.train.recover import recovered_passages

from .network import PassageNetwork

PIECES = "reader"  # what the pieces of its weights are called


def loaded(weights: Path) -> PassageNetwork:
    """The network of a file of weights or a folder of its pieces, of a checkpoint or of a shipped ``reader.onnx``.

    Its sizes are read off them.

    Raises:
        FileNotFoundError: the file is not there, or the folder holds no pieces.
    """
    if weights.suffix == ".onnx":
        return recovered_passages(weights)
    if weights.suffix == ".pt":
        held = torch.load(weights, map_location="cpu", weights_only=True)["mean"]
        state = {name.removeprefix("module."): value for name, value in held.items() if name != "n_averaged"}
    else:
        told = load_pieces(weights, PIECES) if weights.is_dir() else load_file(weights)
        state = {name: value.float() for name, value in told.items()}
    network = PassageNetwork(shape_of(state))
    network.load_state_dict(state)
    return network
