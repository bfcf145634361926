"""One answer against what was expected of it.

Answers are the JSON values of ``union-qa ask --questions``, so that answers of any program can be measured.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answer_json import Json
from qa.checking.patterns import MARK
from qa.evaluate.gold import Gold, Pair
from qa.evaluate.likeness import alike, counted, covers, near, quotable, says, squeezed, values
from qa.text.figures import is_year

DEPTHS = (1, 3, 5, 10)
BUDGET_CHARACTERS = 1500  # of passages: long ones gain nothing
QUOTE_CHARACTERS = (8, 300)
LONGEST_ANSWER_CHARACTERS = {True: 160, False: 900}  # where one thing is asked for, or several
SPARE_FIGURES = 2  # that a direct answer may add
_DIRECT = {"", "fact_number", "fact_other", "followup"}
_SHORT = _DIRECT | {"place_disambiguation"}
_SENTENCES = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class Measured:
    """One question's figures, each 0 to 1, higher is better; None or empty where there is nothing to measure.

    Args:
        recall: share of the evidence within the first passages, by their number (``DEPTHS``).
        recall_characters: likewise within the first BUDGET_CHARACTERS.
        reciprocal_rank: of the first passage that holds a piece of evidence.
        gain: nDCG@10, 1 where every piece of evidence stands as high as it can; pieces of one passage count once.
        marks: for each mark of an answer that is no refusal, whether it has its citation.
        citations: for each citation, whether its quote stands at its spans.
        cited: a citation covers evidence.
        faithful: share of the answer's figures that its citations hold or its calculations yield.
    """

    gold: Gold
    missing: bool
    abstained: bool
    recall: tuple[float | None, ...]
    recall_characters: float | None
    reciprocal_rank: float | None
    gain: float | None
    correct: float | None
    short: float | None
    marks: tuple[bool, ...]
    citations: tuple[bool, ...]
    cited: float | None
    faithful: float | None


def measure(gold: Gold, answer: Json | None, sources: Mapping[str, str]) -> Measured:
    """Measure one answer.

    Args:
        answer: None where there is none; it counts as wrong.
        sources: decoded text of the reports by their file names, to check quotes against.
    """
    given = answer or {}
    abstained = bool(given.get("abstained"))
    text = str(given.get("answer") or "")
    citations: Sequence[Json] = given.get("citations") or ()
    passages = [f"{p.get('heading') or ''}\n{p.get('text') or ''}" for p in given.get("passages") or ()]
    answered = answer is not None and not abstained
    return Measured(
        gold=gold,
        missing=answer is None,
        abstained=abstained,
        recall=tuple(_recall(passages[:depth], gold) for depth in DEPTHS),
        recall_characters=_recall(_within(passages, BUDGET_CHARACTERS), gold),
        reciprocal_rank=_reciprocal_rank(passages, gold),
        gain=_gain(passages[: DEPTHS[-1]], gold),
        correct=_correct(gold, text, answered) if gold.groups or not gold.answerable else None,
        short=_short(gold, given.get("short")),
        marks=_marks(text, citations) if answered else (),
        citations=tuple(_stands(citation, sources) for citation in citations),
        cited=_cited(gold, citations) if answered and gold.evidence else None,
        faithful=_faithful(gold, text, given, abstained) if answer is not None else None,
    )


def _recall(passages: Sequence[str], gold: Gold) -> float | None:
    if not gold.evidence:
        return None
    return sum(any(covers(p, e) for p in passages) for e in gold.evidence) / len(gold.evidence)


def _within(passages: Sequence[str], characters: int) -> list[str]:
    kept: list[str] = []
    for passage in passages:
        kept.append(passage[:characters])
        characters -= len(kept[-1])
    return kept


def _reciprocal_rank(passages: Sequence[str], gold: Gold) -> float | None:
    if not gold.evidence:
        return None
    ranks = (n for n, p in enumerate(passages, start=1) if any(covers(p, e) for e in gold.evidence))
    return 1 / first if (first := next(ranks, 0)) else 0.0


def _gain(passages: Sequence[str], gold: Gold) -> float | None:
    if not gold.evidence:
        return None
    firsts = [next((n for n, p in enumerate(passages, 1) if covers(p, e)), 0) for e in gold.evidence]
    found = {rank for rank in firsts if rank}
    best = range(1, len(found) + firsts.count(0) + 1)
    return sum(1 / math.log2(1 + rank) for rank in found) / sum(1 / math.log2(1 + rank) for rank in best)


def _correct(gold: Gold, text: str, answered: bool) -> float:
    """1 where an answer says enough of the points and is not padded; a summary its share of what is enough."""
    if not gold.answerable:
        return float(not answered and bool(text))
    if (
        not answered
        or _padded(gold, text)
        or not all(_pair_said(text, p, gold.tolerance) for p in gold.pairs)
    ):
        return 0.0
    told = sum(any(says(text, point, gold.tolerance) for point in group) for group in gold.groups)
    return min(1.0, told / max(1, gold.enough)) if gold.type == "summary" else float(told >= gold.enough)


def _padded(gold: Gold, text: str) -> bool:
    if len(text) > LONGEST_ANSWER_CHARACTERS[gold.asks_one_thing]:
        return True
    mine = sum(not is_year(figure) for figure in counted(text))
    due = sum(len(values(group[0])) for group in gold.groups if group) + len(values(gold.question))
    return gold.type in _DIRECT and mine > due + SPARE_FIGURES


def _pair_said(text: str, pair: Pair, tolerance: float) -> bool:
    parts = _SENTENCES.split(text)
    return any(
        says(part, pair.figure, tolerance)
        for part in parts
        if any(label in unicodedata.normalize("NFKC", part) for label in pair.labels)
    )


def _short(gold: Gold, short: object) -> float | None:
    if gold.type not in _SHORT or not gold.asks_one_thing:
        return None
    return float(isinstance(short, str) and any(alike(short, point) for point in gold.groups[0]))


def _marks(text: str, citations: Sequence[Json]) -> tuple[bool, ...]:
    """An answer without any mark counts as one that fails."""
    known = {citation.get("marker") for citation in citations}
    return tuple(int(mark) in known for mark in MARK.findall(text)) or (False,)


def _stands(citation: Json, sources: Mapping[str, str]) -> bool:
    source, quote = sources.get(str(citation.get("report"))), quotable(str(citation.get("quote") or ""))
    spans = citation.get("spans") or ()
    if source is None or not spans or not QUOTE_CHARACTERS[0] <= len(quote) <= QUOTE_CHARACTERS[1]:
        return False
    return quotable("".join(source[start:end] for start, end in spans)) == quote


def _cited(gold: Gold, citations: Sequence[Json]) -> float:
    quotes = [str(citation.get("quote") or "") for citation in citations]
    return float(
        any(covers(q, e) or (len(squeezed(q)) >= 8 and covers(e, q)) for q in quotes for e in gold.evidence)
    )


def _faithful(gold: Gold, text: str, answer: Json, abstained: bool) -> float | None:
    held = [
        value
        for citation in answer.get("citations") or ()
        for field in ("quote", "period", "title")
        for value in values(str(citation.get(field) or ""))
    ]
    calculations = answer.get("calculation") or ()
    for calculation in [calculations] if isinstance(calculations, str) else calculations:
        formula, _, result = str(calculation).rpartition("=")
        if formula and all(_among(value, held) for value in values(formula)):
            held += values(result)
    if abstained:  # a refusal may repeat what it was asked
        held += [value for turn in (gold.question, *gold.history) for value in values(turn)]
    stated = values(text)
    return sum(_among(value, held) for value in stated) / len(stated) if stated else None


def _among(value: float, held: Sequence[float]) -> bool:
    return any(near(value, other, 1e-6) for other in held)
