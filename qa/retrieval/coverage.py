"""Score how much of a question a paragraph contains, character by character.

BM25 adds up words by rarity and the cosine blurs them; neither asks whether the whole question is there. The
share of its characters and character pairs does, without word boundaries and across the sentences of a
paragraph. Weights twice as high do better on news and worse on encyclopedias
(``python -m tests.bench.public``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from embeddings.words import normalise
from qa.index import Index

CHARACTERS = 3.5  # added to a score for all characters of a topic, in standard deviations
PAIRS = 5.0  # added for all its pairs of characters
_RUN = re.compile(r"\w+")


def coverages(index: Index, topic: str, paragraphs: Iterable[int]) -> Iterator[float]:
    """Yield what each paragraph's score gains from the part of the topic that it and its headings contain."""
    runs = _RUN.findall(normalise(topic))
    characters = {character for run in runs for character in run}
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    layout = index.layout
    for paragraph in paragraphs:
        text = layout.text[layout.starts[paragraph] : layout.starts[paragraph + 1]]
        yield CHARACTERS * _share(characters, text) + PAIRS * _share(pairs, text)


def _share(pieces: set[str], text: str) -> float:
    return sum(map(text.__contains__, pieces)) / len(pieces) if pieces else 0.0
