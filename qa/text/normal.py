"""Forms of a text: normal ones for comparing, never shown and never quoted, and the visible one that people and models see."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

_MARKS = re.compile(r"[\s*“”\"'‘’《》「」·,，。;；:：、!！?？()（）\[\]【】—\-–~～…|]")
_YEAR_WORD = "[一二][〇○零一二三四五六七八九]{3}"
_YEAR = re.compile(rf"{_YEAR_WORD}(?=\s*(?:年|[-—–~～至到]+\s*{_YEAR_WORD}\s*年))")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMAL_NUMERAL = re.compile(
    r"[壹贰叁肆伍陆柒捌玖拾佰仟]{2,}(?:零[壹贰叁肆伍陆柒捌玖拾佰仟]+)*|[壹贰叁肆伍陆柒捌玖](?=[万亿]元)"
)


def normal(text: str) -> str:
    """Return the text in NFKC and lower case: ``３６％`` and ``36%`` are one."""
    return unicodedata.normalize("NFKC", text).lower()


def plain_numerals(text: str) -> str:
    """Replace formal numerals, as on cheques, by the usual ones; a single one may be part of a name (伍家岗).

    >>> plain_numerals("壹佰贰拾玖家，壹仟万元，陆家嘴")
    '一百二十九家，一千万元，陆家嘴'
    """
    return _FORMAL_NUMERAL.sub(lambda match: match.group().translate(_FORMAL), text)


def plain_years(text: str) -> str:
    """Replace years in characters by digits; the text stays as long.

    >>> plain_years("二〇一八至二○二三年，二〇二四年，二二得四")
    '2018至2023年，2024年，二二得四'
    """
    return _YEAR.sub(lambda match: match.group().translate(_YEAR_DIGITS), text)


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


_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters or marks that display as nothing
# Variants of a character, and tags; then noncharacters, as are the last two of each plane.
_HIDDEN = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF), (0xFDD0, 0xFDEF))


def _shown(character: str) -> str:
    category, code = unicodedata.category(character), ord(character)
    hidden = category in ("Cc", "Cf", "Cs") or character in _BLANK or code & 0xFFFE == 0xFFFE
    if character in "\t\n\r" or not (hidden or any(a <= code <= b for a, b in _HIDDEN)):
        return character
    return " " if category == "Cc" and character.isspace() else ""


_SHOWN = Characters(_shown)


def visible(text: str) -> str:
    """Return the text without controls, directions, tags, selectors and fillers; lines and tabs stay.

    >>> visible("职\\u200b工\\u202e书屋\\x1b[2J")
    '职工书屋[2J'
    """
    return text.translate(_SHOWN)


def one_line(text: object) -> str:
    """Return a file's name, or a message with it, as visible text in one line.

    >>> one_line("甲.txt\\n已跳过 乙.txt")
    '甲.txt 已跳过 乙.txt'
    """
    return visible(" ".join(str(text).splitlines()))


def local_time(at: str) -> str:
    """Return a kept moment (UTC, ISO 8601) as this machine's clock shows it; what is none, unchanged.

    >>> local_time("昨天")
    '昨天'
    """
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return at
