"""Correct the spelling of a question: simplified Chinese, with the library's places spelled right."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from embeddings.words import cut_at, frequency, look_alikes, simplified, sound_alikes
from qa.question.catalogue import Catalogue, grouped
from qa.question.english import chinese_of, with_chinese_places
from qa.question.places import is_quoted
from qa.text.divisions import EVERYDAY, all_divisions, find, short_name

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]{2}")
# Characters that NFKC may change.
_WIDE = re.compile(r"[^\x00-\x7f，。：；？！（）【】、—…·～“”‘’《》〈〉\u4e00-\u9fff]+")
_QUOTES = str.maketrans("「」『』﹁﹂﹃﹄", "“”“”“”“”")
_SUFFIX = "市省区县"
_TAIL = re.compile(r"全?[市省区县]|(?:各级)?(?:工会|总工(?!程)|职工)")  # a place stands before it
_LOOSE_TAIL = re.compile(r"[呢的有和与跟及同在这近五两\s，,、。？?\d]|$")  # a place may stand before it
_AROUND = 12  # characters of context on both sides of a name
_COMMON = 500.0  # per million words: 的 and 五 are, 张 and 州 are not
_RARE = 3.0  # per million words: 州市 is an accident of the dictionary, 城市 is not


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that questions may misspell."""

    text: str
    own: bool  # there are reports of it, of a place in it, or of the province of this city
    alike: tuple[frozenset[str], ...]  # how each character may be written; the 区 of 滨江区 only as itself


def corrected_spelling(question: str, catalogue: Catalogue) -> str:
    """Correct a question as typed; one without defects is returned unchanged.

    Wide letters and traditional characters are replaced, the library's places (and those in them) that are
    misspelled by sound or shape are corrected, places in Latin letters are translated, and an English
    question becomes Chinese keywords.
    """
    narrow = _WIDE.sub(lambda run: unicodedata.normalize("NFKC", run.group()), question)
    text = simplified(narrow).translate(_QUOTES)
    if _LATIN.search(text):
        if not _HAN.search(text):
            return chinese_of(text, catalogue) or text
        text = with_chinese_places(text, catalogue)
    return _with_right_places(text, catalogue)


def _with_right_places(text: str, catalogue: Catalogue) -> str:
    """Correct 漳洲 and 张州 to 漳州, 折江 to 浙江, if the library has 漳州 and 浙江."""
    starts, right, end = _starts(catalogue), list(text), 0
    for at in range(len(text) - 1):
        for name in starts.get(text[at], ()) if at >= end else ():
            run, before = text[at : at + len(name.text)], max(0, at - _AROUND)
            if text[at + 1] not in name.alike[1] or len(run) < len(name.text):
                continue
            if run != name.text:
                like = all(character in own for character, own in zip(run, name.alike, strict=True))
                outside, around = not is_quoted(text, at, at), text[before : at + _AROUND]
                if not (like and outside and _meant(around, at - before, name, catalogue)):
                    continue
                right[at : at + len(run)] = name.text
            end = at + len(name.text)
            break
    return "".join(right)


@lru_cache(maxsize=4)
def _starts(catalogue: Catalogue) -> Mapping[str, tuple[_Name, ...]]:
    """Map first characters, right or misspelled, to names, the library's own first."""
    reported = {term.place.name for term in catalogue.terms}
    around = reported.union(*(term.place.parents for term in catalogue.terms))
    names: dict[str, _Name] = {}
    for place in all_divisions():
        inside = not reported.isdisjoint(place.parents)
        own = place.name in around or (inside and place.level == "city")
        if not own and not inside and around.isdisjoint(place.parents[-1:]):
            continue
        short = short_name(place.name)
        text = place.name if short in EVERYDAY else short
        stem = text.rstrip(_SUFFIX)
        if len(stem) > 1 and (own or text not in names):
            names[text] = _Name(text, own, (*map(_alike, stem), *map(frozenset, text[len(stem) :])))
    in_order = sorted(names.values(), key=lambda n: (not n.own, -len(n.text), n.text))
    return grouped((character, name) for name in in_order for character in name.alike[0])


@cache
def _alike(character: str) -> frozenset[str]:
    return sound_alikes(character) | look_alikes(character) | {character}


def _meant(text: str, at: int, name: _Name, catalogue: Catalogue) -> bool:
    """Whether a run similar to a name stands for it: no word or place, and where a place may stand."""
    end = at + len(name.text)
    run = text[at:end]
    if frequency(run) > 0 or run in _divisions():
        return False
    changed = [(a, b) for a, b in zip(run, name.text, strict=True) if a != b]
    followed = run[-1] in _SUFFIX or _TAIL.match(text, end) is not None
    sounds = all(a in sound_alikes(b) for a, b in changed)
    likely = sounds and name.own and followed
    if any(a in _SUFFIX or (frequency(a) > _COMMON and not likely) for a, _ in changed):
        return False
    loosely = followed or _LOOSE_TAIL.match(text, end) is not None
    wholly = len(changed) == len(run)  # 文洲
    sure = (sounds and name.own and loosely) if wholly else followed or (name.own and (sounds or loosely))
    if not sure or any(a < end and at < b for a, b, _ in find(text, near=catalogue.places)):
        return False
    words = [(start, start + len(word)) for start, word in cut_at(text) if frequency(word) > _RARE]
    cuts_a_word = any(start < edge < stop for start, stop in words for edge in (at, end))  # 作文周刊
    return not cuts_a_word and not catalogue.mentioning(run)


@lru_cache(maxsize=1)
def _divisions() -> frozenset[str]:
    return frozenset(name for place in all_divisions() for name in (place.name, short_name(place.name)))
