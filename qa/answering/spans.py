"""The shortest answer as the reader marks it, made whole: no half of a word, of a title or of a name."""

from __future__ import annotations

import re

from embeddings.reader import Reading
from qa.text.beside import NAMES

__all__ = ["likely", "marked"]

LIKELY = -1.1  # log-probability from which a span is told
LONGEST = 40  # characters of a short answer
_EDGE = re.compile(r"[\s，,。；;：:、！!？?·]+$")
_LEADS = re.compile(r"^(?:获评|获|评为|在|于)(?=.{2})")
_TRAILS = re.compile(r"(?<=.{2})(?:称号|等)$")
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("(", ")"), ("『", "』"), ("「", "」"))


def likely(text: str, reading: Reading | None) -> str | None:
    """What the reader marks in a sentence, where it is sure enough of it."""
    found = marked(text, reading)
    return found[0] if found and found[1] >= LIKELY else None


def marked(text: str, reading: Reading | None) -> tuple[str, float] | None:
    """The likeliest span of a sentence, made whole, and its log-probability; None for nothing worth telling."""
    if reading is None or not len(reading.begun):
        return None
    start, end = reading.best()
    chance = float(reading.begun[start] + reading.ended[end - 1])
    for name in NAMES.finditer(text):
        if name.start() < end and start < name.end() and not (start <= name.start() and name.end() <= end):
            start, end = min(start, name.start()), max(end, name.end())
    start, end = _whole_words(text, start, end)
    told = _EDGE.sub("", text[start:end])
    told = _TRAILS.sub("", _LEADS.sub("", told))
    for opening, closing in _PAIRS:
        if told.startswith(opening) and told.endswith(closing) and told.count(opening) == 1:
            told = told[1:-1]
        elif told.count(opening) != told.count(closing):
            told = told.strip(opening + closing)
    return (told, chance) if 1 < len(told) <= LONGEST else None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened to the edges of the words that it cuts."""
    from embeddings.words import cut

    at = 0
    for word in cut(text):
        first = text.find(word, at)
        if first < 0:
            continue
        at = first + len(word)
        if first < start < at:
            start = first
        if first < end < at:
            end = at
    return start, end
