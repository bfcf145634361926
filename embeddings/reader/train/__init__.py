"""The recipe of the shipped reader: ``python -m embeddings.reader.train --data DIR --output DIR``.

Reading order: ``examples`` (files → questions with sentences), ``network`` (a small transformer over characters),
``learning`` (characters put back first, then questions), ``export`` and ``quantized`` (8-bit weights for inference),
``recover`` (back to floats, where other networks begin). Nothing here is imported when questions are answered.
"""

from __future__ import annotations

__all__: list[str] = []
