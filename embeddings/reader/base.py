"""What all readers share: the network of a model folder, run one text at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from embeddings.checksums import REINSTALL, EncoderError, verified

from .encoding import Alphabet

MODEL, CHARACTERS = "reader.onnx", "characters.txt"
NOWHERE = -24.0  # log-probability of what the reader does not see

Array: TypeAlias = npt.NDArray[np.float32]


class NetworkReader:
    """A network and its alphabet; safe to share between threads.

    Each text is read by itself, so that what it gives does not depend on what else is read.
    """

    FOLDER: ClassVar[Path]  # the shipped model
    NETWORK: ClassVar[str] = MODEL
    OUTPUTS: ClassVar[tuple[str, ...] | None] = None  # of the network that are asked for; None: all
    # The alphabet first; the others are handed to ``__init__``.
    TEXTS: ClassVar[tuple[str, ...]] = (CHARACTERS,)

    def __init__(self, session: Any, alphabet: Alphabet) -> None:
        self._session = session
        self._alphabet = alphabet

    @classmethod
    def open(cls, folder: Path | None = None) -> Self:
        """Open a model folder, by default the shipped one, after comparing its files with their checksums.

        Raises EncoderError if a file is missing or altered, or is no network.
        """
        folder = folder or cls.FOLDER
        verified(folder, (cls.NETWORK, *cls.TEXTS))
        characters, *more = ((folder / name).read_bytes().decode("utf-8") for name in cls.TEXTS)
        return cls(_session(folder / cls.NETWORK), Alphabet(characters), *more)

    def _run(self, **row: npt.NDArray[np.int64]) -> list[Any]:
        outputs = self._session.run(self.OUTPUTS, {name: values[None] for name, values in row.items()})
        return [output[0] for output in outputs]


@cache
def _session(path: Path) -> Any:
    """The network of a file, opened once: readers with other heads of one network share it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own
        raise EncoderError(f"模型文件 {path} 无法读取。{REINSTALL}") from error


@cache
def threads() -> ThreadPoolExecutor:
    """As many threads as there are cores, up to four, for networks that use one each."""
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="reader")


def log_softmax(logits: Array) -> Array:
    """Over the first axis."""
    if not len(logits):
        return logits
    shifted = logits - logits.max(axis=0)
    normal: Array = (shifted - np.log(np.exp(shifted).sum(axis=0))).astype(np.float32)
    return normal
