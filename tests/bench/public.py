"""Recall on public sets, with tens of thousands of other texts mixed in.

    python -m tests.bench.public --data DIR [--sets NAME ...] [--most 1200] [--weights 0.2 0.6] [--encoder NAME]

A question is right at k where one of the first k texts answers it. Compared are the retrievers alone
(dense, BM25), both fused, the search as it is (fused, then the best texts read for what they hold of the
question), and bm25s over jieba's words of whole texts. Beside every difference stands its interval: 95 %,
bootstrap over questions, paired. Some ten minutes and 6 GB on one thread for all sets.
"""

import argparse
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, open_encoder
from embeddings.dense import DenseIndex
from embeddings.sparse import Postings, SparseIndex, counted
from embeddings.words import words
from qa.evaluate.summary import Parts, difference
from qa.index import Index
from qa.index.retrievers import LocalDense, Words, layout_of
from qa.retrieval.candidates import candidates, fuse, passages
from qa.text.sentences import split_sentences
from qa.types import Hit, Paragraph, Place, Report, Scope, Sentence, Source
from tests.bench.sets import AMONG_ARTICLES, AMONG_PARAGRAPHS, PublicSet, read_set
from tests.reports import memory_index

DEPTHS = (1, 10)
DENSE, BM25, RIVAL, FUSED, SEARCH = "dense", "BM25", "bm25s", "fused", "search"
PAIRS = ((SEARCH, BM25), (SEARCH, DENSE), (FUSED, BM25), (FUSED, DENSE), (BM25, RIVAL))
NOTHING = np.zeros(0, dtype=np.float32)

Outcome: TypeAlias = Mapping[int, Parts]  # depth → whether each question is right at it


def main() -> None:
    """Print two tables a depth: what every way finds, and how they differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--sets", nargs="+", default=[*AMONG_ARTICLES, *AMONG_PARAGRAPHS])
    parser.add_argument(
        "--size", type=int, default=60_000, help="texts altogether; 0 for those of the set alone"
    )
    parser.add_argument(
        "--most", type=int, default=0, help="ask every n-th question, so many at most; 0 for all"
    )
    parser.add_argument("--weights", type=float, nargs="*", default=[], help="of the dense half, to compare")
    parser.add_argument("--encoder")
    parser.add_argument("--no-rival", action="store_true", help="leave bm25s out")
    options = parser.parse_args()
    library = Texts(open_encoder(options.encoder))
    measured: list[tuple[PublicSet, dict[str, Outcome]]] = []
    for name in options.sets:
        public = read_set(options.data, name, options.size)
        asked = range(0, len(public.questions), step(len(public.questions), options.most))
        found = searched(library.index(public), public, asked, options.weights)
        if not options.no_rival:
            found[RIVAL] = rival(library, public, asked)
        gold = [public.gold[number] for number in asked]
        measured.append((public, {way: outcome(gold, lists) for way, lists in found.items()}))
        print(f"{name}: {len(gold)} questions", file=sys.stderr, flush=True)
    for depth in DEPTHS:
        print(f"\nrecall@{depth}, %\n")
        print(table([recalls(public, ways, depth) for public, ways in measured]))
        print(f"\ndifferences of recall@{depth}, points\n")
        print(table([differences(public, ways, depth) for public, ways in measured]))


def step(count: int, most: int) -> int:
    """Ask every n-th question, so that there are ``most`` of them at most; 0 asks all."""
    return math.ceil(count / most) if most else 1


class Texts:
    """Sentences of texts, cut and embedded once however many sets hold them."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._sentences: dict[str, list[tuple[int, int]]] = {}
        self._words: dict[str, list[str]] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._jieba: dict[str, list[str]] = {}

    def index(self, public: PublicSet) -> Index:
        """One report, each text a paragraph of it; titles and headings there are none."""
        self._take(public.texts)
        paragraphs = tuple(
            Paragraph("texts", n, (), text, "prose", ()) for n, text in enumerate(public.texts)
        )
        sentences = tuple(
            Sentence("texts", p.number, start, end, p.text[start:end], "")
            for p in paragraphs
            for start, end in self._sentences[p.text]
        )
        source = Source("texts", "txt", "utf-8", "", "")
        report = Report("texts", source, "", "", "", Place(""), None, (), paragraphs)
        vectors = np.concatenate([self._vectors[text] for text in public.texts])
        layout = layout_of((report,), sentences)
        return replace(
            memory_index([], self.encoder),
            reports=(report,),
            sentences=sentences,
            layout=layout,
            dense=LocalDense(DenseIndex.build(vectors), vectors, layout.paragraph_of),
            words=Words(
                SparseIndex([Postings.of(counted(self._words[s.text] for s in sentences))]),
                SparseIndex([Postings.of(counted(self._words_of(text) for text in public.texts))]),
            ),
        )

    def jieba_words(self, text: str) -> list[str]:
        """The words of jieba's search mode, as its documentation shows it."""
        import jieba

        if text not in self._jieba:
            found = jieba.lcut_for_search(text.lower())
            self._jieba[text] = [sys.intern(word) for word in found if word.strip()]
        return self._jieba[text]

    def _words_of(self, text: str) -> list[str]:
        return [word for start, end in self._sentences[text] for word in self._words[text[start:end]]]

    def _take(self, texts: Iterable[str]) -> None:
        for text in texts:
            if text not in self._sentences:
                self._sentences[text] = list(split_sentences(text))
                pieces = [text[start:end] for start, end in self._sentences[text]]
                self._words.update((piece, [sys.intern(word) for word in words(piece)]) for piece in pieces)
                self._vectors[text] = self.encoder.encode_passages(pieces)


