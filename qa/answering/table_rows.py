"""Look at the rows of a table together: which is of the whole, which of parts, and which has the most or the least."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from qa.answering.statement import YEAR, Evidence, Fact, Hits, snippet
from qa.answering.wording import Wording, pairs_shared
from qa.question.kinds import unit_of
from qa.text.figures import unit_kind
from qa.text.rows import row_figures, without_unit
from qa.text.sentences import cells
from qa.types import Figure, Hit, Query

_WHOLE = re.compile(r"[合总小共]计|^全[省市区县]$")  # the row of the sums
LEAST = 3  # figures of a series
_Item: TypeAlias = tuple[str, Figure, Evidence]  # of a series: its label, its figure and the row
NAMED = 0.5  # coverage of the question by the name of a series from which that series is meant
_MOST = re.compile(r"最[多高大]")
_FEWEST = re.compile(r"最[少低小]")
_WHICH = re.compile(
    r"[是在]?(?P<year>哪一?年)|[是在]?(?:哪一?[个座家]?[一-龥]{0,3}?(?:[省市县区镇州]|地方|单位)|哪一?[个家项类种]|谁)的?"
)
_ASKED = re.compile(
    r"最[多少高低大小]的?|(?:加起来|合计|[一总]共).*|各[省市县区]|表[格里中]|[那这]张|[里中的是]"
)


def label_of(row: str) -> str:
    """Return what names a row: its first cell without its head and unit; "" of one without letters and digits.

    >>> label_of("县区：甲县；会员：3万人"), label_of("……")
    ('甲县', '')
    """
    first = next((row[a:b] for a, b in cells(row)), "")
    return without_unit(first.rstrip("；;").rpartition("：")[2])[0]


def _rows_of(row: Hit) -> Iterator[Evidence]:
    """Yield all rows of the table that contains a row."""
    for paragraph in row.report.paragraphs:
        if (paragraph.kind, paragraph.heading) == ("table row", row.paragraph.heading):
            hit = replace(row, paragraph=paragraph, sentences=(), sentence_scores=())
            yield Evidence(hit, 0, len(paragraph.text))


def without_other_parts(query: Query, hits: Hits) -> list[Hit]:
    """Return the hits for a question about figures without the rows of parts that it does not name.

    They are left out only where the table has a row of the whole, which answers instead.
    """
    if any(part.kind != "figure" for part in query.parts):
        return list(hits)
    return [hit for hit in hits if not _is_of_another_part(query.standalone, hit)]


def _is_of_another_part(asked: str, hit: Hit) -> bool:
    if hit.paragraph.kind != "table row":
        return False
    label = label_of(hit.paragraph.text)
    if _WHOLE.search(label) or pairs_shared(label, asked) > 0:  # two characters of its name
        return False
    return any(_WHOLE.search(label_of(row.text)) for row in _rows_of(hit))


def extreme(query: Query, hits: Hits, wording: Wording) -> Fact | None:
    """Return the row or year of a table that has most or least of what is asked for: 哪个县会员最多, 哪一年最少."""
    asked = _WHICH.search(query.focus)
    most, fewest = _MOST.search(query.focus), _FEWEST.search(query.focus)
    if len(query.scopes) > 1 or asked is None or bool(most) == bool(fewest):
        return None
    topic = _WHICH.sub("", query.focus)
    items = _best_series(topic, query, hits, wording, by_year=asked["year"] is not None)
    values = [figure.value for _, figure, _ in items]
    best = max(values, default=0.0) if most else min(values, default=0.0)
    if values.count(best) != 1:
        return None
    label, figure, row = items[values.index(best)]
    statement = snippet(row, (figure.start, figure.end), query.topic, wording)
    return Fact(statement, label, figure)


def _best_series(topic: str, query: Query, hits: Hits, wording: Wording, *, by_year: bool) -> Sequence[_Item]:
    """Return the series whose name matches the question best, of the year asked and with the unit asked."""
    words, year, unit = _ASKED.sub(" ", topic), query.scopes[0].year, unit_of(topic)
    best, found = NAMED, list[_Item]()
    for name, items in _all_series(hits, by_year):
        dated = YEAR.findall(name)
        of_another_year = year and not by_year and dated and str(year) not in dated
        if of_another_year or (unit and unit_kind(items[0][1].unit) != unit_kind(unit)):
            continue
        worth = wording.coverage(words, name) + 1e-6 * max(map(int, dated), default=0)
        if worth > best or (worth == best and not found):
            best, found = worth, items
    return found


def _all_series(hits: Hits, by_year: bool) -> Iterator[tuple[str, list[_Item]]]:
    """Yield the columns of the tables found, or their rows by years, each with what it counts."""
    tables = {(h.report.id, h.paragraph.heading): h for h in hits if h.paragraph.kind == "table row"}
    for hit in tables.values():
        columns: dict[str, list[_Item]] = {}
        title = " ".join(hit.paragraph.heading)
        for row in _rows_of(hit):
            label = label_of(row.text)
            items = [(f.head, f.figure, row) for f in row_figures(row.text)]
            years = [item for item in items if YEAR.search(item[0])]
            if by_year and len(years) >= LEAST and len(years) == len({year for year, _, _ in years}):
                yield f"{label} {title}", years
            for head, figure, _ in items if not _WHOLE.search(label) else ():
                columns.setdefault(head, []).append((label, figure, row))
        for head, items in columns.items():
            dated = all(YEAR.search(label) for label, _, _ in items)
            one_unit = len({unit_kind(f.unit) for _, f, _ in items}) == 1
            if len(items) >= LEAST and dated == by_year and one_unit:
                yield f"{head} {title}", items
