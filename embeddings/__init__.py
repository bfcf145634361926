"""Strings and arrays: words, vectors, and the two searches over them. Knows nothing of reports.

Here is what an encoder is, and how one is opened: the shipped model without torch, any other by sentence-transformers.

- ``words``: the one tokenizer of BM25, and synonyms of the union register.
- ``dense``, ``sparse``: FAISS and BM25.
- ``fitted``: small models over named features, without the library that fitted them.
- ``train``, ``model``: the recipe and what it made.

Importing this package imports neither torch nor faiss nor rjieba.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .checksums import REINSTALL, EncoderError, verified

__all__ = ["Encoder", "EncoderError", "default_encoder", "open_encoder"]

# Read when onnxruntime is imported, which else reports its use to its makers; set to 0, it does.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

MODEL_FOLDER = Path(__file__).with_name("model")  # the shipped model
WEIGHTS, TOKENIZER, MODULES = "model.safetensors", "tokenizer.json", "modules.json"
BATCH = 1024  # texts that are cut together
MANY = 32  # texts from which several threads are faster
LONGEST = 4000  # characters of a text that are read; its first ones, as models read their first tokens


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


class StaticEncoder:
    """A plain sentence-transformers folder (StaticEmbedding, Normalize), read without torch; safe from many threads.

    A text is the mean of its words' rows, made a unit vector: that of ``SentenceTransformer(folder)`` to 1e-5.
    """

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
            if len(batch) < MANY:  # in this thread alone: threads of its own cost the tokenizer memory
                cut = [self._tokenizer.encode(text, add_special_tokens=False) for text in batch]
            else:
                cut = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for vector, tokens in zip(vectors[start:], cut, strict=False):
                self._rows.take(tokens.ids, axis=0).sum(axis=0, out=vector)
        return unit(vectors)

    def encode_query(self, text: str) -> npt.NDArray[np.float32]:
        return np.asarray(self.encode_passages([text])[0])


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


class TransformerEncoder:
    """Any sentence-transformers model, with the prompts it declares; imports torch."""

    def __init__(self, model: Any, identity: str) -> None:
        self._model = model
        self.identity = identity
        self.dimension = len(self.encode_query("工会"))

    @classmethod
    def open(cls, name_or_path: str, *, fetch: bool = True) -> TransformerEncoder:
        """Opens a folder, a cached model, or one of the hub where ``fetch`` allows; raises EncoderError if it cannot."""
        is_path = os.sep in name_or_path.rstrip(os.sep) and name_or_path.startswith((".", "~", os.sep))
        folder = folder_named(name_or_path)
        is_here = folder.is_dir()
        if is_path and not is_here:
            raise EncoderError(f"找不到模型文件夹 {name_or_path}，请检查路径。")
        if is_here and not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise EncoderError(
                f"文件夹 {folder} 里没有 modules.json 或 config.json，不是完整的 sentence-transformers 模型，请重新下载。"
            )
        from sentence_transformers import SentenceTransformer

        name = str(folder) if is_here else name_or_path
        try:
            model = SentenceTransformer(name, device="cpu", local_files_only=not fetch)
        except Exception as error:  # the hub, the loaders and torch each raise errors of their own
            reason = " ".join(str(error).split())[:200]
            if is_here:
                raise EncoderError(f"模型文件夹 {folder} 不完整或已损坏，请重新下载（{reason}）。") from error
            if not fetch:
                raise EncoderError(
                    f"这台电脑上没有索引用的模型 {name_or_path}，打开索引时也不下载。确实要用它，请加上 --encoder "
                    f"{name_or_path} 再运行；或运行 union-qa rebuild 报告文件夹 --encoder shipped，改用自带的模型。"
                ) from error
            raise EncoderError(
                f"无法取得模型 {name_or_path}：本机没有缓存，也连不上下载站。"
                f"请联网后重试，或下载到本地后给出文件夹路径，或不指定模型而用自带的模型（{reason}）。"
            ) from error
        model.eval()
        return cls(model, f"{folder.resolve().name if is_here else name_or_path}-{_weights_digest(model)}")

    def encode_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return _finished(self._model.encode_document(list(texts), batch_size=32, show_progress_bar=False))

    def encode_query(self, text: str) -> npt.NDArray[np.float32]:
        (vector,) = _finished(self._model.encode_query([text], show_progress_bar=False))
        return np.asarray(vector)


def _finished(vectors: Any) -> npt.NDArray[np.float32]:
    rows = np.asarray(vectors, dtype=np.float32)
    if not np.isfinite(rows).all():
        raise EncoderError("模型给出了非数值的向量，权重可能已损坏，请重新下载模型。")
    return unit(rows)


def _weights_digest(model: Any) -> str:
    """Hash of the weights and prompts, wherever they came from."""
    digest = hashlib.sha256(repr(sorted((model.prompts or {}).items())).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().float().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def folder_named(name_or_path: str) -> Path:
    """Return the path of an encoder's folder, if it is one; raise EncoderError if its ``~`` stands for none."""
    try:
        return Path(name_or_path).expanduser()
    except RuntimeError as error:
        raise EncoderError(f"找不到模型文件夹 {name_or_path}，请检查路径。") from error


@cache
def default_encoder() -> Encoder:
    """The shipped encoder, opened once. Raises EncoderError for missing or altered files."""
    return StaticEncoder.open(MODEL_FOLDER)


def open_encoder(name_or_path: str | None = None, *, fetch: bool = True) -> Encoder:
    """Opens an encoder, offline where its files are at hand.

    Args:
        name_or_path: None for the shipped model; a folder of static embeddings is read without torch; anything
            else is the name or the folder of a sentence-transformers model.
        fetch: whether a model that is not on this machine may be asked for elsewhere; never for what a file names.

    Raises EncoderError for missing, incomplete or altered files, or a name that cannot be had.
    """
    if name_or_path is None:
        return default_encoder()
    if is_static(folder := folder_named(name_or_path)):
        return StaticEncoder.open(folder)
    return TransformerEncoder.open(name_or_path, fetch=fetch)
