"""How surely one line goes on in another, as a logarithm of odds.

Three cases, since a short line without an end (a heading, a caption, or a piece of a sentence) has to be doubted and
a long one has not. The weights come from logistic regressions over news that the models had not seen: true halves
of cut paragraphs against halves of other paragraphs of the same article, and against headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.reading.layout import ngrams, seam_model
from qa.reading.layout.characters import balance
from qa.reading.layout.records import Line

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

NO_BEGINNING = frozenset("，。、；：！？）》”’,.;:!?)]】〕%％")
CHUNK = 20_000  # pairs that are weighed at once
COMMAS = (
    0.0,
    1.0,
    4.0,
    6.0,
)  # a heading has one comma at most; fitted more, but on headlines, which have none


@dataclass(frozen=True, slots=True)
class _Weights:
    """What a unit of each kind of evidence adds to the logarithm of the odds."""

    constant: float
    fit: float  # of head and tail by the n-grams
    match: float  # of head and tail by the seam model
    beginning: float  # how well the head could begin a paragraph
    bracket: float  # +1 where the head closes what the tail opened, -1 where it closes or leaves another
    open_tail: float  # how ill the tail could end a paragraph
    comma: float = 0.0  # of the short line, see COMMAS
    length: float = 0.0  # for each character of the short line, up to 50
    own_beginning: float = 0.0  # how well the short line itself could begin a paragraph
    own_open_end: float = 0.0  # how ill the short line itself could end one


_PROSE = _Weights(2.0, 0.42, 0.04, -0.8, 5.0, 0.0)
_FROM_SHORT = _Weights(-3.93, 0.61, 0.035, -1.21, 5.0, 0.72, comma=1.0, own_beginning=-0.34)
_TO_SHORT = _Weights(3.18, 0.322, 0.053, -1.01, 2.0, 0.0, comma=1.0, length=-0.06, own_open_end=0.37)


class Evidence:
    """The models with what they said about the lines of one report, so that looking twice costs nothing."""

    def __init__(self) -> None:
        self._edges: dict[
            str, tuple[float, float, float]
        ] = {}  # ink → beginning, ending, how usual its head is
        self._brackets: dict[str, tuple[str, str]] = {}  # ink → opened last, closed first
        self._seams: dict[
            tuple[str, str], tuple[float, float, float]
        ] = {}  # tail, head → fit, match, brackets
        self._vectors: dict[tuple[str, bool], npt.NDArray[np.float32]] = {}  # ink, whether it is a tail

    def weigh(self, found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
        """For each (tail, head), positions in ``found``, the evidence; priors are the caller's business."""
        return [
            w
            for start in range(0, len(pairs), CHUNK)
            for w in self._weigh(found, pairs[start : start + CHUNK])
        ]

    def _weigh(self, found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
        import numpy as np

        used = sorted({i for pair in pairs for i in pair})
        where = {i: k for k, i in enumerate(used)}
        tails = np.array([where[t] for t, _ in pairs])
        heads = np.array([where[h] for _, h in pairs])
        inks = [found[i].ink for i in used]
        begins, ends = self._alone(inks)
        fit, match, brackets = self._together([(found[t].ink, found[h].ink) for t, h in pairs])
        size = np.minimum([len(ink) for ink in inks], 50)
        commas = _commas(inks)
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
        """Log of the odds that each line begins a paragraph or a sentence, between -3 and 3 or far below."""
        return [float(value) for value in self._alone([line.ink for line in lines])[0]] if lines else []

    def endings(self, lines: Sequence[Line]) -> list[float]:
        """Log of the probability that a paragraph ends where each line does."""
        return [float(value) for value in self._alone([line.ink for line in lines])[1]] if lines else []

    def torn(self, found: Sequence[Line], short: Sequence[int]) -> list[int]:
        """Those of the short lines whose own form says that they stop in mid-sentence."""
        import numpy as np

        if not short:
            return []
        w, inks = _FROM_SHORT, [found[i].ink for i in short]
        begins, ends = self._alone(inks)
        own = (
            w.constant
            - w.open_tail * ends
            + w.own_beginning * np.maximum(begins, -3.0)
            + w.comma * _commas(inks)
            + w.bracket * np.array([float(self._open(ink)[0] != "") for ink in inks])
        )
        return [i for i, value in zip(short, own.tolist(), strict=True) if value > 0]

    def match(self, tail: Line, head: Line) -> float:
        """What the seam model says of two lines; only differences mean something."""
        return float(self._match([(tail.ink, head.ink)])[0])

    def _alone(self, inks: Sequence[str]) -> tuple[Floats, Floats]:
        """How well each text could begin a paragraph, between -3 and 3 or far below, and how well it could end one."""
        import numpy as np

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

    def _together(self, seams: Sequence[tuple[str, str]]) -> Floats:
        """Fit, match and brackets of each (tail, head), shape (3, seams); the edges of all of them are known."""
        import numpy as np

        new = [seam for seam in dict.fromkeys(seams) if seam not in self._seams]
        if new:
            tails, heads = [tail for tail, _ in new], [head for _, head in new]
            fit = ngrams.load().following(tails, heads) - [self._edges[head][2] for head in heads]
            match = self._match(new)
            sides = {ink: self._open(ink) for ink in dict.fromkeys((*tails, *heads))}
            brackets = [_balance(sides[tail][0], sides[head][1]) for tail, head in new]
            self._seams.update(
                zip(new, zip(fit.tolist(), match.tolist(), brackets, strict=True), strict=True)
            )
        return np.array([self._seams[seam] for seam in seams]).T

    def _match(self, seams: Sequence[tuple[str, str]]) -> Floats:
        import numpy as np

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

    def _open(self, ink: str) -> tuple[str, str]:
        known = self._brackets.get(ink)
        if known is None:
            known = self._brackets[ink] = balance(ink[-400:])[1][-1:], balance(ink[:400])[0][:1]
        return known


def _balance(opened: str, closed: str) -> float:
    """Brackets and quotation marks that one side leaves open: 1 where the other closes them, -1 where not."""
    return 0.0 if opened == closed == "" else 1.0 if opened == closed else -1.0


def _commas(inks: Sequence[str]) -> Floats:
    import numpy as np

    counts = [ink.count("，") + ink.count(",") if len(ink) < 100 else 0 for ink in inks]
    return np.array([COMMAS[min(count, len(COMMAS) - 1)] for count in counts])
