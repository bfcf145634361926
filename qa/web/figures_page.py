"""The page 数据台账: the figures of the reports as a list whose rows unfold, a matrix, a chart or a file."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

import gradio as gr
from markupsafe import Markup

from qa.errors import QAError
from qa.ledger import Matrix, tables
from qa.ledger.build import LedgerFigure
from qa.ledger.matching import IndicatorGroup, comparable
from qa.ledger.notes import LedgerError
from qa.settings import Settings
from qa.text.sheets import as_csv, write_xlsx
from qa.types import Report
from qa.web import ui
from qa.web.correcting import add_correcting, corrections_list
from qa.web.failures import explain, notice
from qa.web.markup import Bar, address, both, chart, empty, escape, highlighted, offsets_shown, render
from qa.web.shelf import Shelf, given
from qa.web.ui import QUIET, UNCHECKED
from qa.web.users import person_of

_PAGE = 50  # rows at once
_UNITS = 40  # that the filter offers
_CHARTS = 300  # indicators that the chart offers
_BARS = 40  # of one chart
_BEFORE = 16  # characters of a sentence before its figure
_MARKS = "，,、；;：:"
_ORDERS: dict[str, Callable[[LedgerFigure], Any]] = {
    "text": lambda _: 0,  # as found
    "value": lambda f: -f.value,
    "place": lambda f: f.place,
    "time": lambda f: f.period.start if f.period else 9999,
}


def add_figures_page(tab: gr.Tab, shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in ``tab``, which is open, and connect its events."""
    error_log = settings.error_log
    first = gr.State(0)
    with gr.Column(elem_classes="qa-page"):
        with gr.Row(elem_classes="qa-filters"):
            indicator = ui.text_box("indicator", "indicator_here", scale=2, min_width=180, max_lines=1)
            seek = ui.button("find", 72)
            place, period = ui.filter_box("place", 130), ui.filter_box("period", 130)
            unit, report = ui.filter_box("unit", 110), ui.filter_box("report")
        with gr.Row(elem_classes="qa-filters"):
            views = [(ui.label(f"view_{name}"), name) for name in ("list", "matrix", "chart")]
            frame: dict[str, Any] = {"elem_id": "qa-view", "min_width": 260, "scale": 0} | ui.BARE
            view = gr.Radio(views, value="list", label=ui.label("view"), **frame)
            orders = [(ui.label(f"order_{name}"), name) for name in _ORDERS]
            order = ui.choice("order", orders, 190, value="text", show_label=False)
            csv = gr.Button("CSV", size="sm", scale=0, min_width=64, elem_classes="qa-aside")
            xlsx = gr.Button("XLSX", size="sm", scale=0, min_width=64)
        group = gr.Dropdown([], label=ui.label("indicator_group"), container=False, visible=False)
        corrections = add_correcting(shelf, settings)
        shown, table = ui.plain_html(), ui.plain_html()
        with gr.Row(elem_classes="qa-pager"):
            back, forth = (ui.button(key, interactive=False) for key in ("previous", "next"))
        notes = ui.plain_html(elem_id="qa-corrections")

    def find(words: str, where: str, when: str, measure: str, source: str) -> tuple[LedgerFigure, ...]:
        filters = given(place=where, period=when, indicator=words.strip(), unit=measure, report=source)
        return shelf.library.figures(**filters)

    def show(request: gr.Request, start: Any, how: str, by: str, *filters: str) -> tuple[Any, ...]:
        """Show the list or the matrix from row ``start`` on, or the chart of this number."""
        try:
            found = find(*filters)
            ledger = shelf.library.ledger()
            groups = charts_of(ledger.groups(found)) if how == "chart" else []
            matrix = ledger.matrix(found) if how == "matrix" else None
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return 0, "", notice(error, error_log), gr.skip(), gr.skip(), *_pager(0, 0)
        total = len(matrix.rows) if matrix else len(groups if how == "chart" else found)
        start = start if isinstance(start, int) and 0 <= start < total else 0
        rows_in_all = 0 if how == "chart" else total
        if how == "chart":
            html = group_chart(*groups[start]) if groups else empty("no_chart")
        elif matrix:
            html = matrix_table(matrix, start, _PAGE)
        else:
            rows = sorted(found, key=_ORDERS.get(by, _ORDERS["text"]))[start : start + _PAGE]
            html = figure_table(rows, shelf.report, correctable=person_of(request).may_change)
        charts = [(f"{name}（{len(own)}）", number) for number, (name, own) in enumerate(groups)]
        chosen = gr.Dropdown(charts, value=start if groups else None, visible=bool(groups))
        sorting, words = gr.Dropdown(visible=how == "list"), _summary(found, start, rows_in_all)
        return start, words, html, chosen, sorting, *_pager(start, rows_in_all)

    def moved(by: int | None) -> Callable[..., Any]:
        """Return an event that shows the rows so much further on, or the first ones if None."""

        def move(request: gr.Request, start: int, *values: Any) -> tuple[Any, ...]:
            return show(request, 0 if by is None else start + by, *values)

        return move

    def options() -> tuple[Any, ...]:
        try:
            units = Counter(f.unit for f in shelf.library.ledger().figures if f.unit)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            explain(error, error_log)
            units = Counter()
        return ui.filter_updates(shelf.reports, [unit for unit, _ in units.most_common(_UNITS)])

    def export(suffix: str, *filters: str) -> tuple[str, Any]:
        name, found, ledger = ui.dated("数据台账"), find(*filters), shelf.library.ledger()
        rows = tables.table(found, ledger.groups(found))
        if suffix == ".csv":
            return name, as_csv(rows).encode("utf-8-sig", "replace")
        matrix = tables.matrix_table(ledger.matrix(found))
        return name, partial(write_xlsx, sheets=[("数字", rows), ("对照", matrix)])

    def noted(request: gr.Request) -> Markup:
        try:
            unused = [notice(LedgerError(why), error_log) for why in shelf.library.ledger().unused]
            return Markup().join((*unused, corrections_list(shelf, may_change=person_of(request).may_change)))
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, error_log)

    boxes = [place, period, unit, report]
    filters = [indicator, *boxes]
    inputs = [first, view, order, *filters]
    outputs = [first, shown, table, group, order, back, forth]
    for event in (indicator.submit, seek.click, view.input, order.input, *(box.input for box in boxes)):
        event(moved(None), inputs, outputs, **QUIET)
    back.click(moved(-_PAGE), inputs, outputs, **QUIET)
    forth.click(moved(_PAGE), inputs, outputs, **QUIET)
    for event in (tab.select(options, None, boxes, **QUIET), *corrections):
        event.then(show, inputs, outputs, **QUIET).then(noted, None, notes, **QUIET)
    group.input(show, [group, *inputs[1:]], outputs, **UNCHECKED)
    ui.offer({".csv": csv, ".xlsx": xlsx}, export, filters, error_log)


