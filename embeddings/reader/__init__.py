"""A small cross-encoder over characters: which sentence or passage answers a question, and where in it.

``passages`` reads passages with a question in mind and a sentence with an answer marked, ``questions`` a question by itself, ``pairs`` what two clauses count, each without torch; ``base`` is what all
have in common. ``train`` are the recipes, and the folders ``passage_model``, ``answer_model``, ``second_answer_model``,
``question_model`` and ``pair_model`` what they made. Importing this package imports no onnxruntime.
"""

from .pairs import LEAST, Mention, default_pair_reader
from .passages import PassageReading, default_answer_reader, default_passage_reader, marked
from .questions import default_question_reader

__all__ = [
    "LEAST", "Mention", "PassageReading", "default_answer_reader", "default_pair_reader", "default_passage_reader",
    "default_question_reader", "marked",
]  # fmt: skip
