"""The words of search: one tokenizer for BM25, and the terms of the union register."""

from __future__ import annotations

from .terms import Terms, default_terms, expand, read_terms
from .tokenizer import WORDS_VERSION, cut, frequency, normalise, words

__all__ = [
    "WORDS_VERSION",
    "Terms",
    "cut",
    "default_terms",
    "expand",
    "frequency",
    "normalise",
    "read_terms",
    "words",
]
