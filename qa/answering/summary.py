"""Answer with the key sentences of the right section, each cited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.candidates import Evidence
from qa.answering.compose import Line
from qa.answering.sentences import names_held
from qa.answering.statement import Statement, readable
from qa.answering.wording import Wording
from qa.text.figures import figures, is_year
from qa.text.sentences import split_clauses, split_sentences
from qa.types import Hit

__all__ = ["key_statements", "summary_lines"]

SENTENCES = 6
ROOM = 110  # characters a sentence
_DONE = re.compile(
    r"出台|推出|建立|组建|制定|推行|成立|打造|举办|完成|获评?|荣获|入选|率先|首创|承办|发放|资助|培育|建成"
)
_HOLLOW = re.compile(
    r"(?:始终)?坚持以?.{0,30}(?:为指导|思想|为统领|为主线|为目标)|深入(?:学习)?贯彻|习近平|精神$|^(?:按照|围绕|聚焦|以).{0,24}$|重要论述|坚强领导"
)


def summary_lines(
    topic: str, hits: Sequence[Hit], wording: Wording, most: int = SENTENCES, room: int = ROOM
) -> tuple[Line, ...]:
    """One line a key sentence, in the order of the report; empty where nothing fits."""
    statements = key_statements(topic, hits, wording, most, room)
    return tuple(Line((s,), label="") for s in statements)


def key_statements(
    topic: str, hits: Sequence[Hit], wording: Wording, most: int = SENTENCES, room: int = ROOM
) -> tuple[Statement, ...]:
    """The sentences that say most about a topic, compressed to their telling clauses, in the order of the report.

    The best passage leads; passages under the same heading or nearly as good join it. Sentences count for the
    words of the topic, for being in the best passage, for figures and names; phrases of creed count against.
    """
    if not hits:
        return ()
    best = hits[0]
    heading = best.paragraph.heading
    topical = wording.coverage(topic, " ".join(heading)) if heading else 0.0
    scored: list[tuple[float, int, int, Evidence]] = []
    for rank, hit in enumerate(hits[:8]):
        if hit.paragraph.kind != "prose" or hit.report.id != best.report.id:
            continue
        same_section = bool(heading) and hit.paragraph.heading == heading
        for start, end in split_sentences(hit.paragraph.text):
            item = Evidence(hit, start, end, rank)
            worth = wording.coverage(topic, (item.text, " ".join(hit.paragraph.heading)))
            worth += 0.5 * wording.likeness(topic, item.text) + 0.35 / (1 + rank)
            worth += 0.25 * topical * same_section
            worth += 0.12 * min(len([f for f in figures(item.text) if not is_year(f)]), 3)
            worth += 0.08 * min(len(re.findall(r"[“《]", item.text)), 3) + 0.5 * names_held(topic, item.text)
            worth += 0.1 * min(len(_DONE.findall(item.text)), 3)
            worth -= 0.25 * bool(_HOLLOW.search(item.text)) + 0.2 * (end - start < 12)
            scored.append((-worth, hit.paragraph.number, start, item))
    scored.sort(key=lambda s: s[:3])
    chosen = sorted(scored[:most], key=lambda s: s[1:3])
    return tuple(_compressed(item, topic, wording, room) for *_, item in chosen)


def _compressed(item: Evidence, topic: str, wording: Wording, room: int) -> Statement:
    """The longest run of clauses within ``room`` characters that says most; creed is left out first."""
    text = item.text
    clauses = split_clauses(text) or ((0, len(text)),)
    first, last = 0, len(clauses)
    while first < last - 1 and _HOLLOW.search(text[clauses[first][0] : clauses[first][1]]):
        first += 1
    best, span = -1.0, (clauses[first][0], clauses[first][1])
    for i in range(first, last):
        for j in range(i, last):
            a, b = clauses[i][0], clauses[j][1]
            if b - a > room and j > i:
                break
            numbers = len([f for f in figures(text[a:b]) if not is_year(f)])
            worth = wording.coverage(topic, text[a:b]) + 0.12 * min(numbers, 4) + 0.004 * (b - a)
            if worth > best:
                best, span = worth, (a, b)
    return Statement(readable(text[span[0] : span[1]]), item, span)
