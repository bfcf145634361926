"""Opens the networks of a model folder, and reads several texts at once without one changing what another gives."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from .checksums import REINSTALL, verified
from .errors import EncoderError


def opened(folder: Path, networks: Sequence[str], texts: Sequence[str]) -> tuple[list[Any], list[str]]:
    """The networks of a model folder as sessions of one thread, and its text files, after comparing all checksums.

    Raises:
        EncoderError: a file is missing or altered, or is no network.
    """
    verified(folder, (*networks, *texts))
    sessions = [_session(folder / name) for name in networks]
    return sessions, [(folder / name).read_bytes().decode("utf-8") for name in texts]


def _session(path: Path) -> Any:
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
    """As many threads as there are cores, up to four, for sessions of one thread."""
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="reader")
