"""Answer with the key sentences of the right section, each cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.answering.candidates import Evidence
from qa.answering.compose import Line
from qa.answering.statement import Statement, readable
from qa.answering.wording import Wording, names_held, words_of
from qa.ledger.matching import spoken_of
from qa.text.divisions import find
from qa.text.figures import figures, is_year
from qa.text.orders import gives_orders
from qa.text.sentences import split_clauses, split_sentences
from qa.types import Hit, Paragraph

__all__ = [
    "ROOM",
    "RUN_IN",
    "SENTENCES",
    "asks_aims",
    "compressed",
    "fitting",
    "heading_shown",
    "is_hollow",
    "key_statements",
    "summary_lines",
]

SENTENCES = 6
ROOM = 110  # characters a sentence
ELSEWHERE = 0.4  # what a sentence loses outside of the section that is about the topic
FOLLOWING = 2  # paragraphs behind the best one, under its heading
ASTRAY = 1.0  # what a sentence of another passage loses that holds hardly a word of the topic
FACETED = 2  # sentences more where a question names several subjects, each with a section of its own
PER_FACET = 3  # sentences that each of them has at least
NEXT = 6  # passages among which those on another subject are looked for
SPEAKS = 0.5  # coverage of a subject by a passage from which the passage is about it
BRIEF = 0.6  # what one loses that is as short as a heading
LEANING = 0.4  # what one loses that cannot be read alone, or only asks
TOPICAL = 0.25  # coverage from which a heading is about the topic
HARDLY = 0.1  # coverage of a topic under which a sentence holds none of its words
SLOGAN = 24  # characters under which a sentence may be a mere phrase
RUN_IN = 14  # characters of an opening sentence that is a heading
AGREEING = 3  # best passages of which most make their section that of the topic
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[、.．)]\s*)"
)
_FACETS = re.compile(r"[、，,:：()（）?？]|(?<!温)和(?!谐)|与|及|还有")
_FRAME = re.compile(
    r"[讲说谈]一?[讲说谈]|方面|主要|重点|有?(?:哪些|什么)|怎么样?|如何|举措|做法|成效|成果|工作|情况|亮点|进展|工会|[做干推]了?|这[块些]|上(?=有)|在|的|都"
)
_AIMS = re.compile(
    r"力争|未来[一二三四五几两]+年|今后(?!的)|下一步|存在的?(?:问题|短板)"
)  # what is not done yet, or not well
_ASKS_AIMS = re.compile(r"未来|今后|接下来|打算|目标|短板|问题")
_LEANS = re.compile(r"(?:通过|在)?这(?!一届|五年|几年|些年)|其(?!中)|此|他们?|她们?|当地|如何|对此|但")
_DANGLES = re.compile(r"^在[^，,]{2,24}(?:中|际|下|上|间|里)[，,、]?$")  # leads to the next clause
_DONE = re.compile(
    r"出台|推出|建立|组建|制定|推行|成立|打造|举办|完成|获评?|荣获|入选|率先|首创|承办|发放|资助|培育|建成"
)
_HOLLOW = re.compile(
    r"(?:始终)?坚持以?.{0,30}(?:为指导|思想|为统领|为主线)|深入贯彻|习近平|^(?:按照|围绕|聚焦|以).{0,24}$|坚强领导"
)


def summary_lines(
    topic: str,
    hits: Sequence[Hit],
    wording: Wording,
    most: int = SENTENCES,
    room: int = ROOM,
    *,
    strict: bool = False,
) -> tuple[Line, ...]:
    """One line a key sentence, in the order of the report; headed by its section where there are several.

    Args:
        strict: only sentences that hold the words of the topic themselves, or stand under a heading that does.
    """
    statements = key_statements(topic, hits, wording, most, room, strict=strict)
    headings = [heading_shown(s.evidence.hit.paragraph) for s in statements]
    labels = [h if h != before else "" for before, h in zip(["", *headings], headings, strict=False)]
    several = len(set(headings)) > 1
    return tuple(Line((s,), label=h if several else "") for s, h in zip(statements, labels, strict=True))


def fitting(
    lines_of: Callable[[int, int], tuple[Line, ...]], most: int, characters: int | None
) -> tuple[Line, ...]:
    """The lines that may be said in so many characters, as many as there is room for; at least one.

    Args:
        lines_of: makes lines of so many sentences, those that say most, each of so many characters.
        most: sentences where no length is asked for.
    """
    if characters is None:
        return lines_of(most, ROOM)
    room = min(ROOM, characters)
    lines = lines_of(characters, room)  # all that there are
    for count in range(len(lines) - 1, 0, -1):
        if sum(len(s.text) + 1 for line in lines for s in line.statements) <= characters:
            break
        lines = lines_of(count, room)
    return lines


def key_statements(
    topic: str,
    hits: Sequence[Hit],
    wording: Wording,
    most: int = SENTENCES,
    room: int = ROOM,
    least: float = 0.0,
    *,
    strict: bool = False,
) -> tuple[Statement, ...]:
    """The sentences that say most about a topic, compressed to their telling clauses, in the order of the report.

    The best passage leads, and passages under its heading or nearly as good join it. Sentences count for the words of the
    topic, for figures, names and deeds; phrases of creed count against. ``least`` is the share of the best one's
    worth that every other must have.
    """
    hits = [h for h in hits if not _only_orders(h.paragraph)]
    hits = [h for h in hits if h.paragraph.kind == "prose"] or hits  # a caption tells of no section
    if not hits:
        return ()
    others = [] if least or strict else _other_subjects(topic, hits, wording)
    if others:
        chosen = _of_each([(topic, list(hits)), *others], wording, most + FACETED)
    else:
        scored = _scored(topic, hits, wording)
        scored = [s for s in scored if not strict or spoken_of(topic, s[1].text, *s[1].hit.paragraph.heading)]
        if not scored:
            return ()
        floor = max(least * scored[0][0], 0.0)  # what loses more than it is worth speaks of something else
        chosen = [item for worth, item in scored[:most] if worth > floor] or [scored[0][1]]
    chosen.sort(key=lambda e: (e.hit.paragraph.number, e.start))
    return tuple(compressed(item, topic, wording, room) for item in chosen)


def _other_subjects(topic: str, hits: Sequence[Hit], wording: Wording) -> list[tuple[str, list[Hit]]]:
    """The subjects of a question (帮扶与维权) that the best passage does not speak of, each with its own passages."""
    best, heading = hits[0], hits[0].paragraph.heading
    own = [h for h in hits if h.report.id == best.report.id and h.paragraph.kind == "prose"][:NEXT]
    found: list[tuple[str, list[Hit]]] = []
    seen = {heading}
    for facet in (f for piece in _FACETS.split(topic) if len(f := _FRAME.sub("", piece)) > 1):
        lead = max(own, key=lambda h: wording.coverage(facet, _told(h)), default=None)
        if lead is None or not words_of(facet) or wording.coverage(facet, _told(lead)) < SPEAKS:
            continue
        if wording.coverage(facet, _told(best)) >= SPEAKS or lead.paragraph.heading in seen:
            continue
        seen.add(lead.paragraph.heading)
        found.append((facet, [lead, *(h for h in hits if h is not lead)]))
    return found


def _told(hit: Hit) -> tuple[str, str]:
    return hit.paragraph.text, " ".join(hit.paragraph.heading)


def _of_each(subjects: Sequence[tuple[str, Sequence[Hit]]], wording: Wording, most: int) -> list[Evidence]:
    """The best sentences on every subject, each once, shared out evenly."""
    share = max(PER_FACET, most // len(subjects))
    chosen: dict[tuple[int, int], Evidence] = {}
    for topic, hits in subjects:
        scored = _scored(topic, hits, wording)
        new = [e for _, e in scored if (e.hit.paragraph.number, e.start) not in chosen][:share]
        chosen |= {(e.hit.paragraph.number, e.start): e for e in new}
    return list(chosen.values())


def _pool(topic: str, hits: Sequence[Hit], wording: Wording) -> list[tuple[Paragraph, int]]:
    """Paragraphs that may have their say, each with its rank; those under the best heading are of the first rank."""
    best = hits[0]
    heading = _section(best.paragraph)
    ranks: dict[int, int] = {}
    for rank, hit in enumerate(hits[:8]):
        if hit.paragraph.kind == "prose" and hit.report.id == best.report.id:
            ranks[hit.paragraph.number] = rank
    if heading and wording.coverage(topic, " ".join(heading)) >= TOPICAL:
        for paragraph in best.report.paragraphs:
            if paragraph.kind == "prose" and _section(paragraph) == heading:
                ranks[paragraph.number] = min(ranks.get(paragraph.number, 1), 1)
    by_number = {p.number: p for p in best.report.paragraphs}
    for number in range(best.paragraph.number + 1, best.paragraph.number + 1 + FOLLOWING):
        follows = by_number.get(number)
        if not follows or (follows.kind, _section(follows)) != ("prose", best.paragraph.heading):
            break
        ranks[number] = min(ranks.get(number, 1), 1)  # a story goes on in the paragraphs behind
    return [(by_number[number], rank) for number, rank in ranks.items()]


def _agreed(hits: Sequence[Hit]) -> bool:
    """Whether most of the best passages stand in the section of the best one."""
    section = _section(hits[0].paragraph)
    return bool(section) and sum(_section(h.paragraph) == section for h in hits[:AGREEING]) > AGREEING / 2


def _section(paragraph: Paragraph) -> tuple[str, ...]:
    """The headings of a paragraph, with the short sentence that it opens with in the place of one (竞赛蓬勃开展。)."""
    sentences = split_sentences(paragraph.text)
    opening = paragraph.text[slice(*sentences[0])] if len(sentences) > 1 else ""
    runs_in = 0 < len(opening) <= RUN_IN and opening.endswith("。") and not figures(opening)
    return (*paragraph.heading, opening) if runs_in else paragraph.heading


def _scored(topic: str, hits: Sequence[Hit], wording: Wording) -> list[tuple[float, Evidence]]:
    """Every sentence that may have its say with its worth, best first."""
    heading = _section(hits[0].paragraph)
    named = bool(heading) and wording.coverage(topic, " ".join(heading)) >= TOPICAL
    topical = named or _agreed(hits)
    known = {h.paragraph.number: h for h in hits if h.report.id == hits[0].report.id}
    scored = []
    for paragraph, rank in _pool(topic, hits, wording):
        hit = known.get(paragraph.number) or replace(
            hits[0], paragraph=paragraph, sentences=(), sentence_scores=()
        )
        section = _section(paragraph)
        for start, end in split_sentences(paragraph.text)[len(section) > len(paragraph.heading) :]:
            item = Evidence(hit, start, end, rank)
            if gives_orders(item.text):
                continue
            worth = wording.coverage(topic, (item.text, " ".join(section)))
            astray = not named and section != heading
            worth -= ASTRAY * (astray and wording.coverage(topic, item.text) < TOPICAL)
            worth -= LEANING * (
                bool(_LEANS.match(item.text)) + item.text.rstrip('”"」 ').endswith(("？", "?"))
            )
            worth += 0.5 * wording.likeness(topic, item.text) + 0.35 / (1 + rank)
            worth -= ELSEWHERE * (topical and section != heading)
            worth += 0.12 * min(len([f for f in figures(item.text) if not is_year(f)]), 3)
            worth += 0.08 * min(len(re.findall(r"[“《]", item.text)), 3) + 0.5 * names_held(topic, item.text)
            worth += 0.1 * min(len(_DONE.findall(item.text)), 3)
            worth -= 0.25 * bool(_HOLLOW.search(item.text)) + BRIEF * (end - start < 12)
            scored.append((worth, item))
    scored.sort(key=lambda s: (-s[0], s[1].hit.paragraph.number, s[1].start))
    if asks_aims(topic):
        return scored
    scored = [(worth, item) for worth, item in scored if not _a_phrase(item, topic, wording)] or scored
    return [(worth, item) for worth, item in scored if not _AIMS.search(item.text)] or scored


def asks_aims(question: str) -> bool:
    """Whether what is to be done is asked for, or what falls short."""
    return bool(_ASKS_AIMS.search(question))


def is_hollow(text: str) -> bool:
    """Whether a sentence or clause is a phrase of creed."""
    return bool(_HOLLOW.search(text))


def _a_phrase(item: Evidence, topic: str, wording: Wording) -> bool:
    """Whether a short sentence has no word of the topic, no figure, no name and no deed: 百舸争流勇者当先."""
    text = item.text
    if len(text) >= SLOGAN:
        return False
    told = figures(text) or _DONE.search(text) or re.search(r"[“《\"]", text) or find(text)
    return not told and wording.coverage(topic, text) < HARDLY


def _only_orders(paragraph: Paragraph) -> bool:
    return all(gives_orders(paragraph.text[a:b]) for a, b in split_sentences(paragraph.text))


def heading_shown(paragraph: Paragraph) -> str:
    """The innermost heading without its number, short enough for a line; none with figures, which no quote holds.

    None that gives orders either: nobody would see that a report says them.
    """
    heading = readable(_NUMBER.sub("", paragraph.heading[-1]))[:30] if paragraph.heading else ""
    return "" if any(c.isdigit() for c in heading) or gives_orders(heading) else heading


def compressed(item: Evidence, topic: str, wording: Wording, room: int) -> Statement:
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
            if j + 1 < len(clauses) and _DANGLES.search(text[clauses[j][0] : clauses[j][1]]):
                continue
            numbers = len([f for f in figures(text[a:b]) if not is_year(f)])
            worth = wording.coverage(topic, text[a:b]) + 0.12 * min(numbers, 4) + 0.004 * (b - a)
            if worth > best:
                best, span = worth, (a, b)
    return Statement(readable(text[span[0] : span[1]]), item, span)
