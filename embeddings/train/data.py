"""Reads the training sets and tells which texts belong together; cuts nothing into words.

The sets are JSON lines in xz. Texts of the development sets are kept out: the paragraphs of
``news_qa_dev`` stand in ``prose_news``, some of ``antiterror_dev`` in its own training part.
"""

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.words import read_terms

SENTENCE_END = re.compile(r"(?<=[。！？；\n])")  # never on a full stop: 36.58 stays whole
KEY_CHARACTERS = 40  # a paragraph is known again by so many characters in a row


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that are trained together: the other texts of their batch are their negatives.

    Args:
        name: of the source.
        pairs: text and the text that belongs to it.
        weight: relative number of batches.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that is trained on: pairs, and articles as (title, sentences) for self-supervision."""

    groups: tuple[Group, ...]
    news: tuple[tuple[str, tuple[str, ...]], ...]
    laws: tuple[tuple[str, tuple[str, ...]], ...]


# Sources of train/pairs → (group, weight of the group). What a question finds comes first.
GROUPS: dict[str, tuple[tuple[str, ...], float]] = {
    "encyclopedia questions": (("cmrc2018_train", "cmrc2018_train_win", "squad1_zh", "squad1_zh_win"), 5.0),
    "news questions": (("antiterror_train", "antiterror_train_win"), 1.0),
    "headlines": (("xwlb_title",), 3.0),
    "titles": (("cmrc2018_train_title", "squad1_zh_title", "antiterror_train_title", "csl_keywords"), 0.5),
    "statutes": (("laws_heading", "laws_title_art1", "laws_plain"), 1.0),
    "law cases": (("cail2019_dev", "cail2019_dev_win"), 0.7),
    "medical": (("toyhom_title_answer", "toyhom_ask_answer"), 0.5),
    "search": (("qbqtc_dev_1", "qbqtc_dev_2"), 0.5),
    "paraphrases": (("simclue", "afqmc", "lcqmc_dev", "oppo", "stsb", "pawsx_dev", "bustm", "triclue"), 1.2),
    "entailment": (("mnli_entail", "snli_entail", "ocnli_entail"), 0.3),
}  # fmt: skip
NEWS_QUESTIONS_WEIGHT = 2.0
TERMS_WEIGHT = 0.15


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a ``.jsonl.xz`` file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences of at least six characters, for training only."""
    return tuple(s for part in SENTENCE_END.split(text) if len(s := part.strip()) >= 6)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _shingles(text: str) -> set[str]:
    bare = _bare(text)
    return {bare[i : i + KEY_CHARACTERS] for i in range(max(1, len(bare) - KEY_CHARACTERS + 1))}


def _holds(text: str, held_out: set[str]) -> bool:
    """Whether a paragraph of the text is a held-out paragraph or a window of one."""
    return any(
        bare[i : i + KEY_CHARACTERS] in held_out
        for bare in map(_bare, text.split("\n"))
        for i in range(0, max(1, len(bare) - KEY_CHARACTERS + 1), KEY_CHARACTERS // 2)
    )


def _articles(path: Path, held_out: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in read_lines(path):
        if _holds(row["text"], held_out):
            continue
        if sentences := split_sentences(row["text"]):
            yield row["title"], sentences


def _news_questions(train: Path, held_out: set[str]) -> Iterator[tuple[str, str]]:
    paragraphs = {row["id"]: row for row in read_lines(train / "news_qa.corpus.jsonl.xz")}
    for row in read_lines(train / "news_qa.queries.jsonl.xz"):
        if not row["answerable"] or not row["positive"]:
            continue
        paragraph = paragraphs[row["positive"][0]]
        if _holds(paragraph["text"], held_out):
            continue
        if row["sentence"]:
            yield row["question"], row["sentence"]
        yield row["question"], paragraph["title"] + " " + paragraph["text"]


def load_corpus(data: Path) -> Corpus:
    """Reads ``data/train``; ``data/dev`` is read only to keep its paragraphs out."""
    train, dev = data / "train", data / "dev"
    held_out = {
        shingle
        for name in ("news_qa_dev", "antiterror_dev")
        for row in read_lines(dev / f"{name}.corpus.jsonl.xz")
        for shingle in _shingles(row["text"])
    }
    by_source: dict[str, list[tuple[str, str]]] = {}
    for row in read_lines(train / "pairs.jsonl.xz"):
        if not _holds(row["b"], held_out):
            by_source.setdefault(row["src"], []).append((row["a"], row["b"]))
    groups = [
        Group(name, tuple(pair for source in sources for pair in by_source.get(source, ())), weight)
        for name, (sources, weight) in GROUPS.items()
    ]
    groups.append(
        Group("figures in the news", tuple(_news_questions(train, held_out)), NEWS_QUESTIONS_WEIGHT)
    )
    terms = tuple((a, b) for line in read_terms() for a in line for b in line if a != b)
    groups.append(Group("terms", terms, TERMS_WEIGHT))
    return Corpus(
        tuple(groups),
        tuple(_articles(train / "prose_news.jsonl.xz", held_out)),
        tuple(_articles(train / "prose_laws.jsonl.xz", held_out)),
    )
