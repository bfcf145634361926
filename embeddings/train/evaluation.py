"""Development figures of an encoder: the share of questions whose text comes first, or among the first ten."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .data import read_lines, split_sentences

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def recall(scores: npt.NDArray[np.float32], gold: Sequence[set[int]], k: int) -> float:
    """Share of rows of ``scores`` (higher is better) with a gold column among the k best."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean([bool(set(row.tolist()) & wanted) for row, wanted in zip(best, gold, strict=True)]))


def evaluate(encode: Encode, data: Path) -> dict[str, float]:
    """Recall on the development sets, each over its own texts only.

    A passage is scored by its own vector, and, as search does it, by the best of its sentences.
    """
    figures: dict[str, float] = {}
    for name in ("cmrc2018_dev", "drcd_dev", "antiterror_dev", "news_headlines"):
        texts, questions, gold = _passages(data / "dev", name)
        asked = encode(questions)
        scores = asked @ encode(texts).T
        figures[f"{name} recall@1"] = recall(scores, gold, 1)
        figures[f"{name} recall@10"] = recall(scores, gold, 10)
        if name != "news_headlines":
            figures[f"{name} recall@1 by best sentence"] = recall(_by_sentence(asked, texts, encode), gold, 1)
    sentences, questions, gold = _news_sentences(data / "dev")
    scores = encode(questions) @ encode(sentences).T
    figures["news_qa_dev sentence recall@1"] = recall(scores, gold, 1)
    figures["news_qa_dev sentence recall@10"] = recall(scores, gold, 10)
    return figures


def _by_sentence(
    asked: npt.NDArray[np.float32], texts: Sequence[str], encode: Encode
) -> npt.NDArray[np.float32]:
    """(questions, texts) cosine of the best sentence of each text."""
    sentences = [split_sentences(text) or (text,) for text in texts]
    starts = np.cumsum([0, *(len(group) for group in sentences)])[:-1]
    scores = asked @ encode([sentence for group in sentences for sentence in group]).T
    best: npt.NDArray[np.float32] = np.maximum.reduceat(scores, starts, axis=1)
    return best


def _passages(dev: Path, name: str) -> tuple[list[str], list[str], list[set[int]]]:
    corpus = read_lines(dev / f"{name}.corpus.jsonl.xz")
    number = {row["id"]: i for i, row in enumerate(corpus)}
    queries = [row for row in read_lines(dev / f"{name}.queries.jsonl.xz") if row["answerable"]]
    gold = [{number[i] for i in row["positive"]} for row in queries]
    return [row["text"] for row in corpus], [row["question"] for row in queries], gold


def _news_sentences(dev: Path) -> tuple[list[str], list[str], list[set[int]]]:
    """Questions that stand alone, against every sentence of every paragraph."""
    sentences, owner = [], []
    for row in read_lines(dev / "news_qa_dev.corpus.jsonl.xz"):
        for sentence in split_sentences(row["text"]):
            sentences.append(sentence)
            owner.append(row["id"])
    questions, gold = [], []
    for row in read_lines(dev / "news_qa_dev.queries.jsonl.xz"):
        wanted = {
            i
            for i, sentence in enumerate(sentences)
            if owner[i] in row["positive"] and (row["sentence"] in sentence or sentence in row["sentence"])
        }
        if row["answerable"] and row["standalone"] and row["sentence"] and wanted:
            questions.append(row["question"])
            gold.append(wanted)
    return sentences, questions, gold


def auc(scores: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Chance that an right one scores above a wrong one."""
    order = np.argsort(scores)
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    yes, no = int(right.sum()), int((~right).sum())
    return float((ranks[right].sum() - yes * (yes + 1) / 2) / (yes * no))
