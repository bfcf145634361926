"""Choose the answer that is shown, if any, with calibrated models of what the reader finds.

- ``span_answers``: the spans that the passage reader finds in the best passages;
- ``proposals``: possible answers made of them;
- ``features``: evidence for and against each;
- ``choose_answer``: the likeliest one, by a linear model and a forest, if it is sure enough, else "not sure" or "not reported";
- ``python -m qa.evaluate.train.sureness`` fits the models to questions with known answers.
"""

from qa.answering.sureness.choice import chances_of, choose_answer, facts_in, weighed

__all__ = ["chances_of", "choose_answer", "facts_in", "weighed"]
