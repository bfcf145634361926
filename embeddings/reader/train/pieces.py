"""Weights on disk in pieces, 16 bits a number, each small enough to be carried by itself."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

PIECE = 15_500_000  # bytes


def save_pieces(state: Mapping[str, Tensor], folder: Path, name: str) -> None:
    """Writes ``NAME-0.safetensors`` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces: list[dict[str, Tensor]] = [{}]
    room = PIECE
    for key, value in state.items():
        held = value.detach().cpu().half().contiguous()
        if held.nbytes > room:
            pieces.append({})
            room = PIECE
        pieces[-1][key] = held
        room -= held.nbytes
    for number, piece in enumerate(pieces):
        save_file(piece, folder / f"{name}-{number}.safetensors")


def load_pieces(folder: Path, name: str) -> dict[str, Tensor]:
    """The weights that :func:`save_pieces` wrote, as 32 bits.

    Raises:
        FileNotFoundError: there are none.
    """
    files = sorted(folder.glob(f"{name}-*.safetensors"))
    if not files:
        raise FileNotFoundError(f"{folder} 里没有 {name}-0.safetensors。")
    return {key: value.float() for file in files for key, value in load_file(file).items()}
