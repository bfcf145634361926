"""Decide which names of places and organisations a follow-up takes over from earlier questions."""

from __future__ import annotations

from collections.abc import Sequence

from qa.question.catalogue import Catalogue
from qa.question.organisations import find_organisations
from qa.question.places import QUOTED, find_where
from qa.text.divisions import find


def quote_known_name(question: str, turns: tuple[str, ...], catalogue: Catalogue) -> str:
    """Quote a name that begins like a place (江南工匠) if a report of the place asked before quotes it."""
    from embeddings.words import cut

    before = {place.name for turn in turns for _, _, place in find(turn)}
    reports = [term.report_id for name in before for term in catalogue.of_place(name)]
    quoted = [m.span() for m in QUOTED.finditer(question)]
    for start, end, place in find(question) if reports else ():
        if any(a < start and end < b for a, b in quoted):
            continue
        word = next(iter(cut(question[end:])), "")
        name = f"“{question[start:end]}{word}”"
        if word and place.name not in before and question.startswith(word, end):
            held = catalogue.holding(name)
            if any(report in held for report in reports):
                return f"{question[:start]}{name}{question[end + len(word) :]}"
    return question


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


def carry_organisation(text: str, turns: Sequence[str], catalogue: Catalogue) -> str:
    """Put the last question's organisation before a follow-up that names neither place nor organisation."""
    if not turns or find(text) or find_organisations(text, catalogue):
        return text
    named = find_organisations(turns[-1], catalogue)
    return f"{turns[-1][slice(*named[0][0])]}，{text}" if named else text


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
