"""The recipe of the shipped passage reader: ``python -m embeddings.reader.train.passages --data DIR --output DIR``.

Reading order: ``rows`` (files → questions with passages and labels), ``network`` (the sentence reader's
transformer with four marks a character and two verdicts a row), ``learning``, ``evaluation``, ``export`` (8-bit
weights for inference). Nothing here is imported when questions are answered.
"""

from __future__ import annotations

__all__: list[str] = []
