"""The text of a paragraph from its spans: asterisks out, stray spaces inside words and figures out.

A space stays between Latin words, beside Latin letters, and between two Chinese phrases that do not read on (the
halves of a slogan); the language model decides about the last. Between two numbers it stays unless both together are
one figure: the words before and the measure word behind leave no other reading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from qa.reading.layout import ngrams
from qa.reading.layout.characters import has_specials, is_wide
from qa.text.figures import UNIT_KINDS
from qa.types import Spans

_STARS = re.compile(r"\*+")
_PRODUCT = re.compile(r"(?<=[0-9A-Za-z])\*(?=[0-9A-Za-z])")
_KEPT = "\ue000"  # stands for an asterisk that is part of the text
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"(?<=[\u2e80-\uffef])\s*[\r\n]\s*(?=[\u2e80-\uffef])")  # between Chinese characters
_HANZI = re.compile(r"[\u3400-\u9fff]")
STRAY = 1.0  # evidence of the language model that a space between phrases of a sentence is stray
STRAY_IN_HEADING, FRAGMENT = (
    11.0,
    2,
)  # in a heading, where spaces are usual; and characters of a piece that is no phrase
STRAY_FRAGMENT = 4.0
_DATED = ("年", "月", "日")  # 5月1 2日 can be two days
_UNITS = sorted((u for units in UNIT_KINDS.values() for u in units if u not in _DATED), key=len, reverse=True)
_TORN_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fff“”\"（(，,、：:；;])(?P<space>\s*)(?P<left>\d{1,6}(?:\.\d{1,4})?)\s+(?P<right>\d{1,6}(?:\.\d{1,4})?)"
    rf"(?=\s*(?:[万亿余多]|{'|'.join(map(re.escape, _UNITS))}|(?P<year>年)))"
)
_PHONE, _YEAR = re.compile(r"0\d"), re.compile(r"(?:19|20)\d\d")
_EACH = re.compile(r"分别|各为?|依次|比分|第[\d\s]*$")


def tidy(
    text: str,
    drafts: Sequence[Spans],
    phrases: frozenset[int] = frozenset(),
    headings: frozenset[int] = frozenset(),
) -> list[str]:
    """One text for each list of spans; at the positions ``phrases`` spaces between Chinese phrases are meant.

    ``headings`` are those of them whose phrases are known to be longer than a word.
    """
    if not has_specials(text) and "*" not in text:
        plain = [_joined(text, spans) for spans in drafts]
    else:
        plain = [_unstarred(_joined(text, spans)) for spans in drafts]
    odd = [number for number, piece in enumerate(plain) if _SPACES.search(piece)]
    for number in odd:
        if number not in phrases:
            plain[number] = _TORN_NUMBER.sub(_closed, plain[number])
    words = {number: _SPACES.split(plain[number].strip()) for number in odd}
    doubtful = [
        (number, i)
        for number in odd
        for i in range(len(words[number]) - 1)
        if _between_hanzi(words[number], i)
    ]
    evidence = _evidence([(words[n][i], words[n][i + 1]) for n, i in doubtful])
    verdicts: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for (number, i), sure in zip(doubtful, evidence, strict=True):
        shorter = min(len(words[number][i]), len(words[number][i + 1]))
        least = STRAY
        if number in phrases and shorter > 1:
            least = STRAY_FRAGMENT if shorter <= FRAGMENT else STRAY_IN_HEADING
            least = least if number in headings else float("inf")
        verdicts[number][i] = sure > least
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
    whole = "".join(pieces)
    return _BREAK.sub("", whole) if "\n" in whole or "\r" in whole else whole


def _unstarred(piece: str) -> str:
    """Without asterisks, but for one between two figures or letters."""
    return _STARS.sub("", _PRODUCT.sub(_KEPT, piece)).replace(_KEPT, "*")


def _between_hanzi(words: Sequence[str], number: int) -> bool:
    return bool(_HANZI.match(words[number][-1:]) and _HANZI.match(words[number + 1][:1]))


def _evidence(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """How surely the halves read on; infinite where one of them is a single character."""
    words = [(a, b) for a, b in pairs if len(a) > 1 and len(b) > 1]
    seams = iter(ngrams.load().seams([a for a, _ in words], [b for _, b in words]).tolist())
    return [float("inf") if len(a) == 1 or len(b) == 1 else next(seams) for a, b in pairs]


def _closed(match: re.Match[str]) -> str:
    """A figure without white space inside, 14 2家 as 142家; years, telephones and lists stay."""
    left, right = match["left"], match["right"]
    before = match.string[max(0, match.start() - 12) : match.start()]
    whole = f"{match['space']}{left}{right}"
    if match["year"]:
        return whole if _YEAR.fullmatch(left + right) else match.group()
    apart = (
        ("." in left and "." in right) or _PHONE.match(left) or _YEAR.fullmatch(left) or _EACH.search(before)
    )
    return match.group() if apart else whole


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
