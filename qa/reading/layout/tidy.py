"""Build the text of a paragraph from its spans, without asterisks and stray spaces inside words and figures.

A space stays between Latin words, next to Latin letters, and between two Chinese phrases that do not read on (the
halves of a slogan); the language model decides about the last. Between two numbers it stays unless both together are
one figure: the words before and the measure word after leave no other reading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from qa.reading.layout import ngrams
from qa.reading.layout.characters import is_wide
from qa.text.figures import UNIT_KINDS
from qa.types import Spans

# All but a single one between two figures or letters.
_STARS = re.compile(r"(?<![0-9A-Za-z])\*|\*(?![0-9A-Za-z])")
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"(?<=[\u2e80-\uffef])\s*[\r\n]\s*(?=[\u2e80-\uffef])")  # between Chinese characters
_HANZI = re.compile(r"[\u3400-\u9fff]")
STRAY = 1.0  # evidence of the language model that a space between phrases of a sentence is stray
STRAY_IN_HEADING = 11.0  # the same in a heading, where spaces are usual
FRAGMENT = 2  # characters of a piece that is no phrase
STRAY_FRAGMENT = 4.0
_DATED = ("年", "月", "日")  # 5月1 2日 can be two days
_UNITS = sorted((u for units in UNIT_KINDS.values() for u in units if u not in _DATED), key=len, reverse=True)
_TORN_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fff“”\"（(，,、：:；;])(?P<space>\s*)(?P<left>\d{1,6}(?:\.\d{1,4})?)\s+(?P<right>\d{1,6}(?:\.\d{1,4})?)"
    rf"(?=\s*(?:[万亿余多]|{'|'.join(map(re.escape, _UNITS))}|(?P<year>年)))"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_EACH = re.compile(r"分别|各为?|依次|比分|第[\d\s]*$")


def tidy(text: str, drafts: Sequence[Spans], phrases: frozenset[int], headings: frozenset[int]) -> list[str]:
    """Return one text for each list of spans; at the positions ``phrases`` spaces between Chinese phrases are meant.

    ``headings`` are those of them whose phrases are known to be longer than a word.
    """
    plain = [_STARS.sub("", _joined(text, spans)) for spans in drafts]
    odd = [number for number, piece in enumerate(plain) if _SPACES.search(piece)]
    for number in odd:
        if number not in phrases:
            plain[number] = _TORN_NUMBER.sub(_close_figure, plain[number])
    words = {number: _SPACES.split(plain[number].strip()) for number in odd}
    spaces = ((n, i, *pair) for n in odd for i, pair in enumerate(pairwise(words[n])))
    doubtful = [each for each in spaces if _HANZI.match(each[2][-1:]) and _HANZI.match(each[3])]
    seams = (
        ngrams.load().seams([left for *_, left, _ in doubtful], [right for *_, right in doubtful]).tolist()
    )
    stray: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for (number, i, left, right), sure in zip(doubtful, seams, strict=True):
        shorter = min(len(left), len(right))
        if shorter == 1:  # no phrase
            stray[number][i] = True
        elif number in phrases:
            least = STRAY_FRAGMENT if shorter <= FRAGMENT else STRAY_IN_HEADING
            stray[number][i] = number in headings and sure > least
        else:
            stray[number][i] = sure > STRAY
    for number in odd:
        plain[number] = _spaced(words[number], stray[number])
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
    return _BREAK.sub("", whole) if "\n" in whole or "\r" in whole else whole  # endless spaces backtrack


def _close_figure(match: re.Match[str]) -> str:
    """Return a figure without white space inside, 142家 for 14 2家; years, telephone numbers and lists stay."""
    left, right = match["left"], match["right"]
    before = match.string[max(0, match.start() - 12) : match.start()]
    whole = f"{match['space']}{left}{right}"
    if match["year"]:
        return whole if _YEAR.fullmatch(left + right) else match.group()
    decimals = "." in left and "." in right
    apart = decimals or _YEAR.fullmatch(left) or _EACH.search(before)
    return match.group() if apart else whole


def _spaced(words: Sequence[str], stray: dict[int, bool]) -> str:
    text = words[0]
    for number, (before, word) in enumerate(pairwise(words)):
        sides = (before[-1:], word[:1])
        latin = any(c.isascii() and c.isalpha() for c in sides)
        wide_mark = any(is_wide(c) and not _HANZI.match(c) for c in sides)
        both_ascii = all(c.isascii() and c.isalnum() for c in sides)
        stays = (latin and not wide_mark) or both_ascii
        text += f" {word}" if (not stray[number] if number in stray else stays) else word
    return text
