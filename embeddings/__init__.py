"""Strings and arrays: words, vectors, and the two searches over them. Knows nothing of reports.

- ``words``: the one tokenizer of BM25, and synonyms of the union register.
- ``encoder``: the shipped model, read without torch, and any other sentence-transformers model.
- ``dense``, ``sparse``: FAISS and BM25.
- ``fitted``: small models over named features, without the library that fitted them.
- ``train``, ``model``: the recipe and what it made.

Importing this package imports neither torch nor faiss nor rjieba.
"""

import os

from .checksums import EncoderError
from .encoder import Encoder, default_encoder, open_encoder

__all__ = ["Encoder", "EncoderError", "default_encoder", "open_encoder"]

# Read when onnxruntime is imported, which else reports its use to its makers; set to 0, it does.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
