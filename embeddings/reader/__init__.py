"""A small cross-encoder over characters: which sentence or passage answers a question, and where in it.

``encoding`` makes rows of a question and a sentence, ``reader`` runs the shipped network over them without torch;
``passages`` does so with whole passages, ``questions`` reads a question by itself, ``pairs`` what two clauses count;
``base`` is what all have in common. ``train``, ``model``, ``passage_model``, ``question_model`` and
``pair_model`` are the recipes and what they made. Importing this package imports no onnxruntime.
"""

from __future__ import annotations

from .pairs import Mention, PairReader, default_pair_reader
from .passages import PassageReader, PassageReading, Span, default_passage_reader
from .questions import QuestionReader, QuestionReading, default_question_reader
from .reader import Reader, Reading, default_reader

__all__ = [
    "Mention",
    "PairReader",
    "PassageReader",
    "PassageReading",
    "QuestionReader",
    "QuestionReading",
    "Reader",
    "Reading",
    "Span",
    "default_pair_reader",
    "default_passage_reader",
    "default_question_reader",
    "default_reader",
]
