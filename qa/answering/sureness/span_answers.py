"""Find answer spans in passages with the passage reader."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp
from statistics import mean

from embeddings.reader import PassageReading, default_answer_reader, default_passage_reader, marked
from embeddings.reader.passages import LONGEST_PASSAGE
from embeddings.words import in_words_of
from qa.answering.computation import operation_of
from qa.answering.statement import Hits, corrects
from qa.answering.table_rows import without_other_parts
from qa.ledger.circumstances import time_of, times_stated
from qa.ledger.indicators import what_counts
from qa.ledger.matching import head_of, mentions
from qa.question.asides import MARKS, whole_words, without_asides
from qa.question.periods import find_when
from qa.question.places import without_name
from qa.question.question_words import asking_with_measure
from qa.text.changes import changes_in, end_asked, rise_asked
from qa.text.figure_context import counted_alike, in_unit, reached
from qa.text.figures import MEASURED, amounts_in, figures, unit_kind
from qa.text.normal import without_unpaired
from qa.text.organisations import called, is_body, is_of_division, names_of, own_names
from qa.text.sentences import holding, is_injection, is_statable, split_clauses, split_sentences
from qa.text.spans import replaced
from qa.text.states import calendar_of
from qa.text.units import as_read, context_of, last_sentences, lead_of, sentence_spans
from qa.text.when import holds_now, time_expressions, times_in
from qa.types import MARK, Figure, Hit, Part, Query, Scope, Span

READ = 8  # passages read for the question
PROPOSED = 3  # passages that answers are taken from, which are read in other words too
MOST_MARKED = 150  # characters that are read with a span
MARKED_LEAD = 100  # characters of whole sentences before one with a span that are read with it
LEAD = 2 * MARKED_LEAD  # likewise before a passage
TOGETHER = 12  # passages read for several things, at least one of each, or for the nearest passages


@dataclass(frozen=True, slots=True)
class Read:
    """A passage and its reading."""

    hit: Hit
    asked: str  # the words it was read for
    reading: PassageReading  # of the likeliest for the topic alone, too: the mean
    rank: int  # 0 is the best passage


@dataclass(frozen=True)
class SpanAnswer:
    """An answer found in a passage: its spans in the paragraph's text, in order, and the best one."""

    read: Read
    spans: tuple[Span, ...]
    best: Span
    score: float  # log-probability of the best span

    @cached_property
    def text(self) -> str:
        """The words of its spans, in whole words and figures, without marks of footnotes."""
        text = self.read.hit.paragraph.text
        whole = dict.fromkeys(_in_whole_words(text, span) for span in self.spans)
        words = "、".join(filter(None, whole)) or "、".join(text[a:b] for a, b in self.spans)
        return without_unpaired(MARK.sub("", words))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in its spans without years; offsets are those of the paragraph."""
        own = amounts_in(self.read.hit.paragraph.text)
        return tuple(f for f in own if any(f.start < b and a < f.end for a, b in self.spans))

    @property
    def sentence(self) -> Span:
        """The offsets of the sentence of the best span."""
        return holding(sentence_spans(self.read.hit.paragraph), self.best[0])

    @cached_property
    def marked(self) -> float:
        """The log-odds that it is what is asked for, by its sentence alone, in which it is marked."""
        return default_answer_reader().log_odds(*marked_row(self))

    def without_doubtful(self) -> SpanAnswer:
        """Return it without the spans whose odds are less than a quarter of an equal share; both ends of a change stay."""
        odds = [exp(replace(self, spans=(span,), best=span).marked) for span in self.spans]
        kept = tuple(span for span, own in zip(self.spans, odds, strict=True) if own >= mean(odds) / 4)
        ends = {e.start for c in changes_in(self.read.hit.paragraph.text) for e in (c.first, c.last)}
        of_changes = len(self.figures) == len(self.spans) and ends.issuperset(f.start for f in self.figures)
        return self if of_changes else replace(self, spans=kept)

    def in_unit(self, unit: str | None) -> SpanAnswer:
        """Return the only figure in its clause that has the unit, if none that was found may; 个 counts whatever is named."""
        text = self.read.hit.paragraph.text
        a, b = holding(split_clauses(text), self.best[0])
        own = [(f.start, f.end) for f in in_unit(unit, amounts_in(text)) if a <= f.start < b]
        of_any = unit == "个" and any(unit_kind(f.unit) not in ("", *MEASURED) for f in self.figures)
        if not self.figures or len(own) != 1 or in_unit(unit, self.figures) or of_any:
            return self
        return replace(self, spans=(own[0],), best=own[0])


def read_passages(query: Query, passages: Hits) -> tuple[Read, ...]:
    """Read the first passages for the question, and the likeliest of them for its topic alone, too.

    Passages that give orders are left out; no wording has asides, and the topic has no place and year. If none answers
    how much it is for each (平均每户多少), they are read for the thing that is divided instead.
    """
    every, within = readable(query, passages), query.scopes[0].report_ids
    chosen = every[:READ]
    if len(query.scopes) == 1 < len(within):  # the best of each report, too
        first = {hit.report.id: hit for hit in reversed(every) if hit.report.id in within}
        chosen += [hit for hit in first.values() if hit not in chosen][: TOGETHER - READ]
    read = _read(query, chosen)
    divides = operation_of(query.standalone) == "ratio" and len(query.parts) == len(query.scopes) == 1
    if divides and not any(one.reading.answered > 0 for one in read):
        return _read(alone_asked(query, query.scopes[0], query.parts[0]), chosen)
    best = sorted(read, key=lambda one: -one.reading.answered)[:PROPOSED]
    likely = [one for one in best if one.asked != query.topic]
    again = _readings([query.topic] * len(likely), [one.hit for one in likely])
    both = ((one.rank, (one.reading, more)) for one, more in zip(likely, again, strict=True))
    means = {rank: PassageReading.mean(readings) for rank, readings in both}
    return tuple(replace(one, reading=means.get(one.rank, one.reading)) for one in read)


def read_further(query: Query, passages: Hits) -> tuple[Read, ...]:
    """Read the next passages: if the first ones do not answer, one of these may be nearer."""
    return _read(query, readable(query, passages)[READ:TOGETHER], READ)


def _read(query: Query, hits: Hits, first: int = 0) -> tuple[Read, ...]:
    """Read passages, of which the first has the rank ``first``."""
    asked = [_asked_of(query, hit) for hit in hits]
    ranked = enumerate(zip(hits, asked, _readings(asked, hits), strict=True), first)
    return tuple(Read(hit, own, one, rank) for rank, (hit, own, one) in ranked)


def readable(query: Query, passages: Hits) -> list[Hit]:
    """Return the passages that may be read: no rows of parts that are not asked for, none that give orders."""
    asked = without_other_parts(query, passages)
    return [hit for hit in asked if not is_injection(hit.paragraph.text)]


def alone_asked(query: Query, scope: Scope, part: Part) -> Query:
    """Return one of several single things as its own question, of the year of others if it has no time of its own."""
    topic, place = part.topic or part.text, scope.name
    asked, year = part.asked or topic, str(scope.year)
    elsewhere = year not in asked and any(year in other.asked for other in query.parts)
    if scope.year_only_mentioned and elsewhere and (times_in(asked) or holds_now(asked, len(asked))):
        scope = replace(scope, year=None, mention="", year_only_mentioned=False)
    year = f"{scope.year}年" if scope.year and str(scope.year) not in f"{place}{asked}" else ""
    asked = asked if place in asked else f"{place}{year}{asked}"
    query = replace(query, standalone=asked, topic=topic, focus=topic, kind=part.kind, paired=False)
    return replace(query, parts=(replace(part, asked=asked),), scopes=(replace(scope, topic=topic),))


def _readings(asked: Sequence[str], hits: Hits) -> list[PassageReading]:
    """Read each passage for its own wording of the question, put in the words of that passage."""
    leads, contexts = [_lead_of(hit) for hit in hits], [context_of(hit) for hit in hits]
    texts, positions = zip(*map(as_read, hits), strict=True) if hits else ((), ())
    read_in = [f"{context} {text}" for context, text in zip(contexts, texts, strict=True)]
    worded = list(map(in_words_of, read_in, asked))
    made: dict[int, PassageReading] = {}
    for wording in dict.fromkeys(worded):  # passages with the same wording are read together
        own = [at for at, one in enumerate(worded) if one == wording]
        passages = [leads[at] + texts[at] for at in own]
        read = default_passage_reader().read(wording, passages, [contexts[at] for at in own])
        made |= {at: one.after(len(leads[at])) for at, one in zip(own, read, strict=True)}
    lengths = [len(hit.paragraph.text) for hit in hits]
    return [made[at].placed(positions[at], length) for at, length in enumerate(lengths)]


def _asked_of(query: Query, hit: Hit) -> str:
    """Return the question that a passage is read for: without asides, and without what its report's choice has settled.

    That is the name of the organisation whose report it is, or one that its titles have, and the term that was asked for, if the report is of it.
    """
    asked, scope, name = without_asides(query.standalone), query.scopes[0], hit.report.organisation
    of_term = scope.period is not None and scope.period.start < scope.period.end and scope.year is None
    if len(query.scopes) == 1 and of_term and hit.report.id in scope.report_ids:
        asked = find_when(asked).text.strip(MARKS) or asked
    if is_body(name) and not is_of_division(name, hit.report.place.name):
        asked = without_name(asked, name)
    if span := called(asked, own_names(hit.report), names_of(hit.report)):
        asked = replaced(asked, [span])
    return asked.removeprefix("的") or query.standalone


def likeliest(read: Sequence[Read]) -> list[SpanAnswer]:
    """Return what was found in the passages that most likely answer, and in those of other reports that rather do."""
    likely = sorted(read, key=lambda r: (-r.reading.answered, r.rank))
    reports = {one.hit.report.id for one in likely[:PROPOSED]}
    others = {one.hit.report.id: one for one in reversed(likely) if one.reading.answered > 0}
    more = [one for report, one in others.items() if report not in reports]
    return [one for one in map(_found, (*likely[:PROPOSED], *more)) if one]


def marked_row(found: SpanAnswer) -> tuple[str, str, str]:
    """Return the question in the words of the passage, the line above it, and the sentence with what was found marked.

    What stands before the sentence is read with it; of one too long, the best span alone with what is around it.
    """
    context, (text, positions) = context_of(found.read.hit), as_read(found.read.hit)

    def read_at(*offsets: int) -> tuple[int, ...]:
        return tuple(bisect_left(positions, at) for at in offsets)

    first, last = found.sentence
    ends = last == len(found.read.hit.paragraph.text)
    (first, last), best = read_at(first, last), read_at(*found.best)
    last = len(text) if ends else last
    spans = [read_at(*span) for span in found.spans]
    start, end = min(first, spans[0][0]), max(last, spans[-1][1])
    if end - start > MOST_MARKED:
        spans = [best]
        start = max(first, best[0] - MOST_MARKED // 2)
        end = min(last, max(best[1], start + MOST_MARKED))
    sentence = marked(text[start:end], ((a - start, b - start) for a, b in spans if start <= a and b <= end))
    lead = last_sentences(_lead_of(found.read.hit) + text[:start], MARKED_LEAD)
    return in_words_of(f"{context} {text}", found.read.asked), context, lead + sentence


def _found(read: Read) -> SpanAnswer | None:
    """Return the spans that begin in a sentence that asserts something of the reported, or None."""
    text = read.hit.paragraph.text
    every = sentence_spans(read.hit.paragraph)
    sentences = [(a, b) for a, b in every if is_statable(text[a:b]) and not corrects(text[a:b])]
    spans = [s for s in read.reading.spans if any(a <= s.start < b for a, b in sentences)]
    if not spans:
        return None
    asked = [_of_the_time_asked(read, (s.start, s.end)) for s in spans]
    asked = asked if len(asked) > 1 else [_of_the_thing_asked(read, asked[0])]
    asked = [_reached(text, span) for span in asked]
    return SpanAnswer(read, tuple(sorted(set(asked))), asked[0], spans[0].score)


def _reached(text: str, span: Span) -> Span:
    """Return the figure that was reached instead of a round one that it went beyond: 突破3万亿元、达3.6万亿元."""
    own = [figure for figure in amounts_in(text) if figure.start < span[1] and span[0] < figure.end]
    exact = reached(text, own[0]) if len(own) == 1 else None
    return (exact.start, exact.end) if exact and exact != own[0] else span


def _of_the_thing_asked(read: Read, span: Span) -> Span:
    """Return the only figure of the sentence that counts what is asked for, if the span's own counts what is not."""
    thing = head_of(replaced(read.asked, asking_with_measure(read.asked)))
    first, last = holding(sentence_spans(read.hit.paragraph), span[0])
    sentence = read.hit.paragraph.text[first:last]
    told = [(f, what_counts(sentence, f)) for f in amounts_in(sentence)]
    own = [one for one in told if first + one[0].start < span[1] and span[0] < first + one[0].end]
    if not thing or len(own) != 1 or mentions(thing, own[0][1]) or mentions(own[0][1], read.asked):
        return span
    alike = [one for one in told if counted_alike((one[0].unit, own[0][0].unit))]
    named = [f for f, of in alike if thing in of] or [f for f, of in alike if mentions(thing, of)]
    return (first + named[0].start, first + named[0].end) if len(named) == 1 else span


