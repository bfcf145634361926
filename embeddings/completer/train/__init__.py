"""The recipe of the shipped completer and its judge, one network: ``python -m embeddings.completer.train --help``.

Reading order: ``examples`` (dialogues → questions with their complete form, which character of it is copied from where,
places and years exchanged), ``labels`` (what that says of each position), ``forms`` (what is judged), ``packing`` (both as
arrays), ``network`` (the pretrained encoder of ``embeddings.reader.train``, heads, 8-bit weights for inference),
``losses``, ``export``, ``evaluation``. Nothing here is imported when questions are answered.
"""

__all__: list[str] = []
