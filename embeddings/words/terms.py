"""Words of the union register that mean the same, read from ``terms.txt`` or a file of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

TERMS_FILE = Path(__file__).with_name("terms.txt")


def read_terms(path: Path | None = None) -> list[tuple[str, ...]]:
    """Groups of terms, one a line; None reads the file of the package."""
    lines = (path or TERMS_FILE).read_text("utf-8-sig").splitlines()
    groups = (tuple(line.split()) for line in lines if not line.lstrip().startswith("#"))
    return [group for group in groups if len(group) > 1]


class Terms:
    """Finds terms in the words of a question and offers the words of their synonyms."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        from .tokenizer import words

        self._synonyms: dict[tuple[str, ...], dict[str, None]] = {}
        self._longest = 0
        for group in groups:
            cuts = [tuple(words(term)) for term in group]
            for own in cuts:
                others = self._synonyms.setdefault(own, {})
                others.update((word, None) for other in cuts for word in other if word not in own)
                self._longest = max(self._longest, len(own))

    @classmethod
    def read(cls, *paths: Path) -> Terms:
        """The package's terms and those of these files, one group of synonyms a line."""
        return cls([group for path in (TERMS_FILE, *paths) for group in read_terms(path)])

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
    return Terms.read()


def expand(words: Sequence[str]) -> list[str]:
    """Synonyms' words for the words of a question; weigh them lower than its own (0.3 or so).

    >>> "新就业形态" in "".join(expand(["新业态"])) or bool(expand(["劳模"]))
    True
    """
    return default_terms().expand(words)
