"""Sentences that belong to the one that answers: the rest of 一是…；二是…"""

from __future__ import annotations

import re
from dataclasses import replace

from qa.answering.statement import Statement, whole
from qa.text.sentences import split_sentences

__all__ = ["with_list"]

_FIRST = re.compile(r"一是|一、")
_NEXT = re.compile(r"\s*[二三四五六七八九十]是")


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
