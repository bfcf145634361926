"""The shipped reader's 8-bit weights as weights that can be trained further."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from embeddings.reader.encoding import Alphabet
from embeddings.reader.reader import CHARACTERS, MODEL
from embeddings.reader.train.network import Network, Shape

__all__ = ["shipped_network"]

ORDER = ("mix", "out", "up", "down")  # matrices of a block, as they are computed


def shipped_network(folder: Path, most: int = 99) -> tuple[Network, Alphabet]:
    """The reader of a model folder, its lowest layers; what guesses hidden characters is not shipped and begins anew."""
    alphabet = Alphabet((folder / CHARACTERS).read_bytes().decode("utf-8"))
    held = {t.name: numpy_helper.to_array(t) for t in onnx.load(folder / MODEL).graph.initializer}
    state: dict[str, Tensor] = {}
    unnamed = []
    for name, array in held.items():
        if name.endswith("_quantized"):
            base = name.removesuffix("_quantized")
            whole = (array.astype(np.float32) - held[f"{base}_zero_point"]) * held[f"{base}_scale"]
            tensor = torch.from_numpy(whole.astype(np.float32))
            if base.startswith("network."):
                state[base.removeprefix("network.")] = tensor.T if "relevance" in base else tensor
            else:
                unnamed.append(tensor.T)
        elif not name.endswith(("_scale", "_zero_point")):
            state[name.removeprefix("network.")] = torch.from_numpy(array.copy())
    layers = (len(unnamed) - 1) // len(ORDER)
    for number, tensor in enumerate(unnamed[:-1]):
        state[f"blocks.{number // len(ORDER)}.{ORDER[number % len(ORDER)]}.weight"] = tensor
    state["span.weight"] = unnamed[-1]
    layers = min(layers, most)
    state = {n: t for n, t in state.items() if not n.startswith("blocks.") or int(n.split(".")[1]) < layers}
    width = state["norm.weight"].shape[0]
    network = Network(Shape(len(alphabet), width, width // 64, layers))
    missing, strange = network.load_state_dict({k: v.contiguous() for k, v in state.items()}, strict=False)
    if strange or any(not name.startswith(("guess.", "often")) for name in missing):
        raise ValueError(f"{folder / MODEL} 不是随附的读句模型：{missing} {strange}")
    return network, alphabet
