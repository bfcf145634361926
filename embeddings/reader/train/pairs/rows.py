"""Pairs of clauses with how their figures or names relate: figure_pairs, and our own by several writers."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.reader.pairs import Mention
from embeddings.train.data import read_lines

OWN = Path(__file__).with_name("pairs.jsonl.xz")  # pairs that were written for this, each with its writer
# Of these writers nothing is learned; those of deeds (d1 to d5) wrote what a draft tells as done and a report states.
DEVELOPMENT = ("w8", "w10", "w11", "w12", "w13", "w14", "w15", "w16", "w17", "w20", "w26", "d3")
ITSELF = 0.06  # of the mentions stand beside themselves: what is said in the same words is the same
STRANGERS = 0.2  # of the mentions stand beside one of any other pair in the same unit, which is another thing
PLACED = 0.15  # of the mentions stand behind the name of a place, which decides nothing
PLACES = (
    *("全市", "全省", "全县", "全区", "我市", "我省", "全市工会", "全省各级工会"),
    *("泉州市总工会", "苏州市", "湖北省", "浙江", "延安", "柳江区", "平江县总工会", "新区"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two mentions and how they relate."""

    one: Mention
    other: Mention
    relation: str


def training(data: Path) -> list[Pair]:
    """All pairs that are learned."""
    own = [item for item in read_lines(OWN) if item["writer"] not in DEVELOPMENT]
    return [_pair(item) for item in (*read_lines(data / "train" / "figure_pairs.jsonl.xz"), *own)]


def development(data: Path) -> dict[str, list[Pair]]:
    """Name of a set → its pairs, of which nothing is learned."""
    own = read_lines(OWN)
    sets = {"figure_pairs_dev": read_lines(data / "dev" / "figure_pairs_dev.jsonl.xz")}
    sets |= {name: [item for item in own if item["writer"] == name] for name in DEVELOPMENT}
    return {name: [_pair(item) for item in items] for name, items in sets.items()}


def _pair(item: dict[str, Any]) -> Pair:
    return Pair(_mention(item["a"]), _mention(item["b"]), item["relation"])


def _mention(said: dict[str, str]) -> Mention:
    start = max(said["clause"].find(said["figure"]), 0)
    return said["clause"], start, start + len(said["figure"])


def drawn(pairs: Sequence[Pair], draw: random.Random) -> list[Pair]:
    """All pairs once, in either order, some behind a place; some mentions beside themselves, and some beside strangers."""
    made, counted = [], defaultdict[str, list[Mention]](list)
    for pair in pairs:
        for text, start, end in (pair.one, pair.other):
            counted[text[end - 1 : end]].append((text, start, end))
    for pair in draw.sample(pairs, len(pairs)):
        one, other = (pair.one, pair.other) if draw.random() < 0.5 else (pair.other, pair.one)
        made.append(Pair(_placed(one, draw), _placed(other, draw), pair.relation))
        if draw.random() < ITSELF:
            made.append(Pair(_placed(one, draw), _placed(one, draw), "same"))
        if draw.random() < STRANGERS:
            stranger = draw.choice(counted[one[0][one[2] - 1 : one[2]]])
            if _unlike(one, stranger):
                made.append(Pair(_placed(one, draw), _placed(stranger, draw), "other"))
    return made


def _unlike(one: Mention, other: Mention) -> bool:
    """Whether two clauses share no two characters in a row outside the figures that are asked about."""
    first, second = (text[:start] + " " + text[end:] for text, start, end in (one, other))
    return {first[at : at + 2] for at in range(len(first) - 1)}.isdisjoint(
        second[at : at + 2] for at in range(len(second) - 1)
    )


def _placed(mention: Mention, draw: random.Random) -> Mention:
    text, start, end = mention
    place = draw.choice(PLACES) if draw.random() < PLACED else ""
    return place + text, start + len(place), end + len(place)