def _of_the_time_asked(read: Read, span: Span) -> Span:
    """Return the figure of the time that is asked if the sentence has it beside the span's own; else the span.

    Of a change (由A降到B) that is what the figure became, or was before.
    """
    if end := end_asked(read.asked, read.hit.paragraph.text, span):
        return span if end.start < span[1] and span[0] < end.end else (end.start, end.end)
    first, last = holding(sentence_spans(read.hit.paragraph), span[0])
    sentence = read.hit.paragraph.text[first:last]
    if figure := rise_asked(read.asked, sentence, (span[0] - first, span[1] - first)):
        return first + figure.start, first + figure.end
    calendar = calendar_of(read.hit.report)
    wanted = list({time.period for time in time_expressions(read.asked, calendar) if not time.aside})
    times = times_stated(sentence, calendar) if len(wanted) == 1 else ()
    dated = [(f, time_of(sentence, times, f.start, None)[0]) for f in amounts_in(sentence)]
    own = next(((f, at) for f, at in dated if first + f.start < span[1] and span[0] < first + f.end), None)
    if own is None or own[1] is None or own[1].meets(wanted[0]):
        return span
    alike = [f for f, at in dated if at == wanted[0] and unit_kind(f.unit) == unit_kind(own[0].unit)]
    return (first + alike[0].start, first + alike[0].end) if len(alike) == 1 else span


def _in_whole_words(text: str, span: Span) -> str:
    """Return the figures that a span touches and what is between them; if none, its words, by majority.

    >>> _in_whole_words("主席王东明莅临调研，疗养489期。", (2, 6)), _in_whole_words("主席王东明莅临调研，疗养489期。", (13, 16))
    ('王东明', '489期')
    """
    touched = [edge for a, b in split_sentences(text) if a < span[1] and span[0] < b for edge in (a, b)]
    start, end = min((span[0], *touched)), max((span[1], *touched))
    held = [f for f in figures(text[start:end]) if start + f.start < span[1] and span[0] < start + f.end]
    if held:
        return text[min(span[0], start + held[0].start) : max(span[1], start + held[-1].end)]
    inside = whole_words(text[start:end], ((span[0] - start, span[1] - start),))
    return "".join(c for c, own in zip(text[start:end], inside, strict=True) if own)


def _lead_of(hit: Hit) -> str:
    return lead_of(hit, min(LEAD, LONGEST_PASSAGE - len(hit.paragraph.text)))
