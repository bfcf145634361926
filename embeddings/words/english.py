"""English words of the union register and of questions with their Chinese, from ``english.txt``."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

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