def searched(
    index: Index, public: PublicSet, asked: Iterable[int], weights: Sequence[float]
) -> dict[str, list[list[int]]]:
    """The first texts that each way of searching finds for each question."""
    found: dict[str, list[list[int]]] = {}
    for number in asked:
        topic = public.questions[number]
        texts = candidates(index, Scope("", None, None, ("texts",), topic))
        dense, sparse = texts.dense, texts.sparse
        ways = {
            DENSE: (fuse(dense, NOTHING), ""),
            BM25: (fuse(NOTHING, sparse), ""),
            FUSED: (fuse(dense, sparse), ""),
            SEARCH: (fuse(dense, sparse), topic),
        }
        ways |= {f"{SEARCH} {weight:g}": (fuse(dense, sparse, weight), topic) for weight in weights}
        for way, (scores, read) in ways.items():
            found.setdefault(way, []).append(numbers(passages(index, texts, scores, read, DEPTHS[-1])))
    return found


def numbers(hits: Iterable[Hit]) -> list[int]:
    """The numbers of the texts."""
    return [hit.paragraph.number for hit in hits]


def rival(library: Texts, public: PublicSet, asked: Iterable[int]) -> list[list[int]]:
    """What bm25s finds."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([library.jieba_words(text) for text in public.texts], show_progress=False)
    questions = [library.jieba_words(public.questions[number]) for number in asked]
    return retriever.retrieve(questions, k=DEPTHS[-1], return_as="documents", show_progress=False).tolist()


def outcome(gold: Sequence[frozenset[int]], found: Sequence[Sequence[int]]) -> Outcome:
    """Which questions are right at every depth."""
    return {
        depth: {
            str(n): {"": (float(bool(own & set(texts[:depth]))), 1.0)}
            for n, (own, texts) in enumerate(zip(gold, found, strict=True))
        }
        for depth in DEPTHS
    }


def recalls(public: PublicSet, ways: Mapping[str, Outcome], depth: int) -> dict[str, str]:
    """A row of the first table by its columns."""
    asked = str(len(next(iter(ways.values()))[depth]))
    cells = {"set": public.name, "texts": str(len(public.texts)), "questions": asked}
    return cells | {way: f"{100 * share(own[depth]):.1f}" for way, own in ways.items()}


def differences(public: PublicSet, ways: Mapping[str, Outcome], depth: int) -> dict[str, str]:
    """A row of the second table: what one way gains over another, with its interval."""
    cells = {"set": public.name}
    for one, other in PAIRS:
        if one in ways and other in ways:
            ours, theirs = ways[one][depth], ways[other][depth]
            low, high = difference("", ours, theirs) or (0.0, 0.0)
            points = 100 * (share(ours) - share(theirs))
            cells[f"{one} − {other}"] = f"{points:+.1f} ({100 * low:+.1f} … {100 * high:+.1f})"
    return cells


def table(rows: Sequence[dict[str, str]]) -> str:
    """Rows as Markdown."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(each.values()) for each in rows)] if rows else []
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def share(run: Parts) -> float:
    """The share of questions that are right."""
    return sum(part[""][0] for part in run.values()) / max(1, len(run))


if __name__ == "__main__":
    main()
