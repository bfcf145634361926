"""Make possible answers of what the reader finds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.compose import Line, compose, merged, with_change
from qa.answering.statement import (
    EXTRA,
    WHOLE,
    Evidence,
    Fact,
    Hits,
    Statement,
    place_label,
    quotable_part,
    snippet,
    whole_sentence,
)
from qa.answering.sureness.span_answers import Read, SpanAnswer, likeliest
from qa.answering.wording import Wording
from qa.question.question_words import asking, asking_with_measure
from qa.text.figures import MEASURED, amounts_in, figures, unit_kind
from qa.text.units import sentence_spans
from qa.types import Answer, Query

LONG = 160  # characters of an answer
_OF_CHANGES = ("difference", "growth", "multiple", "times more")
_OF_TWO = ("difference", "share", "multiple", "ratio", "rest")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A possible answer, as it would be shown, what the reader found, and what is stated of it."""

    answer: Answer
    found: SpanAnswer
    statements: tuple[Statement, ...]

    @property
    def figures(self) -> int:
        """How many figures its statements hold, without years."""
        return sum(len(amounts_in(one.text)) for one in self.statements)

    @property
    def fact(self) -> Fact:
        """What it states, with a figure if one was found."""
        for figure in self.found.figures:
            for statement in self.statements:
                at = figure.start - statement.evidence.start
                if statement.clauses[0] <= at < statement.clauses[1]:
                    own = replace(figure, start=at, end=at + figure.end - figure.start)
                    return Fact(statement, self.found.text, own)
        return Fact(self.statements[0], self.found.text, None)


def proposals(query: Query, read: Sequence[Read], passages: Hits, wording: Wording) -> tuple[Proposal, ...]:
    """Return possible answers, likeliest first; ``read`` are the best passages, read for the question."""
    only_figures = all(part.kind == "figure" for part in query.parts)
    spans = [one for one in likeliest(read) if figures(one.text) or not only_figures]
    spans = [one for one in spans if not _measures_instead(query, one)]
    every = [form for one in spans for form in _forms(query, one)]
    made = [_proposal(query, one, passages, wording) for one in every]
    asked = max(len(query.parts), len(asking(query.standalone)))
    lacking = (one for one in every if len(one.spans) < asked)  # the rest is often said beside it
    wholly = (_proposal(query, one, passages, wording, whole=True) for one in lacking if asked > 1)
    made += [one for one in wholly if len(one.answer.text) <= LONG and one.figures <= asked + EXTRA]
    apart = {(one.answer.text, one.answer.short): one for one in reversed(made)}
    return tuple(one for one in made if apart[one.answer.text, one.answer.short] is one)


def _measures_instead(query: Query, found: SpanAnswer) -> bool:
    """Whether a question names the measure word of a single thing, and what was found is measured: 几个文化宫, 1.77万平方米."""
    unit, kinds = query.parts[0].unit, {unit_kind(figure.unit) for figure in found.figures}
    counted = unit and len(query.parts) == 1 and unit not in MEASURED
    return bool(counted and kinds and asking_with_measure(query.standalone, unit)) and kinds <= {*MEASURED}


def _forms(query: Query, found: SpanAnswer) -> Iterator[SpanAnswer]:
    """Yield what was found; of several figures the best one alone, too."""
    yield found
    if len(found.figures) > 1 == len(query.parts) and query.kind != "list":
        yield replace(found, spans=(found.best,))


def _proposal(
    query: Query, found: SpanAnswer, passages: Hits, wording: Wording, *, whole: bool = False
) -> Proposal:
    """Return the clauses that hold the spans, with place and period; ``whole``: their whole sentences instead."""
    statements = merged(tuple(_statements(query, found, wording, whole)))
    lines = (Line(statements, label=place_label(statements[0])),)
    told = len(query.parts) == 1 or len(found.spans) >= len(query.parts)
    made = compose(query, lines, passages, short=found.text if told else None)
    proposal = Proposal(made, found, statements)
    return proposal if proposal.figures > 2 else replace(proposal, answer=with_change(made))


def _statements(query: Query, found: SpanAnswer, wording: Wording, whole: bool) -> Iterator[Statement]:
    """Yield for each sentence with spans the whole sentence, or the clauses around the spans."""
    hit = found.read.hit
    for start, end in sentence_spans(hit.paragraph):
        own = [(a, b) for a, b in found.spans if start <= a < end]
        if not own:
            continue
        evidence = Evidence(hit, start, end, found.read.rank)
        core = (own[0][0] - start, min(own[-1][1], end) - start)
        if whole:
            yield quotable_part(evidence, query.topic)
            continue
        others = [f for f in amounts_in(evidence.text) if not core[0] <= f.start < core[1]]
        rest = len(query.parts) - len(own)  # often said beside it
        together = len(query.parts) > 1 and rest > 0 and len(others) <= rest + EXTRA
        if end - start <= WHOLE and (together or (query.kind != "figure" and len(others) <= EXTRA)):
            yield whole_sentence(evidence)
        else:
            cores = [(a - start, min(b, end) - start) for a, b in own] if query.kind == "figure" else [core]
            for each in cores:  # figures one by one, without others between them
                yield snippet(evidence, each, query.topic, wording)
