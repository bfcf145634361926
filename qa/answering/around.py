"""Sentences that belong to the one that answers: the year that 同年 leans on, and the rest of 一是…；二是…"""

from __future__ import annotations

import re
from dataclasses import replace

from qa.answering.statement import Statement, whole
from qa.text.sentences import split_clauses, split_sentences

__all__ = ["with_list", "with_year"]

_SAME_TIME = re.compile(r"(?:同年|同月|当年|次年|翌年|同日)")
_DATED = re.compile(r"(?:19|20)\d\d年")
_FIRST = re.compile(r"一是|一、|第一[,，]|（一）|①")
_NEXT = re.compile(
    r"\s*(?:[二三四五六七八九十]是|[二三四五六七八九十]、|第[二三四五六七八九十][,，]|（[二三四五六七八九十]）|[②-⑩])"
)


def with_year(statement: Statement) -> tuple[Statement, ...]:
    """The statement, behind the clause before it that names the year where it says 同年 or 次年."""
    evidence = statement.evidence
    if not _SAME_TIME.match(statement.text):
        return (statement,)
    text = evidence.hit.paragraph.text
    for start, end in reversed(split_sentences(text[: evidence.start])):
        dated = [
            (a, b) for a, b in split_clauses(text[start:end]) if _DATED.search(text[start + a : start + b])
        ]
        if dated:
            before = replace(evidence, start=start, end=end)
            a, b = dated[-1][0], min(dated[-1][1] + 60, end - start)
            ends = [c for _, c in split_clauses(text[start:end]) if dated[-1][1] <= c <= b]
            lead = whole(before)
            cut = text[start + a : start + (ends[-1] if ends else dated[-1][1])]
            return (
                replace(lead, text=cut.strip("，,。；; "), clauses=(a, ends[-1] if ends else dated[-1][1])),
                statement,
            )
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
