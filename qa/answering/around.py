"""Sentences that belong to the one that answers: the year that 同年 leans on, and the rest of 一是…；二是…"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answering.candidates import Evidence
from qa.answering.statement import Statement, readable, whole
from qa.text.sentences import split_sentences

__all__ = ["in_full", "with_list", "with_year"]

_SAME_TIME = re.compile(r"(?:同年|同月|当年|次年|翌年|同日)")
_DATED = re.compile(r"20\d\d年")
_FIRST = re.compile(r"一是|一、")
_NEXT = re.compile(r"\s*[二三四五六七八九十]是")


def with_year(statement: Statement) -> tuple[Statement, ...]:
    """The statement, behind the clauses before it that name the year where it says 同年 or 次年."""
    if not _SAME_TIME.match(statement.text):
        return (statement,)
    for item in _before(statement.evidence):
        clauses = item.clauses
        first = next((i for i, (a, b) in enumerate(clauses) if _DATED.search(item.text[a:b])), None)
        if first is not None:
            span = (clauses[first][0], clauses[min(first + 1, len(clauses) - 1)][1])
            return (Statement(readable(item.text[slice(*span)]), item, span), statement)
    return (statement,)


def in_full(short: str | None, statements: Sequence[Statement]) -> str | None:
    """A date that leans on the statement before (同年10月) with the year that this one names."""
    year = _DATED.search(statements[0].text) if len(statements) > 1 else None
    return re.sub("^[同当]年", year.group(), short) if short and year else short


def _before(evidence: Evidence) -> Iterator[Evidence]:
    """The sentences before one, nearest first: of its paragraph, then of the one before under the same heading."""
    own = evidence.hit.paragraph
    for start, end in reversed(split_sentences(own.text[: evidence.start])):
        yield replace(evidence, start=start, end=end)
    above = evidence.hit.report.paragraphs[own.number - 1] if own.number else own
    if above is not own and (above.kind, above.heading) == (own.kind, own.heading):
        hit = replace(evidence.hit, paragraph=above, sentences=(), sentence_scores=())
        for start, end in reversed(split_sentences(above.text)):
            yield replace(evidence, hit=hit, start=start, end=end)


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
