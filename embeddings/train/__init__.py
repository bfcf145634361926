"""The recipe of the shipped encoder: ``python -m embeddings.train --data DIR --output DIR``.

Reading order: ``data`` (files → texts that belong together), ``vocabulary`` (texts → words →
tokenizer), ``model`` (bags of word parts, trained with in-batch negatives), ``evaluation``
(development figures), ``card`` (folder in sentence-transformers form with its model card).
Nothing here is imported when questions are answered.
"""

__all__: list[str] = []
