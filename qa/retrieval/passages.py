"""Turn candidate paragraphs into hits, best first, each with the sentences that found it."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from embeddings.fusion import fuse
from qa.index import Index
from qa.retrieval.candidates import Candidates
from qa.retrieval.coverage import coverages
from qa.types import Hit, Scores

SHOWN, KEPT = 5, 64  # sentences of a hit with their scores, and sentences at most
READ = 64  # best paragraphs that get a coverage score
# Of the first 5 passages one report gives at most 2, if three or more reports are searched.
FIRST, MOST_PER_REPORT = 5, 2


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
