"""The text of a paragraph from its spans: asterisks out, stray spaces inside words and figures out.

A space stays between Latin words, beside Latin letters, and between two Chinese phrases that do not read on (the
halves of a slogan); the language model decides about the last.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from qa.reading.layout import ngrams
from qa.reading.layout.characters import has_specials, is_wide
from qa.types import Spans

__all__ = ["tidy"]

_STARS = re.compile(r"\*+")
_PRODUCT = re.compile(r"(?<=[0-9A-Za-z])\*(?=[0-9A-Za-z])")
_KEPT = "\ue000"  # stands for an asterisk that is part of the text
_SPACES = re.compile(r"\s+")
_HANZI = re.compile(r"[\u3400-\u9fff]")


def tidy(text: str, drafts: Sequence[Spans], phrases: frozenset[int] = frozenset()) -> list[str]:
    """One text for each list of spans; at the positions ``phrases`` spaces between Chinese phrases are meant."""
    if not has_specials(text) and "*" not in text:
        plain = [_joined(text, spans) for spans in drafts]
    else:
        plain = [_unstarred(_joined(text, spans)) for spans in drafts]
    odd = [number for number, piece in enumerate(plain) if _SPACES.search(piece)]
    words = {number: _SPACES.split(plain[number].strip()) for number in odd}
    doubtful = [
        (number, i)
        for number in odd
        for i in range(len(words[number]) - 1)
        if _between_hanzi(words[number], i)
    ]
    stray = _stray([(words[n][i], words[n][i + 1]) for n, i in doubtful])
    stray = [s and (n not in phrases or min(len(words[n][i]), len(words[n][i + 1])) == 1)
             for s, (n, i) in zip(stray, doubtful, strict=True)]  # fmt: skip
    verdicts: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for (number, i), verdict in zip(doubtful, stray, strict=True):
        verdicts[number][i] = verdict
    for number in odd:
        plain[number] = _spaced(words[number], verdicts[number])
    return plain


def _joined(text: str, spans: Spans) -> str:
    pieces = [text[start:end] for start, end in spans]
    for number in range(1, len(pieces)):
        left, right = pieces[number - 1][-1:], pieces[number][:1]
        letters = left.isascii() and right.isascii() and left.isalpha() and right.isalpha()
        apart = spans[number][0] > spans[number - 1][1] and text[spans[number - 1][1]].isspace()
        if letters and apart:
            pieces[number] = " " + pieces[number]
    return "".join(pieces)


def _unstarred(piece: str) -> str:
    """Without asterisks, but for one between two figures or letters."""
    return _STARS.sub("", _PRODUCT.sub(_KEPT, piece)).replace(_KEPT, "*")


def _between_hanzi(words: Sequence[str], number: int) -> bool:
    return bool(_HANZI.match(words[number][-1:]) and _HANZI.match(words[number + 1][:1]))


def _stray(pairs: Sequence[tuple[str, str]]) -> list[bool]:
    words = [(a, b) for a, b in pairs if len(a) > 1 and len(b) > 1]
    evidence = iter(ngrams.load().seams([a for a, _ in words], [b for _, b in words]).tolist())
    return [len(a) == 1 or len(b) == 1 or next(evidence) > 1.0 for a, b in pairs]


def _spaced(words: Sequence[str], stray: dict[int, bool]) -> str:
    pieces = list(words[:1])
    for number in range(1, len(words)):
        left, right = words[number - 1][-1:], words[number][:1]
        verdict = stray.get(number - 1)
        if verdict is None:
            latin = (left.isascii() and left.isalpha()) or (right.isascii() and right.isalpha())
            wide_mark = (is_wide(left) and not _HANZI.match(left)) or (
                is_wide(right) and not _HANZI.match(right)
            )
            both_ascii = left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
            keep = (latin and not wide_mark) or both_ascii
        else:
            keep = not verdict
        if keep:
            pieces.append(" ")
        pieces.append(words[number])
    return "".join(pieces)
