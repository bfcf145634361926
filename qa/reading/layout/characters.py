"""Classify characters: which are ink, how wide they are, which end a sentence."""

import re
import unicodedata

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
