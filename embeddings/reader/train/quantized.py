"""Writes a model folder for inference: networks in 8 bits as ONNX, texts, and the checksums of all.

Needs ``onnx`` beside what the package needs. ``embeddings.reader.base`` opens such a folder.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from embeddings.train.checksums import write_checksums


@dataclass(frozen=True, slots=True)
class Traced:
    """A network and what it is traced with.

    Args:
        network: in evaluation.
        inputs: an example of each, by its name, in the order of the network's arguments.
        outputs: their names.
        free: the dimensions that differ from call to call and what each is called, by the name of input or output.
    """

    network: nn.Module
    inputs: Mapping[str, Tensor]
    outputs: Sequence[str]
    free: Mapping[str, Mapping[int, str]]


def write_folder(folder: Path, networks: Mapping[str, Traced], texts: Mapping[str, str]) -> None:
    """Writes networks and texts by the names of their files, and their checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, traced in networks.items():
        _write_network(folder / name, traced)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    write_checksums(folder)


def _write_network(path: Path, traced: Traced) -> None:
    with tempfile.TemporaryDirectory() as beside:
        floats = Path(beside) / path.name
        torch.onnx.export(
            traced.network,
            tuple(traced.inputs.values()),
            str(floats),
            input_names=list(traced.inputs),
            output_names=list(traced.outputs),
            dynamic_axes=traced.free,
            dynamo=False,
        )
        quantize_dynamic(floats, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        made = onnx.load(path)
        del made.graph.value_info[:]  # shapes within, which onnxruntime infers itself
        onnx.save(made, path)
