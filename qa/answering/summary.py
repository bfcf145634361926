"""Write summaries: the key sentences on a topic, or of a whole report one line per section in its order."""

import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from math import ceil
from operator import attrgetter, itemgetter
from typing import TypeAlias

from embeddings.words import cut, cut_at
from qa.answering.compose import Line
from qa.answering.ranking import limit
from qa.answering.salience import RUN_IN, Readings, Salient, of_mention, salient, section_of
from qa.answering.statement import Evidence, Hits, Statement, readable
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import Wording, wording_of, words_of
from qa.index import Index
from qa.question.intents import asks_for_all, subject_words
from qa.text.figure_context import NAMES
from qa.text.figures import amounts_in, figures
from qa.text.rows import is_indicator
from qa.text.sentences import is_injection, is_statable, split_clauses, split_sentences
from qa.text.states import asks_of_plans, looks_ahead
from qa.text.units import sentences_of
from qa.types import Hit, Query, Report, Scope, Scores, State

ANNOUNCED = ("list", "name")  # kinds that a whole part of a report may answer (有哪些问题)
SENTENCES = 6
LINES = SENTENCES + 2  # a whole report needs more than one topic
FEW = 3  # sections, or paragraphs, below which a report is summarised in smaller pieces
ROOM = 110  # characters of a sentence
# Headings, and the first and the last of the paragraphs under them.
_Part: TypeAlias = tuple[tuple[str, ...], int, int]
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[、.．)]\s*)"
)
_DANGLES = re.compile(r"^在[^，,]{2,24}[中际下上间里][，,、]?$")  # only introduces the next clause
_REQUEST = frozenset((
    "介绍", "综述", "成绩", "成效", "亮点", "要点", "打算", "主要", "开展", "工作", "工会", "工会工作", "总工会", "报告",
    "全市", "全省", "全区", "全县",
))  # fmt: skip


def summary_of_scope(
    index: Index, query: Query, passages: Hits, scope: Scope, hits: Hits
) -> tuple[tuple[Line, ...], float]:
    """Return the scope's lines and how likely they fit the topic; an overview if the topic has no subject."""
    label, wording, detail = len(f"{scope.label}："), wording_of(index), 1 + query.form.fuller
    characters = query.form.characters and query.form.characters // len(query.scopes) - label
    reports = [index.by_id[own] for own in reversed(scope.report_ids) if own in index.by_id]
    reports = reports if scope.place or len(scope.report_ids) == 1 else []
    if reports and scope.has_reports and query.kind not in ANNOUNCED and asks_for_all(scope.topic):
        most = ceil((query.form.points or LINES * detail) / len(query.scopes))
        return overview_lines(query.standalone, reports[0], wording, most, characters), 1.0
    most, topic = ceil((query.form.points or SENTENCES * detail) / len(query.scopes)), subject_of(scope.topic)
    readings = {one.hit.position: one.reading for one in read_passages(query, passages)}
    for report in reports if scope.has_reports and query.kind != "manner" else ():
        if part := _announced_part(query, topic, report, wording, readings, most, characters):
            return part
    if query.kind in ANNOUNCED:
        return (), 0.0
    newest = [hit for hit in hits if hit.report.id in scope.report_ids[-1:]] if scope.place else []
    lines, chance = tuple[Line, ...](), 0.0
    for own in (newest, hits):  # the newest of several terms if it is about the topic
        scored = salient(query.standalone, topic, own, wording, readings)
        key = key_sentences(of_mention(scope.mention, scored))
        chosen = statements_that_fit([one.evidence for one in key], topic, wording, most, characters)
        lines = headed(sorted(chosen.values(), key=report_order))
        chance = sum(key[at].chance for at in chosen) / max(len(chosen), 1)
        if chance >= limit("sureness", "summary"):
            break
    return lines, chance


