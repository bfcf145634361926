"""Paragraphs that were found → hits, best first, each with the sentences that found it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qa.index import Index
from qa.retrieval.candidates import Candidates
from qa.retrieval.coverage import coverages
from qa.types import Hit, Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHOWN, KEPT = 5, 64  # sentences of a hit with their scores, and at most
READ = 64  # paragraphs that are read for what of the topic they hold
FIRST, FROM_ONE = (
    5,
    2,
)  # of so many first passages one report gives at most so many, where three or more are searched


def passages(
    index: Index, found: Candidates, fused: NDArray[np.float32], topic: str, k: int
) -> tuple[Hit, ...]:
    """The best ``k`` paragraphs, ties in document order; one report alone does not fill the first places.

    The best paragraphs by both retrievers are read, and what they hold of the topic is added.

    Args:
        fused: scores of the candidates, (n,), in standard deviations.
    """
    import numpy as np

    from embeddings.fusion import fuse

    scores = fused.astype(np.float64)
    read = np.lexsort((found.paragraphs, -scores))[:READ]
    scores[read] += list(coverages(index, topic, found.paragraphs[read].tolist()))
    sentences = fuse(found.cosines, found.words)
    best = _spread(index, found, np.lexsort((found.paragraphs, -scores)).tolist(), k)
    return tuple(_hit(index, found, at, sentences, float(scores[at])) for at in best)


def _spread(index: Index, found: Candidates, order: list[int], k: int) -> list[int]:
    """The first ``k``, with others before the third of a report among the first five.

    Who writes a report that holds the words of every question must not push all other reports out.
    """
    first: list[int] = []
    taken = Counter[str]()
    for at in order:
        report = index.layout.paragraphs[found.paragraphs[at]].report_id
        if taken[report] < FROM_ONE:
            taken[report] += 1
            first.append(at)
            if len(first) == FIRST:
                break
    if len(taken) <= FROM_ONE:
        return order[:k]
    ahead = set(first)
    return [*first, *(at for at in order[: k + FIRST] if at not in ahead)][:k]


def _hit(index: Index, found: Candidates, at: int, sentences: NDArray[np.float32], score: float) -> Hit:
    import numpy as np

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
