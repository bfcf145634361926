"""Reads the shipped model without torch: a text is the mean of its words' rows, made a unit vector.

The folder is a plain sentence-transformers model (StaticEmbedding, Normalize); the vectors are those of
``SentenceTransformer(folder)`` to 1e-5.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .checksums import REINSTALL, verified
from .encoder import EncoderError

WEIGHTS, TOKENIZER, MODULES = "model.safetensors", "tokenizer.json", "modules.json"
BATCH = 1024  # texts that are cut together
MANY = 32  # texts from which several threads are faster
LONGEST = 4000  # characters of a text that are read; its first ones, as models read their first tokens


class StaticEncoder:
    """An encoder of word rows. Reading is safe from many threads."""

    def __init__(self, tokenizer: Any, rows: npt.NDArray[np.float32], identity: str) -> None:
        self._tokenizer = tokenizer
        self._rows = rows
        self.identity = identity
        self.dimension = int(rows.shape[1])

    @classmethod
    def open(cls, folder: Path) -> StaticEncoder:
        """Opens a folder; raises EncoderError if a file is missing, of another form, or not that of its checksum."""
        digests = verified(folder, (MODULES, WEIGHTS, TOKENIZER))
        rows = _read_rows(folder / WEIGHTS)
        tokenizer = _read_tokenizer(folder / TOKENIZER)
        if tokenizer.get_vocab_size() != len(rows):
            raise EncoderError(
                f"模型文件夹 {folder} 的词表有 {tokenizer.get_vocab_size()} 个词，"
                f"权重却有 {len(rows)} 行，两者不是同一个模型。{REINSTALL}"
            )
        digest = hashlib.sha256("".join(digests[name] for name in (WEIGHTS, TOKENIZER)).encode()).hexdigest()
        return cls(tokenizer, rows, f"static-{rows.shape[1]}-{digest[:16]}")

    def encode_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = [text[:LONGEST] for text in texts[start : start + BATCH]]
            for vector, ids in zip(vectors[start:], self._ids(batch), strict=False):
                self._rows.take(ids, axis=0).sum(axis=0, out=vector)
        return unit(vectors)

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the tokens of each text; those of a few in this thread alone: threads of its own cost the tokenizer memory."""
        if len(texts) < MANY:
            return [self._tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        return [one.ids for one in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def encode_query(self, text: str) -> npt.NDArray[np.float32]:
        ids = self._tokenizer.encode(text[:LONGEST], add_special_tokens=False).ids  # in this thread alone
        vector: npt.NDArray[np.float32] = unit(self._rows.take(ids, axis=0).sum(axis=0, keepdims=True))[0]
        return vector


def is_static(folder: Path) -> bool:
    """Whether the folder holds static embeddings and, beside normalisation, nothing else."""
    try:
        modules = json.loads((folder / MODULES).read_text("utf-8"))
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return kinds == ["StaticEmbedding", "Normalize"]


def _read_rows(path: Path) -> npt.NDArray[np.float32]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise EncoderError(f"权重文件 {path} 无法读取。{REINSTALL}") from error
    rows, scales = weights.get("embedding.weight"), weights.get("weights")
    if rows is None and scales is not None:  # rounded rows, each with its scale
        rows = weights.get("embeddings")
        rows = rows * scales[:, None] if rows is not None and rows.shape[:1] == scales.shape else None
    if rows is None or rows.ndim != 2 or not np.isfinite(rows).all():
        raise EncoderError(f"权重文件 {path} 的内容不是静态词向量，或含有非数值。{REINSTALL}")
    return np.ascontiguousarray(rows, dtype=np.float32)


def _read_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises a bare Exception
        raise EncoderError(f"词表文件 {path} 无法读取。{REINSTALL}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Unit rows; rows of zeros stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: npt.NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
