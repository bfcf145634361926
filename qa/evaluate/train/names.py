"""Fit the model of other names: ``python -m qa.evaluate.train.names SETS``.

``SETS`` is the folder that ``python -m tests.evaluate.sets --output SETS`` writes, with the invented reports on which
four people wrote 180 drafts (``names.jsonl.xz``): {"writer", "set", "draft", "names": [[as drafted, as in the report or
null if right]]}. The command prints, for each writer, the AUC of the weights that the others' drafts give, and writes
``names.json`` of ``qa.drafts``.
"""

import json
import lzma
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from qa.drafts import statements_in_context
from qa.drafts.deeds import FEATURES, exchanges, matched
from qa.drafts.draft import draft_of
from qa.drafts.ranking import Register, register_of, words_fit
from qa.evaluate.train import Floats, logistic
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from qa.types import Span

RARE = 0.25  # weight of a wrong name, of which a draft that is checked has fewer than these
RIDGE = 0.0005  # on the square of each weight
Example: TypeAlias = tuple[int, tuple[float, ...], bool]  # writer, features, whether the name is another


def main() -> None:
    """Fit the weights and write ``names.json`` of ``qa.drafts``."""
    examples = list(_examples(Path(sys.argv[1])))
    for writer in sorted({each[0] for each in examples}):
        weights = fit([each for each in examples if each[0] != writer])
        print(f"writer {writer}: AUC {_auc(weights, [each for each in examples if each[0] == writer]):.3f}")
    fitted = fit(examples)
    named = {name: round(float(weight), 3) for name, weight in zip(FEATURES, fitted[:-1], strict=True)}
    table = {"bias": round(float(fitted[-1]), 3), "weights": named}
    path = Path(__file__).parents[2] / "drafts" / "names.json"
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def fit(examples: Sequence[Example]) -> Floats:
    """Return the weights, and last the bias."""
    wrong = np.array([each[2] for each in examples])
    share = np.where(wrong, RARE, 1.0)
    return logistic(np.array([each[1] for each in examples]), wrong, share / share.sum(), RIDGE)


def _auc(weights: Floats, examples: Sequence[Example]) -> float:
    """Return the probability that a wrong name scores above a right one."""
    wrong, right = (
        np.array([np.dot(weights, (*each[1], 1.0)) for each in examples if each[2] is kind])
        for kind in (True, False)
    )
    return float((wrong[:, None] > right[None, :]).mean())


def _examples(sets: Path) -> Iterator[Example]:
    text = lzma.decompress(Path(__file__).with_name("names.jsonl.xz").read_bytes()).decode()
    rows = sorted(map(json.loads, text.splitlines()), key=lambda row: row["set"])
    for name, own in groupby(rows, key=lambda row: row["set"]):
        register = register_over(sets / name)
        for row in own:
            yield from _of_draft(row, register)


def register_over(folder: Path) -> Register:
    """Return what the reports in a folder state."""
    reports = tuple(read_report(path) for path in sorted(folder.iterdir()))
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    return register_of(reports, Ledger(reports, figures))


def _of_draft(row: Mapping[str, Any], register: Register) -> Iterator[Example]:
    """Yield the examples of a draft; a word of the report that has nothing to do with the right name teaches nothing."""
    _, told = statements_in_context(draft_of(row["draft"]), register)
    names = list(_located(row["draft"], row["names"]))
    for deed, stated, found in matched(told, register):
        at = deed.spans[0][0]
        for each in exchanges(deed, stated, words_fit(found[0]), register):
            rights = [right for (a, b), right in names if right and a < at + each.end and at + each.start < b]
            if not rights or set(each.right) & set(rights[0]):
                yield row["writer"], each.values, bool(rights)


def _located(draft: str, names: Sequence[tuple[str, str | None]]) -> Iterator[tuple[Span, str | None]]:
    """Yield the names of a draft, which are in order, with their offsets."""
    at = 0
    for text, right in names:
        found = draft.find(text, at)
        at = found + 1 if found >= 0 else at
        start = found if found >= 0 else draft.find(text)
        yield (start, start + len(text)), right


if __name__ == "__main__":
    main()
