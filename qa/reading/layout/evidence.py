"""Estimate how likely one line continues in another, as log odds.

Three cases, since a short line without an end (a heading, a caption, or a piece of a sentence) is doubtful and a long
one is not. The weights come from logistic regressions over news that the models had not seen: true halves
of cut paragraphs against halves of other paragraphs of the same article, and against headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.reading.layout import ngrams, seam_model
from qa.reading.layout.characters import balance
from qa.reading.layout.records import Line

Floats = npt.NDArray[np.float64]

NO_BEGINNING = frozenset("，。、；：！？）》”’,.;:!?)]】〕%％")
CHUNK = 20_000  # pairs that are weighed at once
# By number of commas: a heading has one at most; fitted more, but on headlines, which have none.
COMMAS = (0.0, 1.0, 4.0, 6.0)


@dataclass(frozen=True, slots=True)
class _Weights:
    """What a unit of each kind of evidence adds to the log odds."""

    constant: float
    fit: float  # of head and tail by the n-grams
    match: float  # of head and tail by the seam model
    beginning: float  # how well the head could begin a paragraph
    bracket: float  # +1 if the head closes what the tail opened, -1 if it closes or leaves another
    open_tail: float  # how badly the tail could end a paragraph
    comma: float = 0.0  # of the short line, see COMMAS
    length: float = 0.0  # for each character of the short line, up to 50
    own_beginning: float = 0.0  # how well the short line itself could begin a paragraph
    own_open_end: float = 0.0  # how badly the short line itself could end one


_PROSE = _Weights(2.0, 0.42, 0.04, -0.8, 5.0, 0.0)
_FROM_SHORT = _Weights(-3.93, 0.61, 0.035, -1.21, 5.0, 0.72, comma=1.0, own_beginning=-0.34)
_TO_SHORT = _Weights(3.18, 0.322, 0.053, -1.01, 2.0, 0.0, comma=1.0, length=-0.06, own_open_end=0.37)


class Evidence:
    """The models and a cache of their results for the lines of one report."""

    def __init__(self) -> None:
        # ink → beginning, ending, how usual its head is
        self._edges: dict[str, tuple[float, float, float]] = {}
        self._brackets: dict[str, tuple[str, str]] = {}  # ink → opened last, closed first
        # tail, head → fit, match, brackets
        self._seams: dict[tuple[str, str], tuple[float, float, float]] = {}
        self._vectors: dict[tuple[str, bool], npt.NDArray[np.float32]] = {}  # ink, whether it is a tail

    def weigh(self, found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
        """Return the evidence for each (tail, head), positions in ``found``; the caller adds priors."""
        chunks = (pairs[start : start + CHUNK] for start in range(0, len(pairs), CHUNK))
        return [weight for chunk in chunks for weight in self._weigh(found, chunk)]

    def _weigh(self, found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
        used = sorted({i for pair in pairs for i in pair})
        where = {i: k for k, i in enumerate(used)}
        tails = np.array([where[t] for t, _ in pairs])
        heads = np.array([where[h] for _, h in pairs])
        inks = [found[i].ink for i in used]
        begins, ends = self._edge_scores(inks)
        fit, match, brackets = self._seam_scores([(found[t].ink, found[h].ink) for t, h in pairs])
        size = np.minimum([len(ink) for ink in inks], 50)
        commas = _comma_scores(inks)
        short = np.array([found[i].kind == "bare" for i in used])
        result = np.zeros(len(pairs))
        for case, weights in (
            (~short[tails] & ~short[heads], _PROSE),
            (short[tails], _FROM_SHORT),
            (~short[tails] & short[heads], _TO_SHORT),
        ):
            t, h = tails[case], heads[case]
            line = t if weights is _FROM_SHORT else h
            result[case] = (
                weights.constant
                + weights.fit * fit[case]
                + weights.match * match[case]
                + weights.beginning * begins[h]
                + weights.bracket * brackets[case]
                - weights.open_tail * ends[t]
                + weights.comma * commas[line]
                + weights.length * size[line]
                + weights.own_beginning * begins[line]
                - weights.own_open_end * ends[line]
            )
        prose = ~short[tails] & ~short[heads]
        result[prose] += np.clip(-0.35 * ends[tails[prose]] - 1.5, -1.5, 2.0)
        result[short[tails] & short[heads]] -= 3.0
        return [float(value) for value in result]

    def beginnings(self, lines: Sequence[Line]) -> list[float]:
        """Return the log odds that each line begins a paragraph or a sentence, between -3 and 3, or -6."""
        return [float(value) for value in self._edge_scores([line.ink for line in lines])[0]] if lines else []

    def endings(self, lines: Sequence[Line]) -> list[float]:
        """Return the log probability that a paragraph ends where each line does."""
        return [float(value) for value in self._edge_scores([line.ink for line in lines])[1]] if lines else []

    def torn(self, found: Sequence[Line], short: Sequence[int]) -> list[int]:
        """Return those of the short lines whose own form shows that they stop in mid-sentence."""
        if not short:
            return []
        w, inks = _FROM_SHORT, [found[i].ink for i in short]
        begins, ends = self._edge_scores(inks)
        own = (
            w.constant
            - w.open_tail * ends
            + w.own_beginning * np.maximum(begins, -3.0)
            + w.comma * _comma_scores(inks)
            + w.bracket * np.array([float(self._open_brackets(ink)[0] != "") for ink in inks])
        )
        return [i for i, value in zip(short, own.tolist(), strict=True) if value > 0]

    def match(self, tail: Line, head: Line) -> float:
        """Return the seam model's score of two lines; only differences mean something."""
        return float(self._match_scores([(tail.ink, head.ink)])[0])

    def _edge_scores(self, inks: Sequence[str]) -> tuple[Floats, Floats]:
        """Return how well each text could begin a paragraph, between -3 and 3, or -6, and how well it could end one."""
        new = [ink for ink in dict.fromkeys(inks) if ink not in self._edges]
        if new:
            beginning, usual, ends = ngrams.load().edges(new)
            begins = np.clip(beginning, -3.0, 3.0)
            begins[[ink[0] in NO_BEGINNING for ink in new]] = -6.0
            self._edges.update(
                zip(new, zip(begins.tolist(), ends.tolist(), usual.tolist(), strict=True), strict=True)
            )
        known = np.array([self._edges[ink] for ink in inks])
        return known[:, 0], known[:, 1]

    def _seam_scores(self, seams: Sequence[tuple[str, str]]) -> Floats:
        """Return fit, match and brackets of each (tail, head), shape (3, seams); their edges must be cached."""
        new = [seam for seam in dict.fromkeys(seams) if seam not in self._seams]
        if new:
            tails, heads = [tail for tail, _ in new], [head for _, head in new]
            fit = ngrams.load().following(tails, heads) - [self._edges[head][2] for head in heads]
            match = self._match_scores(new)
            sides = {ink: self._open_brackets(ink) for ink in dict.fromkeys((*tails, *heads))}
            brackets = [_bracket_score(sides[tail][0], sides[head][1]) for tail, head in new]
            self._seams.update(
                zip(new, zip(fit.tolist(), match.tolist(), brackets, strict=True), strict=True)
            )
        return np.array([self._seams[seam] for seam in seams]).T

    def _match_scores(self, seams: Sequence[tuple[str, str]]) -> Floats:
        model = seam_model.load()
        sides = []
        for texts, is_tail in (([tail for tail, _ in seams], True), ([head for _, head in seams], False)):
            new = [ink for ink in dict.fromkeys(texts) if (ink, is_tail) not in self._vectors]
            if new:
                vectors = model.tails(new) if is_tail else model.heads(new)
                self._vectors.update(zip(((ink, is_tail) for ink in new), vectors, strict=True))
            sides.append(np.stack([self._vectors[ink, is_tail] for ink in texts]))
        result: Floats = np.einsum("ps,ps->p", *sides).astype(np.float64)
        return result

    def _open_brackets(self, ink: str) -> tuple[str, str]:
        known = self._brackets.get(ink)
        if known is None:
            known = self._brackets[ink] = balance(ink[-400:])[1][-1:], balance(ink[:400])[0][:1]
        return known


def _bracket_score(opened: str, closed: str) -> float:
    """Return 1 if the head closes the bracket that the tail opened, -1 if they disagree, 0 without any."""
    return 0.0 if opened == closed == "" else 1.0 if opened == closed else -1.0


def _comma_scores(inks: Sequence[str]) -> Floats:
    counts = [ink.count("，") + ink.count(",") if len(ink) < 100 else 0 for ink in inks]
    return np.array([COMMAS[min(count, len(COMMAS) - 1)] for count in counts])
