"""Decide which names of places and organisations a follow-up takes over from earlier questions."""

from __future__ import annotations

from collections.abc import Sequence

from qa.question.catalogue import Catalogue
from qa.question.organisations import find_organisations
from qa.question.places import find_where
from qa.text.divisions import find


def drop_replaced_names(
    question: str, turns: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, tuple[str, ...]]:
    """If a follow-up names an organisation or a report's place, remove those of the earlier questions."""
    if not turns:
        return question, turns
    named, divisions = find_organisations(question, catalogue), find(question)
    if not (named or divisions or find_where(question, catalogue).named):
        return question, turns
    if not named and not divisions and _whole(question, turns):
        return question, ()  # a complete question about a place that only reports name
    others = tuple(_without_names(turn, catalogue, places=bool(named) or not divisions) for turn in turns)
    if others == turns:
        return question, turns
    start, end = named[0][0] if named else (0, 0)
    rest = f"{question[:start]}{question[end:]}".replace("呢", "")
    only = named and not any(map(str.isalnum, rest))
    return (f"{question[start:end]}{others[-1]}", ()) if only else (question, others)


def within_filters(question: str, turns: tuple[str, ...], pool: Catalogue) -> tuple[str, ...]:
    """Remove from the earlier questions the places outside the filters: a filter sets the place.

    Return none for a complete question, which may look incomplete next to an earlier one without places.
    """
    if turns and _whole(question, turns):
        return ()
    known = pool.divisions.values()
    return tuple(
        _cut_out(turn, [(a, b) for a, b, place in find(turn) if place.name not in known]) for turn in turns
    )


def _whole(question: str, turns: tuple[str, ...]) -> bool:
    """Whether a question is complete by itself."""
    from embeddings.completer import default_completer

    return default_completer().whole(question, turns[-1:])


def _without_names(turn: str, catalogue: Catalogue, places: bool) -> str:
    spans = [span for span, _ in find_organisations(turn, catalogue)]
    return _cut_out(turn, spans + ([(start, end) for start, end, _ in find(turn)] if places else []))


def _cut_out(text: str, spans: Sequence[tuple[int, int]]) -> str:
    cut = len(text)
    for start, end in sorted(spans, reverse=True):
        if end <= cut:  # else it overlaps what is removed already
            text, cut = text[:start] + text[end:], start
    return text
