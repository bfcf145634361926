"""The words of search: one tokenizer for BM25, the terms of the union register, English, sounds and shapes."""

from .english import default_glossary, split_words, unaccented
from .terms import expand, in_words_of, look_alikes, read_terms, readings, sound_alikes, worth
from .tokenizer import cut, cut_at, frequency, normalise, part_of_speech, rarity, simplified, words

__all__ = [
    "cut", "cut_at", "default_glossary", "expand", "frequency", "in_words_of", "look_alikes", "normalise",
    "part_of_speech", "rarity", "read_terms", "readings", "simplified", "sound_alikes", "split_words", "unaccented",
    "words", "worth",
]  # fmt: skip
