"""Compute with the figures that the answers before gave, where a follow-up asks for that: 两样加起来多少, 一减差多少.

How it computes, and that it asks for nothing new, is learned (``qa.question.intents``); it computes with the figures that the last
answers gave, each cited as it was.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby

from embeddings.reader import default_question_reader
from embeddings.words import cut_at, part_of_speech
from qa.answering.comparison import (
    WORDED_APART,
    caveat,
    counted_otherwise,
    inside_notes,
    measured_alike,
    of_other_times,
)
from qa.answering.compose import compose
from qa.answering.computation import as_divided
from qa.checking import check
from qa.engines.records import Conversation
from qa.index import Index
from qa.question.intents import Operation, intent_of, operation_on_earlier
from qa.question.kinds import unit_of
from qa.retrieval import PASSAGES, interleave
from qa.text.arithmetic import derive
from qa.text.figure_context import counted_alike, has_whole_and_part
from qa.text.figures import amounts_in, figure_of, figures, is_year
from qa.text.numerals import DIGITS
from qa.text.organisations import report_label
from qa.text.sentences import holding, split_clauses
from qa.types import Answer, Citation, Figure, Period

COMES_TO = "计算得"  # before what is computed of the figures in the lines above
MOST = 5  # answers before a follow-up that it may compute with
NEVER = Period(0, 0)
_NOUNS = ("n", "vn")  # tags


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that an answer gave, with what states it."""

    figure: Figure
    citation: Citation
    answer: Answer

    @property
    def end(self) -> int:
        """The last year of its time, 0 if that is not known."""
        return (self.citation.years or self.citation.period or NEVER).end

    @property
    def clause(self) -> str:
        """Its clause in the source."""
        quote = self.citation.quote
        at = next(own.start for own in figures(quote) if own.text == self.figure.text)
        return quote[slice(*holding(split_clauses(quote), at))].rstrip("，,。；;：:、")

    @property
    def words(self) -> str:
        """Its clause; the figure alone if that has others."""
        return self.clause if len(amounts_in(self.clause)) == 1 else self.figure.text


def computed_from_earlier(index: Index, conversation: Conversation) -> Answer | None:
    """Return the checked answer to a follow-up that computes with what was answered; None if it does not, or it cannot be."""
    query, history = conversation.query, conversation.history
    operation = operation_on_earlier(query.asked) if history and query.form.shape == "" else ""
    operands = _operands(operation, query.asked, _given(history, conversation.earlier)) if operation else ()
    if not operands or _names_new(query.asked, history, operands):
        return None
    labels = [report_label(index.by_id[one.citation.report_id], one.citation.time) for one in operands]
    said = [(one.words, one.figure) for one in operands]
    result = derive(operation, [one.figure for one in operands])
    fits = {"sum": _may_be_added, "growth": _may_have_grown}.get(operation)
    like = fits is None or fits(index, operands)
    if result is None or not like or not _in_order_asked(operation, query.asked, operands):
        return None
    note, reason = caveat(said, labels) if len(set(labels)) > 1 else ("", None)  # in place or time
    if reason == "different_measure":
        if operation != "ratio" and any(counted_otherwise(*pair) for pair in combinations(said, 2)):
            return None
        note = WORDED_APART + of_other_times(labels)
    marked, lines = list(zip(labels, enumerate(operands, 1), strict=True)), list[str]()
    for label, own in groupby(marked, key=lambda one: one[0]):
        lines.append(f"{label}：{'，'.join(f'{one.words}[{number}]' for _, (number, one) in own)}。")
    bullet, used = "- " if len(lines) > 1 else "", {id(one.answer): one.answer for one in operands}.values()
    standalone = "；".join((*(answer.standalone_question for answer in used), query.asked))
    made = compose(
        replace(query, standalone=standalone),
        (),
        interleave([answer.passages for answer in used], PASSAGES),
        short=result.text,
        reason=reason,
        opening="\n".join(f"{bullet}{line}" for line in lines),
        closing=f"{COMES_TO}{result.text}。{note}",
        chance=min(answer.chance or 0.0 for answer in used),
    )
    cited = tuple(replace(one.citation, marker=number) for _, (number, one) in marked)
    made = replace(made, citations=cited, calculation=(result.formula,))
    return check(made, index.by_id, echoed=" ".join((*history, query.asked)))


def _given(history: Sequence[str], earlier: Callable[[int], Answer | None]) -> Iterator[tuple[Given, ...]]:
    """Yield what the answers before gave, the last first, up to one that gave no figure or computed one; thanks are no question."""
    for back in range(1, min(MOST, len(history)) + 1):
        if intent_of(history[-back]) == "chatter":
            continue
        answer = earlier(back)
        own = _figures_of(answer) if answer and not answer.abstained and not answer.calculation else ()
        if not own:
            return
        yield own


