"""Compare texts: figures by value, words by overlap, independent of layout."""

from __future__ import annotations

import re
import unicodedata

from qa.checking import MARK
from qa.text.figures import figures, same_value, unit_kind
from qa.text.normal import without_punctuation
from qa.text.spans import without_blanks
from qa.types import Figure

_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}[.、)]\s+|[①-⑳]")
_DISTINCT_UNITS = frozenset({"元", "人", "%", "场", "平方米", "户", "件"})  # kinds that must not differ


def quotable(text: str) -> str:
    """Return the text of a quote for comparison: NFKC, without white space and asterisks."""
    return without_blanks(unicodedata.normalize("NFKC", text))


def covers(passage: str, evidence: str) -> bool:
    """Return whether a passage contains evidence: literally, or 90 % of its character 4-grams."""
    whole, piece = without_punctuation(passage), without_punctuation(evidence)
    if not whole or not piece:
        return False
    if piece in whole:
        return True
    ngrams = _ngrams(piece, 4)
    return len(piece) >= 8 and len(ngrams & _ngrams(whole, 4)) >= 0.9 * len(ngrams)


def counted(text: str) -> tuple[Figure, ...]:
    """Return the figures of an answer, without citation marks and list numbers."""
    return figures(_LIST_NUMBER.sub(" ", MARK.sub(" ", text)))


def values(text: str) -> tuple[float, ...]:
    """Return the values of the figures of an answer."""
    return tuple(figure.value for figure in counted(text))


def near(a: float, b: float, tolerance: float) -> bool:
    """Return whether two values are equal within a relative tolerance."""
    return same_value(a, b) or abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def says(answer: str, point: str, tolerance: float = 1e-6) -> bool:
    """Return whether an answer says a point: all of its figures, or without figures most of its words."""
    wanted = values(point)
    if wanted:
        said = values(answer)
        return all(any(near(w, s, tolerance) for s in said) for w in wanted)
    whole, piece = without_punctuation(answer), without_punctuation(point)
    if piece in whole:
        return True
    pairs = _ngrams(piece, 2)
    return len(piece) > 2 and len(pairs & _ngrams(whole, 2)) >= 0.7 * len(pairs)


def alike(short: str, expected: str) -> bool:
    """Return whether a short answer is the expected one: the same figures and units, or the same words."""
    wanted, given = counted(expected), counted(short)
    if wanted:
        return len(given) == len(wanted) and all(any(_same_figure(w, g) for g in given) for w in wanted)
    a, b = without_punctuation(expected), without_punctuation(short)
    return a == b or (a in b and len(b) <= len(a) + 3)


def _same_figure(wanted: Figure, given: Figure) -> bool:
    kinds = {k for f in (wanted, given) if (k := unit_kind(f.unit).removesuffix("次")) in _DISTINCT_UNITS}
    contrary = wanted.approximator in ("超", "超过", "逾", "突破") and given.approximator in ("不到", "不足")
    return same_value(wanted.value, given.value) and len(kinds) < 2 and not contrary


def _ngrams(text: str, length: int) -> set[str]:
    return {text[i : i + length] for i in range(max(1, len(text) - length + 1))}
