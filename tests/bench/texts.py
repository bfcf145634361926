"""What every rival of the benchmark is given: articles joined to texts of one length, and questions about them.

The articles are those of the news, then of the laws, in the order of their files; successive ones are joined while
they hold no more than 700 characters together, some 630 on average. The questions are those of ``news_qa_dev`` that
have an answer and can be found alone, as far as their articles are among the texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from tests.bench.sets import read_articles, read_news_questions

__all__ = ["Task", "joined", "read_task"]

MOST = 700  # characters of a text that holds several articles


@dataclass(frozen=True, slots=True)
class Task:
    """Texts and questions; ``gold`` holds for each question the numbers of the texts that answer it."""

    texts: tuple[str, ...]
    questions: tuple[str, ...]
    gold: tuple[tuple[int, ...], ...]

    def save(self, path: Path) -> None:
        """Write it as JSON, for a child process."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Task:
        """Read what ``save`` wrote."""
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(held["texts"]), tuple(held["questions"]), tuple(map(tuple, held["gold"])))


def read_task(data: Path, count: int) -> Task:
    """The first ``count`` texts, with the questions that they answer.

    Args:
        data: the folder that holds ``dev`` and ``train``.
    """
    texts: list[str] = []
    text_of: list[int] = []  # article → text
    for number, (text, articles) in enumerate(islice(joined(read_articles(data)), count)):
        texts.append(text)
        text_of += [number] * articles
    asked = [
        (question, tuple(sorted({text_of[article] for article in articles})))
        for question, articles in read_news_questions(data)
        if all(article < len(text_of) for article in articles)
    ]
    return Task(tuple(texts), tuple(q for q, _ in asked), tuple(gold for _, gold in asked))


def joined(articles: Iterable[str], most: int = MOST) -> Iterator[tuple[str, int]]:
    """Successive articles as texts, each with how many it holds; one that is longer alone stays alone."""
    held: list[str] = []
    for article in articles:
        if held and len("\n".join([*held, article])) > most:
            yield "\n".join(held), len(held)
            held = []
        held.append(article)
    if held:
        yield "\n".join(held), len(held)
