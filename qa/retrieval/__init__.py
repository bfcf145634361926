"""Search an index: meaning is compared by sentence, words by paragraph, and paragraphs are returned.

Each scope of a query, and each of several things asked about it, is searched separately, and all that the
user's filter leaves is searched for the whole question: an inferred place or year ranks, it hides nothing.
Dense and sparse scores are fused with measured weights.

Where there is no answer, the best passages are shown instead, each cut around its best sentence.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from qa.index import Index
from qa.text.sentences import is_injection, split_sentences
from qa.text.spans import locate
from qa.types import Answer, Citation, Hit, Matched, Nearest, Query, Reasons, Scope, Span

from .candidates import Candidates, candidates, coverages, fuse, passages, query_words, word_weights

PASSAGES = 20  # searched for an answer, and shown with it
EACH = 2  # passages for each of several things asked
BEHIND = 3  # passages of the scopes that come before the best of all reports
# Lead in coverage of the whole question, 0 to 8.5, with which the best of all reports comes first.
AHEAD = 0.8
SHOWN, MOST_CHARACTERS = 3, 400  # passages, and characters of each, that a person can read at a glance


def search(index: Index, query: Query, k: int, *, explain: bool = False) -> tuple[tuple[Hit, ...], ...]:
    """Return the best ``k`` passages of every scope of a query, in the order of its scopes.

    Raises embeddings.EncoderError, like all searches here, if the encoder returns an unusable vector.
    """
    return tuple(_of_scope(index, query, scope, k, explain) for scope in query.scopes)


def _of_scope(index: Index, query: Query, scope: Scope, k: int, explain: bool) -> tuple[Hit, ...]:
    """Return the passages of one scope; of several things asked, the best of each not yet found come last."""
    several = len(query.parts) > 1 and not query.paired
    things = [replace(scope, topic=part.topic) for part in query.parts if part.topic] if several else []
    asked = query.standalone if explain else None
    whole = search_scope(index, scope, k, asked)
    own = interleave([search_scope(index, thing, EACH, asked) for thing in things], k // 2)
    found = {hit.position for hit in whole[: k - len(own)]}
    more = [hit for hit in own if hit.position not in found]
    return (*whole[: k - len(more)], *more)


def found_and_ranked(
    index: Index, query: Query, k: int, *, explain: bool = False
) -> tuple[tuple[tuple[Hit, ...], ...], tuple[Hit, ...]]:
    """Return the best ``k`` passages of every scope, and one list of all as :func:`ranked` makes it."""
    found = search(index, query, k, explain=explain)
    return found, ranked(index, query, found, k, explain=explain)


def ranked(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], k: int, *, explain: bool = False
) -> tuple[Hit, ...]:
    """Return one list, best first: passages of the scopes in turn, and the best of all reports among the first.

    That one goes first if it covers clearly more of the question: then the scope was inferred wrongly.
    ``found`` are the hits of each scope.
    """
    everything = Scope("", None, None, query.within, query.standalone)  # that the user's filter leaves
    anywhere = search_scope(index, everything, k, query.standalone if explain else None)
    own = interleave(found, k)
    other = anywhere[:1]
    place = 0 if _coverage(index, query, other) > _coverage(index, query, own[:BEHIND]) + AHEAD else BEHIND
    return interleave(((*own[:place], *other, *own[place:], *anywhere),), k)


def _coverage(index: Index, query: Query, hits: Sequence[Hit]) -> float:
    numbers = [index.layout.number_of[hit.position] for hit in hits]
    return max(coverages(index, query.standalone, numbers), default=0.0)


def interleave(found: Sequence[Sequence[Hit]], k: int) -> tuple[Hit, ...]:
    """Merge lists: the first hit of each, then the second of each, every passage once."""
    merged: dict[tuple[str, int], Hit] = {}
    for hit in chain.from_iterable(zip_longest(*found)):
        if hit is not None:
            merged.setdefault(hit.position, hit)
    return tuple(merged.values())[:k]


def search_scope(index: Index, scope: Scope, k: int, standalone: str | None = None) -> tuple[Hit, ...]:
    """Return the best ``k`` passages of one scope; fewer if it has fewer, none if the topic has no word.

    ``standalone`` is the whole question, if each hit is to get its reasons.
    """
    found = candidates(index, scope)
    hits = passages(index, found, fuse(found.dense, found.sparse), scope.topic, k)
    return hits if standalone is None else _with_reasons(index, scope, found, hits, standalone)


def _with_reasons(
    index: Index, scope: Scope, found: Candidates, hits: Sequence[Hit], standalone: str
) -> tuple[Hit, ...]:
    nothing = np.zeros(0, dtype=np.float32)
    dense, sparse = fuse(found.dense, nothing), fuse(nothing, found.sparse)
    words, synonyms = query_words(scope.topic)
    numbers = [index.layout.number_of[hit.position] for hit in hits]
    places = found.paragraphs.searchsorted(numbers)
    matched = _matched(index, words, synonyms, found.paragraphs[places])
    reports = tuple(index.by_id[i].source.name for i in scope.report_ids if i in index.by_id)
    return tuple(
        replace(
            hit,
            reasons=Reasons(
                standalone=standalone,
                scope=scope,
                reports=reports,
                words=tuple(dict.fromkeys(words)),
                synonyms=tuple(synonyms),
                matched=shared,
                dense=float(dense[at]),
                sparse=float(sparse[at]),
                coverage=hit.scores.fused - float(dense[at] + sparse[at]),
            ),
        )
        for hit, at, shared in zip(hits, places.tolist(), matched, strict=True)
    )


def _matched(
    index: Index, words: Sequence[str], synonyms: Sequence[str], numbers: NDArray[np.int64]
) -> list[tuple[Matched, ...]]:
    """Return for each paragraph the words that it contains, in the order of the question, synonyms last."""
    weights: dict[str, float] = {}
    for word, weight in zip((*words, *synonyms), word_weights(words, synonyms), strict=True):
        weights[word] = weights.get(word, 0.0) + weight
    shares = {word: index.words.passages.scores_of(numbers, [word], [one]) for word, one in weights.items()}
    return [
        tuple(Matched(word, float(own[at]), word not in words) for word, own in shares.items() if own[at] > 0)
        for at in range(len(numbers))
    ]


def with_nearest(answer: Answer, likely: Sequence[Hit] = (), withheld: Sequence[Citation] = ()) -> Answer:
    """Add the nearest passages to what is not wholly answered and has none, unless no report knows the place.

    ``likely`` are nearer than their rank says, nearest first; ``withheld`` are the citations of the likeliest answer,
    which was not sure enough: they are shown first.
    """
    if answer.outcome == "answered" or answer.reason == "unknown_place" or answer.nearest:
        return answer
    quotes = {(c.report_id, c.paragraph): c.quote for c in reversed(withheld)}
    every = interleave([[*likely, *answer.passages]], len(likely) + len(answer.passages))
    fitting = [hit for hit in every if not is_injection(hit.paragraph.text)]
    fitting.sort(key=lambda hit: hit.position not in quotes)  # stable: the others keep their order
    shown = (nearest(hit, quotes.get(hit.position, "")) for hit in fitting[:SHOWN])
    return replace(answer, nearest=tuple(shown))


def nearest(hit: Hit, quote: str = "") -> Nearest:
    """Return a passage to show: whole if it is short, else the sentences around the one that fits best.

    That is the one with the quote, if there is one, else the one that the search scores highest.
    """
    text = hit.paragraph.text
    matched = {(s.start, s.end): score for s, score in zip(hit.matched, hit.sentence_scores, strict=True)}
    fits = max(matched, key=lambda span: matched[span], default=(0, len(text)))
    if quote and (at := text.find(quote)) >= 0:
        fits = at, at + len(quote)
    start, end = _window(text, fits, matched)
    fits = (max(fits[0], start), min(fits[1], end))
    return Nearest(hit, start, end, fits, locate(hit.paragraph, hit.report.source.text, start, end))


def _window(text: str, fits: Span, matched: dict[Span, float]) -> Span:
    """Return the run of whole sentences around ``fits`` that has the highest scores and is short enough."""
    if len(text) <= MOST_CHARACTERS:
        return 0, len(text)
    start, end = fits[0], min(fits[1], fits[0] + MOST_CHARACTERS)
    sentences = split_sentences(text)
    runs = [
        (a, b)
        for at, (a, _) in enumerate(sentences)
        for _, b in sentences[at:]
        if a <= start and end <= b and b - a <= MOST_CHARACTERS
    ]

    def worth(run: Span) -> tuple[float, int]:
        inside = sum(score for (a, b), score in matched.items() if run[0] <= a and b <= run[1])
        return inside, run[1] - run[0]

    return max(runs, key=worth, default=(start, end))
