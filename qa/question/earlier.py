"""A question and those before it, with the names that each takes from or leaves to the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.question.catalogue import Catalogue
from qa.question.organisations import find_organisations
from qa.question.places import find_where
from qa.question.topic import QUOTED
from qa.text.divisions import find

_LEADS_OVER = re.compile(r"呢|[，,。？?！!\s]")  # 那……呢？


def as_a_name(question: str, turns: tuple[str, ...], catalogue: Catalogue) -> str:
    """A follow-up with 江南工匠 in quotes, where a report of the place asked before has it so: no other place is meant."""
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


def of_another(question: str, turns: tuple[str, ...], catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """A follow-up that names an organisation, or a place of a report: what was asked before, without whom it was of."""
    if not turns:
        return question, turns
    named, divisions = find_organisations(question, catalogue), find(question)
    if not (named or divisions or find_where(question, catalogue).named):
        return question, turns
    if not named and not divisions and _whole(question, turns):
        return question, ()  # a place that reports alone name, and what is asked of it
    others = tuple(_without_names(turn, catalogue, places=bool(named) or not divisions) for turn in turns)
    if others == turns:
        return question, turns
    start, end = named[0][0] if named else (0, 0)
    only = named and not _LEADS_OVER.sub("", question[:start] + question[end:])
    return (f"{question[start:end]}{others[-1]}", ()) if only else (question, others)


def of_the_pool(question: str, turns: tuple[str, ...], pool: Catalogue) -> tuple[str, ...]:
    """The earlier questions without the places that the filters leave out: whoever sets a filter asks of it alone.

    None where nothing is left out of the question: an earlier one without its places may look as if there were.
    """
    if turns and _whole(question, turns):
        return ()
    known = pool.divisions.values()
    return tuple(
        _cut_out(turn, [(a, b) for a, b, place in find(turn) if place.name not in known]) for turn in turns
    )


def of_the_same(text: str, turns: Sequence[str], catalogue: Catalogue) -> str:
    """A follow-up with the organisation that the last question named, where it names neither place nor organisation."""
    if not turns or find(text) or find_organisations(text, catalogue):
        return text
    named = find_organisations(turns[-1], catalogue)
    return f"{turns[-1][slice(*named[0][0])]}，{text}" if named else text


def _whole(question: str, turns: tuple[str, ...]) -> bool:
    """Whether a question leaves nothing out."""
    from embeddings.completer import default_completer

    return default_completer().whole(question, turns[-1:])


def _without_names(turn: str, catalogue: Catalogue, places: bool) -> str:
    spans = [span for span, _ in find_organisations(turn, catalogue)]
    return _cut_out(turn, spans + ([(start, end) for start, end, _ in find(turn)] if places else []))


def _cut_out(text: str, spans: Sequence[tuple[int, int]]) -> str:
    cut = len(text)
    for start, end in sorted(spans, reverse=True):
        if end <= cut:  # else it reaches into what is out already
            text, cut = text[:start] + text[end:], start
    return text
