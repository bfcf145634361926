"""What an encoder is, and how one is opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

MODEL_FOLDER = Path(__file__).with_name("model")  # the shipped model


class EncoderError(Exception):
    """An encoder cannot be opened or does not fit; the message (Chinese) says what to do."""


class Encoder(Protocol):
    """Turns texts into unit vectors, so that their inner product is the cosine (-1 to 1, higher is closer)."""

    @property
    def dimension(self) -> int:
        """Width of the vectors."""

    @property
    def identity(self) -> str:
        """Name and hash of the weights; an index is read with the encoder that built it or not at all."""

    def encode_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit rows, (n, dimension); a text without any known word is a zero row."""

    def encode_query(self, text: str) -> npt.NDArray[np.float32]:
        """Unit vector, (dimension,), made with the model's query prompt where it has one."""


def folder_named(name_or_path: str) -> Path:
    """Return the path of an encoder's folder, if it is one; raise EncoderError if its ``~`` stands for none."""
    try:
        return Path(name_or_path).expanduser()
    except RuntimeError as error:
        raise EncoderError(f"找不到模型文件夹 {name_or_path}，请检查路径。") from error


@cache
def default_encoder() -> Encoder:
    """The shipped encoder, opened once. Raises EncoderError for missing or altered files."""
    from .static import StaticEncoder

    return StaticEncoder.open(MODEL_FOLDER)


def open_encoder(name_or_path: str | None = None, *, fetch: bool = True) -> Encoder:
    """Opens an encoder, offline where its files are at hand.

    Args:
        name_or_path: None for the shipped model; a folder of static embeddings is read without torch; anything
            else is the name or the folder of a sentence-transformers model.
        fetch: whether a model that is not on this machine may be asked for elsewhere; never for what a file names.

    Raises EncoderError for missing, incomplete or altered files, or a name that cannot be had.
    """
    from .static import StaticEncoder, is_static

    if name_or_path is None:
        return default_encoder()
    if is_static(folder := folder_named(name_or_path)):
        return StaticEncoder.open(folder)
    from .transformer import TransformerEncoder

    return TransformerEncoder.open(name_or_path, fetch=fetch)
