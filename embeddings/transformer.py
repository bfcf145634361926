"""Any sentence-transformers model by name or folder, with the prompts for queries and passages it declares."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .encoder import EncoderError, folder_named
from .static import unit

BATCH = 32


class TransformerEncoder:
    """An encoder on top of ``SentenceTransformer``; imports torch."""

    def __init__(self, model: Any, identity: str) -> None:
        self._model = model
        self.identity = identity
        self.dimension = len(self.encode_query("工会"))

    @classmethod
    def open(cls, name_or_path: str, *, fetch: bool = True) -> TransformerEncoder:
        """Opens a folder, a cached model, or one of the hub where ``fetch`` allows; raises EncoderError if it cannot."""
        is_path = os.sep in name_or_path.rstrip(os.sep) and name_or_path.startswith((".", "~", os.sep))
        folder = folder_named(name_or_path)
        if is_path and not folder.is_dir():
            raise EncoderError(f"找不到模型文件夹 {name_or_path}，请检查路径。")
        if folder.is_dir() and not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise EncoderError(
                f"文件夹 {folder} 里没有 modules.json 或 config.json，不是完整的 sentence-transformers 模型，请重新下载。"
            )
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            advice = "缺少 sentence-transformers，请先运行 pip install sentence-transformers。"
            raise EncoderError(advice) from error
        try:
            model = SentenceTransformer(
                str(folder) if folder.is_dir() else name_or_path, device="cpu", local_files_only=not fetch
            )
        except Exception as error:  # the hub, the loaders and torch each raise errors of their own
            reason = " ".join(str(error).split())[:200]
            if folder.is_dir():
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
        name = folder.resolve().name if folder.is_dir() else name_or_path
        return cls(model, f"{name}-{_weights_digest(model)}")

    def encode_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return _finished(self._model.encode_document(list(texts), batch_size=BATCH, show_progress_bar=False))

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
