"""What the words of a question are worth in search, what means, sounds or looks the same: the tables of the package.

``terms.txt`` has terms of the union register that mean the same; ``carried.txt`` how often a word stands in the sentence
that answers: learned from questions, see ``train``.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

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
    from .tokenizer import words

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
