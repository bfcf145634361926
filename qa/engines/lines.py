"""Parse a model's reply into labelled lines and these into marked pieces, tolerating what models do.

Thoughts, emphasis, bullets, code fences and invisible characters are removed; a label may be missing, a line
broken, and marks may follow the full stop, use other brackets, share one pair or form a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qa.engines.frame import visible_line

WIDEST_RANGE = 9  # marks that [2-5] may stand for
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|\A.*</think(?:ing)?>", re.S)
_DECORATION = re.compile(r"\*\*|__|^`{3}.*$|^#+\s*", re.M)
_BULLET = re.compile(r"^(?:[-*•·>]\s*|\d{1,2}[.、)）]\s*(?!\d)|[（(]\d{1,2}[)）]\s*)+")
_LABEL = re.compile(r"^[【\[]?([一-龥]{1,5})[】\]]?\s*\d?\s*[:：]\s*")
_WRITTEN = re.compile(
    r"[\[［【]\s*(?:资料|编号|出处|来源|\^)?\s*(\d{1,4}(?:\s*[-–—~～至,，、;；]\s*\d{1,4})*)\s*[\]］】]"
)
_PART = re.compile(r"(\d+)(?:\s*[-–—~～至]\s*(\d+))?")
_LATE = re.compile(r"([。！？!?；;，,]+)\s*((?:\[\d+\])+)")
_MARKS = re.compile(r"(?:\[\d+\]\s*)+")
_WHOLE = re.compile(r"[。！？!?；;\]）)”』]$")


def labelled(reply: str, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the lines of a reply, each with the meaning of its label, ``""`` if it has none.

    Args:
        labels: each way to write a label → its meaning.
    """
    found: list[tuple[str, str]] = []
    for line in _DECORATION.sub("", _THOUGHT.sub("", reply)).splitlines():
        bare = _BULLET.sub("", visible_line(line))
        match = _LABEL.match(bare)
        kind = labels.get(match[1], "") if match else ""
        text = bare[match.end() :] if match and kind else bare
        if kind or not found or found[-1][0] not in ("answer", "correction") or _WHOLE.search(found[-1][1]):
            found.append((kind, text))
        else:  # continues the line before
            found[-1] = (found[-1][0], found[-1][1] + text)
    return tuple((kind, text) for kind, text in found if kind or text)


def pieces(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the text before each group of marks with their numbers, then the rest without numbers."""
    clean = _LATE.sub(r"\2\1", _WRITTEN.sub(_plain, text))
    at = 0
    for marks in _MARKS.finditer(clean):
        if piece := _trimmed(clean[at : marks.start()]):
            yield piece, tuple(dict.fromkeys(map(int, re.findall(r"\d+", marks.group()))))
        at = marks.end()
    if rest := _trimmed(clean[at:]):
        yield rest, ()


def _plain(match: re.Match[str]) -> str:
    return "".join(f"[{number}]" for first, last in _PART.findall(match[1]) for number in _range(first, last))


def _range(first: str, last: str) -> Sequence[int]:
    low, high = int(first), int(last or first)
    return range(low, high + 1) if low <= high < low + WIDEST_RANGE else (low, high)


def _trimmed(text: str) -> str:
    """Strip punctuation from a piece; return ``""`` if no word is left."""
    bare = re.sub(r"^[\s，,。；;、！!？?：:]+|[\s，,。；;、：:]+$", "", text)
    return bare if any(map(str.isalnum, bare)) else ""
