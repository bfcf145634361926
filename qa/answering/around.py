"""Sentences that belong to the one that answers: the year that 同年 leans on, and the rest of 一是…；二是…"""

from __future__ import annotations

import re
from dataclasses import replace

from qa.answering.statement import Statement, readable, whole
from qa.text.sentences import split_clauses, split_sentences

__all__ = ["with_list", "with_year"]

_SAME_TIME = re.compile(r"(?:同年|同月|当年|次年|翌年|同日)")
_DATED = re.compile(r"(?:19|20)\d\d年")
_FIRST = re.compile(r"一是|一、|第一[,，]|（一）|①")
_NEXT = re.compile(
    r"\s*(?:[二三四五六七八九十]是|[二三四五六七八九十]、|第[二三四五六七八九十][,，]|（[二三四五六七八九十]）|[②-⑩])"
)


def with_year(statement: Statement) -> tuple[Statement, ...]:
    """The statement, behind the clauses before it that name the year where it says 同年 or 次年."""
    evidence = statement.evidence
    if not _SAME_TIME.match(statement.text):
        return (statement,)
    text = evidence.hit.paragraph.text
    for start, end in reversed(split_sentences(text[: evidence.start])):
        clauses = split_clauses(text[start:end])
        first = next(
            (i for i, (a, b) in enumerate(clauses) if _DATED.search(text[start + a : start + b])), None
        )
        if first is not None:
            span = (clauses[first][0], clauses[min(first + 1, len(clauses) - 1)][1])
            said = readable(text[start + span[0] : start + span[1]])
            return (Statement(said, replace(evidence, start=start, end=end), span), statement)
    return (statement,)


def with_list(statement: Statement) -> tuple[Statement, ...]:
    """The statement, and the sentences behind it that go on counting; itself where it begins no list."""
    evidence = statement.evidence
    if not _FIRST.search(evidence.text):
        return (statement,)
    text, told = evidence.hit.paragraph.text, [whole(evidence)]
    for start, end in split_sentences(text[evidence.end :]):
        item = replace(evidence, start=evidence.end + start, end=evidence.end + end)
        if not _NEXT.match(item.text):
            break
        told.append(whole(item))
    return tuple(told) if len(told) > 1 else (statement,)
