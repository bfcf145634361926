"""The recipe of the shipped passage reader: ``python -m embeddings.reader.train.passages --data DIR --sentences DIR --output DIR``.

Reading order: ``rows`` (files → questions with passages and labels), ``network`` (the sentence reader's
transformer with four marks a character and two verdicts a row), ``learning``, ``evaluation``, ``export`` (8-bit
weights for inference). ``packed``, ``text`` and ``deep`` are for an accelerator: rows and prose as arrays, and more layers
that learn from both. Nothing here is imported when questions are answered.
"""

__all__: list[str] = []
