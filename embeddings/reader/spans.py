"""How likely a stretch of text is the answer, by the log-probabilities that it begins and ends at each character."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

NOWHERE = -24.0  # log-probability of what the reader does not see

Array: TypeAlias = npt.NDArray[np.float32]


def log_softmax(logits: Array) -> Array:
    """Over the first axis."""
    if not len(logits):
        return logits
    shifted = logits - logits.max(axis=0)
    normal: Array = (shifted - np.log(np.exp(shifted).sum(axis=0))).astype(np.float32)
    return normal


def span_score(begun: Array, ended: Array, start: int, end: int) -> float:
    """Log-probability that the answer begins in the first and ends in the last two characters of a span.

    Args:
        begun: log-probability that the answer begins at each character, (length,).
        ended: likewise that it ends there.
        start: first character of the span.
        end: the character behind its last; a span that is not all within ``length`` is ``NOWHERE``.
    """
    if not 0 <= start < end <= len(begun):
        return NOWHERE
    first, last = begun[start : min(start + 2, end)], ended[max(start, end - 2) : end]
    return max(float(first.max()) + float(last.max()), NOWHERE)
