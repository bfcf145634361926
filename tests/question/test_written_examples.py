"""How well the rules do on questions that were written by hand, where those are at hand (floors, as measured)."""

import json
import lzma
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from qa.question.followup import completions
from qa.question.kinds import kind_of, unit_of
from qa.text.divisions import find
from qa.text.figures import unit_kind
from qa.text.normal import without_punctuation

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "train"
OUR_KINDS = {
    "figure": "figure",
    "several_figures": "figure",
    "name": "name",
    "date": "name",
    "list": "list",
    "summary": "summary",
    "why": "reason",
    "compare": "comparison",
    "compute": "computation",
    "yesno": "check",
    "chatter": "chatter",
}


EVERY = 3  # one example in three is asked


def examples(name: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{name}.jsonl.xz"
    if not path.is_file():
        pytest.skip(f"{path.name} with its written examples is no part of the project")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, None, None, EVERY)]


def bigrams(text: str) -> Counter[str]:
    bare = without_punctuation(text)
    return Counter(bare[i : i + 2] for i in range(len(bare) - 1))


def likeness(one: str, other: str) -> float:
    a, b = bigrams(one), bigrams(other)
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def places(texts: Iterable[str]) -> set[str]:
    return {place.name for text in texts for _, _, place in find(text)}


def share(hits: Iterable[bool]) -> float:
    told = list(hits)
    return sum(told) / len(told)


def test_standalone_forms_and_their_places() -> None:
    rows = examples("followups")
    told = [completions(r["question"], r["history"])[0].text for r in rows]
    assert share(places([t]) == places(r["slots"]["places"]) for t, r in zip(told, rows, strict=True)) >= 0.87
    scores = [likeness(t, r["standalone"]) for t, r in zip(told, rows, strict=True)]
    assert sum(scores) / len(scores) >= 0.78


def test_kinds() -> None:
    rows = [r for r in examples("question_kinds") if r["kind"] in OUR_KINDS]
    told = [(OUR_KINDS[r["kind"]], kind_of(r["question"])) for r in rows]
    assert share(a == b for a, b in told) >= 0.96
    counted = [b for a, b in told if a == "figure"]
    assert share(b == "figure" for b in counted) >= 0.97


def test_units_and_places() -> None:
    rows = examples("question_kinds")
    assert share(unit_of(r["question"]) == unit_kind(r["unit"]) for r in rows if r["unit"]) >= 0.71
    assert share(places([r["question"]]) == places(r["places"]) for r in rows) >= 0.9
