"""Which characters sound alike (without tones) and which look alike, from two tables of the package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .terms import rows

PINYIN_FILE = Path(__file__).with_name("pinyin.txt")
SHAPES_FILE = Path(__file__).with_name("lookalikes.txt")


def readings(character: str) -> tuple[str, ...]:
    """Toneless readings, ü as v; none for what is no Chinese character in use.

    >>> sorted(readings("乐"))
    ['lao', 'le', 'yue']
    """
    return _readings().get(character, ())


@cache
def sound_alikes(character: str) -> frozenset[str]:
    """Characters with a reading of this one, itself among them.

    >>> {"章", "张"} <= sound_alikes("漳"), "常" in sound_alikes("漳")
    (True, False)
    """
    lines = _lines(PINYIN_FILE)
    return frozenset(c for reading in readings(character) for c in lines[reading])


@cache
def look_alikes(character: str) -> frozenset[str]:
    """Characters that are easily taken for this one; known for those that names of divisions are made of.

    >>> "淅" in look_alikes("浙"), "抗" in look_alikes("杭")
    (True, True)
    """
    return frozenset(_lines(SHAPES_FILE).get(character, ""))


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for reading, characters in _lines(PINYIN_FILE).items():
        for character in characters:
            found[character] = (*found.get(character, ()), reading)
    return found


@cache
def _lines(path: Path) -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows(path) if len(row) == 2}
