"""The words of search: one tokenizer for BM25, the terms of the union register, English, sounds and shapes."""

from __future__ import annotations

from .alike import look_alikes, readings, sound_alikes
from .english import Entry, Glossary, default_glossary, split_words, stem, unaccented
from .tagging import Word, tagged
from .terms import Terms, default_terms, expand, in_words_of, read_terms, worth
from .tokenizer import (
    WORDS_VERSION,
    cut,
    cut_at,
    frequency,
    normalise,
    part_of_speech,
    rarity,
    simplified,
    words,
)

__all__ = [
    "WORDS_VERSION",
    "Entry",
    "Glossary",
    "Terms",
    "Word",
    "cut",
    "cut_at",
    "default_glossary",
    "default_terms",
    "expand",
    "frequency",
    "in_words_of",
    "look_alikes",
    "normalise",
    "part_of_speech",
    "rarity",
    "read_terms",
    "readings",
    "simplified",
    "sound_alikes",
    "split_words",
    "stem",
    "tagged",
    "unaccented",
    "words",
    "worth",
]
