"""Words of the union register that mean the same, read from ``terms.txt`` or a file of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

__all__ = ["Terms", "default_terms", "expand", "read_terms"]

TERMS_FILE = Path(__file__).with_name("terms.txt")
KEPT = 4096  # words whose terms are remembered


def read_terms(path: Path | None = None) -> list[tuple[str, ...]]:
    """Groups of terms, one a line; None reads the file of the package."""
    lines = (path or TERMS_FILE).read_text("utf-8-sig").splitlines()
    groups = (tuple(line.split()) for line in lines if not line.lstrip().startswith("#"))
    return [group for group in groups if len(group) > 1]


class Terms:
    """Finds terms in the words of a question and offers the words of their synonyms."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        from .tokenizer import normalise

        self._groups = [(tuple(group), "\n".join(map(normalise, group))) for group in groups]
        self._synonyms = lru_cache(maxsize=KEPT)(self._beginning)

    @classmethod
    def read(cls, *paths: Path) -> Terms:
        """The package's terms and those of these files, one group of synonyms a line."""
        return cls([group for path in (TERMS_FILE, *paths) for group in read_terms(path)])

    def expand(self, words: Sequence[str]) -> list[str]:
        """Words to search for as well, in order, none of ``words`` among them."""
        found: dict[str, None] = {}
        for start, first in enumerate(words):
            synonyms = self._synonyms(first)
            for length in sorted({len(term) for term in synonyms}, reverse=True):
                if others := synonyms.get(tuple(words[start : start + length])):
                    found.update(others)
                    break  # the longest term that begins here
        return [word for word in found if word not in set(words)]

    def _beginning(self, first: str) -> dict[tuple[str, ...], dict[str, None]]:
        """Terms that begin with a word, each with the words of its synonyms: cut when they are first asked for."""
        from .tokenizer import words

        synonyms: dict[tuple[str, ...], dict[str, None]] = {}
        for group, text in self._groups:
            if first not in text:
                continue
            cuts = [tuple(words(term)) for term in group]
            for own in cuts:
                if own[:1] == (first,):
                    others = synonyms.setdefault(own, {})
                    others.update((word, None) for other in cuts for word in other if word not in own)
        return synonyms


@cache
def default_terms() -> Terms:
    """The terms of the package, read once."""
    return Terms.read()


def expand(words: Sequence[str]) -> list[str]:
    """Synonyms' words for the words of a question; weigh them lower than its own (0.3 or so).

    >>> "新就业形态" in "".join(expand(["新业态"])) or bool(expand(["劳模"]))
    True
    """
    return default_terms().expand(words)
