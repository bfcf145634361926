"""Answer with the key sentences on a topic, each cited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.candidates import Evidence
from qa.answering.compose import Line
from qa.answering.ranking import limit
from qa.answering.salience import RUN_IN, Salient
from qa.answering.statement import Statement, readable
from qa.answering.wording import Wording
from qa.text.figures import figures, is_year
from qa.text.orders import gives_orders
from qa.text.sentences import split_clauses
from qa.types import Paragraph

SENTENCES = 6
ROOM = 110  # characters a sentence
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[、.．)]\s*)"
)
_DANGLES = re.compile(r"^在[^，,]{2,24}(?:中|际|下|上|间|里)[，,、]?$")  # leads to the next clause


def key_sentences(found: Sequence[Salient]) -> list[Salient]:
    """The best one and those behind it that are likely about the topic too, best first."""
    least = limit("salience: about the topic", "told")
    return [*found[:1], *(one for one in found[1:] if one.chance >= least)]


def filled(
    items: Sequence[Evidence], topic: str, wording: Wording, most: int, characters: int | None
) -> dict[int, Statement]:
    """What is said of the sentences that there is room for, by their numbers; of the first in any case.

    Args:
        items: best first.
        most: sentences where no length is asked for.
        characters: that they have room in, where one is.
    """
    chosen: dict[int, Statement] = {}
    room = ROOM if characters is None else characters
    for number, item in enumerate(items):
        if characters is None and len(chosen) == most:
            break
        said = compressed(item, topic, wording, min(ROOM, room))
        if not chosen or characters is None or RUN_IN < len(said.text) < room:
            chosen[number] = said
            room -= 0 if characters is None else len(said.text) + 1
    return chosen


def place_in_report(statement: Statement) -> tuple[int, int]:
    """By which statements of one report stand in its order."""
    return statement.evidence.hit.paragraph.number, statement.evidence.start


def headed(statements: Sequence[Statement]) -> tuple[Line, ...]:
    """One line a statement, headed by its section where there are several."""
    headings = [heading_shown(s.evidence.hit.paragraph) for s in statements]
    labels = [h if h != before else "" for before, h in zip(["", *headings], headings, strict=False)]
    several = len(set(headings)) > 1
    return tuple(Line((s,), label=h if several else "") for s, h in zip(statements, labels, strict=True))


def heading_shown(paragraph: Paragraph) -> str:
    """The innermost heading without its number, short enough for a line; none with figures, which no quote holds.

    None that gives orders either: nobody would see that a report says them.
    """
    heading = readable(_NUMBER.sub("", paragraph.heading[-1]))[:30] if paragraph.heading else ""
    return "" if any(c.isdigit() for c in heading) or gives_orders(heading) else heading


def compressed(item: Evidence, topic: str, wording: Wording, room: int) -> Statement:
    """The longest run of clauses within ``room`` characters that says most."""
    text = item.text
    clauses = split_clauses(text) or ((0, len(text)),)
    best, span = -1.0, clauses[0]
    for i in range(len(clauses)):
        for j in range(i, len(clauses)):
            a, b = clauses[i][0], clauses[j][1]
            if b - a > room and j > i:
                break
            if j + 1 < len(clauses) and _DANGLES.search(text[clauses[j][0] : clauses[j][1]]):
                continue
            numbers = len([f for f in figures(text[a:b]) if not is_year(f)])
            worth = wording.coverage(topic, text[a:b]) + 0.12 * min(numbers, 4) + 0.004 * (b - a)
            if worth > best:
                best, span = worth, (a, b)
    return Statement(readable(text[span[0] : span[1]]), item, span)
