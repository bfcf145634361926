"""Characters as they are printed and read: which are ink, how wide they are, which end a sentence, which spaces stay.

The text of a paragraph is without asterisks and stray spaces inside words and figures. A space stays between Latin words,
next to Latin letters, and between two Chinese phrases that do not read on (the halves of a slogan); the language model
decides about the last. Between two numbers it stays unless both together are one figure: the words before and the measure
word after leave no other reading.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from qa.reading.layout import ngrams
from qa.reading.layout.records import Kind
from qa.text.figures import UNIT_KINDS
from qa.text.spans import stripped
from qa.types import Span, Spans

# terminal sequences, control, format, surrogate and private characters, variation selectors and tags: never shown
_SPECIALS = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff9-\ufffd\U000e0000-\U000e0fff]"
)
_SPECIAL = re.compile(rf"(?:(?:\x1b\[|\x9b)[0-9;?]{{0,20}}[@-~]|\x1b\][^\x07\x1b]{{0,200}}\x07|{_SPECIALS})+")
_DROPPED = re.compile(rf"{_SPECIAL.pattern}|\*+|\s+")

_TARGET = r"\((?:[!-'*-~]|\([!-'*-~]*\))*\)"  # of a link; what stands in Chinese between brackets is text
NOTE = r"\[\^[^\[\]\s]{1,20}\]"  # the number of a note in Markdown
_MARKUP = re.compile(rf"!?\[(?P<words>[^\[\]]*)\]{_TARGET}|{NOTE}|&(?:nbsp|e[mn]sp);")
CLOSERS = "”’」』）)》】〕〉\"'\uff02］]"
_TERMINAL = tuple("。！？!?…｡．")


def ink_spans(text: str, start: int, end: int) -> Spans:
    """Return the stretch without control and format characters and without white space at the ends of spans."""
    special = [match.span() for match in _SPECIAL.finditer(text, start, end)]
    starts, ends = [start, *(b for _, b in special)], [*(a for a, _ in special), end]
    pieces = zip(starts, ends, strict=True)
    return tuple(stripped(text, *piece) for piece in pieces if text[slice(*piece)].strip())


def without_links(text: str, spans: Spans) -> Spans:
    """Return the spans without Markdown's link targets, pictures, numbers of notes, and white space by name."""
    pieces = list[Span]()
    for start, end in spans:
        at = start
        for found in _MARKUP.finditer(text, start, end):
            pieces.append((at, found.start()))
            if found[0][0] != "!":
                pieces.append(found.span("words"))
            at = found.end()
        pieces.append((at, end))
    return tuple((start, end) for start, end in pieces if start < end)


def compact(text: str) -> str:
    """Return the ink of a text: without white space, ``*``, control and format characters."""
    return _DROPPED.sub("", text)


def merge(text: str, spans: Spans) -> Spans:
    """Return the spans, joined if only white space and ``*`` separate them."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start >= merged[-1][1] and not text[merged[-1][1] : start].replace("*", "").strip():
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def is_wide(character: str) -> bool:
    """Whether a character takes two columns."""
    return unicodedata.east_asian_width(character) in "WFA"


def columns(text: str) -> int:
    """Return how many columns a text takes in a monospaced font."""
    return len(text) + sum(map(is_wide, text))


def finished(ink: str) -> bool:
    """Whether the last sentence is complete."""
    bare = ink.rstrip(CLOSERS)
    return bare.endswith(_TERMINAL) or (bare.endswith(".") and not bare[-2:-1].isdigit())


# All but a single one between two figures or letters.
_STARS = re.compile(r"(?<![0-9A-Za-z])\*|\*(?![0-9A-Za-z])")
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"(?<=[\u2e80-\uffef])\s*[\r\n]\s*(?=[\u2e80-\uffef])")  # between Chinese characters
_SENTENCES = ("prose", "note")  # elsewhere spaces between phrases are meant
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


def tidy(text: str, drafts: Sequence[tuple[Spans, Kind]]) -> list[str]:
    """Return one text for each draft, the spans of a heading or paragraph with its kind."""
    words = [_words(text, *draft) for draft in drafts]
    pairs = (pair for each in words for pair in pairwise(each))
    doubtful = [pair for pair in pairs if _HANZI.match(pair[0][-1:]) and _HANZI.match(pair[1])]
    sure = ngrams.load().seams([left for left, _ in doubtful], [right for _, right in doubtful])
    seams = dict(zip(doubtful, sure.tolist(), strict=True))
    return [_spaced(each, kind, seams) for each, (_, kind) in zip(words, drafts, strict=True)]


def _words(text: str, spans: Spans, kind: Kind) -> list[str]:
    plain = _STARS.sub("", _joined(text, spans))
    if kind in _SENTENCES and _SPACES.search(plain):
        plain = _TORN_NUMBER.sub(_close_figure, plain)
    return _SPACES.split(plain.strip())


def _joined(text: str, spans: Spans) -> str:
    whole = text[slice(*spans[0])]
    for (_, end), (start, last) in pairwise(spans):
        letters = all(c.isascii() and c.isalpha() for c in (whole[-1], text[start]))
        apart = letters and start > end and text[end].isspace()
        whole += f" {text[start:last]}" if apart else text[start:last]
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


def _spaced(words: Sequence[str], kind: Kind, seams: dict[tuple[str, str], float]) -> str:
    text = words[0]
    for left, right in pairwise(words):
        if (left, right) in seams:
            stays = not _is_stray(left, right, kind, seams[left, right])
        else:
            sides = (left[-1:], right[:1])
            latin = any(c.isascii() and c.isalpha() for c in sides)
            wide_mark = any(is_wide(c) and not _HANZI.match(c) for c in sides)
            stays = (latin and not wide_mark) or all(c.isascii() and c.isalnum() for c in sides)
        text += f" {right}" if stays else right
    return text


def _is_stray(left: str, right: str, kind: Kind, sure: float) -> bool:
    """Whether a space between two Chinese words is none of the report's; ``sure`` is the language model's evidence."""
    shorter = min(len(left), len(right))
    if kind == "heading":  # its phrases are known to be longer than a word
        return shorter == 1 or sure > (STRAY_FRAGMENT if shorter <= FRAGMENT else STRAY_IN_HEADING)
    return shorter == 1 or (kind in _SENTENCES and sure > STRAY)
