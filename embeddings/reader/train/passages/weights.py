"""Weights on disk ↔ the passage reader's network: of training, or of a shipped model made floating-point again."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from embeddings.reader.train.network import shape_of
from embeddings.reader.train.recover import recovered_passages

from .network import PassageNetwork

PIECE = 15_000_000  # bytes


def save_pieces(network: PassageNetwork, folder: Path) -> None:
    """Writes ``reader-0.safetensors`` and so on, 16 bits a number, each small enough to be carried by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces: list[dict[str, torch.Tensor]] = [{}]
    room = PIECE
    for name, value in network.state_dict().items():
        held = value.detach().cpu().half().contiguous()
        if held.nbytes > room:
            pieces.append({})
            room = PIECE
        pieces[-1][name] = held
        room -= held.nbytes
    for number, piece in enumerate(pieces):
        save_file(piece, folder / f"reader-{number}.safetensors")


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
        files = sorted(weights.glob("reader-*.safetensors")) if weights.is_dir() else [weights]
        if not files:
            raise FileNotFoundError(f"{weights} 里没有 reader-0.safetensors。")
        state = {name: value.float() for file in files for name, value in load_file(file).items()}
    network = PassageNetwork(shape_of(state))
    network.load_state_dict(state)
    return network
