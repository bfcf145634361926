"""The recipe of a reader of sentences, with which all others begin: ``python -m embeddings.reader.train --data DIR --output DIR``.

Reading order: ``examples`` (files → questions with sentences), ``network`` (a small transformer over characters),
``learning`` (characters put back first, then questions); then ``passages``, ``questions`` and ``pairs``, the recipes that go on
from it, with ``quantized`` (8-bit weights for inference) and ``recover`` (back to floats). Nothing here is imported when
questions are answered.
"""

from __future__ import annotations

__all__: list[str] = []
