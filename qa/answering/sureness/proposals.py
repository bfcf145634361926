"""Make possible answers of what the reader finds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.compose import Line, among, compose, merged, with_change, with_result
from qa.answering.computation import UNITS, as_divided, fits_units, operation_of
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
from qa.text.arithmetic import Derived, derive
from qa.text.changes import changes_in, is_by_how_much
from qa.text.figure_context import counted_alike, parts_named, per_units, states_mean, whole_of
from qa.text.figures import MEASURED, amounts_in, figures, unit_kind
from qa.text.sentences import holding, split_clauses
from qa.text.units import sentence_spans
from qa.types import Answer, Figure, Query, Span

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
    operation = operation_of(query.standalone) if query.kind == "computation" else ""
    found = {unit_kind(f.unit) for one in spans[:1] for f in one.figures}
    if operation in UNITS and UNITS[operation] in found:
        operation = ""  # the result is printed
    every = [form for one in spans for form in _forms(query, one, operation)]
    made = [_proposal(query, one, operation, passages, wording) for one in every]
    asked = max(len(query.parts), len(asking(query.standalone)))
    lacking = (one for one in every if len(one.spans) < asked)  # the rest is often said beside it
    wholly = (_proposal(query, one, operation, passages, wording, whole=True) for one in lacking if asked > 1)
    made += [one for one in wholly if len(one.answer.text) <= LONG and one.figures <= asked + EXTRA]
    apart = {(one.answer.text, one.answer.short): one for one in reversed(made)}
    return tuple(one for one in made if apart[one.answer.text, one.answer.short] is one)


def _measures_instead(query: Query, found: SpanAnswer) -> bool:
    """Whether a question names the measure word of a single thing, and what was found is measured: 几个文化宫, 1.77万平方米."""
    unit, kinds = query.parts[0].unit, {unit_kind(figure.unit) for figure in found.figures}
    counted = unit and len(query.parts) == 1 and unit not in MEASURED
    return bool(counted and kinds and asking_with_measure(query.standalone, unit)) and kinds <= {*MEASURED}


def _forms(query: Query, found: SpanAnswer, operation: str) -> Iterator[SpanAnswer]:
    """Yield what was found; of several figures the best one alone; with one, what an operation may need beside it."""
    yield found
    if len(found.figures) > 1 == len(query.parts) and query.kind != "list":
        yield replace(found, spans=(found.best,))
    beside = operation in _OF_TWO and len(found.figures) == 1
    if beside and (other := _likeliest_beside(found, operation)):
        yield replace(found, spans=tuple(sorted((found.best, other))))


def _likeliest_beside(found: SpanAnswer, operation: str) -> Span | None:
    """Return the figure of the sentence that is likeliest found, too, of those with the unit of the one found.

    Of a mean of those with another one; of a share of a part what it is a part of.
    """
    text, (own,) = found.read.hit.paragraph.text, found.figures
    alike, whole = operation != "ratio", whole_of(text, own)
    if operation == "share" and whole:
        other = next((f for f in parts_named(text, whole, found.read.asked) if f != own), whole)
        return (other.start, other.end)
    first, last = holding(sentence_spans(found.read.hit.paragraph), own.start)
    beside = [f for f in amounts_in(text) if first <= f.start < last and f.start != own.start]
    by_how_much = is_by_how_much(text[: own.start])
    likewise = [f for f in beside if is_by_how_much(text[: f.start]) == by_how_much]
    fitting = [(f.start, f.end) for f in likewise if counted_alike((f.unit, own.unit)) == alike]
    a, b = holding(split_clauses(text), own.start)
    near = [span for span in fitting if a <= span[0] < b] if operation == "ratio" else []
    return max(near or fitting, key=lambda span: found.read.reading.span(*span), default=None)


def _proposal(
    query: Query, found: SpanAnswer, operation: str, passages: Hits, wording: Wording, *, whole: bool = False
) -> Proposal:
    """Return the clauses that hold the spans, with place and period, and what is computed from their figures.

    ``whole``: their whole sentences instead.
    """
    statements = merged(tuple(_statements(query, found, wording, whole)))
    lines = (Line(statements, label=place_label(statements[0])),)
    derived = _derived(query, operation, found)
    told = len(query.parts) == 1 or len(found.spans) >= len(query.parts)
    made = compose(query, lines, passages, short=found.text if told else None)
    made = with_result(made, derived) if derived else made
    proposal = Proposal(made, found, statements)
    return proposal if derived or proposal.figures > 2 else replace(proposal, answer=with_change(made))


def _derived(query: Query, operation: str, found: SpanAnswer) -> Derived | None:
    """Compute from the figures of one passage: their sum, an amount per head, by how much one became the other (由A增加到B).

    Of two other figures in one unit only what does not depend on their order; an amount is in the unit that is asked for.
    """
    text = found.read.hit.paragraph.text
    wholes = [whole_of(text, figure) for figure in found.figures]
    each_asked = len(asking(query.standalone)) == len(found.figures)  # 一共几间，去年加了几间
    if operation in ("sum", "difference") and each_asked:
        return None
    if operation == "sum":
        return derive(operation, [figure for figure in found.figures if figure not in wholes])
    whole = next(filter(None, [*wholes, *found.figures]), None) if operation == "rest" else None
    if whole and (parts := parts_named(text, whole, query.standalone)):
        return derive(operation, [whole, *parts])
    if operation == "ratio":
        unit, own = query.parts[0].unit, _amount_and_count(found, per_units(query.standalone))
        divided = as_divided(query.standalone, unit, own)
        return None if _of_another_amount(query, own) else derive(operation, divided)
    start, end = found.best
    change = next((c for c in changes_in(text) if c.first.start < end and start < c.last.end), None)
    if change and operation in _OF_CHANGES:
        return derive(operation, (change.first, change.last))
    alike = len({(figure.unit, is_by_how_much(text[: figure.start])) for figure in found.figures}) == 1
    of_two = operation in _OF_TWO and len(found.figures) == 2
    named = parts_named(text, wholes[0], query.standalone) if wholes and wholes[0] else []
    of_parts = operation in ("share", "rest") and all(wholes) and not all(f in named for f in found.figures)
    of_one = operation == "difference" and len(query.parts) == 1  # 减轻了多少负担, no difference of two
    return derive(operation, found.figures) if of_two and alike and not (of_parts or of_one) else None


def _of_another_amount(query: Query, own: Sequence[Figure]) -> bool:
    """Whether a question states an amount in the unit of one of these figures, and it is none of them: 花了210万元，平均多少."""
    kinds = {"", *(unit_kind(figure.unit) for figure in own)}
    alike = [figure for figure in amounts_in(query.asked) if unit_kind(figure.unit) in kinds]
    return bool(alike) and not any(among(own, figure) for figure in alike)


def _amount_and_count(found: SpanAnswer, per: Collection[str]) -> tuple[Figure, ...]:
    """Return the two figures found, else the one found and the only other in its clause; no mean, of two units.

    If the sentence has one figure in a unit of which a mean is asked for (``per``), that is the count.
    """
    text = found.read.hit.paragraph.text
    start, end = holding(split_clauses(text), found.best[0])
    inside = [f for f in amounts_in(text) if start <= f.start < end and f.unit]
    own = found.figures if len(found.figures) == 2 else tuple(inside)
    first, last = found.sentence
    counts = [f for f in amounts_in(text) if first <= f.start < last and fits_units(f, per) > 1]
    amounts = [f for f in found.figures if f not in counts]
    if len(counts) == 1 and amounts:
        own = (amounts[0], counts[0])
    kinds = {unit_kind(figure.unit) for figure in own}
    apart = len(own) == len(kinds) == 2 and kinds.isdisjoint(("%", "")) and not states_mean(text[start:end])
    return own if apart and any(f.start < found.best[1] for f in own) else ()


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
