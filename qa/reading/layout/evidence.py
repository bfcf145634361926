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

__all__ = ["weigh"]


NO_BEGINNING = frozenset("，。、；：！？）》”’,.;:!?)]】〕%％")
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


def weigh(found: Sequence[Line], pairs: Sequence[tuple[int, int]]) -> list[float]:
    """For each (tail, head), positions in ``found``, the evidence; priors are the caller's business."""
    import numpy as np

    if not pairs:
        return []
    used = sorted({i for pair in pairs for i in pair})
    where = {i: k for k, i in enumerate(used)}
    tails = np.array([where[t] for t, _ in pairs])
    heads = np.array([where[h] for _, h in pairs])
    inks = [found[i].ink for i in used]
    table = ngrams.load()
    own = table.alone(inks)
    fit = table.fit([found[t].ink for t, _ in pairs], [found[h].ink for _, h in pairs])
    match = _match(inks, tails, heads)
    brackets = _brackets(inks, tails, heads)
    begins = np.clip(own.beginning, -3.0, 3.0)
    begins[[ink[0] in NO_BEGINNING for ink in inks]] = -6.0
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
            - weights.open_tail * own.ending[t]
            + weights.comma * commas[line]
            + weights.length * size[line]
            + weights.own_beginning * begins[line]
            - weights.own_open_end * own.ending[line]
        )
    prose = ~short[tails] & ~short[heads]
    result[prose] += np.clip(-0.35 * own.ending[tails[prose]] - 1.5, -1.5, 2.0)
    result[short[tails] & short[heads]] -= 3.0
    return [float(value) for value in result]


def _match(inks: Sequence[str], tails: npt.NDArray[np.int64], heads: npt.NDArray[np.int64]) -> Floats:
    import numpy as np

    model = seam_model.load()
    left, left_at = np.unique(tails, return_inverse=True)
    right, right_at = np.unique(heads, return_inverse=True)
    before = model.tails([inks[k] for k in left])[left_at]
    after = model.heads([inks[k] for k in right])[right_at]
    result: Floats = np.einsum("ps,ps->p", before, after).astype(np.float64)
    return result


def _brackets(inks: Sequence[str], tails: npt.NDArray[np.int64], heads: npt.NDArray[np.int64]) -> Floats:
    """Evidence of brackets and quotation marks that one side leaves open and the other closes, -1 to 1."""
    import numpy as np

    opened = {k: balance(inks[k][-400:])[1][-1:] for k in set(tails.tolist())}
    closed = {k: balance(inks[k][:400])[0][:1] for k in set(heads.tolist())}
    signs = [
        0.0 if opened[t] == closed[h] == "" else 1.0 if opened[t] == closed[h] else -1.0
        for t, h in zip(tails.tolist(), heads.tolist(), strict=True)
    ]
    return np.array(signs)


def _commas(inks: Sequence[str]) -> Floats:
    import numpy as np

    counts = [ink.count("，") + ink.count(",") if len(ink) < 100 else 0 for ink in inks]
    return np.array([COMMAS[min(count, len(COMMAS) - 1)] for count in counts])
