"""The public sets: questions with the texts that answer them, among tens of thousands that do not."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = [
    "AMONG_ARTICLES",
    "AMONG_PARAGRAPHS",
    "PublicSet",
    "read_articles",
    "read_news_questions",
    "read_set",
]

AMONG_ARTICLES = ("cmrc2018_dev", "drcd_dev", "antiterror_dev", "news_headlines")
AMONG_PARAGRAPHS = ("news_qa_dev",)


@dataclass(frozen=True, slots=True)
class PublicSet:
    """Questions and texts.

    Args:
        texts: those of the set first, then those mixed in.
        gold: for each question the numbers of the texts that answer it.
    """

    name: str
    texts: tuple[str, ...]
    questions: tuple[str, ...]
    gold: tuple[frozenset[int], ...]


def read_set(data: Path, name: str, size: int = 60_000) -> PublicSet:
    """A development set; its texts alone where ``size`` is 0.

    Args:
        data: the folder that holds ``dev`` and ``train``.
        size: texts altogether; articles of the news and then of the laws fill up in the order of their files.
            The paragraphs of ``news_qa_dev`` stand among all paragraphs of the news, whatever the size.
    """
    corpus = list(_lines(data / "dev" / f"{name}.corpus.jsonl.xz"))
    asked = [q for q in _lines(data / "dev" / f"{name}.queries.jsonl.xz") if _usable(q)]
    texts = [str(row["text"]) for row in corpus]
    number = {str(row["id"]): at for at, row in enumerate(corpus)}
    if name in AMONG_PARAGRAPHS and size:
        texts, number = _news_paragraphs(data)
    else:
        texts += islice(read_articles(data), max(0, size - len(texts)))
    return PublicSet(
        name=name,
        texts=tuple(texts),
        questions=tuple(str(q["question"]) for q in asked),
        gold=tuple(frozenset(number[i] for i in q["positive"]) for q in asked),
    )


def read_articles(data: Path) -> Iterator[str]:
    """The texts of all news, then of all laws, in the order of their files."""
    for name in ("prose_news", "prose_laws"):
        for row in _lines(data / "train" / f"{name}.jsonl.xz"):
            yield str(row["text"])


def read_news_questions(data: Path) -> Iterator[tuple[str, frozenset[int]]]:
    """The questions about the news with the articles, by their place in their file, that answer each."""
    for row in _lines(data / "dev" / f"{AMONG_PARAGRAPHS[0]}.queries.jsonl.xz"):
        if _usable(row):
            names = (name.partition("#")[0].removeprefix("xwlb-") for name in row["positive"])
            yield str(row["question"]), frozenset(map(int, names))


def _news_paragraphs(data: Path) -> tuple[list[str], dict[str, int]]:
    """Every paragraph of the news, and the number of each by its id: ``xwlb-ARTICLE#PARAGRAPH``."""
    texts: list[str] = []
    number: dict[str, int] = {}
    for article, row in enumerate(_lines(data / "train" / "prose_news.jsonl.xz")):
        for paragraph, text in enumerate(str(row["text"]).split("\n")):
            number[f"xwlb-{article}#{paragraph}"] = len(texts)
            texts.append(text)
    return texts, number


def _usable(question: dict[str, Any]) -> bool:
    """Whether a question has an answer and can be found without others around it."""
    return bool(question["answerable"] and question["positive"] and question.get("standalone", True))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
