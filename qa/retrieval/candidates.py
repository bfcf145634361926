"""Find the paragraphs of a scope that are worth scoring, and turn them into hits, best first.

Meaning is compared by sentence, as one vector blurs a long paragraph; words are counted over whole
paragraphs, as the words of a question may be in several sentences. The search itself applies the scope.

A weighted sum of both scores, normalised, keeps what ranks throw away: how far the best is ahead (Bruch, Gai, Ingber
2023, arXiv:2210.11934). With 0.4 for meaning the sum is not under the better of its halves, by recall@1 on samples of
five public sets (``python -m tests.bench.public``): 0.5 loses up to 0.9 points to BM25, 0.2 gives away up to 5.7.

The score of the best is raised by how much of the question they contain, character by character: BM25 adds up words
by rarity and the cosine blurs them; neither asks whether the whole question is there. The share of its characters and
character pairs does, without word boundaries and across the sentences of a paragraph. Weights twice as high do better
on news and worse on encyclopedias.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings import EncoderError
from embeddings.words import expand, normalise, words, worth
from qa.index import Index
from qa.types import Hit, Scope, Scores

CANDIDATES = 256  # sentences from the dense search, and paragraphs from the sparse one
DENSE_WEIGHT = 0.4  # of the score by meaning in a fused one; that by words has the rest
SYNONYM = 0.3  # weight of a synonym's words, relative to the question's own
MENTION_SPAN = 4  # paragraphs that a passage on a place may take, including the one that names it
SHOWN, KEPT = 5, 64  # sentences of a hit with their scores, and sentences at most
READ = 64  # best paragraphs that get a coverage score
# Of the first 5 passages one report gives at most 2, if three or more reports are searched.
FIRST, MOST_PER_REPORT = 5, 2
CHARACTERS = 3.5  # added to a score for all characters of a topic, in standard deviations
PAIRS = 5.0  # added for all its pairs of characters
_RUN = re.compile(r"\w+")

Scored: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Paragraphs, (n,), that either search found, and their sentences, (m,); a higher score is better."""

    paragraphs: NDArray[np.int64]  # (n,), rising
    dense: NDArray[np.float32]  # (n,), cosines of the best sentences, -1 to 1
    sparse: NDArray[np.float32]  # (n,), BM25 from 0
    rows: NDArray[np.int64]  # (m,), all their sentences, rising
    cosines: NDArray[np.float32]  # (m,)
    words: NDArray[np.float32]  # (m,), BM25


def candidates(index: Index, scope: Scope, count: int = CANDIDATES) -> Candidates:
    """Return the best ``count`` paragraphs of each search.

    A topic of function words only finds none. If no report contains its words, the dense search is used
    alone; if the encoder knows none of them, the sparse one. Raises embeddings.EncoderError for an unusable
    vector, StoreError if the store does not answer.
    """
    layout, found = index.layout, np.zeros(0, dtype=np.int64)
    allowed = allowed_paragraphs(index, scope)
    words, synonyms = query_words(scope.topic)
    if words and allowed.any():
        vector = _query_vector(index, scope.topic)
        asked, weights = words + synonyms, word_weights(words, synonyms)
        scores = index.words.passages.scores(asked, weights)
        found = _best(scores, allowed, count)
        if vector.any():
            found = np.union1d(index.dense.near(vector, count, allowed), found)
    if not len(found):
        nothing = np.zeros(0, dtype=np.float32)
        return Candidates(found, nothing, nothing, found, nothing, nothing)
    sizes = layout.rows[found + 1] - layout.rows[found]  # at least 1: without a sentence it is not found
    begins = np.cumsum(sizes) - sizes
    rows = np.repeat(layout.rows[found] - begins, sizes) + np.arange(sizes.sum())
    cosines = index.dense.cosines(vector, rows)
    return Candidates(
        paragraphs=found,
        dense=np.maximum.reduceat(cosines, begins),
        sparse=scores[found],
        rows=rows,
        cosines=cosines,
        words=index.words.sentences.scores_of(rows, asked, weights),
    )


def _best(scores: Scored, allowed: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """Return the allowed positions of the highest positive scores, rising; of equal ones the first."""
    places = np.flatnonzero((scores > 0) & allowed)
    if len(places) > count:  # only these are sorted
        places = places[scores[places] >= np.partition(scores[places], -count)[-count]]
    return np.sort(places[np.argsort(-scores[places], kind="stable")[:count]])


def fuse(dense: Scored, sparse: Scored, weight: float = DENSE_WEIGHT) -> Scored:
    """Return fused scores of the same candidates, (n,), in standard deviations, higher is better.

    A half that is empty or constant (no word shared, no vector) says nothing, and the other decides alone.
    """
    total = np.zeros(max(len(dense), len(sparse)), dtype=np.float32)
    for half, share in ((dense, weight), (sparse, 1.0 - weight)):
        values = half.astype(np.float64)
        if len(values) and (deviation := values.std()) > 1e-9:
            total += np.float32(share) * ((values - values.mean()) / deviation).astype(np.float32)
    return total


def query_words(topic: str) -> tuple[list[str], list[str]]:
    """Return the words of a topic, repeated ones again, and the words of their synonyms."""
    own = words(topic)
    return own, expand(own)


def word_weights(own: Sequence[str], synonyms: Sequence[str]) -> list[float]:
    """Return the weights of a query's words, less for those that answers seldom take over, then of their synonyms."""
    return [*map(worth, own), *[SYNONYM] * len(synonyms)]


def _query_vector(index: Index, topic: str) -> NDArray[np.float32]:
    vector = index.encoder.encode_query(topic)
    if vector.shape != (index.manifest.dimension,) or not np.isfinite(vector).all():
        raise EncoderError(
            f"编码器 {index.encoder.identity} 给这个问题的向量用不了（含有非数值，或维数不是 {index.manifest.dimension}）。"
            "请用 --encoder shipped 换回自带的编码器，并运行 union-qa rebuild 报告文件夹 重建索引。"
        )
    return vector


def allowed_paragraphs(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """Return the mask of the paragraphs that a scope may return, (paragraphs,)."""
    ids, runs = frozenset(scope.report_ids), index.layout.paragraphs_of
    everything = ids >= runs.keys()
    allowed = np.full(len(index.layout.paragraphs), everything)
    for report_id in () if everything else ids & runs.keys():
        allowed[runs[report_id].start : runs[report_id].stop] = True
    return _on_mention(index, allowed, scope.mention) if scope.mention else allowed


def _on_mention(index: Index, allowed: NDArray[np.bool_], mention: str) -> NDArray[np.bool_]:
    """Keep the paragraphs that contain the word, and those that continue under the same heading."""
    layout, about = index.layout, np.zeros(len(allowed), dtype=bool)
    named = index.holding(mention)
    named = named[allowed[named]]
    if not len(named):
        return about
    near = np.unique(named[:, None] + np.arange(MENTION_SPAN))
    near = near[near < len(about)]
    latest = named[named.searchsorted(near, side="right") - 1]  # the mention that each would continue
    about[near[layout.heading_of[near] == layout.heading_of[latest]]] = True
    return about & allowed


def passages(index: Index, found: Candidates, fused: Scored, topic: str, k: int) -> tuple[Hit, ...]:
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


def _hit(index: Index, found: Candidates, at: int, sentences: Scored, score: float) -> Hit:
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
