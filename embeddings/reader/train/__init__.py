"""The recipe of the shipped reader: ``python -m embeddings.reader.train --data DIR --output DIR``.

Reading order: ``examples`` (files → questions with sentences), ``network`` (a small transformer over characters),
``learning`` (characters put back first, then questions), ``export`` (8-bit weights for inference). Nothing here is
imported when questions are answered.
"""

from __future__ import annotations

__all__: list[str] = []
