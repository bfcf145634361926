"""Which of several answers is shown, and whether any is: what each engine proposes, judged by one calibrated model.

- ``span_answers``: what the reader finds in the best passages;
- ``proposals``: what the rules say, and what was found, as answers;
- ``features``: what speaks for and against each;
- ``settle``: the likeliest one where it is sure enough, else "not sure" or "not reported";
- ``python -m qa.evaluate.sureness`` (a recipe) fits it, from questions with known answers.
"""

from __future__ import annotations

from qa.answering.sureness.settle import settle, weighed

__all__ = ["settle", "weighed"]
