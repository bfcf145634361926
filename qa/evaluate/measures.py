"""Measure one answer against the expected one: figures by value, words by overlap, independent of layout.

Answers are the JSON of ``union-qa ask --questions``, so that answers of any program can be measured.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from qa.answer_json import Json
from qa.evaluate.gold import Gold, Pair
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.normal import without_punctuation
from qa.text.spans import without_blanks
from qa.types import MARK, Figure

Part: TypeAlias = tuple[float, float]  # (sum, count) of one question; a figure is Σ sums / Σ counts
DEPTHS = (1, 3, 5, 10)
BUDGET_CHARACTERS = 1500  # of passages, so that long ones have no advantage
QUOTE_CHARACTERS = (8, 300)
LONGEST_ANSWER_CHARACTERS = {True: 160, False: 900}  # by whether one thing is asked for
SPARE_FIGURES = 2  # that a direct answer may add
_DIRECT = {"", "fact_number", "fact_other", "followup"}
_SHORT = _DIRECT | {"place_disambiguation"}
_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}[.、)]\s+|[①-⑳]")
_DISTINCT_UNITS = frozenset({"元", "人", "%", "场", "平方米", "户", "件"})  # kinds that must not differ
_SENTENCES = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class Measured:
    """One question's part in each figure that can be measured on it."""

    gold: Gold
    missing: bool
    parts: Mapping[str, Part]

    def value(self, figure: str) -> float | None:
        """Return the question's own figure, 0 to 1, higher is better; None if there is nothing to measure."""
        total, count = self.parts.get(figure, (0.0, 0.0))
        return total / count if count else None

    @property
    def correct(self) -> float | None:
        return self.value("correct")


def measure(gold: Gold, answer: Json | None, sources: Mapping[str, str]) -> Measured:
    """Measure one answer; None counts as wrong.

    ``sources``: file name → decoded text of the reports, to check quotes.
    """
    given = answer or {}
    abstained = bool(given.get("abstained"))
    text = str(given.get("answer") or "")
    citations: Sequence[Json] = given.get("citations") or ()
    passages = [f"{p.get('heading') or ''}\n{p.get('text') or ''}" for p in given.get("passages") or ()]
    answered = answer is not None and not abstained
    ranks = [next((n for n, p in enumerate(passages, 1) if covers(p, e)), math.inf) for e in gold.evidence]
    before = accumulate(map(len, passages), initial=0)
    begun = [p[: max(0, BUDGET_CHARACTERS - at)] for p, at in zip(passages, before, strict=False)]
    single = {
        **{f"recall@{depth}": _share([rank <= depth for rank in ranks]) for depth in DEPTHS},
        f"recall@{BUDGET_CHARACTERS}c": _share([any(covers(p, e) for p in begun) for e in gold.evidence]),
        "mrr": 1 / min(ranks) if ranks else None,
        f"ndcg@{DEPTHS[-1]}": _gain([r for r in ranks if r <= DEPTHS[-1]], len(ranks)) if ranks else None,
        "short_em": _short(gold, given.get("short")),
        "correct": _correct(gold, text, answered) if gold.groups or not gold.answerable else None,
        "citation_right": _cited(gold, citations) if answered and gold.evidence else None,
        "faithful": _faithful(gold, text, given, abstained) if answer is not None else None,
        "false_abstain" if gold.answerable else "abstain_recall": float(abstained),
    }
    several = {
        "marks_valid": _marks(text, citations) if answered else (),
        "citation_valid": [_stands(citation, sources) for citation in citations],
    }
    parts = {name: (value, 1.0) for name, value in single.items() if value is not None}
    parts |= {name: (float(sum(each)), float(len(each))) for name, each in several.items() if each}
    return Measured(gold, answer is None, parts)


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None


def _gain(ranks: Sequence[float], pieces: int) -> float:
    """Return the nDCG of the first ranks at which so many of the pieces of evidence are found."""
    found = set(ranks)
    best = range(1, len(found) + pieces - len(ranks) + 1)
    return sum(1 / math.log2(1 + rank) for rank in found) / sum(1 / math.log2(1 + rank) for rank in best)


