"""A file of weights → the passage reader's network: of training, or of a shipped model made floating-point again."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from embeddings.reader.train.network import Shape
from embeddings.reader.train.recover import recovered_passages

from .network import PassageNetwork


def loaded(weights: Path, characters: int) -> PassageNetwork:
    """The network of a file of weights, of a checkpoint or of a shipped ``reader.onnx``, its sizes read off them."""
    if weights.suffix == ".onnx":
        return recovered_passages(weights)
    if weights.suffix == ".pt":
        held = torch.load(weights, map_location="cpu", weights_only=True)["mean"]
        state = {name.removeprefix("module."): value for name, value in held.items() if name != "n_averaged"}
    else:
        state = {name: value.float() for name, value in load_file(weights).items()}
    layers = sum(name.endswith("mix.weight") for name in state)
    width = len(state["norm.weight"])
    network = PassageNetwork(Shape(characters, width, width // 64, layers))
    network.load_state_dict(state)
    return network
