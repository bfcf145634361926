"""A model's reply → the sentences of it that rest on what they cite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qa.answering.wording import Wording
from qa.text.divisions import find, short_name
from qa.text.normal import squeezed
from qa.text.orders import gives_orders
from qa.text.sentences import split_clauses
from qa.types import Citation, Report
from qa.writing.frame import one_line

__all__ = ["marked", "marks", "rests", "sentences"]

HELD = 0.5  # weighted share of a sentence's words that its quotes, their report or the question must hold
CLAUSE = (5, 0.3)  # characters from which a clause is weighed on its own, and the same share of it
MOST_CHARACTERS = 300  # of a sentence
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)  # what some models say before they answer
_MARK = re.compile(r"\[(\d{1,4})\]")
_WRITTEN = re.compile(r"[\[［【]\s*(?:资料|编号|出处|\^)?\s*(\d{1,4}(?:\s*[,，、]\s*\d{1,4})*)\s*[\]］】]")
_LATE = re.compile(r"([。！？!?；;])\s*((?:\[\d+\])+)")
_SENTENCE = re.compile(r"(?:[^。！？!?\n]|[!?](?=\[))+(?:[。！？!?]+[”’』」》）)]*)?")
_BULLET = re.compile(r"^(?:[-*•#>·\s]+|\d{1,2}[.、)）]\s*(?!\d)|[（(]\d{1,2}[)）])+")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_MARKUP = re.compile(r"[<>\[\]`{}|\\]|\*\*|https?:|www\.|//|\w\.\w+/", re.I)


def sentences(reply: str) -> tuple[str, ...]:
    """The sentences of a reply, marks as ``[1]`` before the end mark; bullets, emphasis and thoughts left out."""
    found: list[str] = []
    for line in _THOUGHT.sub("", reply).splitlines():
        bare = _BULLET.sub("", one_line(line).replace("**", "").strip())
        bare = _WRITTEN.sub(lambda m: "".join(f"[{n}]" for n in re.findall(r"\d+", m[1])), bare)
        bare = _LATE.sub(r"\2\1", bare)
        found += [s.strip() for s in _SENTENCE.findall(bare) if any(map(str.isalnum, _MARK.sub("", s)))]
    return tuple(found)


def marks(sentence: str) -> tuple[int, ...]:
    """The marks of a sentence, each once, in order."""
    return tuple(dict.fromkeys(int(n) for n in _MARK.findall(sentence)))


def marked(sentence: str, numbers: Mapping[int, int]) -> str:
    """The sentence with each mark in its new number."""
    return _MARK.sub(lambda m: f"[{numbers[int(m[1])]}]", sentence)


def rests(
    sentence: str,
    items: Sequence[Citation],
    reports: Mapping[str, Report],
    question: str,
    wording: Wording,
) -> bool:
    """Whether a sentence is plain text that cites, names no place and no Latin word of its own, and says what is cited.

    Its figures are the business of the check that comes after.
    """
    numbers = marks(sentence)
    after = _MARK.split(sentence)[-1]
    said = _MARK.sub("", sentence)
    if any(map(str.isalnum, after)) or not set(numbers) <= {item.marker for item in items}:
        return False
    if len(said) > MOST_CHARACTERS or _MARKUP.search(said) or gives_orders(said):
        return False
    cited = [item for item in items if item.marker in numbers]
    above = [p for item in cited for p in reports[item.report_id].place.parents]
    told = [t for c in cited for t in (c.quote, c.title, c.place, c.heading, c.period or "")]
    held = [one_line(text) for text in (*told, *above)]
    names = [short_name(said[a:b]) for a, b, _ in find(said)]
    if not all(any(name in text for text in held) for name in (*names, *_LATIN.findall(said))):
        return False
    held.append(question)
    clauses = [said[a:b] for a, b in split_clauses(said)]
    weighed = [c for c in clauses if len(squeezed(c)) >= CLAUSE[0]]
    return wording.coverage(said, held) >= HELD and all(
        wording.coverage(clause, held) >= CLAUSE[1] for clause in weighed
    )
