"""The weights of a shipped reader as floats again, from which its recipe goes on.

The float weights were not kept; 8 bits a weight and a scale a column lose too little to matter as a beginning.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from .network import Shape
from .pairs.network import PairNetwork
from .passages.network import PassageNetwork
from .questions.network import QuestionNetwork

HEADS = ("body.marks.", "body.look.", "body.verdicts.")  # of the passage reader, not kept where it is a body
TABLES = ("characters.weight", "parts.weight", "runs.weight")


def recovered_passages(model: Path) -> PassageNetwork:
    """The float network of an 8-bit ``reader.onnx`` of the passage reader.

    Raises:
        OSError: the file is not there.
        RuntimeError: it holds another network.
    """
    state = _state(model)
    network = PassageNetwork(_shape(state))
    network.load_state_dict(_tensors(state))
    return network.eval()


def recovered_questions(model: Path, labels: int) -> QuestionNetwork:
    """The float network of an 8-bit ``reader.onnx`` of the question reader with so many labels.

    Raises:
        OSError: the file is not there.
    """
    state = _state(model, "body.")
    network = QuestionNetwork(PassageNetwork(_shape(state, "body.")), labels)
    network.load_state_dict(_tensors(state), strict=False)  # the heads of its body were never used, nor kept
    return network.eval()


def recovered_pairs(model: Path) -> PairNetwork:
    """The float network of an 8-bit ``reader.onnx`` of the reader of pairs.

    Raises:
        OSError: the file is not there.
        RuntimeError: it holds another network.
    """
    state = _state(model, "body.")
    network = PairNetwork(PassageNetwork(_shape(state, "body.")))
    unused = {name: value for name, value in network.state_dict().items() if name.startswith(HEADS)}
    network.load_state_dict(unused | _tensors(state))
    return network.eval()


def _shape(state: dict[str, npt.NDArray[Any]], within: str = "") -> Shape:
    characters, width = state[f"{within}characters.weight"].shape
    return Shape(characters, width, width // 64, sum(name.endswith("mix.weight") for name in state))


def _tensors(state: dict[str, npt.NDArray[Any]]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value.astype(np.float32)) for name, value in state.items()}


def _state(model: Path, within: str = "") -> dict[str, npt.NDArray[Any]]:
    """Name → weights; ``within`` is the module that holds the layers."""
    graph = onnx.load(str(model)).graph
    held = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    state = {
        name.removeprefix("network."): value
        for name, value in held.items()
        if name.startswith("network.") and not name.endswith(("_scale", "_zero_point", "_quantized"))
    }
    for table in (*TABLES, "positions.weight", "pieces.weight"):
        if f"network.{within}{table}_quantized" in held:
            state[within + table] = dequantized(held, f"network.{within}{table}")
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            path = node.name.removeprefix("/network/").split("/")[:-1]
            name = ".".join(path[1:] if path[0] in ("relevance", "verdicts", "relation", "each") else path)
            name = (within if name.startswith("blocks") else "") + name.removesuffix(".Gemm_MatMul_quant")
            state[f"{name}.weight"] = dequantized(held, node.input[1].removesuffix("_quantized")).T
    return state


def dequantized(held: dict[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float32]:
    """Return the floats of an initializer in 8 bits, from all that a model holds."""
    whole, zero = held[f"{name}_quantized"].astype(np.int32), held[f"{name}_zero_point"].astype(np.int32)
    floats: npt.NDArray[np.float32] = (whole - zero).astype(np.float32) * held[f"{name}_scale"]
    return floats
