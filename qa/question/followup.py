"""Complete an elliptic follow-up to a question that stands by itself.

One network writes forms that it may have in full, without places that nobody named and with those of the follow-up; a second
network tells how likely each is meant. A place that it lost is put before it. No answers are read.
"""

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
from qa.text.numerals import DIGITS
from qa.text.spans import replaced
from qa.text.when import times_in
from qa.types import Place, Span


def recent(history: Sequence[str]) -> tuple[str, ...]:
    """Return the last earlier questions that are not blank, oldest first, as many as complete a follow-up."""
    return tuple(turn for turn in history if turn.strip())[-BUDGET.turns :]


def completions(question: str, history: Sequence[str]) -> tuple[Completed, ...]:
    """Fill in what a question leaves out from the user's earlier ones (oldest first); a complete one stays.

    Return what it may mean in full, at least one form, the likeliest first.

    >>> completions("那漳州呢？", ["浙江工会组织了多少职工参加疗休养？"])[0].text
    '漳州工会组织了多少职工参加疗休养？'
    """
    question = question.strip()
    turns = [turn for turn in recent(history) if kind_of(turn) != "chatter"]
    if not turns or kind_of(question) == intent_of(question) == "chatter":
        return (Completed(question),)
    while len(turns) > TURNS:  # the oldest ones are merged into the next
        turns[:2] = [default_completer().complete(turns[1], turns[:1]).text]
    question = _with_meant_places(question, turns)
    said = " ".join((question, *turns))
    made = [replace(form, text=_mended(form.text, said)) for form in _forms(question, turns)]
    each = {form.text: form for form in reversed(made)}  # mended, some are the same
    forms = [each[text] for text in dict.fromkeys(form.text for form in made) if _fits(text, question, said)]
    judged = _judged(forms or [Completed(question)], question, turns)
    own = [form for form in judged if not _replaced(form.text, question)][: BUDGET.meanings]
    own = own or [replace(judged[0], text=replaced(judged[0].text, _replaced(judged[0].text, question)))]
    named = ([turn[start:end] for start, end, _ in _named(turn)] for turn in reversed(turns))
    lost = "、".join(next(filter(None, named), ()))  # the places of the last turn that names any
    return tuple(
        form if form.text == question or _places(form.text) else replace(form, text=f"{lost}{form.text}")
        for form in own
    )


def _with_meant_places(question: str, turns: Sequence[str]) -> str:
    """Return an incomplete question with the last places of the turns for words that stand for as many (这两地).

    >>> _with_meant_places("两地合计呢", ["浙江有多少会员", "温州呢", "漳州"])
    '温州、漳州合计呢'
    """
    if _places(question) or default_completer().whole(question, turns):
        return question
    last_first = (turn[a:b] for turn in reversed(turns) for a, b, _ in reversed(_named(turn)))
    places = list(dict.fromkeys(last_first))
    for start, end in default_question_reader().read(question).each:
        count = max(DIGITS.get(character, 0) for character in question[start:end])
        if 1 < count <= len(places):
            return f"{question[:start]}{'、'.join(reversed(places[:count]))}{question[end:]}"
    return question


def _forms(question: str, turns: Sequence[str]) -> tuple[Completed, ...]:
    """Return what a question may be in full, itself among it; of a whole one first, before what may follow a greeting."""
    completer, bare = default_completer(), without_asides(question)
    if forms := completer.forms(question, turns):
        return *forms, Completed(question)
    return Completed(question), *(completer.forms(bare, turns) if bare != question else ())


def _mended(form: str, said: str) -> str:
    """Return a form without inner 呢, which ends questions, and the 区 or 县 of another place that nobody wrote (云和区)."""
    if form in said:
        return form
    words = dict(cut_at(form))
    full = ((end, f"{form[start:end]}{words.get(end, '')}") for start, end, _ in _named(form))
    others = [end for end, name in full if short_name(name) == name[:-1] and name not in said]
    inner = [at for at, own in enumerate(form) if own == "呢" and any(map(str.isalnum, form[at + 1 :]))]
    return replaced(form, [(at, at + 1) for at in (*others, *inner)])


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


def _fits(form: str, question: str, said: str) -> bool:
    """Whether a form has the places and the time (or one worked out) that the follow-up names, and no other place."""
    own, its = ({text[start:end] for start, end in times_in(text)} for text in (question, form))
    timely = not own or any(time in own or time not in said for time in its)
    named = _places(form)
    return timely and _places(question) <= named and all(name in said for name in named)


def _places(text: str) -> set[str]:
    return {short_name(place.name) for _, _, place in _named(text)}


def _named(text: str) -> list[tuple[int, int, Place]]:
    """Return the places that a text names outside quoted names (“浙江工匠”)."""
    return [(start, end, place) for start, end, place in find(text) if not is_quoted(text, start, end, NAMES)]


def _with_quoted_names(question: str, turns: Sequence[str], catalogue: Catalogue) -> str:
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


def with_own_names(
    question: str, turns: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, tuple[str, ...]]:
    """Quote known names; if a follow-up names an organisation or a report's place, remove those of the earlier questions."""
    question = _with_quoted_names(question, turns, catalogue)
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
    only = named and not any(map(str.isalnum, f"{question[:start]}{question[end:]}".replace("呢", "")))
    return (f"{question[start:end]}{others[-1]}", ()) if only else (question, others)


def without_other_places(question: str, turns: tuple[str, ...], pool: Catalogue) -> tuple[str, ...]:
    """Remove from the earlier questions the places outside the filters: a filter sets the place.

    Return none for a complete question, which may look incomplete next to an earlier one without places.
    """
    if turns and default_completer().whole(question, turns[-1:]):
        return ()
    known = pool.divisions.values()
    others = ([(a, b) for a, b, own in find(turn) if own.name not in known] for turn in turns)
    return tuple(map(replaced, turns, others))


def _without_names(turn: str, catalogue: Catalogue, places: bool) -> str:
    rest = replaced(turn, [span for span, _ in find_organisations(turn, catalogue)])
    return replaced(rest, [(start, end) for start, end, _ in find(rest) if places])
