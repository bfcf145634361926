"""Write the checksums of a model's files, which are compared before it is used."""

import json
from pathlib import Path

from embeddings.checksums import CHECKSUMS, sha256_of

KINDS = {".json", ".safetensors", ".onnx", ".txt"}  # what decides a model's figures


def write_checksums(folder: Path) -> None:
    """Writes the checksums of every file of a model that decides its figures."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in KINDS and path.name != CHECKSUMS]
    digests = {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths}
    (folder / CHECKSUMS).write_text(json.dumps(digests, indent=1) + "\n", "utf-8")