def _announced_part(
    query: Query,
    topic: str,
    report: Report,
    wording: Wording,
    readings: Readings,
    most: int,
    characters: int | None,
) -> tuple[tuple[Line, ...], float] | None:
    """Return the lines of the part of a report that its heading or opening clause announces, and how likely they fit.

    None if there is no such part, or nothing says that it answers a question for a list or a name.
    """
    announcement, part = announced(query.standalone, topic, report, wording)
    of_it = wording.coverage(announcement, query.standalone) == 1.0  # and of nothing else
    all_of_it = wording.coverage(topic, announcement) == 1.0 and not NAMES.search(topic)
    answers = (readings[hit.position].answered for one in part if (hit := one.hit).position in readings)
    fits = of_it or all_of_it or max(answers, default=0.0) > 0.0
    if not part or (query.kind in ANNOUNCED and not fits):
        return None
    if len(part) > most:
        inside = {(one.hit.position, one.start): one for one in part}
        ranked = salient(query.standalone, topic, [one.hit for one in part], wording, readings)
        found = ((one.evidence.hit.position, one.evidence.start) for one in ranked)
        part = [inside[at] for at in found if at in inside] or part
    room = ROOM * most // min(len(part), most)  # of few sentences more is said
    chosen = statements_that_fit(part, topic, wording, most, characters, room)
    return headed(sorted(chosen.values(), key=report_order)), 1.0 if of_it else limit("sureness", "sure")


def key_sentences(found: Sequence[Salient]) -> list[Salient]:
    """Return the best sentence and all others that are likely about the topic, best first."""
    least = limit("salience: about the topic", "shown")
    return [*found[:1], *(one for one in found[1:] if one.chance >= least)]


