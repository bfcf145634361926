"""The weights of the shipped sentence reader as floats again, where the passage reader begins.

The float weights were not kept; 8 bits a weight and a scale a column lose too little to matter as a beginning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from embeddings.reader.train.network import Network, Shape

from .network import PassageNetwork

__all__ = ["begun_from", "recovered"]


def recovered(model: Path, layers: int = 6) -> Network:
    """The float network of an 8-bit ``reader.onnx``; what guesses hidden characters was not kept and is new.

    Raises:
        OSError: the file is not there.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(model)).graph
    held = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    state = {
        name.removeprefix("network."): value for name, value in held.items() if name.startswith("network.")
    }
    state = {
        name: value
        for name, value in state.items()
        if not name.endswith(("_scale", "_zero_point", "_quantized"))
    }
    for table in ("characters.weight", "parts.weight", "runs.weight"):
        state[table] = _floats(held, f"network.{table}")
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            path = node.name.removeprefix("/network/").split("/")[:-1]
            name = ".".join(path[1:] if path[0] == "relevance" else path).removesuffix(".Gemm_MatMul_quant")
            state[f"{name}.weight"] = _floats(held, node.input[1].removesuffix("_quantized")).T
    network = Network(
        Shape(len(state["characters.weight"]), state["characters.weight"].shape[1], layers=layers)
    )
    tensors = {name: torch.from_numpy(value.astype(np.float32)) for name, value in state.items()}
    missing, unknown = network.load_state_dict(tensors, strict=False)
    if unknown or any(not name.startswith(("guess", "often")) for name in missing):
        raise ValueError(f"{model}: not a sentence reader: {missing} {unknown}")
    return network.eval()


def _floats(held: dict[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float32]:
    whole, zero = held[f"{name}_quantized"].astype(np.int32), held[f"{name}_zero_point"].astype(np.int32)
    floats: npt.NDArray[np.float32] = (whole - zero).astype(np.float32) * held[f"{name}_scale"]
    return floats


def begun_from(network: Network) -> PassageNetwork:
    """A passage reader that begins where a sentence reader ended."""
    begun = PassageNetwork(network.shape)
    old, new = network.state_dict(), begun.state_dict()
    shared = {name: value for name, value in old.items() if name in new and new[name].shape == value.shape}
    shared["marks.weight"] = torch.cat([old["span.weight"], new["marks.weight"][2:]])
    shared["marks.bias"] = torch.cat([old["span.bias"], new["marks.bias"][2:] - 3.0])
    shared["verdicts.0.weight"], shared["verdicts.0.bias"] = (
        old["relevance.0.weight"],
        old["relevance.0.bias"],
    )
    shared["verdicts.2.weight"] = torch.cat([old["relevance.2.weight"], new["verdicts.2.weight"][1:]])
    shared["verdicts.2.bias"] = torch.cat([old["relevance.2.bias"], torch.zeros(1)])
    begun.load_state_dict({**new, **shared})
    return begun
