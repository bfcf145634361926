"""Write the key sentences on a topic as lines of a summary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.compose import Line
from qa.answering.evidence import Evidence
from qa.answering.ranking import limit
from qa.answering.salience import RUN_IN, Salient
from qa.answering.statement import Statement, readable
from qa.answering.wording import Wording
from qa.text.figures import figures, is_year
from qa.text.injection import is_injection
from qa.text.sentences import split_clauses

SENTENCES = 6
ROOM = 110  # characters of a sentence
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[、.．)]\s*)"
)
_DANGLES = re.compile(r"^在[^，,]{2,24}[中际下上间里][，,、]?$")  # only introduces the next clause


def key_sentences(found: Sequence[Salient]) -> list[Salient]:
    """Return the best sentence and all others that are likely about the topic, best first."""
    least = limit("salience: about the topic", "shown")
    return [*found[:1], *(one for one in found[1:] if one.chance >= least)]


def statements_that_fit(
    items: Sequence[Evidence], topic: str, wording: Wording, most: int, characters: int | None
) -> dict[int, Statement]:
    """Return the statements that fit, by the positions of their sentences; the first sentence always fits.

    Args:
        items: best first.
        most: sentences, if no length is asked for.
        characters: the length asked for.
    """
    chosen: dict[int, Statement] = {}
    room = ROOM if characters is None else characters
    for number, item in enumerate(items):
        if characters is None and len(chosen) == most:
            break
        statement = compressed(item, topic, wording, min(ROOM, room))
        if not chosen or characters is None or RUN_IN < len(statement.text) < room:
            chosen[number] = statement
            room -= 0 if characters is None else len(statement.text) + 1
    return chosen


def report_order(statement: Statement) -> tuple[int, int]:
    """Sort key of statements of one report: their position in it."""
    return statement.evidence.hit.paragraph.number, statement.evidence.start


def headed(statements: Sequence[Statement]) -> tuple[Line, ...]:
    """Return one line per statement, headed by its section if there are several sections."""
    headings = [heading_shown(s.evidence.hit.paragraph.heading) for s in statements]
    labels = [h if h != before else "" for before, h in zip(["", *headings], headings, strict=False)]
    several = len(set(headings)) > 1
    return tuple(Line((s,), label=h if several else "") for s, h in zip(statements, labels, strict=True))


def heading_shown(headings: Sequence[str]) -> str:
    """Return the innermost heading without its number, shortened.

    Return ``""`` if it contains figures, which no quote would prove, or orders to a machine.
    """
    heading = readable(_NUMBER.sub("", headings[-1])).lstrip("—")[:30] if headings else ""
    return "" if any(c.isdigit() for c in heading) or is_injection(heading) else heading


def compressed(item: Evidence, topic: str, wording: Wording, room: int) -> Statement:
    """State the run of clauses of at most ``room`` characters that is best by topic, figures and length."""
    text = item.text
    clauses = split_clauses(text) or ((0, len(text)),)
    best, span = -1.0, clauses[0]
    for i in range(len(clauses)):
        for j in range(i, len(clauses)):
            a, b = clauses[i][0], clauses[j][1]
            if b - a > room and j > i:
                break
            if j + 1 < len(clauses) and _DANGLES.search(text[slice(*clauses[j])]):
                continue
            numbers = sum(not is_year(f) for f in figures(text[a:b]))
            score = wording.coverage(topic, text[a:b]) + 0.12 * min(numbers, 4) + 0.004 * (b - a)
            if score > best:
                best, span = score, (a, b)
    return Statement(readable(text[slice(*span)]), item, span)
