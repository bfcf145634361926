"""Turn candidate paragraphs into hits, best first, each with the sentences that found it.

The score of the best is raised by how much of the question they contain, character by character: BM25 adds up words
by rarity and the cosine blurs them; neither asks whether the whole question is there. The share of its characters and
character pairs does, without word boundaries and across the sentences of a paragraph. Weights twice as high do better
on news and worse on encyclopedias (``python -m tests.bench.public``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from embeddings.fusion import fuse
from embeddings.words import normalise
from qa.index import Index
from qa.retrieval.candidates import Candidates
from qa.types import Hit, Scores

SHOWN, KEPT = 5, 64  # sentences of a hit with their scores, and sentences at most
READ = 64  # best paragraphs that get a coverage score
# Of the first 5 passages one report gives at most 2, if three or more reports are searched.
FIRST, MOST_PER_REPORT = 5, 2
CHARACTERS = 3.5  # added to a score for all characters of a topic, in standard deviations
PAIRS = 5.0  # added for all its pairs of characters
_RUN = re.compile(r"\w+")


def passages(
    index: Index, found: Candidates, fused: NDArray[np.float32], topic: str, k: int
) -> tuple[Hit, ...]:
    """Return the best ``k`` paragraphs, ties in document order; one report does not fill the first places.

    ``fused`` are scores of the candidates, (n,), in standard deviations; the best also get their coverage.
    """
    scores = fused.astype(np.float64)
    read = np.lexsort((found.paragraphs, -scores))[:READ]
    scores[read] += list(coverages(index, topic, found.paragraphs[read].tolist()))
    sentences = fuse(found.cosines, found.words)
    best = _diversified(index, found, np.lexsort((found.paragraphs, -scores)).tolist(), k)
    return tuple(_hit(index, found, at, sentences, float(scores[at])) for at in best)


def _diversified(index: Index, found: Candidates, order: list[int], k: int) -> list[int]:
    """Return the first ``k``, with others before the third of a report among the first five.

    A report that contains the words of every question must not push all others out.
    """
    first: list[int] = []
    counts = Counter[str]()
    for at in order:
        report = index.layout.paragraphs[found.paragraphs[at]].report_id
        if counts[report] < MOST_PER_REPORT:
            counts[report] += 1
            first.append(at)
            if len(first) == FIRST:
                break
    if len(counts) <= MOST_PER_REPORT:
        return order[:k]
    ahead = set(first)
    return [*first, *(at for at in order[: k + FIRST] if at not in ahead)][:k]


def _hit(index: Index, found: Candidates, at: int, sentences: NDArray[np.float32], score: float) -> Hit:
    number = int(found.paragraphs[at])
    passage = index.layout.paragraphs[number]
    first, last = found.rows.searchsorted(index.layout.rows[number : number + 2])
    own = sentences[first:last]
    best_first = np.argsort(-own, kind="stable")[:KEPT]
    return Hit(
        report=index.report(passage.report_id),
        paragraph=passage,
        sentences=tuple(index.sentences[found.rows[first + i]] for i in best_first.tolist()),
        scores=Scores(float(found.dense[at]), float(found.sparse[at]), score),
        sentence_scores=tuple(own[best_first[:SHOWN]].tolist()),
    )


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
