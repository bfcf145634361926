"""A small cross-encoder over characters: which sentence or passage answers a question, and where in it.

``passages`` reads passages with a question in mind, ``questions`` a question by itself, ``pairs`` what two clauses
count, each without torch; ``encoding`` makes their rows, ``base`` is what all have in common. ``train``,
``passage_model``, ``question_model`` and ``pair_model`` are the recipes and what they made. Importing this package imports no onnxruntime.
"""

from __future__ import annotations

from .pairs import LEAST, Mention, PairReader, default_pair_reader
from .passages import PassageReader, PassageReading, Span, default_passage_reader
from .questions import QuestionReader, QuestionReading, default_question_reader

__all__ = [
    "LEAST",
    "Mention",
    "PairReader",
    "PassageReader",
    "PassageReading",
    "QuestionReader",
    "QuestionReading",
    "Span",
    "default_pair_reader",
    "default_passage_reader",
    "default_question_reader",
]
