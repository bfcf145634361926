"""Tell whether a request names a subject: 产改下一步有什么打算 does, 下一步有什么打算 asks for all that is planned.

How likely a word is a subject is a linear model over its vector and, if requests were written with it, a weight of its
own. ``qa.question.train`` fits it to requests with a subject and without; which word is the subject is not told.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from embeddings import default_encoder
from embeddings.words import cut
from qa.question.intents import learned
from qa.text.figure_context import NAMES
from qa.text.figures import amounts_in

SUBJECT, OWN = "subject", "words of requests"  # keys of what is learned
LEAST = (
    -2.0
)  # log-odds from which a word is taken for a subject: an overview must not answer a question for one thing


def asks_for_all(topic: str) -> bool:
    """Whether a request for a summary names no subject, no name and no figure (哪四项行动).

    >>> asks_for_all("介绍工会五年成绩"), asks_for_all("接下来有什么打算"), asks_for_all("女职工工作的亮点")
    (True, True, False)
    """
    return not (NAMES.search(topic) or amounts_in(topic) or any(map(_is_subject, words_in(topic))))


def words_in(request: str) -> list[str]:
    """Return the words of a request that may be a subject, each once."""
    return [*dict.fromkeys(word for word in cut(request) if word.isalnum() and not word.isdigit())]


def word_vector(word: str) -> npt.NDArray[np.float64]:
    """Return what tells of any word whether it is a subject: its vector and a 1."""
    return np.append(default_encoder().encode_query(word), 1.0)


@lru_cache(maxsize=4096)
def _is_subject(word: str) -> bool:
    weights, own = _model()
    return float(weights @ word_vector(word)) + own.get(word, 0.0) > LEAST


@cache
def _model() -> tuple[npt.NDArray[np.float64], dict[str, float]]:
    return np.array(learned(SUBJECT)), dict(zip(*learned(OWN), strict=True))
