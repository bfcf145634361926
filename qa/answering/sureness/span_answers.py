"""Passages → what the reader finds in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from embeddings.reader import PassageReader, PassageReading, default_passage_reader
from qa.answering.wording import Wording
from qa.question.asides import without_asides
from qa.text.figures import figures, is_year
from qa.text.orders import gives_orders
from qa.text.sentences import split_sentences
from qa.text.told import asks_of_plans
from qa.types import IN_SENTENCES, Figure, Hit, Part, Query, Span

READ = 6  # passages that are read
PROPOSED = 3  # of them that may be answered from, which are read in other words too
TOGETHER = (
    12  # that are read where several things are asked, one of each at least, and for what comes nearest
)


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with what the reader made of it; ``rank`` 0 is the best passage.

    ``asked`` are the words it was read for, ``thing`` the number of the one thing that they ask; None: the question.
    ``reading`` is the mean of those ``apart``, of the question in several words.
    """

    hit: Hit
    asked: str
    reading: PassageReading
    rank: int
    apart: tuple[PassageReading, ...]
    thing: int | None = None

    @property
    def passage(self) -> tuple[str, int]:
        """Which passage it is: its report and the number of its paragraph."""
        return self.hit.report.id, self.hit.paragraph.number


@dataclass(frozen=True, slots=True)
class SpanAnswer:
    """An answer that the reader found in a passage: its spans in the paragraph's text, in order, and the likeliest."""

    read: Read
    spans: tuple[Span, ...]
    best: Span
    score: float  # log-probability of the best span

    @property
    def text(self) -> str:
        text = self.read.hit.paragraph.text
        return "、".join(text[a:b] for a, b in self.spans)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures, years aside, that stand in its spans; offsets are those of the paragraph."""
        own = (f for f in figures(self.read.hit.paragraph.text) if not is_year(f))
        return tuple(f for f in own if any(f.start < b and a < f.end for a, b in self.spans))


def read_passages(
    query: Query, passages: Sequence[Hit], reader: PassageReader | None = None
) -> tuple[Read, ...]:
    """The first passages, none that gives orders, read for the question; the likeliest for its topic alone too.

    Both are without asides; the topic is without place and year.
    """
    chosen = _readable(passages)[:READ]
    reader = reader or default_passage_reader()
    asked = without_asides(query.standalone)
    apart: list[tuple[PassageReading, ...]] = [(one,) for one in _readings(reader, asked, chosen)]
    if query.topic != asked:
        likely = sorted(range(len(chosen)), key=lambda at: -apart[at][0].answered)[:PROPOSED]
        for at, again in zip(
            likely, _readings(reader, query.topic, [chosen[at] for at in likely]), strict=True
        ):
            apart[at] = (*apart[at], again)
    return tuple(
        Read(hit, asked, PassageReading.mean(one), at, one)
        for at, (hit, one) in enumerate(zip(chosen, apart, strict=True))
    )


def read_further(query: Query, passages: Sequence[Hit]) -> tuple[Read, ...]:
    """The next passages, read for the question: where the first ones do not answer, one of these may be nearer."""
    chosen, asked = _readable(passages)[READ:TOGETHER], without_asides(query.standalone)
    read = _readings(default_passage_reader(), asked, chosen)
    return tuple(
        Read(hit, asked, one, READ + at, (one,))
        for at, (hit, one) in enumerate(zip(chosen, read, strict=True))
    )


def _readable(passages: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in passages if not gives_orders(hit.paragraph.text)]


def single_things(query: Query) -> tuple[tuple[int, Part], ...]:
    """The single things that are asked: the number of a scope, a place or term, and what is asked of it."""
    if query.paired:
        return tuple(zip(range(len(query.scopes)), query.parts, strict=False))
    return tuple(product(range(len(query.scopes)), query.parts))


def alone_asked(query: Query, scope: int, part: Part) -> Query:
    """One of several single things as a question of its own."""
    own, topic = query.scopes[scope], part.topic or part.text
    place = own.label.partition("（")[0]
    asked = part.asked if part.asked and (len(query.scopes) == 1 or query.paired) else topic
    asked = asked if place in asked else f"{place}{asked}"
    scopes = (replace(own, topic=topic),)
    return replace(
        query,
        standalone=asked,
        topic=topic,
        focus=topic,
        kind=part.kind,
        parts=(part,),
        scopes=scopes,
        paired=False,
    )


def read_each(
    query: Query, found: Sequence[Sequence[Hit]], wording: Wording, reader: PassageReader | None = None
) -> tuple[Read, ...]:
    """The passages of each scope that hold most of a single thing, read for it by itself, in words of its own.

    None where a single thing is asked, and where something is to be summed up.

    Args:
        found: the hits of each scope.
    """
    things = single_things(query)
    if len(things) < 2 or any(part.kind in IN_SENTENCES for part in query.parts):
        return ()
    reader = reader or default_passage_reader()
    made: list[Read] = []
    for thing, (at, part) in enumerate(things):
        hits = [hit for hit in found[at] if not gives_orders(hit.paragraph.text)]
        asked = alone_asked(query, at, part).standalone
        if part.topic:
            hits.sort(key=lambda hit: -wording.coverage(part.topic, _of_its_time(hit, asked)))
        chosen = hits[: min(max(TOGETHER // len(things), 1), PROPOSED)]
        made += (
            Read(hit, asked, one, rank, (one,), thing)
            for rank, (hit, one) in enumerate(zip(chosen, _readings(reader, asked, chosen), strict=True))
        )
    return tuple(made)


def _of_its_time(hit: Hit, asked: str) -> str:
    """The heading and the best sentences of a passage that tell of what was done, or of plans, as is asked."""
    told = "plan" if asks_of_plans(asked, hit.report) else "result"
    sentences = (sentence.text for sentence in hit.matched if sentence.state in ("", told))
    return " ".join((*hit.paragraph.heading, *sentences))


def _readings(reader: PassageReader, question: str, hits: Sequence[Hit]) -> list[PassageReading]:
    return reader.read(question, [hit.paragraph.text for hit in hits], [_context(hit) for hit in hits])


def likeliest(read: Sequence[Read]) -> list[SpanAnswer]:
    """What was found in the passages that most likely answer, the likeliest first."""
    likely = sorted(read, key=lambda r: (-r.reading.answered, r.rank))[:PROPOSED]
    return [one for one in map(_found, likely) if one]


def _found(read: Read) -> SpanAnswer | None:
    """The spans that begin in a sentence; None where there are none: the reader marks something even in mere dots."""
    sentences = split_sentences(read.hit.paragraph.text)
    said = [s for s in read.reading.spans if any(a <= s.start < b for a, b in sentences)]
    if not said:
        return None
    return SpanAnswer(
        read, tuple(sorted((s.start, s.end) for s in said)), (said[0].start, said[0].end), said[0].score
    )


def _context(hit: Hit) -> str:
    """The line that the reader takes a passage to stand under: place, years, heading."""
    period = hit.report.period
    heading = hit.paragraph.heading[-1] if hit.paragraph.heading else hit.report.title
    return " ".join(filter(None, (hit.report.place.name, str(period.end) if period else "", heading)))
