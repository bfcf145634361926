"""When two texts say the same: figures by value, words by overlap, whatever the layout did to them."""

from __future__ import annotations

import re
import unicodedata

from qa.checking.patterns import MARK
from qa.text.figures import figures, same_value, unit_kind
from qa.text.spans import bare
from qa.types import Figure

# What layouts vary in: white space, emphasis, quotation marks, punctuation, dashes. Decimal points and % stay.
_VARIES = re.compile(r"[\s*“”\"'‘’《》「」·,，。;；:：、!！?？()（）\[\]【】—\-–~～…|]")
_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}[.、)]\s+|[①-⑳]")
_SCALED_UNITS = frozenset(
    {"元", "人", "%", "场", "平方米", "户", "件"}
)  # kinds that no other word can stand for


def squeezed(text: str) -> str:
    """The text as it compares: one width, lower case, nothing that layouts vary in."""
    return _VARIES.sub("", unicodedata.normalize("NFKC", text).lower())


def quotable(text: str) -> str:
    """The text as a quote keeps it: all but white space and asterisks, in one width."""
    return bare(unicodedata.normalize("NFKC", text))


def covers(passage: str, evidence: str) -> bool:
    """Whether a passage holds a piece of evidence: as it stands, or nine tenths of its runs of four characters."""
    whole, piece = squeezed(passage), squeezed(evidence)
    if not whole or not piece:
        return False
    if piece in whole:
        return True
    runs = _runs(piece, 4)
    return len(piece) >= 8 and len(runs & _runs(whole, 4)) >= 0.9 * len(runs)


def counted(text: str) -> tuple[Figure, ...]:
    """The figures of an answer; citation marks and numbers of lists are none."""
    return figures(_LIST_NUMBER.sub(" ", MARK.sub(" ", text)))


def values(text: str) -> tuple[float, ...]:
    """The values of its figures."""
    return tuple(figure.value for figure in counted(text))


def near(a: float, b: float, tolerance: float) -> bool:
    """Whether two values are the same within a share of the larger one."""
    return same_value(a, b) or abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def says(answer: str, point: str, tolerance: float = 1e-6) -> bool:
    """Whether an answer says a point: all of its figures, or where it has none, most of its words."""
    wanted = values(point)
    if wanted:
        said = values(answer)
        return all(any(near(w, s, tolerance) for s in said) for w in wanted)
    whole, piece = squeezed(answer), squeezed(point)
    if piece in whole:
        return True
    pairs = _runs(piece, 2)
    return len(piece) > 2 and len(pairs & _runs(whole, 2)) >= 0.7 * len(pairs)


def alike(short: str, expected: str) -> bool:
    """Whether a short answer is the expected one: figure by figure with its unit, or the same words."""
    wanted, given = counted(expected), counted(short)
    if wanted:
        return len(given) == len(wanted) and all(any(_same_figure(w, g) for g in given) for w in wanted)
    a, b = squeezed(expected), squeezed(short)
    return a == b or (a in b and len(b) <= len(a) + 3)


def _same_figure(wanted: Figure, given: Figure) -> bool:
    kinds = {k for f in (wanted, given) if (k := unit_kind(f.unit).removesuffix("次")) in _SCALED_UNITS}
    contrary = wanted.approximator in ("超", "超过", "逾", "突破") and given.approximator in ("不到", "不足")
    return same_value(wanted.value, given.value) and len(kinds) < 2 and not contrary


def _runs(text: str, length: int) -> set[str]:
    return {text[i : i + length] for i in range(max(1, len(text) - length + 1))}
