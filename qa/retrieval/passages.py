"""Sentences that were found → the paragraphs that they stand in, best first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.index import Index
from qa.retrieval.candidates import Candidates
from qa.retrieval.coverage import coverages
from qa.types import Hit, Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["passages", "sentences_score"]

SUPPORT = 0.25  # what the second and third sentence of a paragraph add, as a share of their scores
SENTENCES = 3  # sentences of a paragraph that its score is made of
SHOWN = 5  # sentences that a hit shows
READ = 64  # paragraphs that are read for what of the topic they hold


def passages(
    index: Index, found: Candidates, fused: NDArray[np.float32], topic: str, k: int
) -> tuple[Hit, ...]:
    """The best ``k`` paragraphs, ties in document order.

    The scores of a paragraph's sentences make its own; the best paragraphs by that are read as a whole, and
    what they hold of the topic is added.

    Args:
        fused: scores of the candidates, (n,), in standard deviations.
    """
    import numpy as np

    order = np.lexsort((found.rows, -fused))
    paragraph_of = index.layout.paragraph_of[found.rows[order]]
    members: dict[int, list[int]] = {}  # paragraph → its sentences' places in ``found``, best first
    for at, paragraph in zip(order.tolist(), paragraph_of.tolist(), strict=True):
        members.setdefault(paragraph, []).append(at)
    scores: list[float] = fused.tolist()
    score = {paragraph: sentences_score([scores[i] for i in own]) for paragraph, own in members.items()}

    def place(paragraph: int) -> tuple[float, int]:
        return -score[paragraph], int(found.rows[members[paragraph][0]])

    read = sorted(score, key=place)[:READ]
    for paragraph, more in zip(read, coverages(index, topic, read), strict=True):
        score[paragraph] += more
    return tuple(
        _hit(index, paragraph, found, members[paragraph], scores, score[paragraph])
        for paragraph in sorted(score, key=place)[:k]
    )


def sentences_score(scores: Sequence[float]) -> float:
    """The score of a paragraph by its sentences, best first: the best counts whole, the next two a share."""
    return scores[0] + SUPPORT * sum(max(score, 0.0) for score in scores[1:SENTENCES])


def _hit(
    index: Index, paragraph: int, found: Candidates, members: list[int], scores: list[float], score: float
) -> Hit:
    passage = index.layout.paragraphs[paragraph]
    best, shown = members[0], members[:SHOWN]
    return Hit(
        report=index.report(passage.report_id),
        paragraph=passage,
        sentences=tuple(index.sentences[found.rows[i]] for i in shown),
        scores=Scores(float(found.dense[best]), float(found.sparse[best]), score),
        sentence_scores=tuple(scores[i] for i in shown),
    )
