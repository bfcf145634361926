"""What the words of a question are worth in search, and the terms of the union register that mean the same.

``terms.txt`` has the terms; ``carried.txt`` how often a word stands in the sentence that answers: learned from
questions, see ``train``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

TERMS_FILE = Path(__file__).with_name("terms.txt")
CARRIED_FILE = Path(__file__).with_name("carried.txt")
USUALLY = 0.25  # share of all words of the questions that were counted


def read_terms() -> list[tuple[str, ...]]:
    """Groups of terms that mean the same, one a line of the file."""
    lines = TERMS_FILE.read_text("utf-8-sig").splitlines()
    groups = (tuple(line.split()) for line in lines if not line.lstrip().startswith("#"))
    return [group for group in groups if len(group) > 1]


class Terms:
    """Finds terms in the words of a question and offers the words of their synonyms."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        from .tokenizer import words

        self._synonyms: dict[tuple[str, ...], dict[str, None]] = {}
        self._longest = 0
        self._groups = [tuple(group) for group in groups]
        for group in self._groups:
            cuts = [tuple(words(term)) for term in group]
            for own in cuts:
                others = self._synonyms.setdefault(own, {})
                others.update((word, None) for other in cuts for word in other if word not in own)
                self._longest = max(self._longest, len(own))

    def in_words_of(self, text: str, question: str) -> str:
        """Return the question with each term that a text lacks replaced by a synonym that the text contains."""
        held = text.lower()
        for group in self._groups:
            own = [term for term in group if len(term) > 1 and term.lower() in question.lower()]
            if own and not any(term.lower() in held for term in own):
                other = max((term for term in group if term.lower() in held), key=len, default="")
                start = question.lower().find((term := max(own, key=len)).lower())
                if len(other) > 1:
                    question = f"{question[:start]}{other}{question[start + len(term) :]}"
        return question

    def expand(self, words: Sequence[str]) -> list[str]:
        """Words to search for as well, in order, none of ``words`` among them."""
        found: dict[str, None] = {}
        for start in range(len(words)):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                if others := self._synonyms.get(tuple(words[start : start + length])):
                    found.update(others)
                    break  # the longest term that begins here
        return [word for word in found if word not in set(words)]


@cache
def default_terms() -> Terms:
    """The terms of the package, cut once."""
    return Terms(read_terms())


def expand(words: Sequence[str]) -> list[str]:
    """Synonyms' words for the words of a question; weigh them lower than its own (0.3 or so).

    >>> "新就业形态" in "".join(expand(["新业态"])) or bool(expand(["劳模"]))
    True
    """
    return default_terms().expand(words)


def in_words_of(text: str, question: str) -> str:
    """Return a question in the words of a text, in which the reader understands it best.

    >>> in_words_of("建成户外劳动者服务站点86个。", "有多少家工会驿站？")
    '有多少家户外劳动者服务站点？'
    """
    return default_terms().in_words_of(text, question)


def carried(word: str) -> float:
    """How often a question's word stands in what answers it, 0 to 1: 驿站 nearly always, 一共 hardly ever.

    >>> carried("驿站") > carried("□") > carried("一共")
    True
    """
    return _table().get(word, USUALLY)


def worth(word: str) -> float:
    """How much a question's word is worth in search, 0 to 1: 1 unless answers take it over less often than usual.

    >>> worth("驿站"), worth("□")
    (1.0, 1.0)
    >>> worth("一共") < 0.1
    True
    """
    return min(carried(word) / USUALLY, 1.0)


@cache
def _table() -> dict[str, float]:
    lines = CARRIED_FILE.read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: float(share) for word, share in rows}
