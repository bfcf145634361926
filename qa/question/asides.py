"""A question without what says nothing of what is asked: greetings, who asks and why, and the form that is wanted."""

from __future__ import annotations

import re

from embeddings.reader import default_question_reader
from qa.text.divisions import find

__all__ = ["without_asides"]

_HAN = re.compile("[一-龥]")  # the reader learned from Chinese alone
MARKS = "，,。；;：:、！! "  # that are left hanging where a stretch is taken out


def without_asides(question: str) -> str:
    """The question without its asides; one that names a place stays, and so does a question that is nothing else.

    >>> without_asides("建了多少家书屋")
    '建了多少家书屋'
    """
    from embeddings.words import cut

    aside = [False] * len(question)
    for start, end in default_question_reader().read(question).asides:
        if _HAN.search(question, start, end) and not find(question[start:end]):
            aside[start:end] = [True] * (end - start)
    at = 0
    for word in cut(question):  # all of a word is aside where most of it is
        start = question.find(word, at)
        if start >= 0:
            at = start + len(word)
            aside[start:at] = [2 * sum(aside[start:at]) > len(word)] * len(word)
    rest = "".join(c for c, out in zip(question, aside, strict=True) if not out).strip(MARKS)
    return rest if any(map(str.isalnum, rest)) else question
