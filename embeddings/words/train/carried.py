"""Count which words of questions stand in what answers them: ``python -m embeddings.words.train.carried``.

Read are the written questions of the passage reader that their passage answers. A word is carried over if the answering
clause or the heading of its passage holds it or a synonym. Writes ``embeddings/words/carried.txt``.
"""

import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from embeddings.words import CARRIED_FILE, USUALLY, expand
from embeddings.words.tokenizer import words

WRITTEN = Path(__file__).parents[2] / "reader" / "train" / "passages" / "written"
LEAST = 3  # questions with a word, below which it is taken for a usual one
PRIOR = 4  # questions that the usual share counts for
_HEAD = """\
# How often a word of a question stands in the sentence that answers it, by {} questions that we wrote.
# Made by `python -m embeddings.words.train.carried`; words of fewer than {} questions are left out.
"""


def main() -> None:
    """Write the table and print how many words it holds."""
    passages = {row["id"]: row for row in _rows("questions.corpus.jsonl.xz")}
    asked = [row for row in _rows("questions.queries.jsonl.xz") if row["answerable"]]
    table = shares(
        (row["question"], f"{row['clause']} {passages[row['positive'][0]]['heading']}") for row in asked
    )
    lines = (f"{word} {share:.2f}\n" for word, share in table.items())
    CARRIED_FILE.write_text(_HEAD.format(len(asked), LEAST) + "".join(lines), "utf-8")
    print(f"{len(table)} words of {len(asked)} questions")


def shares(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return each word of some questions → the share of them whose evidence holds it, drawn to the usual share.

    Args:
        pairs: a question, and what answers it.
    """
    seen, held = Counter[str](), Counter[str]()
    for question, evidence in pairs:
        own = words(evidence)
        there = {*own, *expand(own)}
        for word in set(words(question)):
            seen[word] += 1
            held[word] += word in there
    often = sorted(word for word, count in seen.items() if count >= LEAST and not word[0].isdigit())
    return {word: (held[word] + PRIOR * USUALLY) / (seen[word] + PRIOR) for word in often}


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with lzma.open(WRITTEN / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
