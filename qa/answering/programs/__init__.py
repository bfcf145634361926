"""Compute what a question asks from figures that were read: which figures, and by which formula, is learned.

- ``candidates``: every formula over figures of the passages that their units allow;
- ``features``: what speaks for and against each;
- ``choice``: the likeliest one as an answer;
- ``python -m qa.evaluate.train.programs`` fits the model to questions with known formulas.
"""

from qa.answering.programs.choice import computed_answer, is_sure_result

__all__ = ["computed_answer", "is_sure_result"]