def statements_that_fit(
    items: Sequence[Evidence],
    topic: str,
    wording: Wording,
    most: int,
    characters: int | None,
    room: int = ROOM,
) -> dict[int, Statement]:
    """Return the statements that fit, by the positions of their sentences (best first); the first sentence always fits.

    ``most`` sentences of ``room`` characters fit if no length is asked for, else as many as the length in ``characters``.
    """
    chosen: dict[int, Statement] = {}
    if characters is None:
        shown = (compressed(item, topic, wording, room, from_its_beginning=False) for item in items[:most])
        return dict(enumerate(shown))
    room = characters
    for number, item in enumerate(items):
        statement = compressed(item, topic, wording, min(ROOM, room), from_its_beginning=True)
        if not chosen or RUN_IN < len(statement.text) < room:
            chosen[number] = statement
            room -= len(statement.text) + 1
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

    Return ``""`` if it contains figures or quoted names, which no quote would prove, or orders to a machine.
    """
    heading = readable(_NUMBER.sub("", headings[-1])).lstrip("—")[:30] if headings else ""
    unproven = figures(heading) or NAMES.search(heading)
    return "" if unproven or is_injection(heading) else heading


def compressed(
    item: Evidence, topic: str, wording: Wording, room: int, *, from_its_beginning: bool
) -> Statement:
    """State the run of clauses of at most ``room`` characters that is best by topic, figures and length.

    ``from_its_beginning``: the first clause, which has the subject, is one of them.
    """
    text = item.text
    clauses = split_clauses(text) or ((0, len(text)),)
    best, span = -1.0, clauses[0]
    for i in range(1 if from_its_beginning else len(clauses)):
        for j in range(i, len(clauses)):
            a, b = clauses[i][0], clauses[j][1]
            if b - a > room and j > i:
                break
            if j + 1 < len(clauses) and _DANGLES.search(text[slice(*clauses[j])]):
                continue
            numbers = min(len(amounts_in(text[a:b])), 4)
            score = wording.coverage(topic, text[a:b]) + 0.12 * numbers + 0.004 * (b - a)
            if score > best:
                best, span = score, (a, b)
    return Statement(readable(text[slice(*span)]), item, span)


def announced(question: str, topic: str, report: Report, wording: Wording) -> tuple[str, list[Evidence]]:
    """Return the subject of the heading, or opening clause before a colon, that announces a topic, and its sentences.

    That is the one which holds the most of the topic's own words, as much as an answer must be sure, of those with
    sentences of the state that the question asks for, plans or results; else ``""`` and none.
    """
    subject = subject_words(topic)
    own, least, found = words_of(subject), limit("sureness", "sure"), list[tuple[float, str, _Part]]()
    for paragraph in report.paragraphs if own else ():
        path, number, rest = paragraph.heading, paragraph.number, len(report.paragraphs)
        above: list[tuple[str, _Part]] = [(one, (path[: n + 1], 0, rest)) for n, one in enumerate(path)]
        lead, colon, told = paragraph.text.replace(":", "：").partition("：")
        announces = len(lead) < ROOM and len(split_sentences(lead)) == 1 and not is_indicator(paragraph.text)
        if colon and announces:
            above.append((lead, (path, number, number) if told else (path, number + 1, rest)))
        for one, part in above:
            says = subject_of(_NUMBER.sub("", one))
            covers = wording.coverage(subject, tuple(word for word in words_of(says) if word in own))
            if covers >= least:
                found.append((covers + wording.coverage(topic, one), says, part))
    prose, wanted = list(prose_of(report)) if found else [], _wanted(question, report)
    for _, says, (path, first, last) in sorted(found, key=lambda one: -one[0]):
        inside = (hit for hit in prose if first <= hit.paragraph.number <= last)
        inside = (hit for hit in inside if hit.paragraph.heading[: len(path)] == path)
        sentences = ((hit, s) for hit in inside for s in hit.sentences if s.state == wanted)
        if told_of := [(hit, s) for hit, s in sentences if is_statable(s.text) and s.text[-1:] not in "：:"]:
            return says, [Evidence(hit, s.start, s.end, rank) for rank, (hit, s) in enumerate(told_of)]
    return "", []


def subject_of(topic: str) -> str:
    """Return a topic without the words that only ask for a summary: 工会的亮点 has none else, and stays as it is."""
    return "".join(word for word in cut(topic) if word not in _REQUEST) or topic


def overview_lines(
    question: str, report: Report, wording: Wording, most: int = LINES, characters: int | None = None
) -> tuple[Line, ...]:
    """Return the lines of an overview, of plans if the question asks for plans, else of results.

    A report of few sections is summarised paragraph by paragraph, one of few paragraphs sentence by sentence.
    """
    found = list(_paragraphs(report, _wanted(question, report)))
    # The address to the delegates before the first heading is left out.
    headed = [one for one in found if one[0]] or found
    grouped = groupby(headed, itemgetter(0))
    sections = [(section, [e for _, own in group for e in own]) for section, group in grouped]
    if len(sections) < FEW:
        sections = headed if len(headed) >= FEW else [(label, [one]) for label, own in headed for one in own]
    best = [(heading_shown(section), max(own, key=_worth)) for section, own in sections]
    best.sort(key=lambda pair: _worth(pair[1]), reverse=True)
    statements = statements_that_fit([item for _, item in best], "", wording, most, characters)
    lines = (Line((statement,), label=best[at][0]) for at, statement in statements.items())
    return tuple(sorted(lines, key=lambda line: report_order(line.statements[0])))


def _wanted(question: str, report: Report) -> State:
    """Return what a question asks for: plans, too, if what comes next (接下来) stands anywhere in it."""
    ahead = any(looks_ahead(question[at:]) for at, _ in cut_at(question))
    return "plan" if ahead or asks_of_plans(question, report) else "result"


def _paragraphs(report: Report, wanted: State) -> Iterator[tuple[tuple[str, ...], list[Evidence]]]:
    """Yield each paragraph's section with its sentences of the wanted state, if it has any."""
    rank = count()
    for hit in prose_of(report):
        fitting = (s for s in hit.sentences if s.state == wanted and len(s.text) > RUN_IN)
        if own := [Evidence(hit, s.start, s.end, next(rank)) for s in fitting if is_statable(s.text)]:
            yield section_of(hit.paragraph), own


def prose_of(report: Report) -> Iterator[Hit]:
    """Yield the paragraphs of prose with their sentences."""
    for number, own in groupby(sentences_of(report), attrgetter("paragraph")):
        if (paragraph := report.paragraphs[number]).kind == "prose":
            yield Hit(report, paragraph, (*own,), Scores(0.0, 0.0, 0.0))


def _worth(item: Evidence) -> tuple[float, int]:
    """Return how informative a sentence is, by figures and names; the earlier of equals wins."""
    text = item.text
    named = min(text.count("“") + text.count("《"), 2)
    return len(amounts_in(text)) + 0.5 * named, -item.rank
