"""Measure the quality of answers on a file of questions, with the figures that the README shows."""

from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.measures import Measured, measure
from qa.evaluate.summary import Change, Evaluation, Interval, compare, evaluate, read_answers, read_earlier

__all__ = [
    "Change", "Evaluation", "Gold", "Interval", "Measured", "compare", "evaluate", "measure", "read_answers",
    "read_earlier", "read_gold",
]  # fmt: skip
