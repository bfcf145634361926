"""The form with which administrators correct a figure of the ledger, in ``ledger.toml`` next to the index."""

import hashlib
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from qa.errors import QAError
from qa.ledger.build import LedgerFigure
from qa.ledger.notes import CorrectionNote, LedgerError, add_correction, read_notes, withdraw_correction
from qa.settings import Settings
from qa.text.arithmetic import printed
from qa.text.figures import figures
from qa.web.failures import notice
from qa.web.markup import address, chinese, good, render
from qa.web.shelf import Shelf
from qa.web.ui import QUIET, button, event_data, label, plain_html
from qa.web.users import person_of, record

_MOST_CHARACTERS = 200
_changing = threading.Lock()


def add_correcting(shelf: Shelf, settings: Settings) -> list[Any]:
    """Lay out the hidden form in the open page; return the events after which the ledger may have changed."""
    chosen = gr.State(None)  # the figure as it was when the form opened
    pressed = plain_html(hears="qa-correct")
    with gr.Column(visible=False, elem_id="qa-correcting", elem_classes="qa-page") as form:
        about = plain_html()
        with gr.Row(elem_classes="qa-filters"):
            value = gr.Number(label=label("right_value"), min_width=150)
            indicator = gr.Textbox(label=label("indicator"), max_length=_MOST_CHARACTERS, min_width=220)
        with gr.Row(elem_classes="qa-filters"):
            reason = gr.Textbox(label=label("reason"), max_length=_MOST_CHARACTERS, min_width=220)
            author = gr.Textbox(label=label("author"), max_length=64, min_width=150)
        with gr.Row(elem_classes="qa-filters"):
            save, leave = button("correct", 120, variant="primary"), button("close")
    result = plain_html(elem_id="qa-corrected")

    def begin(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Open the form for a figure, or withdraw a correction."""
        hidden = (None, gr.Column(visible=False), *(gr.skip(),) * 5)
        try:
            _refuse_readers(request)
            sent = event_data(event, withdraw=str, figure=str)
            if sent["withdraw"]:
                _withdraw(sent["withdraw"], request)
                return *hidden, good("withdrawn")
            known = shelf.library.ledger().figures
            figure = next((f for f in known if address(f.report_id, f.spans) == sent["figure"]), None)
            if figure is None:
                raise QAError("这个数字已不在台账里，报告可能刚刚更新过。请刷新网页。")
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return *hidden, notice(error, settings.error_log)
        words = render("reports.correcting", figure=figure)
        name = person_of(request).name
        box = gr.Textbox(value=name, interactive=not name)
        return figure, gr.Column(visible=True), words, figure.value, figure.indicator, "", box, ""

    def keep(
        figure: LedgerFigure | None, right: float | None, what: str, why: str, who: str, request: gr.Request
    ) -> tuple[Any, ...]:
        author, today = person_of(request).name or who.strip(), datetime.now().astimezone().date()
        try:
            _refuse_readers(request)
            if not (why.strip() and author):
                raise QAError("请写明理由和署名：更正会连同它们一起显示。")
            with _changing:
                known = shelf.library.ledger()
                if figure is None or figure not in known.figures:
                    raise QAError(
                        "这个数字刚刚有人更正过，或者报告更新了，没有改动。请关闭，看过现在的数再更正。"
                    )
                value, name = _changed(figure, right, what.strip())
                printed_as = (figure.report, figure.text, figure.sentence)
                note = CorrectionNote(*printed_as, value, author, today, why.strip(), name)
                _log(request, add_correction(_folder(shelf), known, note, figure), "")
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return gr.skip(), notice(error, settings.error_log)
        return gr.Column(visible=False), good("correction_kept")

    def _withdraw(key: str, request: gr.Request) -> None:
        with _changing:
            notes = read_notes(_folder(shelf)).corrections
            note = next((each for each in notes if note_key(each) == key), None)
            if note is None:
                raise LedgerError("这处更正已不在了，可能刚刚被撤销。请刷新网页。")
            withdraw_correction(_folder(shelf), note)
            _log(request, note, "撤销")

    def _log(request: gr.Request, note: CorrectionNote, how: str) -> None:
        person = person_of(request)
        which = chinese("correction_which").format(number=note.number) if note.number else ""
        told = (_value(note), note.indicator, which, note.reason, how)
        what = (note.report, note.printed, *filter(None, told))
        record(settings.audit_log, person.name, person.address, "correct", what)

    opened = [chosen, form, about, value, indicator, reason, author, result]
    begun = pressed.click(begin, None, opened, **QUIET)
    begun.then(None, None, None, js="() => window.qaShow?.('qa-correcting', 'qa-corrected')")
    kept = save.click(keep, [chosen, value, indicator, reason, author], [form, result], **QUIET)
    leave.click(lambda: gr.Column(visible=False), None, form, **QUIET)
    return [begun, kept]


def _changed(figure: LedgerFigure, right: float | None, counted: str) -> tuple[float | None, str]:
    """Return value and indicator for a correction, None and ``""`` for what stays; QAError if both do."""
    value = None if right is None or right == figure.value else float(right)
    name = "" if counted == figure.indicator else counted
    if old := figure.correction:  # the new correction replaces the earlier one as a whole
        value = figure.value if value is None and figure.value != old.printed_value else value
        name = figure.indicator if not name and old.read_indicator else name
    if value is None and not name:
        raise QAError("数值和指标都没有改动。请改正其中一个，或关闭。")
    return value, name


def corrections_list(shelf: Shelf, *, may_change: bool) -> Markup:
    """Return the corrections with author, date and reason, and a button to withdraw each; ``""`` if none."""
    titles = {report.source.name: report.title for report in shelf.library.reports}
    notes = read_notes(_folder(shelf)).corrections
    rows = [(n, note_key(n), _as_printed(n), titles.get(n.report) or n.report) for n in notes]
    return render("reports.corrections", rows=rows, may_change=may_change) if rows else Markup()


def note_key(note: CorrectionNote) -> str:
    """Return the key of a correction, a hash of its fields."""
    return hashlib.sha256(repr(note).encode("utf-8", "replace")).hexdigest()[:16]


def _value(note: CorrectionNote, unit: str = "") -> str:
    return "" if note.value is None else f"{note.value:.15g}{unit}"


def _as_printed(note: CorrectionNote) -> str:
    """Return the value as reports print it, 1.458万件, or in full where that would round it."""
    unit = next((figure.unit for figure in figures(note.printed)), "")
    short = printed(note.value or 0.0, unit, scaled=any(scale in note.printed for scale in "万亿"))
    return short if any(f.value == note.value for f in figures(short)) else _value(note, unit)


def _folder(shelf: Shelf) -> Path:
    return Path(shelf.library.status().folder)


def _refuse_readers(request: gr.Request) -> None:
    if not person_of(request).may_change:
        raise QAError(chinese("readers_correct_nothing"))
