"""Normal forms for comparing, never shown and never quoted; and marks put in order."""

import re
import unicodedata
from collections.abc import Callable

from qa.text.numerals import plain_numerals, plain_years

_MARKS = re.compile(r"[\s*“”\"'‘’《》「」·,，。;；:：、!！?？()（）\[\]【】—\-–~～…|]")


def normal(text: str) -> str:
    """Return the text in NFKC and lower case: ``３６％`` and ``36%`` are one."""
    return unicodedata.normalize("NFKC", text).lower()


def same_length(text: str) -> str:
    """Return the text in NFKC by character and with plain numerals, so that offsets stay; ①, ² and what grows are unchanged.

    >>> same_length("２０１８—二〇二三年，①３５．８％")
    '2018—2023年,①35.8%'
    """
    return text if text.isascii() else plain_years(plain_numerals(text.translate(_SAME_LENGTH)))


class Characters(dict[int, str]):
    """A table for ``str.translate``; what each character becomes is computed at its first use."""

    def __init__(self, becomes: Callable[[str], str]) -> None:
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, self._becomes(chr(code)))


def _of_one_character(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    same = len(normal) == 1 and normal.isdecimal() == character.isdecimal()
    return normal if same else character


_SAME_LENGTH = Characters(_of_one_character)


def without_punctuation(text: str) -> str:
    """Return the normal form without white space and punctuation, for comparing wordings."""
    return _MARKS.sub("", normal(text))


def without_unpaired(text: str) -> str:
    """Remove the quotes and brackets whose other half is missing.

    >>> without_unpaired("“送温暖)”活动(全年")
    '“送温暖”活动全年'
    """
    for opening, closing in ("“”", "‘’", "《》", "（）", "()"):
        unpaired = list[int]()
        for at, character in enumerate(text):
            if character == closing and unpaired and text[unpaired[-1]] == opening:
                unpaired.pop()
            elif character in (opening, closing):
                unpaired.append(at)
        text = "".join(character for at, character in enumerate(text) if at not in unpaired)
    return text


def without_inner_brackets(text: str) -> str:
    """Remove the brackets around a single character, which is part of a word.

    >>> without_inner_brackets("职工疗(休)养基地(市级)")
    '职工疗休养基地(市级)'
    """
    return re.sub(r"\((.)\)", r"\1", text, flags=re.DOTALL)
