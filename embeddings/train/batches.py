"""Draws batches: one source at a time, so that the negatives of a pair are of its own kind."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from embeddings.sparse import Postings, SparseIndex, counted

from .data import Corpus
from .model import Batch

Ids = npt.NDArray[np.int32]
LONGEST = 400  # words of a text that are read
NEWS_WEIGHT, LAWS_WEIGHT, TITLE_WEIGHT = 5.0, 1.5, 2.0  # of self-supervised batches, as in data.GROUPS
CONFUSED = 12  # pairs kept for each pair as hard negatives
DROPPED = 0.15  # share of words left out of the left side
# Self-supervised passages; ranges are from and below.
PASSAGE_SENTENCES = (3, 15)  # a few sentences, or some 600 characters
PASSAGES = 4  # of one article in a batch, each other's hard negatives
QUOTED = 0.6  # share that keeps the sentence asked for
TITLED = 0.3  # share that has the title of its article
RUN = (4, 13)  # words of a sentence that ask for its passage


class _Texts:
    """Texts as word numbers, each distinct text once."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
        distinct = list(dict.fromkeys(texts))
        self._number = {text: i for i, text in enumerate(distinct)}
        self.ids: list[Ids] = []
        for start in range(0, len(distinct), 20_000):
            for encoding in tokenizer.encode_batch(distinct[start : start + 20_000]):
                ids = np.array(encoding.ids[:LONGEST], dtype=np.int32)
                self.ids.append(ids if len(ids) else np.zeros(1, dtype=np.int32))

    def numbers(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        return np.array([self._number[text] for text in texts], dtype=np.int64)


class _Pairs:
    """Batches of one group of pairs: half of them drawn, half taken because BM25 confuses them with the first."""

    def __init__(
        self, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], random: np.random.Generator
    ) -> None:
        self._texts = _Texts(tokenizer, [text for pair in pairs for text in pair])
        self._left = self._texts.numbers([a for a, _ in pairs])
        self._right = self._texts.numbers([b for _, b in pairs])
        self._random = random
        self._order = random.permutation(len(pairs))
        texts, text_of_pair = np.unique(self._right, return_inverse=True)
        self._pairs = np.argsort(text_of_pair, kind="stable")  # those of each right text in a row
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(text_of_pair))])
        self._confused = _confused_texts(self._texts.ids, self._left, texts, text_of_pair)

    def draw(self, size: int) -> Batch:
        size = min(size, len(self._left))
        taken = self._next(size // 2)
        texts = self._confused[taken, self._random.integers(CONFUSED, size=len(taken))]
        chosen = self._random.integers(self._starts[texts], self._starts[texts + 1])
        taken = np.unique(np.concatenate([taken, self._pairs[chosen]]))
        left, right = self._left[taken], self._right[taken]
        ids = self._texts.ids
        return Batch([_drop(ids[i], self._random) for i in left], [ids[i] for i in right], left, right)

    def _next(self, size: int) -> npt.NDArray[np.int64]:
        """The next pairs of a shuffled order that begins anew when it ends."""
        if len(self._order) < size:
            self._order = self._random.permutation(len(self._left))
        taken, self._order = self._order[:size], self._order[size:]
        return taken


def _confused_texts(
    ids: Sequence[Ids],
    left: npt.NDArray[np.int64],
    texts: npt.NDArray[np.int64],
    text_of_pair: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """(pairs, CONFUSED) positions in ``texts`` with the best BM25 scores for the left text, its own left out."""
    lists = counted([str(i) for i in ids[text].tolist()] for text in texts)
    index = SparseIndex([Postings.of(lists)])
    kept = min(CONFUSED + 1, len(texts))
    found: dict[int, npt.NDArray[np.int64]] = {}
    confused = np.empty((len(left), CONFUSED), dtype=np.int64)
    for pair, text in enumerate(left.tolist()):
        if text not in found:
            scores = index.scores([str(i) for i in np.unique(ids[text]).tolist()])
            best = np.argpartition(-scores, kept - 1)[:kept]
            found[text] = best[np.argsort(-scores[best], kind="stable")]
        confused[pair] = np.resize(found[text][found[text] != text_of_pair[pair]], CONFUSED)
    return confused


class _Articles:
    """Passages of articles, several of each: the others of the same article are hard negatives."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        articles: Sequence[tuple[str, Sequence[str]]],
        random: np.random.Generator,
        titles: bool,
    ) -> None:
        texts = _Texts(tokenizer, [text for title, sentences in articles for text in (title, *sentences)])
        self._titles = [texts.ids[i] for i in texts.numbers([title for title, _ in articles])]
        self._sentences = [[texts.ids[i] for i in texts.numbers(sentences)] for _, sentences in articles]
        self._long = [i for i, sentences in enumerate(self._sentences) if len(sentences) > 1]
        self._random, self._by_title = random, titles

    def draw(self, size: int) -> Batch:
        return self._title_batch(size) if self._by_title else self._sentence_batch(size)

    def _title_batch(self, size: int) -> Batch:
        """A title and one or two sentences of its article."""
        taken = self._random.choice(len(self._sentences), size, replace=False)
        left: list[Ids] = []
        right: list[Ids] = []
        for article in taken:
            sentences = self._sentences[article]
            first = int(self._random.integers(len(sentences)))
            left.append(self._titles[article])
            right.append(np.concatenate(sentences[first : first + int(self._random.integers(1, 4))]))
        return Batch(left, right, taken, taken)

    def _sentence_batch(self, size: int) -> Batch:
        """What somebody may remember of a text, and the text: a few words of a sentence, or a sentence taken out."""
        left: list[Ids] = []
        right: list[Ids] = []
        random = self._random
        while len(left) < size:
            article = self._long[int(random.integers(len(self._long)))]
            sentences = self._sentences[article]
            length = int(random.integers(*PASSAGE_SENTENCES))
            for begin in range(0, min(len(sentences) - 1, PASSAGES * length), length):
                passage = sentences[begin : begin + length]
                if len(passage) < 2:
                    continue
                chosen = int(random.integers(len(passage)))
                quoted = random.random() < QUOTED
                text = [ids for i, ids in enumerate(passage) if quoted or i != chosen]
                if random.random() < TITLED:
                    text.append(self._titles[article])
                left.append(_drop(_run(passage[chosen], random) if quoted else passage[chosen], random))
                right.append(np.concatenate(text))
        keys = np.arange(size, dtype=np.int64)
        return Batch(left[:size], right[:size], keys, keys)


def draw_batches(corpus: Corpus, tokenizer: Tokenizer, size: int, seed: int) -> Iterator[Batch]:
    """Batches of up to ``size`` pairs without end; the source of each is drawn by the weights."""
    random = np.random.default_rng(seed)
    sources: list[tuple[_Pairs | _Articles, float]] = [
        (_Pairs(tokenizer, group.pairs, random), group.weight) for group in corpus.groups if group.pairs
    ]
    sources.append((_Articles(tokenizer, corpus.news, random, titles=False), NEWS_WEIGHT))
    sources.append((_Articles(tokenizer, corpus.laws, random, titles=False), LAWS_WEIGHT))
    sources.append((_Articles(tokenizer, corpus.news, random, titles=True), TITLE_WEIGHT))
    weights = np.array([weight for _, weight in sources])
    while True:
        source, _ = sources[int(random.choice(len(sources), p=weights / weights.sum()))]
        yield source.draw(size)


def _run(ids: Ids, random: np.random.Generator) -> Ids:
    """A few words in a row."""
    length = int(random.integers(*RUN))
    begin = int(random.integers(max(1, len(ids) - length + 1)))
    return ids[begin : begin + length]


def _drop(ids: Ids, random: np.random.Generator) -> Ids:
    """The same words with some left out, never all."""
    if len(ids) < 4:
        return ids
    kept = ids[random.random(len(ids)) >= DROPPED]
    return kept if len(kept) else ids
