"""Remove what does not belong to the question itself: greetings, who asks and why, and the form wanted."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

from embeddings.reader import default_question_reader
from embeddings.words import cut, cut_at, part_of_speech
from qa.question.question_words import asking_with_measure
from qa.text.divisions import find
from qa.text.spans import replaced
from qa.text.when import times_in
from qa.types import Span

CLAUSE_ENDS = "，,；;：:。！!？?\n"
IDLE = -3.0  # mean log-odds of the characters of a clause from which it rather asks nothing
MARKS = "，,。；;：:、！! "  # may be left over when a stretch is removed


def asides(question: str) -> tuple[Span, ...]:
    """Return the stretches of whole words that do not belong to the question, in order."""
    return _stretches(whole_words(question, default_question_reader().read(question).asides))


def _stretches(aside: Sequence[bool]) -> tuple[Span, ...]:
    edges = [n for n, (one, other) in enumerate(pairwise([False, *aside, False])) if one != other]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def without_background(question: str) -> str:
    """Remove the asides around a place (我在杭州开旅行社，想问浙江…), not in a title, if another is asked for and nothing compared."""
    read, places = default_question_reader().read(question), [(a, b) for a, b, _ in find(question)]
    aside = whole_words(question, read.asides)
    words = [own and character not in f"{MARKS}的" for own, character in zip(aside, question, strict=True)]
    free = (span for span in places if question.count("《", 0, span[0]) == question.count("》", 0, span[0]))
    amid = [(a, b) for a, b in free if a > 0 and b < len(words) and words[a - 1] and words[b]]
    if read.operation != "none" or read.each or len(amid) == len(places):
        return question
    for start, end in amid:
        aside[start:end] = [True] * (end - start)
    return without(question, [(a, b) for a, b in _stretches(aside) if any(a < at < b for at, _ in amid)])


def without_idle_clauses(question: str) -> str:
    """Remove the clauses that rather ask nothing (昆明宝妈一枚，想把娃送托班。), unless they alone name a place or a time."""
    beside, told = default_question_reader().read(question).beside, list[Span]()
    for start, end in clauses(question):
        own = [beside[at] for at in range(start, min(end, len(beside))) if question[at].isalnum()]
        if own and mean(own) > IDLE:
            told.append((start, end))
    left = without(question, told)
    named = all(named_in(left) or not named_in(question) for named_in in (find, times_in))
    return left if named else question


def clauses(question: str) -> list[Span]:
    """Return the stretches up to each mark that ends a clause, with the mark."""
    ends = [at + 1 for at, character in enumerate(question) if character in CLAUSE_ENDS]
    return [*pairwise([0, *ends, len(question)])]


def whole_words(question: str, stretches: Sequence[Span]) -> list[bool]:
    """Return for each character whether it lies in the stretches, rounded to whole words by majority."""
    inside = [False] * len(question)
    for start, end in stretches:
        inside[start:end] = [True] * (end - start)
    for start, word in cut_at(question):
        own = slice(start, start + len(word))
        inside[own] = [2 * sum(inside[own]) > len(word)] * len(word)
    return inside


def without(question: str, stretches: Sequence[Span]) -> str:
    """Remove stretches and the marks left over; return the question itself if nothing would be left."""
    rest = replaced(question, stretches)
    return rest.strip(MARKS) if any(map(str.isalnum, rest)) else question


def without_asides(question: str) -> str:
    """Remove the asides that can be left out.

    >>> without_asides("建了多少家书屋")
    '建了多少家书屋'
    """
    return without(question, to_leave_out(question))


def to_leave_out(question: str) -> list[Span]:
    """Return the asides that can be left out: those without places that do not run on into the question.

    One runs on that ends in a noun which the next word continues (妈妈小屋), or in no Chinese word at all, and so does
    what is counted (几个|技术能手).
    """
    found, counts = list[Span](), {end for _, end in asking_with_measure(question)}
    for start, end in asides(question):
        words = cut(question[start:end])
        tag = part_of_speech(words[-1]) if words else ""
        counted = start in counts and question[start].isalnum() and tag[:1] != "y"  # 几场|来着
        runs_on = not tag or counted or (tag[:1] == "n" and question[end : end + 1].isalnum())
        if not runs_on and not find(question[start:end]):
            found.append((start, end))
    return found
