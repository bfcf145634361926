"""Estimate how likely a figure of the evidence answers a question at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.reader import Reading
from qa.answering.candidates import FEATURES
from qa.answering.ranking import ranker
from qa.answering.reading import relevance
from qa.answering.statement import Statement
from qa.answering.wording import Wording, words_of
from qa.text.divisions import find, short_name
from qa.types import Part

SUPPORT_FEATURES = (
    "score", "sentence covers topic", "sentence covers topic to the letter", "said covers topic",
    "said covers topic to the letter", "paragraph covers topic", "paragraph covers topic to the letter",
    "heaviest missing in sentence", "heaviest missing in paragraph", "places absent", "times absent",
    "names absent", "unit same", "unit other", "unit asked", "near covers part", "words asked",
    "few words in sentence", "few words in paragraph", "read relevance", "read span",
)  # fmt: skip
FEW = 0.4  # coverage below which hardly any words of a question are there
_TIME = re.compile(r"(?:19|20)\d\d年?|(?<!\d)\d{1,2}月|[今去前]年|十[二三四五]五")
_NAME = re.compile(r"[“\"《「]([^”\"》」]{2,24})[”\"》」]|[A-Za-z][A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A figure as the possible answer to a part of a question, with what speaks for and against it."""

    score: float  # of its ranker
    part: Part
    topic: str
    said: Statement
    wording: Wording
    reading: Reading | None  # of its sentence, if that was read
    figure: Sequence[float]  # the features of the candidate


def support_features(case: SupportCase) -> tuple[float, ...]:
    """Return features in the order of ``SUPPORT_FEATURES``."""
    part, topic, said, wording = case.part, case.topic, case.said, case.wording
    sentence, context, around = said.evidence.text, said.evidence.context, said.evidence.section
    held, near = wording.coverage(topic, around), wording.coverage(topic, (sentence, context))
    heaviest = max((wording.weight(w) for w in words_of(topic)), default=0.1)
    named = dict(zip(FEATURES, case.figure, strict=True))
    return (
        case.score / 10.0,
        near,
        wording.coverage(topic, (sentence, context), like=False),
        wording.coverage(topic, said.text),
        wording.coverage(topic, said.text, like=False),
        held,
        wording.coverage(topic, around, like=False),
        wording.missing(topic, f"{sentence} {context}") / heaviest,
        wording.missing(topic, around) / heaviest,
        _absent(_other_places(topic, said), around),
        _absent(_TIME.findall(topic), around),
        _absent([m[1] or m[0] for m in _NAME.finditer(topic)], around),
        named["unit same"],
        named["unit other"],
        float(part.unit is not None),
        named["near covers part"],
        min(len(words_of(topic)) / 12.0, 2.0),
        max(0.0, FEW - near),
        max(0.0, FEW - held),
        relevance(case.reading),
        named["read span"],
    )


def _other_places(topic: str, said: Statement) -> list[str]:
    """Return places of the question that are neither the report's own nor above it."""
    own = said.evidence.hit.report.place
    known = {short_name(n) for n in (own.name, *own.parents) if n}
    return [short_name(p.name) for _, _, p in find(topic) if short_name(p.name) not in known]


def _absent(asked: Sequence[str], around: str) -> float:
    """Count the names of the question that are not in the evidence."""
    return float(sum(short_name(a.removesuffix("年")) not in around for a in asked))


def support(case: SupportCase) -> float:
    """Return the support, 0 to 1; trained on answerable and unanswerable questions."""
    return ranker("support", SUPPORT_FEATURES).probability(support_features(case))
