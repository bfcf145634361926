"""Follow-up questions: of another place or term, or a comparison. Each is asked before it is suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from qa.checking.amounts import amounts
from qa.errors import QAError
from qa.text.divisions import short_name
from qa.types import Answer, Report
from qa.web.shelf import NO_FILTERS, Answerer, Filters

VERSUS = "相比，哪个更多？"  # proposed only if the answer has a calculation
_SHOWN = 3
_TRIES = 6  # questions asked to find them


def follow_ups(
    library: Answerer,
    answer: Answer,
    history: Sequence[str],
    filters: Filters = NO_FILTERS,
    may: Callable[[], bool] = lambda: True,
) -> tuple[str, ...]:
    """Return at most three questions that follow from an answer, each answered with a new citation.

    Args:
        history: the user's questions, the one of this answer last.
        filters: of the answer and of the follow-ups.
        may: called before each question; when it returns False, the search ends.
    """
    if answer.abstained or not answer.citations:
        return ()
    found: list[str] = []
    shown = {c.quote for c in answer.citations}
    for question in islice(candidates(answer, library.reports, history), _TRIES):
        if not may():
            break
        try:
            next_answer = library.ask(question, history=history, llm=False, **filters.arguments)
        except QAError:
            continue
        new = {c.quote for c in next_answer.citations} - shown
        compares = next_answer.calculation or not question.endswith(VERSUS)
        if new and compares and not next_answer.abstained and next_answer.reason is None:
            found.append(question)
            if len(found) == _SHOWN:
                break
    return tuple(found)


def candidates(answer: Answer, reports: Sequence[Report], history: Sequence[str]) -> Iterator[str]:
    """Yield what might be asked next, likeliest first: other terms of a place, other places of its level.

    A place that the conversation has asked about is only compared with.
    """
    cited = {c.report_id for c in answer.citations}
    here = next((r for r in reports if r.id == answer.citations[0].report_id), None)
    if here is None or not here.place.name:
        return
    places = {r.place for r in reports if r.id in cited}
    own = (r for r in reports if r.place == here.place and r.id not in cited and r.period)
    terms = [f"那{str(r.period).replace('–', '—')}年呢？" for r in own]
    alike = sorted(
        dict.fromkeys(r.place for r in reports if r.place.name and r.place not in places),
        key=lambda place: place.level != here.place.level,
    )
    asked = " ".join(history)
    others = [f"那{place.name}呢？" for place in alike if short_name(place.name) not in asked]
    versus = [f"和{place.name}{VERSUS}" for place in alike] if amounts(answer) and len(places) == 1 else []
    yield from dict.fromkeys(filter(None, chain.from_iterable(zip_longest(terms, others, versus))))
