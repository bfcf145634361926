"""Complete an elliptic follow-up to a question that stands by itself.

One network writes forms that it may have in full, without places that nobody named and with those of the follow-up; a second
network tells how likely each is meant. A place that it lost is put before it. No answers are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from embeddings.completer import BEHIND, TURNS, Completed, default_completer, default_judge
from embeddings.reader import default_question_reader
from embeddings.words import cut_at
from qa.question.asides import without_asides
from qa.question.budget import BUDGET
from qa.question.catalogue import Catalogue
from qa.question.intents import intent_of
from qa.question.kinds import kind_of
from qa.question.places import find_organisations, find_where, is_quoted
from qa.text.divisions import find, short_name
from qa.text.figure_context import NAMES
from qa.types import Place, Span


def recent(history: Sequence[str]) -> tuple[str, ...]:
    """Return the last earlier questions that are not blank, oldest first, as many as complete a follow-up."""
    return tuple(turn for turn in history if turn.strip())[-BUDGET.turns :]


def standalone(question: str, history: Sequence[str]) -> Completed:
    """Fill in what a question leaves out from the user's earlier ones (oldest first); a complete one stays.

    >>> standalone("那漳州呢？", ["浙江工会组织了多少职工参加疗休养？"]).text
    '漳州工会组织了多少职工参加疗休养？'
    """
    return completions(question, history)[0]


def completions(question: str, history: Sequence[str]) -> tuple[Completed, ...]:
    """Return what a question may mean in full, at least one form, the likeliest first; arguments as above."""
    question = question.strip()
    turns = [turn for turn in recent(history) if kind_of(turn) != "chatter"]
    if not turns or kind_of(question) == intent_of(question) == "chatter":
        return (Completed(question),)
    while len(turns) > TURNS:  # the oldest ones are merged into the next
        turns[:2] = [default_completer().complete(turns[1], turns[:1]).text]
    asked, said = _places(question), " ".join((question, *turns))
    forms = [replace(form, text=_without_others_suffix(form.text, said)) for form in _forms(question, turns)]
    forms = [form for form in forms if _names_only(form.text, said, asked)]
    likeliest, *others = _judged(forms or [Completed(question)], question, turns)
    own = [form for form in (likeliest, *others) if not _replaced(form.text, question)][: BUDGET.meanings]
    if not own:
        own = [replace(likeliest, text=_cut_out(likeliest.text, _replaced(likeliest.text, question)))]
    named = ([turn[start:end] for start, end, _ in _named(turn)] for turn in reversed(turns))
    lost = "、".join(next(filter(None, named), ()))  # the places of the last turn that names any
    return tuple(
        form if form.text == question or _places(form.text) else replace(form, text=f"{lost}{form.text}")
        for form in own
    )


def _forms(question: str, turns: Sequence[str]) -> tuple[Completed, ...]:
    """Return what a question may be in full, itself among it; of a whole one first, before what may follow a greeting."""
    completer, bare = default_completer(), without_asides(question)
    if forms := completer.forms(question, turns):
        forms = tuple(replace(one, text=_without_inner(one.text)) for one in forms)
        each = {one.text: one for one in reversed(forms)}  # without 呢 some are the same
        return *reversed(each.values()), Completed(question)
    return Completed(question), *(completer.forms(bare, turns) if bare != question else ())


def _without_inner(form: str) -> str:
    """Return a form without the particle 呢, which ends questions alone (那泉州呢), before its last characters."""
    return "".join(c for at, c in enumerate(form) if c != "呢" or not any(map(str.isalnum, form[at + 1 :])))


def _without_others_suffix(form: str, said: str) -> str:
    """Return a form without the 区 or 县 of another place behind a name that nobody wrote with it (云和区)."""
    words = dict(cut_at(form))
    names = ((form[start:end], end) for start, end, _ in _named(form))
    longer = ((name, name + words.get(end, ""), end) for name, end in names)
    others = [
        (end, end + 1) for name, full, end in longer if short_name(full) == name != full and full not in said
    ]
    return _cut_out(form, others)


def _judged(forms: Sequence[Completed], question: str, turns: Sequence[str]) -> list[Completed]:
    """Return the forms that may be meant, the likeliest first; a single one as it is."""
    if len(forms) == 1:
        return [*forms]
    log_odds = default_judge().log_odds([form.text for form in forms], question, turns)
    judged = (replace(form, meant=meant) for form, meant in zip(forms, log_odds, strict=True))
    likely = (form for form in judged if form.meant > max(log_odds) - BEHIND)
    return sorted(likely, key=lambda form: -form.meant)


def _replaced(form: str, question: str) -> list[Span]:
    """Return where a form that compares nothing names other places than the follow-up does, and none that contain these."""
    kept = {short_name(name) for _, _, own in _named(question) for name in (own.name, *own.parents)}
    others = [(start, end) for start, end, place in _named(form) if short_name(place.name) not in kept]
    return others if kept and others and default_question_reader().read(form).operation == "none" else []


def _names_only(form: str, said: str, asked: set[str]) -> bool:
    """Whether the places of a complete form were all named, and one of those that the follow-up names is among them."""
    named = _places(form)
    return all(name in said for name in named) and (not asked or bool(named & asked))


def _places(text: str) -> set[str]:
    return {short_name(place.name) for _, _, place in _named(text)}


def _named(text: str) -> list[tuple[int, int, Place]]:
    """Return the places that a text names outside quoted names (“浙江工匠”)."""
    return [(start, end, place) for start, end, place in find(text) if not is_quoted(text, start, end, NAMES)]


def quote_known_names(question: str, turns: Sequence[str], catalogue: Catalogue) -> str:
    """Quote names that begin like a place (江南工匠) if a report of another place that is asked about quotes them."""
    asked = [named for text in (question, *turns) for named in _named(text)]
    words = dict(cut_at(question))
    for start, end, place in reversed(_named(question)):
        others = {other.name for _, _, other in asked} - {place.name}
        reports = {term.report_id for name in others for term in catalogue.of_place(name)}
        word = words.get(end, "")
        name = f"“{question[start:end]}{word}”"
        bare = word.isalnum() and not is_quoted(question, start, end)
        if bare and any(report in catalogue.holding(name) for report in reports):
            question = f"{question[:start]}{name}{question[end + len(word) :]}"
    return question


def drop_replaced_names(
    question: str, turns: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, tuple[str, ...]]:
    """If a follow-up names an organisation or a report's place, remove those of the earlier questions."""
    if not turns:
        return question, turns
    named, divisions = find_organisations(question, catalogue), find(question)
    around = {name for turn in turns for _, _, own in find(turn) for name in (own.name, *own.parents)}
    where = find_where(question, catalogue)
    levels = [n for n in where.named if not where.all_places and (not around or n.place.name in around)]
    if not (named or divisions or levels):  # 省里的呢, after a place of another province, is of that place
        return question, turns
    if not named and not divisions and default_completer().whole(question, turns[-1:]):
        return question, ()  # a complete question about a place that only reports name
    others = tuple(_without_names(turn, catalogue, places=bool(named) or not divisions) for turn in turns)
    if others == turns:
        return question, turns
    start, end = named[0][0] if named else (0, 0)
    rest = f"{question[:start]}{question[end:]}".replace("呢", "")
    only = named and not any(map(str.isalnum, rest))
    return (f"{question[start:end]}{others[-1]}", ()) if only else (question, others)


def without_other_places(question: str, turns: tuple[str, ...], pool: Catalogue) -> tuple[str, ...]:
    """Remove from the earlier questions the places outside the filters: a filter sets the place.

    Return none for a complete question, which may look incomplete next to an earlier one without places.
    """
    if turns and default_completer().whole(question, turns[-1:]):
        return ()
    known = pool.divisions.values()
    others = ([(a, b) for a, b, place in find(turn) if place.name not in known] for turn in turns)
    return tuple(map(_cut_out, turns, others))


def _without_names(turn: str, catalogue: Catalogue, places: bool) -> str:
    spans = [span for span, _ in find_organisations(turn, catalogue)]
    return _cut_out(turn, spans + [(start, end) for start, end, _ in find(turn) if places])


def _cut_out(text: str, spans: Sequence[Span]) -> str:
    cut = {at for span in spans for at in range(*span)}
    return "".join(character for at, character in enumerate(text) if at not in cut)
