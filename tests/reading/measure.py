"""What comes back of damaged articles; run it for a table by kind of damage::

    python -m tests.reading.measure ARTICLES.jsonl[.xz] [COUNT]

ARTICLES holds one ``{"title", "text"}`` a line, paragraphs on lines of their own; titles serve as captions too.
"""

import json
import lzma
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from qa.reading.formats import Extract
from qa.reading.formats.text import text_blocks
from qa.reading.layout import restore
from tests.reading.damage import DAMAGES, Article, Score, damage, score

__all__ = ["articles", "main", "mean", "pages", "read"]

MOST_PARAGRAPHS = 8  # of an article that serves as a section


def read(article: Article, kind: str, seed: int, captions: Sequence[str]) -> Score:
    """Damage an article, restore it, and compare."""
    text = damage(kind, article, seed, captions)
    result = restore(Extract(text, "utf-8", "txt", tuple(text_blocks(text))))
    return score(
        article,
        [(p.heading[-1] if p.heading else "", p.text) for p in result.paragraphs if p.kind == "prose"],
    )


def mean(scores: Sequence[Score]) -> Score:
    """Field by field."""
    names = ("coverage", "foreign", "paragraph_f1", "heading")
    return Score(*(sum(getattr(one, name) for one in scores) / len(scores) for name in names))


def articles(path: Path) -> tuple[list[Article], tuple[str, ...]]:
    """Articles of at least three paragraphs in a fixed random order, and a few short titles as captions."""
    found: list[Article] = []
    captions: list[str] = []
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            paragraphs = tuple(p.strip() for p in row["text"].split("\n") if p.strip())
            if len(paragraphs) >= 3 and sum(map(len, paragraphs)) > 300:
                found.append(((row["title"], paragraphs),))
            if len(row["title"]) < 22:
                captions.append(row["title"])
    chance = random.Random(1)
    chance.shuffle(found)
    return found, tuple(chance.sample(captions, min(8, len(captions))))


def pages(found: Sequence[Article]) -> list[Article]:
    """Four articles at a time as one: the first under the title of the page, the others as its sections."""
    short = [article for article in found if len(article[0][1]) <= MOST_PARAGRAPHS]
    return [
        tuple(section for article in short[k : k + 4] for section in article)
        for k in range(0, len(short) - 3, 4)
    ]


def main(arguments: Sequence[str]) -> None:
    """Print coverage, foreign text and paragraph F1 for each kind."""
    found, captions = articles(Path(arguments[0]))
    count = int(arguments[1]) if len(arguments) > 1 else 200
    print(f"{'damage':24}coverage  foreign   F1        heading")
    for kind in DAMAGES:
        texts = pages(found) if kind == "headings displaced" else found
        result = mean([read(article, kind, seed, captions) for seed, article in enumerate(texts[:count])])
        row = (result.coverage, result.foreign, result.paragraph_f1, result.heading)
        print(f"{kind:24}" + "    ".join(f"{value:.4f}" for value in row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