def _figures_of(answer: Answer) -> tuple[Given, ...]:
    """Return the figures that an answer gives, one after the other; none if not each stands in one of its citations."""
    stated = [own for own in answer.figures if own.marker and not is_year(own)]
    asked = [own.text for own in amounts_in(answer.short)] if answer.short else [own.text for own in stated]
    told = [own for own in stated if own.text in asked]
    given = [
        Given(figure, answer.citations[own.marker - 1], answer)
        for own in told
        if own.marker and (figure := figure_of(own.text)) and figure.text == own.text
    ]
    stand = all(any(own.text == one.figure.text for own in figures(one.citation.quote)) for one in given)
    return tuple(given) if stand and len(given) == len(told) == len(asked) else ()


def _operands(operation: Operation, asked: str, given: Iterator[tuple[Given, ...]]) -> tuple[Given, ...]:
    """Return the figures to compute with in the order in which they were given; none if the last ones do not fit together."""
    found = next(given, ())
    if operation == "ratio":
        found = found if len(found) > 1 else (*next(given, ()), *found)
        pair = as_divided(asked, unit_of(asked), [one.figure for one in found])
        told = tuple(next(one for one in found if one.figure == figure) for figure in pair)
        of_one = len({one.citation.spans for one in told}) == 1 and not counted_alike(
            own.unit for own in pair
        )
        return told if of_one and not _count_named(asked) else ()
    if not counted_alike(one.figure.unit for one in found):
        return ()
    count = _count_named(asked) if operation == "sum" else 2
    while found and (not count or len(found) < count):
        known = {(one.figure.text, one.citation.spans) for one in found}
        given_before = next(given, ())
        more = tuple(one for one in given_before if (one.figure.text, one.citation.spans) not in known)
        alike = counted_alike(one.figure.unit for one in (*more, *found))
        listed = len(found) > 1 and not count  # by one answer: what its sentence has besides belongs to it
        if not more or not alike or (listed and more[-1].citation.quote != found[0].citation.quote):
            break
        found = (*more, *found)
    if operation == "growth":
        found = tuple(sorted(found, key=lambda one: one.end))
    return found if len(found) == count or (not count and len(found) > 1) else ()


def _names_new(asked: str, history: Sequence[str], operands: Sequence[Given]) -> bool:
    """Whether a follow-up names a thing that neither the turns before nor what they were answered with names."""
    said = " ".join((*history, *(one.clause for one in operands)))
    read = default_question_reader().read(asked)

    def is_thing(at: int, word: str) -> bool:
        looked_up = any(start <= at < end for start, end in read.looked_up)
        aside = any(start <= at < end for start, end in read.asides)
        return looked_up and not aside and len(word) > 1 and part_of_speech(word).startswith(_NOUNS)

    things = (word for at, word in cut_at(asked) if is_thing(at, word))
    return any(word not in said for word in things if DIGITS.keys().isdisjoint(word))


def _may_be_added(index: Index, operands: Sequence[Given]) -> bool:
    """Whether no figure is a part of another, nor of a place inside another's, nor one planned and another achieved."""
    said = [(one.citation.quote, one.figure) for one in operands]
    if any("其中" in one.answer.standalone_question for one in operands):
        return False
    inside = inside_notes([index.by_id[one.citation.report_id].place for one in operands])
    return not inside and not has_whole_and_part(said) and len({one.citation.plan for one in operands}) == 1


def _may_have_grown(index: Index, operands: Sequence[Given]) -> bool:
    """Whether two figures count the same thing of one place at two times."""
    said = [(one.clause, one.figure) for one in operands]
    places = {index.by_id[one.citation.report_id].place for one in operands}
    return len(places) == 1 and len({one.end for one in operands}) == 2 and measured_alike(said)


def _in_order_asked(operation: Operation, asked: str, operands: Sequence[Given]) -> bool:
    """Whether what is divided is what the follow-up names first (前头是后头的几倍): the larger is divided, of a share the smaller.

    Which is 前 is told by their times, or by which was given first.
    """
    first, second = asked.find("前"), asked.find("后")
    if operation not in ("multiple", "share") or min(first, second) < 0:
        return True
    in_time = sorted(operands, key=lambda one: one.end)
    over, under = in_time if first < second else reversed(in_time)
    larger = over.figure.value >= under.figure.value
    return larger == (operation == "multiple")


def _count_named(asked: str) -> int:
    """Return how many things a follow-up says it means (两样), 0 if it does not say."""
    each = default_question_reader().read(asked).each
    return max((DIGITS.get(character, 0) for start, end in each for character in asked[start:end]), default=0)
