"""Classify what a message wants: an answer from the reports, something of the program itself, or a change of the last answer.

Linear models over the shipped encoder's
vectors, of the message and of the words around what a change names; ``qa.question.train`` fits them. A request for a
summary names a subject (产改下一步有什么打算) or asks for all there is (下一步有什么打算).
"""

import json
from collections.abc import Container, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from embeddings import default_encoder
from embeddings.words import cut, cut_at, part_of_speech
from qa.text.divisions import find
from qa.text.figure_context import NAMES
from qa.text.figures import amounts_in
from qa.text.numerals import DIGITS
from qa.types import About, Change, Edit, Span

Intent: TypeAlias = Literal[
    "ask", "chatter", "holdings", "newest", "ability", "identity", "shorter", "fuller", "more", "points",
    "tone", "table", "paragraph",
]  # fmt: skip
WEIGHTS = "intents.json"
FRAME = "frame"  # key of the words around what a change names, in the same file
REQUEST = "words of requests"  # likewise of the words of requests for a summary
# Log-odds from which a word is taken for a subject: an overview must not answer a question for one thing.
LEAST = -2.0


def about(message: str) -> About:
    """Return what a message asks about the library itself, or ``""``."""
    intent = intent_of(message)
    return intent if intent in ("holdings", "newest", "ability", "identity") else ""


@lru_cache(maxsize=4096)
def intent_of(message: str) -> Intent:
    """Return what a message wants; one that names a place asks about the reports.

    >>> intent_of("收录了哪些报告"), intent_of("你是谁"), intent_of("再详细一点"), intent_of("建了多少家职工书屋")
    ('holdings', 'identity', 'fuller', 'ask')
    """
    text, intents = message.strip(), get_args(Intent)
    if not text or find(text):
        return "ask"
    return intents[int(np.argmax(_scores(vector_of(text), intents)))]  # type: ignore[no-any-return]


def edits_in(turn: str) -> tuple[Edit, ...]:
    """Return the changes of the last answer that a turn asks for, clause by clause; none if no clause asks for one.

    >>> [(edit.change, edit.thing) for edit in edits_in("把食堂那列去掉，加上志愿者人数")]
    [('drop', '食堂'), ('add', '志愿者人数')]
    """
    clauses = turn.translate(str.maketrans("，；;。！!", ",,,,,,")).split(",")
    edits = tuple(_edit(clause.strip()) for clause in clauses if clause.strip())
    return edits if any(edit.change for edit in edits) else ()


def _edit(clause: str) -> Edit:
    around, changes = _learned()[FRAME], get_args(Change)
    scores = _scores(change_vector(clause, around), changes)
    change, named = changes[int(np.argmax(scores))], _named(clause, around)
    between = ((sum(map(str.isalnum, clause[a:b])), a, b) for (_, a), (b, _) in pairwise(named))
    apart, left, right = max(between, default=(0, 0, 0))
    if change == "swap" and apart:  # between the two things stand the most other words
        return Edit(change, clause, clause[named[0][0] : left], clause[right : named[-1][1]])
    return Edit(change, clause, clause[named[0][0] : named[-1][1]] if named else "")


def change_vector(clause: str, around: Container[str]) -> npt.NDArray[np.float64]:
    """Return what tells the change that a clause asks for: the words around what it names."""
    words = list(clause)
    for start, end in _named(clause, around):
        words[start:end] = [""] * (end - start)
    return vector_of("".join(words))


def _named(clause: str, around: Container[str]) -> list[Span]:
    """Return the words of a clause that are none of ``around``."""
    return [(at, at + len(word)) for at, word in cut_at(clause) if word.isalnum() and word not in around]


def vector_of(text: str) -> npt.NDArray[np.float64]:
    """Return the vector (dimension + 1) that the models take, a constant for the bias last."""
    return np.append(default_encoder().encode_query(text), 1.0)


def _scores(vector: npt.NDArray[np.float64], names: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.array([_learned()[name] for name in names]) @ vector


@cache
def _learned() -> dict[str, list[Any]]:
    """Return the weights and words that ``qa.question.train`` wrote."""
    return json.loads(resources.files("qa.question").joinpath(WEIGHTS).read_text("utf-8"))  # type: ignore[no-any-return]


def asks_for_all(topic: str) -> bool:
    """Whether a request for a summary names no subject, no name and no figure.

    How likely a word is a subject is learned from requests with a subject and without, where nobody says which word it
    is; a word that no request without a subject has is one.

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


def words_in(request: str) -> list[str]:
    """Return the words of a request that may be a subject, each once."""
    return [*dict.fromkeys(word for word in cut(request) if word.isalnum() and not word.isdigit())]


def _may_be_subject(word: str) -> bool:
    """Whether a word may be a subject: 维权 may, 成绩 may not."""
    return word.isalnum() and _log_odds().get(word, 0.0) > LEAST


@cache
def _log_odds() -> dict[str, float]:
    return dict(zip(*_learned()[REQUEST], strict=True))