def figure_table(
    figures: Sequence[LedgerFigure], report_of: Callable[[str], Report], *, correctable: bool = False
) -> Markup:
    """Return a table with one row for each figure, and under each, folded, its card."""
    if not figures:
        return empty("no_figures")
    rows = [(f, _around(f), figure_card(f, report_of, correctable=correctable)) for f in figures]
    return render("reports.figures", rows=rows)


def _around(figure: LedgerFigure) -> str:
    """Return the sentence of a figure, from shortly before the figure on if that stands far behind."""
    start = figure.sentence.find(figure.text) - _BEFORE
    return figure.sentence if start <= 1 else f"…{figure.sentence[start:].lstrip(_MARKS)}"


def figure_card(
    figure: LedgerFigure, report_of: Callable[[str], Report], *, correctable: bool = False
) -> Markup:
    """Return a figure in its sentence and paragraph, with a button to correct it if ``correctable``."""
    report, own, text = None, tuple[tuple[int, int], ...](), figure.sentence
    with suppress(QAError, IndexError):  # the index was rebuilt without it in the meantime
        found = report_of(figure.report_id)
        paragraph = found.paragraphs[figure.paragraph]
        report, own, text = found, offsets_shown(paragraph, found.source.text, figure.spans), paragraph.text
    shown = _marked(text, figure.sentence, own)
    return render("reports.figure", figure=figure, report=report, text=shown, correctable=correctable)


def matrix_table(matrix: Matrix, first: int, rows: int) -> Markup:
    """Return some rows of the matrix; each figure links to its place in the report."""
    if not matrix.rows:
        return empty("no_figures")
    columns, shown = [label for _, label in matrix.reports], matrix.rows[first : first + rows]
    return render("reports.matrix", columns=columns, rows=shown, remark=tables.time_remark)


def charts_of(groups: Sequence[IndicatorGroup]) -> list[tuple[str, tuple[LedgerFigure, ...]]]:
    """Return the indicators that two places or terms state alike, with these figures, those that most state first."""
    several = sorted((g for g in groups if _statements(g.figures) > 1), key=lambda g: -_statements(g.figures))
    alike = ((group.name, comparable(group)) for group in several)
    return list(islice(((name, own) for name, own in alike if _statements(own) > 1), _CHARTS))


def _statements(figures: Sequence[LedgerFigure]) -> int:
    """Return how many places and terms state a result."""
    return len({(f.place, f.period) for f in figures if f.kind == "amount"})


def group_chart(name: str, figures: Sequence[LedgerFigure]) -> Markup:
    """Return the comparable figures of one indicator as bars, by place and time, with a warning if years and terms mix."""

    def bar(figure: LedgerFigure) -> Bar:
        label = escape(figure.place) + Markup(" ") + render("reports.when", figure=figure).strip()
        note = figure.indicator if figure.indicator != name else ""
        shown = render("reports.value", figure=figure)
        return Bar(label, figure.value, shown, note, address(figure.report_id, figure.spans))

    ordered = sorted(figures, key=lambda f: (f.place, f.period.start if f.period else 0, -f.value))[:_BARS]
    years = {f.period.end - f.period.start for f in ordered if f.period and f.as_of is None}
    warning = Markup('<p class="qa-note">{}</p>').format(both("unlike_years")) if len(years) > 1 else Markup()
    return chart([bar(figure) for figure in ordered], name) + warning


def _marked(text: str, sentence: str, own: Sequence[tuple[int, int]]) -> Markup:
    """Return the paragraph with the sentence marked and the figure in bold inside it."""
    at = own[0][0] if own else 0
    start = text.rfind(sentence, 0, at + len(sentence))
    if start < 0:
        return highlighted(text, own)
    end = start + len(sentence)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in own if a < end and b > start]
    mark = Markup("{}<mark>{}</mark>{}")
    return mark.format(escape(text[:start]), highlighted(sentence, inside, "b"), escape(text[end:]))


def _summary(found: tuple[LedgerFigure, ...], start: int, total: int) -> Markup:
    reports = len({f.report_id for f in found})
    words = both("figures_found", figures=len(found), reports=reports)
    if total > _PAGE:
        words += both("rows_shown", first=start + 1, last=min(start + _PAGE, total), total=total)
    return render("cards.summary", words=words)


def _pager(start: int, total: int) -> tuple[gr.Button, ...]:
    back, forth = start > 0, start + _PAGE < total
    return tuple(gr.Button(interactive=each, visible=total > _PAGE) for each in (back, forth))
