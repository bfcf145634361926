"""The recipes of the readers of text, ``python -m embeddings.reader.train --data DIR --output DIR`` and its neighbours.

``text`` (prose → shards), ``pretraining`` (``encoder`` learns to put hidden characters back, by ``muon`` on an accelerator) make
the encoder that the completer begins with. The older beginning: ``examples`` (files → questions with sentences), ``network`` (a
small transformer over characters), ``rows``, ``learning``; then ``passages``, ``questions`` and ``pairs``, the recipes that go on from it.
All share ``packed`` (rows as arrays), ``pieces`` (weights on disk), ``quantized`` (8-bit weights for inference) and ``recover`` (back to
floats). Nothing here is imported when questions are answered.
"""

__all__: list[str] = []
