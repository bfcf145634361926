"""Text without the characters that nobody sees: what people or a model are shown holds none of them."""

from __future__ import annotations

import unicodedata

_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # shown as nothing, though letters or marks
_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))  # variants of a character, and tags
_NONE = (0xFDD0, 0xFDEF)  # of these and of the last two of each plane there will never be a character


class _Shown(dict[int, str | int]):
    """What each character is shown as, worked out when it is first met."""

    def __missing__(self, code: int) -> str | int:
        self[code] = found = _shown(code)
        return found


def _shown(code: int) -> str | int:
    character = chr(code)
    if character in "\t\n\r":
        return code
    category = unicodedata.category(character)
    if category == "Cc" and character.isspace():
        return " "
    hidden = (
        category in ("Cc", "Cf", "Cs")
        or character in _BLANK
        or any(a <= code <= b for a, b in (*_SELECTORS, _NONE))
        or code & 0xFFFE == 0xFFFE
    )
    return "" if hidden else code


_SHOWN = _Shown()


def visible(text: str) -> str:
    """The text without controls, directions, tags, selectors and fillers; lines and tabs stay.

    >>> visible("职\\u200b工\\u202e书屋\\x1b[2J")
    '职工书屋[2J'
    """
    return text.translate(_SHOWN)


def one_line(text: object) -> str:
    """What is said of one file, or its name: visible, and in one line, whatever the file is called.

    >>> one_line("甲.txt\\n已跳过 乙.txt")
    '甲.txt 已跳过 乙.txt'
    """
    return visible(" ".join(str(text).splitlines()))
