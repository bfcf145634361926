"""Recognise names of divisions in Latin letters: Wenzhou, Qiantang District, Xi'an, Zhejiang Province."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from embeddings.words import frequency, readings, unaccented
from qa.question.catalogue import Catalogue
from qa.text.divisions import EVERYDAY, all_divisions, get, short_name
from qa.types import Level, Place

_SUFFIXES: dict[str, tuple[str, ...]] = {  # English word -> possible endings of the Chinese name
    **dict.fromkeys(("province", "provincial", "sheng"), ("省",)),
    **dict.fromkeys(("city", "municipality", "municipal", "shi"), ("市",)),
    "district": ("区", "新区"),
    "county": ("县", "市", "旗"),
    "prefecture": ("州", "地区", "盟"),
    "banner": ("旗",),
    "league": ("盟",),
    "qu": ("区",),
    "xian": ("县",),
}
_LATIN = re.compile(
    r"(?a:(?<![\w@./:-])[A-Za-zÀ-ÿ](?:[A-Za-zÀ-ÿ'’ ]*[A-Za-zÀ-ÿ])?(?![a-zA-Z_@/:-]|\d(?!\d{3})|\.\w))"
)
_LEVELS: tuple[Level, ...] = ("province", "city", "district")
_LONGEST = 4  # words of one name: Qian Tang Xin Qu
_SHORTEST = 5  # letters of a county's name that is recognised by its capital alone


@dataclass(frozen=True, slots=True)
class Romanised:
    """Words that may name a division."""

    words: int  # how many words the name takes, suffix included
    places: tuple[Place, ...]  # all divisions of this spelling
    sure: bool  # the words can hardly mean anything else


def romanised(words: Sequence[str], start: int, catalogue: Catalogue) -> Romanised | None:
    """Return the division spelled by the words from ``start``, the longest name first, or None."""
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        name = words[start : start + length]
        if not all(word.replace("'", "").replace("’", "").isalpha() for word in name):
            continue
        if length > 1 and not all(word[:1].isupper() for word in name):
            continue
        places = _spelled().get("".join(_letters(word) for word in name), ())
        after = words[start + length : start + length + 1]
        ends = _SUFFIXES.get(unaccented(after[0]), ()) if after else ()
        fitting = tuple(p for p in places if ends and p.name.endswith(ends))
        if fitting:
            return Romanised(length + 1, fitting, sure=True)
        if places and (sure := _sure(name, places, catalogue)) is not None:
            return Romanised(length, places, sure)
    return None


def _letters(word: str) -> str:
    """Normalise the letters of a word: Xi'an's is xian, Lyuliang and Lüliang are lvliang."""
    plain = unaccented(word.replace("ü", "v").replace("Ü", "v"))
    return plain.removesuffix("'s").replace("'", "").replace("lyu", "lv")


def _sure(name: Sequence[str], places: tuple[Place, ...], catalogue: Catalogue) -> bool | None:
    """Return True for a large division or the library's, False for a capitalised county, None for no name."""
    capital = all(word[:1].isupper() for word in name)
    long = len("".join(name)) >= _SHORTEST
    known = any(p.level in ("province", "city") or _rank(p, catalogue) < 3 for p in places)
    if known and (long or capital):
        return True
    return False if capital and long else None


def chosen(places: tuple[Place, ...], known: frozenset[str], catalogue: Catalogue) -> Place:
    """Choose between divisions of one spelling.

    Those in a ``known`` division, which the question names, come first, then the library's, then larger and
    better known ones.
    """

    def order(place: Place) -> tuple[bool, int, int, float]:
        level = _LEVELS.index(place.level) if place.level in _LEVELS else len(_LEVELS)
        inside = not known.isdisjoint(place.parents)
        return not inside, _rank(place, catalogue), level, -frequency(short_name(place.name))

    return min(places, key=order)


def chinese_name(place: Place) -> str:
    """Return the short name if it is unambiguous, else the full one, preceded by its city if others share it.

    >>> from qa.text.divisions import get
    >>> chinese_name(get("温州市")), chinese_name(get("杭州市钱塘区"))
    ('温州', '钱塘')
    """
    short = short_name(place.name)
    if short not in EVERYDAY and get(short) == place:
        return short
    return place.name if get(place.name) == place else "".join(place.parents[-1:]) + place.name


def with_chinese_places(text: str, catalogue: Catalogue) -> str:
    """Translate the places that a Chinese text names in Latin letters: wenzhou有几家 → 温州有几家."""

    def replaced(run: re.Match[str]) -> str:
        words = list(re.finditer(r"\S+", run.group()))
        names = [word.group() for word in words]
        out, at, index = "", 0, 0
        while index < len(words):
            found = romanised(names, index, catalogue)
            if found and found.sure:
                out += run.group()[at : words[index].start()]
                out += chinese_name(chosen(found.places, frozenset(), catalogue))
                index += found.words
                at = words[index - 1].end()
            else:
                index += 1
        return out + run.group()[at:]

    return _LATIN.sub(replaced, text)


def _rank(place: Place, catalogue: Catalogue) -> int:
    """Return 0 for a place of reports, 1 for one around it, 2 for one inside it, 3 for others."""
    own = catalogue.places
    if any(place.name == p.name and place.parents == p.parents for p in own):
        return 0
    if any(place.name in p.parents for p in own):
        return 1
    return 2 if any(p.name in place.parents for p in own) else 3


@lru_cache(maxsize=1)
def _spelled() -> Mapping[str, tuple[Place, ...]]:
    """Map spellings of short names, without white space, to divisions."""
    found: defaultdict[str, dict[Place, None]] = defaultdict(dict)
    for place in all_divisions():
        for syllables in product(*(_spellings(character) for character in short_name(place.name))):
            found["".join(syllables)].setdefault(place)
    return {spelling: tuple(places) for spelling, places in found.items()}


def _spellings(character: str) -> tuple[str, ...]:
    """Return the readings, those with ü also with u: Lvliang, Luliang."""
    own = readings(character)
    return (*own, *(r.replace("v", "u") for r in own if "v" in r))
