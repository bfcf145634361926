"""Change a table as later turns ask: take out, keep, add or swap columns and rows, or sort the rows by a column.

What a turn names is found among the columns and the reports that the table has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from qa.question.catalogue import Catalogue
from qa.question.form import things_in
from qa.question.periods import choose_terms, find_when
from qa.question.places import find_where
from qa.question.scopes import scopes_of
from qa.text.divisions import find
from qa.text.when import times_in
from qa.types import Edit, Form, Part, Scope

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
    if edit.change == "swap":
        new = replace(edit, change="add", thing=edit.instead)
        old = replace(edit, change="drop", words=edit.thing)
        added = _edited(parts, scopes, form, new, catalogue) if edit.instead else None
        return _edited(*added, old, catalogue) if added else None
    places = [(start, end) for start, end, _ in find(edit.thing)]
    if edit.change == "add":
        own, known = {part.text for part in parts}, {i for scope in scopes for i in scope.report_ids}
        things = (thing for thing in things_in(edit.thing, places) if thing not in own)
        columns_added = tuple(Part(thing, None, "figure", thing) for thing in things)
        named = _named(edit.thing, catalogue) if places else ()
        rows_added = tuple(scope for scope in named if not known & set(scope.report_ids))
        added = ((*parts, *columns_added), (*scopes, *rows_added), form)
        return added if columns_added or rows_added else None
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
    if columns:
        parts = tuple(part for part in parts if (part.text in columns) == (edit.change == "keep"))
    return (parts, rows, form) if parts and rows and (columns or rows != scopes) else None


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


def _rows(scopes: Sequence[Scope], edit: Edit, catalogue: Catalogue) -> list[Scope]:
    """Return the places and terms that a change leaves; none if it names one that the table does not have."""
    own = {report for scope in scopes for report in scope.report_ids}
    when, places = find_when(edit.words), {place.name for _, _, place in find(edit.thing)}
    named = _named(edit.words, catalogue) if places else scopes
    chosen = (choose_terms(when, terms) for terms in catalogue.by_place)
    of_time = {term.report_id for terms, outside in chosen if not outside for term in terms}
    unheld = places - {scope.place.name for scope in named if scope.place and scope.report_ids}
    rows_unheld = {scope.place.name for scope in scopes if scope.place and not scope.report_ids}
    if not unheld <= rows_unheld or not all(own & {*n.report_ids} for n in named if n.report_ids):
        return []
    keeps, left = edit.change == "keep", list[Scope]()
    for scope in scopes:
        year = not scope.year or all(period.end == scope.year for period in when.periods)
        of = {i for n in named if n.mention == scope.mention and year for i in n.report_ids} & of_time
        ids = tuple(report for report in scope.report_ids if (report in of) == keeps)
        held = not scope.report_ids and scope.place and (scope.place.name in unheld) == keeps
        left += [replace(scope, report_ids=ids)] * bool(ids or held)
    return left
