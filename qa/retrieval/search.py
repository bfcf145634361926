"""Query + Index → Hits: sentences are found, their paragraphs are returned.

Each scope of a query is searched on its own, with its filter pushed into the search. Dense and sparse scores
are fused by measured weights; ties go by document order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.index import Index
from qa.types import Hit, Query, Report, Scope, Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["interleave", "search", "search_scope"]

CANDIDATES = 256  # sentences a scope that are fused
SUPPORT = 0.25  # what the second and third sentence of a paragraph add, as a share of their scores
SYNONYM = 0.3  # weight of a synonym's words beside the question's own
CARRIES_ON = 4  # paragraphs that a story goes on for after the place was named
SENTENCES = 3  # sentences of a paragraph that its score is made of
SHOWN = 5  # sentences that a hit shows


def search(index: Index, query: Query, k: int) -> tuple[tuple[Hit, ...], ...]:
    """The best ``k`` passages of every scope of a query, in the order of its scopes."""
    return tuple(search_scope(index, scope, k) for scope in query.scopes)


def interleave(found: tuple[tuple[Hit, ...], ...], k: int) -> tuple[Hit, ...]:
    """One list out of several: the first of each scope, then the second of each, every passage once."""
    merged: dict[tuple[str, int], Hit] = {}
    for rank in range(max(map(len, found), default=0)):
        for hits in found:
            if rank < len(hits):
                merged.setdefault((hits[rank].report.id, hits[rank].paragraph.number), hits[rank])
    return tuple(merged.values())[:k]


def search_scope(index: Index, scope: Scope, k: int) -> tuple[Hit, ...]:
    """The best ``k`` passages of one scope; fewer where it holds fewer."""
    import numpy as np

    allowed = _allowed(index, scope)
    if not allowed.any() or not scope.topic.strip():
        return ()
    vector = index.encoder.encode_query(scope.topic)
    sparse = index.sparse.scores(*_query_words(scope.topic))
    near, _ = index.dense.search(vector, CANDIDATES, allowed)
    rare = _top(np.where(allowed, sparse, -1.0), CANDIDATES)
    rows = np.union1d(near, rare).astype(np.int64)
    dense = index.vectors[rows] @ vector
    from embeddings.fusion import fuse

    fused = fuse(dense, sparse[rows])
    return _passages(index, rows, dense, sparse[rows], fused, k)


def _allowed(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """Which sentence rows a scope may return."""
    import numpy as np

    wanted = set(scope.report_ids)
    rows = np.fromiter(
        (s.report_id in wanted for s in index.sentences), dtype=bool, count=len(index.sentences)
    )
    if scope.mention:
        held = {(r.id, n) for r in index.reports if r.id in wanted for n in _told_of(r, scope.mention)}
        mentioned = np.fromiter(
            ((s.report_id, s.paragraph) in held for s in index.sentences),
            dtype=bool,
            count=len(index.sentences),
        )
        rows &= mentioned
    return rows


def _told_of(report: Report, word: str) -> set[int]:
    """Numbers of the paragraphs that mention a word, and of those after it that go on under the same heading."""
    numbers: set[int] = set()
    since = CARRIES_ON
    heading: tuple[str, ...] = ()
    for paragraph in report.paragraphs:
        if word in paragraph.text or any(word in h for h in paragraph.heading):
            since, heading = 0, paragraph.heading
        if since < CARRIES_ON and paragraph.heading == heading:
            numbers.add(paragraph.number)
        since += 1
    return numbers


def _query_words(topic: str) -> tuple[list[str], list[float]]:
    """The words of a topic and, at a lower weight, those of their synonyms."""
    from embeddings.words import expand, words

    own = words(topic)
    synonyms = expand(own)
    return own + synonyms, [1.0] * len(own) + [SYNONYM] * len(synonyms)


def _top(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Rows of the highest positive scores, ties by row."""
    import numpy as np

    rows = np.flatnonzero(scores > 0)
    if len(rows) > count:
        best = np.argpartition(-scores[rows], count)[:count]
        rows = rows[best]
    return rows


def _passages(
    index: Index,
    rows: NDArray[np.int64],
    dense: NDArray[np.float32],
    sparse: NDArray[np.float32],
    fused: NDArray[np.float32],
    k: int,
) -> tuple[Hit, ...]:
    """Sentences gathered into paragraphs: the best sentence counts whole, the next two a share."""
    groups: dict[tuple[str, int], list[int]] = {}
    for at in sorted(range(len(rows)), key=lambda i: (-float(fused[i]), int(rows[i]))):
        sentence = index.sentences[rows[at]]
        groups.setdefault((sentence.report_id, sentence.paragraph), []).append(at)
    hits = []
    for (report_id, number), members in groups.items():
        best = members[0]
        score = float(fused[best]) + SUPPORT * sum(max(float(fused[i]), 0.0) for i in members[1:SENTENCES])
        hits.append(
            (
                -score,
                int(rows[best]),
                Hit(
                    report=index.report(report_id),
                    paragraph=index.paragraph(report_id, number),
                    sentences=tuple(index.sentences[rows[i]] for i in members[:SHOWN]),
                    scores=Scores(float(dense[best]), float(sparse[best]), score),
                    sentence_scores=tuple(float(fused[i]) for i in members[:SHOWN]),
                ),
            )
        )
    hits.sort(key=lambda item: item[:2])
    return tuple(hit for _, _, hit in hits[:k])
