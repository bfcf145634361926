"""Change a table as later turns ask: take out, keep, add or swap columns and rows, or sort the rows by a column.

What a turn names is found among the columns and the reports that the table has.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from qa.question.catalogue import Catalogue
from qa.question.form import things_in
from qa.question.periods import When, find_when
from qa.question.places import find_where
from qa.question.scopes import of_time, scopes_of
from qa.text.divisions import find, short_name
from qa.text.when import times_in
from qa.types import Edit, Form, Part, Period, Scope

_Table: TypeAlias = tuple[tuple[Part, ...], tuple[Scope, ...], Form]  # columns, places and terms, form


def edited(parts: tuple[Part, ...], scopes: tuple[Scope, ...], form: Form, catalogue: Catalogue) -> _Table:
    """Return the columns, the places and terms, and the form of a table after the changes that its form notes.

    A clause that is not understood, or names what the table does not have, changes nothing and is noted in the form.
    """
    for edit in form.edits:
        if changed := _edited(parts, scopes, form, edit, catalogue):
            parts, scopes, form = changed
        else:
            form = replace(form, undone=(*form.undone, edit.words))
    if form.order and form.order[0] not in (part.text for part in parts):
        form = replace(form, order=None)
    return parts, scopes, form


def _edited(
    parts: tuple[Part, ...], scopes: tuple[Scope, ...], form: Form, edit: Edit, catalogue: Catalogue
) -> _Table | None:
    """Return what one change makes of a table; None if it cannot be made, or would leave no column or row."""
    if edit.change in ("add", "swap"):
        thing = edit.instead or edit.thing
        new_parts, new_scopes = _new(thing, parts, scopes, catalogue)
        if edit.change == "swap" and not edit.instead:  # 换成会员数, in the place of the one column or place
            one_place = scopes[0].place and len({scope.place for scope in scopes}) == 1
            if new_scopes:
                return (parts, new_scopes, form) if one_place and not new_parts else None
            return (new_parts, scopes, form) if new_parts and len(parts) == 1 else None
        if edit.change == "add":
            new_scopes += _unheld(thing, scopes, catalogue)
        if not new_parts and not new_scopes:
            return None
        added = (*parts, *new_parts), (*scopes, *new_scopes), form
        old = replace(edit, change="drop", words=edit.thing)
        return added if edit.change == "add" else _edited(*added, old, catalogue)
    places = [(start, end) for start, end, _ in find(edit.thing)]
    found = [_columns(thing, parts) for thing in things_in(edit.thing, [*places, *times_in(edit.thing)])]
    columns = [text for own in found for text in own]
    if not all(found) or not edit.change:
        return None
    if edit.change == "sort":
        if not columns:  # 从多到少排, behind 按会员数排
            columns = [form.order[0]] if form.order else [part.text for part in parts]
        pole = next((c for c in edit.words.replace(edit.thing, "") if c in "少低小升多高大降"), "多")
        order = columns[0], pole in "少低小升"
        return (parts, scopes, replace(form, order=order)) if len(columns) == 1 else None
    rows = tuple(_rows(scopes, edit, catalogue)) if places or find_when(edit.words) else scopes
    if edit.change == "drop" and columns and rows != scopes:  # 漳州的会员数 is a single cell
        return None
    if columns:
        parts = tuple(part for part in parts if (part.text in columns) == (edit.change == "keep"))
    return (parts, rows, form) if parts and rows and (columns or rows != scopes) else None


def _new(
    thing: str, parts: Sequence[Part], scopes: Sequence[Scope], catalogue: Catalogue
) -> tuple[tuple[Part, ...], tuple[Scope, ...]]:
    """Return the columns, and the places and terms with reports, that words name and a table does not have yet."""
    places = [(start, end) for start, end, _ in find(thing)]
    own, known = {part.text for part in parts}, {i for scope in scopes for i in scope.report_ids}
    things = (each for each in things_in(thing, places) if each not in own)
    named = _named(thing, catalogue) if places else ()
    return (
        tuple(Part(each, None, "figure", each) for each in things),
        tuple(scope for scope in named if not known & set(scope.report_ids)),
    )


def _unheld(thing: str, scopes: Sequence[Scope], catalogue: Catalogue) -> tuple[Scope, ...]:
    """Return the places that no report tells of, which a table has as rows, too."""
    unknown, own = find_where(thing, catalogue).unknown, {scope.label for scope in scopes}
    places = (place for start, end, place in find(thing) if thing[start:end] in unknown)
    named = ((short_name(place.name), place) for place in places)
    return tuple(Scope(name, place, None, (), "") for name, place in named if name not in own)


def _columns(thing: str, parts: Sequence[Part]) -> list[str]:
    """Return the columns that words may name: those that share most of their pairs of characters, half at least."""
    own = set(map("".join, pairwise(thing)))
    pairs = {part.text: set(map("".join, pairwise(part.text))) for part in parts}
    most = max(len(own & its) for its in pairs.values())
    return [text for text, its in pairs.items() if 2 * len(own & its) >= max(2 * most, len(own), 1)]


def _named(words: str, catalogue: Catalogue) -> tuple[Scope, ...]:
    """Return the places and terms that words name; none if no report is of that place or time."""
    scopes, refusal, _ = scopes_of(words, find_when(words), find_where(words, catalogue), catalogue)
    return () if refusal else scopes


def _is_within(own: Period | None, when: When) -> bool:
    """Whether a row of some years is of the time that is named; a year inside a term is not the term."""
    if not when.periods or when.relation in ("before", "after"):
        return True
    return own is not None and any(p.start <= own.start and own.end <= p.end for p in when.periods)


def _rows(scopes: Sequence[Scope], edit: Edit, catalogue: Catalogue) -> list[Scope]:
    """Return the places and terms that a change leaves; none if it names one that the table does not have."""
    own = {report for scope in scopes for report in scope.report_ids}
    when, places = find_when(edit.words), {place.name for _, _, place in find(edit.thing)}
    named = _named(edit.words, catalogue) if places else scopes
    dated = {term.report_id: term.period for term in of_time(catalogue, when)}
    unheld = places - {scope.place.name for scope in named if scope.place and scope.report_ids}
    rows_unheld = {scope.place.name for scope in scopes if scope.place and not scope.report_ids}
    if not unheld <= rows_unheld or not all(own & {*n.report_ids} for n in named if n.report_ids):
        return []
    keeps, left = edit.change == "keep", list[Scope]()
    for scope in scopes:
        own_year = Period(scope.year, scope.year) if scope.year else None
        likewise = {i for n in named if n.mention == scope.mention for i in n.report_ids}
        of = {i for i in likewise if i in dated and _is_within(own_year or dated[i], when)}
        ids = tuple(report for report in scope.report_ids if (report in of) == keeps)
        held = not scope.report_ids and scope.place and (scope.place.name in unheld) == keeps
        left += [replace(scope, report_ids=ids)] * bool(ids or held)
    return left
