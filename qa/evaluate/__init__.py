"""How good are the answers? The figures that the README shows, for anyone's own questions."""

from __future__ import annotations

from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.measures import Measured, measure
from qa.evaluate.summary import Evaluation, compare, evaluate, read_answers, read_figures, summarise

__all__ = [
    "Evaluation",
    "Gold",
    "Measured",
    "compare",
    "evaluate",
    "measure",
    "read_answers",
    "read_figures",
    "read_gold",
    "summarise",
]
