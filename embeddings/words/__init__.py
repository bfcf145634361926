"""The words of search: one tokenizer for BM25, and the tables of the package, each with what reads it.

``terms.txt`` has terms of the union register that mean the same, ``english.txt`` English words with their Chinese;
``carried.txt`` how often a word stands in the sentence that answers: learned from questions, see ``train``;
``pinyin.txt`` and ``lookalikes.txt`` what sounds or looks the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from .tokenizer import cut, cut_at, frequency, normalise, part_of_speech, rarity, simplified, words

__all__ = [
    "cut", "cut_at", "default_glossary", "expand", "frequency", "in_words_of", "look_alikes", "normalise",
    "part_of_speech", "rarity", "read_terms", "readings", "simplified", "sound_alikes", "split_words", "unaccented",
    "words", "worth",
]  # fmt: skip

TERMS_FILE = Path(__file__).with_name("terms.txt")
CARRIED_FILE = Path(__file__).with_name("carried.txt")
PINYIN_FILE = Path(__file__).with_name("pinyin.txt")
SHAPES_FILE = Path(__file__).with_name("lookalikes.txt")
USUALLY = 0.25  # share of all words of the questions that were counted


def rows(path: Path) -> list[list[str]]:
    """The lines of a table of this package as words, without comments."""
    lines = path.read_text("utf-8-sig").splitlines()
    return [line.split() for line in lines if not line.lstrip().startswith("#")]


@cache
def read_terms() -> tuple[tuple[str, ...], ...]:
    """Groups of terms that mean the same, one a line of the file."""
    return tuple(tuple(group) for group in rows(TERMS_FILE) if len(group) > 1)


@cache
def _synonyms() -> tuple[dict[tuple[str, ...], dict[str, None]], int]:
    """The words of each term → the words of its synonyms, in order; and how many words the longest term has."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for group in read_terms():
        cuts = [tuple(words(term)) for term in group]
        for own in cuts:
            others = (word for other in cuts for word in other if word not in own)
            found.setdefault(own, {}).update(dict.fromkeys(others))
    return found, max(map(len, found))


def expand(words: Sequence[str]) -> list[str]:
    """Synonyms' words for the words of a question, in order, none of its own; weigh them lower (0.3 or so).

    >>> expand(["劳模"])
    ['劳动', '模范', '劳动模范']
    """
    synonyms, longest = _synonyms()
    found: dict[str, None] = {}
    for start in range(len(words)):
        for length in range(min(longest, len(words) - start), 0, -1):
            if others := synonyms.get(tuple(words[start : start + length])):
                found.update(others)
                break  # the longest term that begins here
    return [word for word in found if word not in set(words)]


def in_words_of(text: str, question: str) -> str:
    """Return a question with each term that a text lacks replaced by a synonym of the text, which the reader knows best.

    >>> in_words_of("建成户外劳动者服务站点86个。", "有多少家工会驿站？")
    '有多少家户外劳动者服务站点？'
    """
    held = text.lower()
    for group in read_terms():
        own = [term for term in group if len(term) > 1 and term.lower() in question.lower()]
        if own and not any(term.lower() in held for term in own):
            other = max((term for term in group if term.lower() in held), key=len, default="")
            start = question.lower().find((term := max(own, key=len)).lower())
            if len(other) > 1:
                question = f"{question[:start]}{other}{question[start + len(term) :]}"
    return question


def worth(word: str) -> float:
    """How much a question's word is worth in search, 0 to 1: 1 unless answers take it over less often than usual.

    >>> worth("驿站"), worth("□"), worth("一共") < 0.1
    (1.0, 1.0, True)
    """
    return min(carried().get(word, USUALLY) / USUALLY, 1.0)


@cache
def carried() -> dict[str, float]:
    """How often a question's word stands in what answers it, 0 to 1: 驿站 nearly always, 一共 hardly ever."""
    return {word: float(share) for word, share in rows(CARRIED_FILE)}


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
        found |= {character: (*found.get(character, ()), reading) for character in characters}
    return found


@cache
def _lines(path: Path) -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows(path) if len(row) == 2}


ENGLISH_FILE = Path(__file__).with_name("english.txt")

Section: TypeAlias = Literal["ask", "greeting", "time", "place", "term", "skip"]
SECTIONS: dict[str, Section] = {
    "[问]": "ask",
    "[招呼]": "greeting",
    "[时]": "time",
    "[地]": "place",
    "[词]": "term",
    "[略]": "skip",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What an English phrase becomes; ``measure`` is the Chinese measure word or unit of what it counts, or ``""``."""

    section: Section
    chinese: str
    measure: str = ""


def stem(word: str) -> str:
    """A word without plural and verb endings, only for comparing: cases and case, organized and organise are one.

    >>> stem("Organizing") == stem("organised"), stem("studies") == stem("study"), stem("bus")
    (True, True, 'bus')
    """
    word = re.sub(r"iz(?=e|i|a)", "is", unaccented(word).removesuffix("'s").replace("'", ""))
    if len(word) < 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif re.search(r"(?:[sx]|ch|sh)es$", word):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) > 2 and re.search(r"[aeiouy]", bare):
            word = bare[:-1] if bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare
            break
    return word.removesuffix("e") if len(word) > 3 else word


def unaccented(word: str) -> str:
    """Lower case, without accents and with straight apostrophes: Wēnzhōu is wenzhou."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'")).lower()
    return "".join(c for c in plain if not unicodedata.combining(c))


class Glossary:
    """Phrases by their stems; the longest that begins at a word counts.

    >>> default_glossary().longest(["legal", "aid"], 0)
    (Entry(section='term', chinese='法律援助', measure=''), 2)
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.entries: dict[tuple[str, ...], Entry] = {}
        self._longest = 1
        section: Section = "term"
        for line in (raw.partition("#")[0].strip() for raw in lines):
            if line in SECTIONS:
                section = SECTIONS[line]
            elif section == "skip":
                for word in line.split():
                    self._add(word, Entry("skip", ""))
            elif "=" in line:
                phrases, _, meaning = line.partition("=")
                chinese, measure = meaning.strip(), ""
                if section == "term" and " " in chinese:
                    chinese, _, measure = chinese.rpartition(" ")
                for phrase in phrases.split(","):
                    self._add(phrase, Entry(section, chinese, measure))

    def longest(self, words: Sequence[str], start: int) -> tuple[Entry, int] | None:
        """The longest entry that begins at a word, and how many words it takes; None where there is none."""
        stems = [stem(word) for word in words[start : start + self._longest]]
        for length in range(len(stems), 0, -1):
            if entry := self.entries.get(tuple(stems[:length])):
                return entry, length
        return None

    def _add(self, phrase: str, entry: Entry) -> None:
        key = tuple(stem(word) for word in split_words(phrase))
        if key:
            self.entries.setdefault(key, entry)
            self._longest = max(self._longest, len(key))


def split_words(text: str) -> list[str]:
    """Latin words and numbers of a text; a hyphen parts words, an apostrophe does not."""
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,]*\d%?|\d%?", text)


@cache
def default_glossary() -> Glossary:
    """The glossary of the package, read once."""
    return Glossary(ENGLISH_FILE.read_text("utf-8-sig").splitlines())
