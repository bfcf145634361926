"""Make what is shown to people or a model fit to be read: no invisible characters, moments in local time."""

import unicodedata
from datetime import datetime

from qa.text.normal import Characters

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
