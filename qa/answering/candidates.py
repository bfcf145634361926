"""Figures that may answer a part of a question, each with the features that rank it.

A candidate is a figure in a retrieved sentence. What it counts stands right before it (监测点164个), right after
it (164个监测点), or earlier in its clause; features compare these places with the words of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.wording import Wording, words_of
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.sentences import split_clauses
from qa.types import Figure, Hit, Part

__all__ = ["FEATURES", "Candidate", "Evidence", "candidates", "evidence_of"]

FEATURES = (
    "clause covers part",
    "near covers part",
    "left covers part",
    "right covers part",
    "sentence covers topic",
    "near words asked",
    "unit same",
    "unit like",
    "unit other",
    "unit none printed",
    "clause likeness",
    "sentence likeness",
    "asked already",
    "written in characters",
    "year",
    "first of sentence",
    "rank of sentence",
    "right touches",
    "left touches",
    "clause covers topic",
    "ratio of clause words asked",
)
# Units that stand for one another when institutions, events or people are counted.
_LIKE = (frozenset({"家", "个", "户", "部门"}), frozenset({"个", "项", "份", "件"}), frozenset({"人", "人次"}), frozenset({"场", "个", "项"}),
         frozenset({"家", "户"}), frozenset({"人", "个"}))  # fmt: skip
_NAMES = re.compile(r"[“\"《『「][^”\"》』」]{1,24}[”\"》』」]")
NEAR = 14  # characters


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may hold the answer: its hit, its place in the paragraph, its rank (0 is best)."""

    hit: Hit
    start: int
    end: int
    rank: int

    @property
    def text(self) -> str:
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def context(self) -> str:
        """The heading and the sentence before: what the sentence may lean on."""
        before = self.hit.paragraph.text[max(0, self.start - 60) : self.start]
        return " ".join((*self.hit.paragraph.heading, before))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure of an evidence sentence; ``clause`` are offsets into the sentence."""

    evidence: Evidence
    figure: Figure
    clause: tuple[int, int]
    features: tuple[float, ...]


def evidence_of(hits: Sequence[Hit], most: int = 40) -> tuple[Evidence, ...]:
    """The sentences of some hits: the matched ones of each hit first, then the rest of the paragraphs."""
    from qa.text.sentences import split_sentences

    found: dict[tuple[str, int, int], Evidence] = {}
    ranked = [(hit, s.start, s.end) for hit in hits for s in hit.sentences[:1]]
    ranked += [(hit, s.start, s.end) for hit in hits for s in hit.sentences[1:]]
    ranked += [(hit, a, b) for hit in hits[:6] for a, b in split_sentences(hit.paragraph.text)]
    for hit, start, end in ranked:
        key = (hit.report.id, hit.paragraph.number, start)
        if key not in found and len(found) < most:
            found[key] = Evidence(hit, start, end, len(found))
    return tuple(found.values())


def candidates(part: Part, topic: str, evidence: Sequence[Evidence], wording: Wording) -> tuple[Candidate, ...]:
    """Every figure of the evidence that could answer a part of a question, in the order of the evidence."""
    asked = [f for f in figures(topic)]
    found = []
    for item in evidence:
        text = item.text
        named = [m.span() for m in _NAMES.finditer(text)]
        own = [f for f in figures(text) if not any(a < f.start and f.end < b for a, b in named)]
        if part.unit != "年":
            own = [f for f in own if not is_year(f)]
        if not own:
            continue
        clauses = split_clauses(text)
        shared = _sentence_features(part, topic, item, wording)
        for at, figure in enumerate(own):
            clause = next(((a, b) for a, b in clauses if a <= figure.start < b), (0, len(text)))
            left = text[max(clause[0], own[at - 1].end if at else 0, figure.start - NEAR) : figure.start]
            stop = own[at + 1].start if at + 1 < len(own) else len(text)
            right = text[figure.end : min(clause[1], stop, figure.end + NEAR)]
            features = _features(part, topic, figure, text[clause[0] : clause[1]], left, right, at, asked, shared, wording)
            found.append(Candidate(item, figure, clause, features))
    return tuple(found)


def _sentence_features(part: Part, topic: str, item: Evidence, wording: Wording) -> tuple[float, float, float]:
    covers = wording.coverage(topic, (item.text, item.context))
    return covers, wording.likeness(topic, item.text), 1.0 / (1.0 + item.rank)


def _features(
    part: Part,
    topic: str,
    figure: Figure,
    clause: str,
    left: str,
    right: str,
    at: int,
    asked: list[Figure],
    shared: tuple[float, float, float],
    wording: Wording,
) -> tuple[float, ...]:
    covers, likeness, rank = shared
    same, like, other = _unit_match(part.unit, figure)
    near = left + " " + right
    part_words = frozenset(words_of(part.text))
    return (
        wording.coverage(part.text, clause),
        wording.coverage(part.text, near),
        wording.coverage(part.text, left),
        wording.coverage(part.text, right),
        covers,
        wording.coverage(near, topic, like=False),
        same,
        like,
        other,
        float(not figure.unit),
        wording.likeness(part.text, clause),
        likeness,
        float(any(same_value(figure.value, f.value) for f in asked)),
        float(not figure.text.strip()[:1].isdigit() and not any(c.isdigit() for c in figure.text)),
        float(is_year(figure)),
        float(at == 0),
        rank,
        _touch(words_of(right)[:2], part_words),
        _touch(words_of(left)[-2:], part_words),
        wording.coverage(topic, clause),
        wording.coverage(clause, topic, like=False),
    )


def _unit_match(unit: str | None, figure: Figure) -> tuple[float, float, float]:
    if unit is None or not figure.unit:
        return 0.0, 0.0, 0.0
    own = unit_kind(figure.unit)
    if own == unit_kind(unit) or own == unit:
        return 1.0, 0.0, 0.0
    if any(own in group and unit in group for group in _LIKE):
        return 0.0, 1.0, 0.0
    return 0.0, 0.0, 1.0


def _touch(words: Sequence[str], asked: frozenset[str]) -> float:
    return float(any(w in asked for w in words))
