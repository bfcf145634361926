"""The recipe of the shipped completer: ``python -m embeddings.completer.train --data DIR --output DIR``.

Reading order: ``examples`` (dialogues → questions with their complete form, which character of it is copied from where,
places and years exchanged), ``network`` (the reader's encoder, heads that point, 8-bit weights for inference),
``learning``, ``evaluation``. Nothing here is imported when questions are answered.
"""

from __future__ import annotations

__all__: list[str] = []