def _correct(gold: Gold, text: str, answered: bool) -> float:
    """Return 1 if an answer says enough points and is not padded; for a summary the share of enough points."""
    if not gold.answerable:
        return float(not answered and bool(text))
    if not answered or _padded(gold, text):
        return 0.0
    if not all(_pair_said(text, pair, gold.tolerance) for pair in gold.pairs):
        return 0.0
    points = sum(any(says(text, point, gold.tolerance) for point in group) for group in gold.groups)
    return min(1.0, points / max(1, gold.enough)) if gold.type == "summary" else float(points >= gold.enough)


def _padded(gold: Gold, text: str) -> bool:
    if len(text) > LONGEST_ANSWER_CHARACTERS[gold.asks_one_thing]:
        return True
    mine = sum(not is_year(figure) for figure in counted(text))
    due = sum(len(values(group[0])) for group in gold.groups if group) + len(values(gold.question))
    return gold.type in _DIRECT and mine > due + SPARE_FIGURES


def _pair_said(text: str, pair: Pair, tolerance: float) -> bool:
    return any(
        any(label in unicodedata.normalize("NFKC", part) for label in pair.labels)
        and says(part, pair.figure, tolerance)
        for part in _SENTENCES.split(text)
    )


def _short(gold: Gold, short: object) -> float | None:
    if gold.type not in _SHORT or not gold.asks_one_thing:
        return None
    return float(isinstance(short, str) and any(alike(short, point) for point in gold.groups[0]))


def _marks(text: str, citations: Sequence[Json]) -> tuple[bool, ...]:
    """Return whether each mark has a citation; an answer without marks counts as one failure."""
    known = [citation.get("marker") for citation in citations]
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
        any(
            covers(q, e) or (len(without_punctuation(q)) >= 8 and covers(e, q))
            for q in quotes
            for e in gold.evidence
        )
    )


def _faithful(gold: Gold, text: str, answer: Json, abstained: bool) -> float | None:
    supported = [
        value
        for citation in answer.get("citations") or ()
        for field in ("quote", "period", "title")
        for value in values(str(citation.get(field) or ""))
    ]
    calculations = answer.get("calculation") or ()
    for calculation in [calculations] if isinstance(calculations, str) else calculations:
        formula, _, result = str(calculation).rpartition("=")
        if formula and all(_among(value, supported) for value in values(formula)):
            supported += values(result)
    if abstained:  # a refusal may repeat what it was asked
        supported += [value for turn in (gold.question, *gold.history) for value in values(turn)]
    stated = values(text)
    return sum(_among(value, supported) for value in stated) / len(stated) if stated else None


def _among(value: float, others: Sequence[float]) -> bool:
    return any(same_value(value, other) for other in others)


def quotable(text: str) -> str:
    """Return the text of a quote for comparison: NFKC, without white space and asterisks."""
    return without_blanks(unicodedata.normalize("NFKC", text))


def covers(passage: str, evidence: str) -> bool:
    """Return whether a passage contains evidence: literally, or 90 % of its character 4-grams."""
    whole, piece = without_punctuation(passage), without_punctuation(evidence)
    return bool(piece) and (piece in whole or (len(piece) >= 8 and _shares(whole, piece, 4, 0.9)))


def counted(text: str) -> tuple[Figure, ...]:
    """Return the figures of an answer, without citation marks and list numbers."""
    return figures(_LIST_NUMBER.sub(" ", MARK.sub(" ", text)))


def values(text: str) -> tuple[float, ...]:
    """Return the values of the figures of an answer."""
    return tuple(figure.value for figure in counted(text))


def says(answer: str, point: str, tolerance: float = 1e-6) -> bool:
    """Return whether an answer says a point: all of its figures, or without figures most of its words."""
    wanted = values(point)
    if wanted:
        said = values(answer)
        return all(any(abs(w - s) <= tolerance * max(1.0, abs(w), abs(s)) for s in said) for w in wanted)
    whole, piece = without_punctuation(answer), without_punctuation(point)
    return piece in whole or (len(piece) > 2 and _shares(whole, piece, 2, 0.7))


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


def _shares(whole: str, piece: str, length: int, least: float) -> bool:
    """Whether a text has at least that share of the n-grams of a piece, which is longer than one."""
    ngrams = {piece[at : at + length] for at in range(len(piece) - length + 1)}
    return sum(each in whole for each in ngrams) >= least * len(ngrams)
