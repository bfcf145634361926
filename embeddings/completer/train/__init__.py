"""The recipe of the shipped completer: ``python -m embeddings.completer.train --data DIR --output DIR``.

Reading order: ``examples`` (dialogues → questions with their complete form, places and years exchanged), ``aligned``
(which character of the complete form is copied from where), ``network`` (the reader's encoder, a decoder that
points), ``learning``, ``evaluation``, ``export`` (8-bit weights for inference). Nothing here is imported when
questions are answered.
"""

from __future__ import annotations

__all__: list[str] = []
