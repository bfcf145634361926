"""What the readers gain from a part of what they read: ``python -m qa.evaluate.train.ablation --set QUESTIONS INDEX [--set …]``.

The questions are answered once as they are, and once without each part: what leads to a passage, the line above it, the
words of its language in the question, the row of a table as a sentence, a second reading for the thing alone. Printed
are how many likeliest answers are right, how well their chances tell right from wrong (AUC), and what is told at the
shipped limit, whose models were fitted with every part: what gives nothing here may still be missed by a refit. One more
variant is one more line in ``PARTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.stats import rankdata  # type: ignore[import-untyped]

from qa.answering.ranking import limit
from qa.answering.sureness import chances_of, span_answers
from qa.evaluate.gold import read_gold
from qa.evaluate.train import parser_of
from qa.evaluate.train.sureness import examples
from qa.index import open_index
from qa.retrieval.surroundings import context_of

# Names in ``span_answers`` and what stands for them.
PARTS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "nothing": ("context_of", context_of),
    "lead": ("lead_of", lambda *_: ""),
    "line above": ("context_of", lambda *_: ""),
    "words of the passage": ("in_words_of", lambda *read: read[1]),
    "rows as sentences": ("as_read", lambda hit: (hit.paragraph.text, range(len(hit.paragraph.text)))),
    "thing alone": ("alone_asked", lambda *asked: asked[0]),
}


def main() -> None:
    """Print a line for each part that is left out."""
    parser = parser_of(__doc__)
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=("QUESTIONS", "INDEX"))
    sets = [(read_gold(Path(gold)), open_index(Path(index))) for gold, index in parser.parse_args().set]
    for name, (attribute, instead) in PARTS.items():
        with patch.object(span_answers, attribute, instead):
            likeliest = [one for own in sets for one in _likeliest(*own)]
            print(f"without {name:22s} {outcome(likeliest)}")


def outcome(likeliest: list[tuple[float, bool]]) -> str:
    """Describe the likeliest answers, each with its chance and whether it is right."""
    table = np.array(likeliest, dtype=np.float64)
    chances, right = table[:, 0], table[:, 1] > 0
    ranks, told = rankdata(chances), chances >= limit("sureness", "sure")
    pairs = max(int(right.sum()) * int((~right).sum()), 1)
    auc = (ranks[right].sum() - right.sum() * (right.sum() + 1) / 2) / pairs
    return f"right {right.mean():.3f} AUC {auc:.3f} told right {(told & right).mean():.3f} wrong {(told & ~right).mean():.3f}"


def _likeliest(*own: Any) -> list[tuple[float, bool]]:
    """Return the chance of the likeliest answer to each question, and whether it is right; 0 and wrong if there is none."""
    found = list[tuple[float, bool]]()
    for example in examples(*own):
        chances = np.array(chances_of([*example.features]) or (0.0,))
        at = int(chances.argmax())
        found.append((float(chances[at]), bool(len(example.features) and example.right[at])))
    return found


if __name__ == "__main__":
    main()
