"""What all readers share: the network of a model folder, run one text at a time, and how a text becomes a row of numbers.

A row has one id a character. Beside the ids stand the part of each character, and how long a run of the other text it
belongs to: a small network need not learn to compare characters.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from embeddings.checksums import REINSTALL, EncoderError, verified

MODEL, CHARACTERS = "reader.onnx", "characters.txt"
NOWHERE = -24.0  # log-probability of what the reader does not see

Array: TypeAlias = npt.NDArray[np.float32]
PAD, UNKNOWN, CLS, SEP, MASK = range(5)
SPECIAL = 5  # ids before those of characters
QUESTION, BEFORE, SENTENCE = range(3)  # parts
RUNS = 4  # 0: the character stands nowhere in the other text; 1, 2, 3: a run of so many does
_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDENED = str.maketrans("?!;:()", "？！；：（）")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_KEPT = {ord(c): ord(c) for c in "，。！？；：（）"}  # marks that Chinese prints in full width


class Alphabet:
    """The characters that a reader knows, each with its id."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        self._ids = np.full(0x110000, UNKNOWN, dtype=np.int32)
        self._ids[[ord(c) for c in characters]] = np.arange(SPECIAL, SPECIAL + len(characters))

    def __len__(self) -> int:
        return SPECIAL + len(self.characters)

    def ids(self, text: str) -> npt.NDArray[np.int32]:
        """One id a character, (len(text),)."""
        codes = np.frombuffer(fold(text).encode("utf-32-le", "replace"), np.uint32)
        ids: npt.NDArray[np.int32] = self._ids[codes]
        return ids


def fold(text: str) -> str:
    """Narrow letters and digits, small letters; as many characters as before."""
    narrow = text.translate(_WIDE | _KEPT)
    return "".join(small if len(small := c.lower()) == 1 else c for c in narrow)


def fold_question(text: str) -> str:
    """Fold a question, with its marks in full width as the questions learned have them; as many characters as before.

    >>> fold_question("会员1,200人,对吗?")
    '会员1,200人，对吗？'
    """
    return _COMMA.sub("，", fold(text).translate(_WIDENED))


def shared(text: str, other: str) -> npt.NDArray[np.int64]:
    """For each character of ``text``, the length of the longest run it belongs to that stands in ``other``, up to 3."""
    found = np.zeros(len(text), dtype=np.int64)
    for length in range(1, RUNS):
        held = {other[i : i + length] for i in range(len(other) - length + 1)}
        for at in range(len(text) - length + 1):
            if text[at : at + length] in held:
                found[at : at + length] = length
    return found


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
