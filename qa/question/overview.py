"""Tell whether a request names a subject: 产改下一步有什么打算 does, 下一步有什么打算 asks for all that is planned.

How likely a word is a subject is learned from requests with a subject and without, where nobody says which word it is; a
word that no request without a subject has is one. ``qa.question.train`` fits it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from embeddings.words import cut, part_of_speech
from qa.question.intents import learned
from qa.text.figure_context import NAMES
from qa.text.figures import amounts_in
from qa.text.numerals import DIGITS

REQUEST = "words of requests"  # key of what is learned
# Log-odds from which a word is taken for a subject: an overview must not answer a question for one thing.
LEAST = -2.0


def asks_for_all(topic: str) -> bool:
    """Whether a request for a summary names no subject, no name and no figure.

    >>> asks_for_all("介绍工会五年成绩"), asks_for_all("接下来有什么打算"), asks_for_all("女职工工作的亮点")
    (True, True, False)
    """
    return not (NAMES.search(topic) or names_how_many(topic) or any(map(_may_be_subject, words_in(topic))))


def names_how_many(topic: str) -> bool:
    """Whether a request says how many things it is about.

    >>> names_how_many("哪四项行动"), names_how_many("五大工程叫什么"), names_how_many("有哪些做法")
    (True, True, False)
    """
    return bool(amounts_in(topic)) or any(one in DIGITS and big == "大" for one, big in pairwise(topic))


def subject_words(topic: str) -> str:
    """Return the words of a request that may name what it is about, with what is right before them; all if none may.

    >>> subject_words("维权方面的做法和数据"), subject_words("组织建设情况"), subject_words("成绩")
    ('维权', '组织建设', '成绩')
    """
    own = list[str]()
    for word, following in pairwise([*cut(topic), ""]):
        before = _may_be_subject(following) and part_of_speech(word)[:1] in ("n", "v")
        own += [word] if _may_be_subject(word) or before else []
    return "".join(own) or topic


def _may_be_subject(word: str) -> bool:
    """Whether a word may be a subject: 维权 may, 成绩 may not."""
    return word.isalnum() and _log_odds().get(word, 0.0) > LEAST


def words_in(request: str) -> list[str]:
    """Return the words of a request that may be a subject, each once."""
    return [*dict.fromkeys(word for word in cut(request) if word.isalnum() and not word.isdigit())]


@cache
def _log_odds() -> dict[str, float]:
    return dict(zip(*learned(REQUEST), strict=True))
