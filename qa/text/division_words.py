"""Short names of divisions that are everyday words too, and neighbours that break a name: ``division_words.txt``."""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
_PARTS = dict(re.findall(r"^\[(.+)\]\n((?:[^\[\n].*\n)+)", _TEXT, re.M))


def _neighbours(part: str) -> dict[str, tuple[str, ...]]:
    """Return name → neighbours next to which it is no name."""
    return {name: tuple(words) for name, *words in map(str.split, _PARTS[part].splitlines())}


EVERYDAY = frozenset(_PARTS["everyday"].split())
NEVER_AFTER = _neighbours("never after")
NEVER_BEFORE = {name: characters for name, (characters,) in _neighbours("never before").items()}
