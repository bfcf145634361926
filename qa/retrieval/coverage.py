"""How much of a question a paragraph holds, character by character.

BM25 adds up words by how rare they are and the cosine blurs them; neither asks whether the whole of a question is
there. The share of its characters and of its pairs of characters does, needs no word boundaries, and sees together
what the sentences of a paragraph hold apart. Weights twice as high do better on news and worse on encyclopedias
(``python -m tests.bench.public``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.index import Index

CHARACTERS = 3.5  # what all characters of a topic add to a score, in standard deviations
PAIRS = 5.0  # what all its pairs of characters add
_RUN = re.compile(r"\w+")


def coverages(index: Index, topic: str, paragraphs: Iterable[int]) -> Iterator[float]:
    """What each paragraph, by its number, gains by what it and its headings hold of a topic."""
    from embeddings.words import normalise

    runs = _RUN.findall(normalise(topic))
    characters = {character for run in runs for character in run}
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    layout = index.layout
    for paragraph in paragraphs:
        text = layout.text[layout.starts[paragraph] : layout.starts[paragraph + 1]]
        yield CHARACTERS * _share(characters, text) + PAIRS * _share(pairs, text)


def _share(pieces: set[str], text: str) -> float:
    return sum(map(text.__contains__, pieces)) / len(pieces) if pieces else 0.0
