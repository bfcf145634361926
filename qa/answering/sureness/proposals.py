"""Query + passages → the answers that might be given: the rules' own, and the likeliest spans that the reader finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings.reader import PassageReader, PassageReading, default_passage_reader
from qa.answering.candidates import Evidence
from qa.answering.compose import Line, compose, merged
from qa.answering.fact import WHOLE
from qa.answering.statement import Statement, place_label, snippet, whole
from qa.answering.wording import Wording
from qa.question.asides import without_asides
from qa.text.figures import figures
from qa.text.orders import gives_orders
from qa.text.sentences import split_sentences
from qa.types import Answer, Hit, Query, Span

__all__ = ["Found", "Proposal", "Read", "proposals", "read_passages"]

READ = 6  # passages that are read
PROPOSED = 3  # passages that the reader may answer from


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with what the reader made of it; ``rank`` 0 is the best passage."""

    hit: Hit
    reading: PassageReading
    rank: int


@dataclass(frozen=True, slots=True)
class Found:
    """An answer that the reader found in a passage: its spans in the paragraph's text, in order, and the likeliest."""

    read: Read
    spans: tuple[Span, ...]
    best: Span
    score: float  # log-probability of the best span

    @property
    def text(self) -> str:
        text = self.read.hit.paragraph.text
        return "、".join(text[a:b] for a, b in self.spans)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that might be given, with where the reader found it; ``found`` is None for the rules' own."""

    answer: Answer
    found: Found | None


def read_passages(
    query: Query, passages: Sequence[Hit], reader: PassageReader | None = None
) -> tuple[Read, ...]:
    """The first passages, read for the whole question."""
    chosen = [hit for hit in passages if not gives_orders(hit.paragraph.text)][:READ]
    reader = reader or default_passage_reader()
    readings = reader.read(
        without_asides(query.standalone),
        [h.paragraph.text for h in chosen],
        [_context(hit) for hit in chosen],
    )
    return tuple(
        Read(hit, reading, at) for at, (hit, reading) in enumerate(zip(chosen, readings, strict=True))
    )


def proposals(
    query: Query, rules: Answer, read: Sequence[Read], passages: Sequence[Hit], wording: Wording
) -> tuple[Proposal, ...]:
    """The rules' answer where it is one, then what the reader found, the likeliest first.

    The reader answers what asks of one place; what joins several is the rules' to put together.
    """
    known = () if rules.abstained else (Proposal(rules, None),)
    if len(query.scopes) > 1 or query.refusal:
        return known
    likely = sorted(read, key=lambda r: (-r.reading.answered, r.rank))[:PROPOSED]
    found = [one for one in map(_found, likely) if one and _fits(query, one)]
    return (*known, *(Proposal(_answer(query, one, passages, wording), one) for one in found))


def _found(read: Read) -> Found | None:
    """The spans that begin in a sentence; None where there are none: the reader marks something even in mere dots."""
    sentences = split_sentences(read.hit.paragraph.text)
    said = [s for s in read.reading.spans if any(a <= s.start < b for a, b in sentences)]
    if not said:
        return None
    return Found(
        read, tuple(sorted((s.start, s.end) for s in said)), (said[0].start, said[0].end), said[0].score
    )


def _fits(query: Query, found: Found) -> bool:
    """Whether a figure stands in what was found, where nothing but figures is asked for."""
    return any(part.kind != "figure" for part in query.parts) or bool(figures(found.text))


def _context(hit: Hit) -> str:
    """The line that the reader takes a passage to stand under: place, years, heading."""
    period = hit.report.period
    heading = hit.paragraph.heading[-1] if hit.paragraph.heading else hit.report.title
    return " ".join(filter(None, (hit.report.place.name, str(period.end) if period else "", heading)))


def _answer(query: Query, found: Found, passages: Sequence[Hit], wording: Wording) -> Answer:
    """The clauses that hold the spans, with their place and period."""
    statements = merged(tuple(_statements(query, found, wording)))
    label = place_label(statements[0].evidence)
    short = found.text
    return compose(query, (Line(statements, label=label),), passages, short=short)


def _statements(query: Query, found: Found, wording: Wording) -> Iterator[Statement]:
    hit = found.read.hit
    for start, end in split_sentences(hit.paragraph.text):
        own = [(a, b) for a, b in found.spans if start <= a < end]
        if not own:
            continue
        evidence = Evidence(hit, start, end, found.read.rank)
        core = (own[0][0] - start, min(own[-1][1], end) - start)
        if end - start <= WHOLE and query.kind != "figure":
            yield whole(evidence)
        else:
            yield snippet(evidence, core, query.topic, wording)
