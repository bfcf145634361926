"""The page 资料: list and read the reports; administrators upload, delete and rebuild."""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from qa.errors import QAError
from qa.ledger.notes import forget_corrections
from qa.settings import Settings
from qa.web import uploads
from qa.web.chat import run_with_progress
from qa.web.failures import notice
from qa.web.markup import bar, both, chinese, good, parsed, render
from qa.web.reports_view import reading_view, report_table
from qa.web.shelf import Shelf
from qa.web.ui import QUIET, UNCHECKED, button, choice, event_data, label, plain_html
from qa.web.users import Action, person_of, record

Candidates = tuple[uploads.Candidate, ...]
States = Iterator[tuple[Any, ...]]  # of the components that an event changes
_changing = threading.Lock()  # one change of the reports at a time, whoever asks
_STEPS = ("looking", "lock", "read", "embed")  # of a change that have words of their own


def add_reports_page(
    blocks: gr.Blocks, pages: gr.Tabs, tab: gr.Tab, opener: gr.HTML, shelf: Shelf, settings: Settings
) -> list[Any]:
    """Lay out the page in ``tab``, which is open; return the events after which the reports may have changed.

    ``opener`` fires ``click`` with an ``address`` for each link into a report on any page.
    """
    with gr.Column(elem_classes="qa-page", elem_id="qa-reports"):
        with gr.Column(elem_classes="qa-page") as listing:
            table = plain_html()
            changed = _add_management(tab, table, shelf, settings)
        with gr.Column(visible=False, elem_classes="qa-page") as reading:
            back = button("all_reports_back", elem_id="qa-all-reports")
            report = plain_html(elem_id="qa-reading")

    def opened(link: str) -> tuple[Any, ...]:
        report_id, spans = parsed(link)
        if not report_id:
            return (gr.skip(),) * 4
        try:
            html = reading_view(shelf.report(report_id), spans)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            html = notice(error, settings.error_log)
        return gr.Tabs(selected="reports"), gr.Column(visible=False), gr.Column(visible=True), html

    def follow(event: gr.EventData) -> tuple[Any, ...]:
        return opened(event_data(event, address=str)["address"])

    def arrive(request: gr.Request) -> tuple[Any, ...]:
        return opened(f"/?{request.query_params}")

    outputs = [pages, listing, reading, report]
    reveal = "() => window.qaReveal?.()"
    opener.click(follow, None, outputs, **QUIET).then(None, None, None, js=reveal)
    blocks.load(arrive, None, outputs, **QUIET).then(None, None, None, js=reveal)
    back.click(
        lambda: (gr.Column(visible=True), gr.Column(visible=False), report_table(shelf.reports)),
        None,
        [listing, reading, table],
        js="() => { if (location.search) history.pushState(null, '', '/'); return []; }",
        **QUIET,
    )
    tab.select(lambda: report_table(shelf.reports), None, table, **QUIET)
    return changed


def _add_management(tab: gr.Tab, table: gr.HTML, shelf: Shelf, settings: Settings) -> list[Any]:
    folder = uploads.uploads_folder(settings)
    waiting = gr.State((), delete_callback=uploads.discard)
    with gr.Column(elem_id="qa-manage", elem_classes="qa-page"):
        reason_shown = plain_html()
        with gr.Column(visible=False, elem_classes="qa-page") as tools:
            files = gr.File(
                label=label("upload"), file_count="multiple", height=150, elem_id="qa-upload", buttons=[]
            )
            checked = plain_html(elem_id="qa-checked")
            with gr.Column(visible=False, elem_classes="qa-page") as confirming:
                rows = gr.Dataframe(
                    headers=["文件", "标题", "地区", "时期", "段落"],
                    column_count=5,
                    static_columns=[0, 4],
                    type="array",
                    interactive=True,
                    wrap=True,
                    buttons=[],
                    label=label("confirm_metadata"),
                    elem_id="qa-metadata",
                )
                with gr.Row(elem_classes="qa-filters"):
                    take, drop = button("take_in", 150, variant="primary"), button("discard")
            with gr.Row(elem_classes="qa-filters", visible=False) as deleting:
                chosen = choice("choose_report", [], 280, elem_id="qa-chosen")
                ask, renew = button("delete", interactive=False), button("reindex", 150)
                # The two that ask whether to delete stand last, so that none moves under the pointer.
                sure = button("delete_sure", 150, variant="stop", visible=False)
                keep = button("keep", visible=False)
            state = plain_html(elem_id="qa-progress")

    def refusal(request: gr.Request) -> str:
        """Return why this person cannot change the reports, or ``""``."""
        if person_of(request).may_change:
            return uploads.why_not_addable(shelf.library, folder)
        return chinese("readers_only" if person_of(request).name else "not_here")

    def note(request: gr.Request, action: Action, names: Iterable[str] = ()) -> None:
        person = person_of(request)
        record(settings.audit_log, person.name, person.address, action, tuple(names))

    def refresh(request: gr.Request) -> tuple[Any, ...]:
        try:
            reason = refusal(request)
            sample = shelf.library.status().is_sample
            deletable = [] if sample else [path.name for path in uploads.own_files(folder)]
            others = uploads.other_sources(shelf.library, folder)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, settings.error_log), gr.Column(visible=False), gr.skip(), gr.skip()
        known = "sample_gives_way" if sample else "others_beside" if others else ""
        words = render("cards.empty", words=reason or (both(known) if known else ""))
        names = gr.Dropdown([(label("choose_report"), ""), *deletable], value="")
        return words, gr.Column(visible=not reason), names, gr.Row(visible=bool(deletable or others))

    def look(
        paths: list[str] | None, before: Candidates, lines: list[list[str]] | None, request: gr.Request
    ) -> States:
        sent = [Path(path) for path in paths or ()]
        uploads.discard(before, keep=sent)
        found: list[uploads.Candidate] = []
        try:
            if reason := refusal(request):
                for upload in sent:
                    upload.unlink(missing_ok=True)
                raise QAError(reason)
            for candidate in uploads.stage(sent, folder, before):
                found.append(candidate)
                yield gr.skip(), _progress("looking", len(found), len(sent)), gr.skip(), gr.skip()
        except Exception as error:  # noqa: BLE001  # the last border before a person
            yield (), notice(error, settings.error_log), gr.Column(visible=False), gr.skip()
            return
        seen = {c.name for c in before if c in found}
        edited = {line[0]: line for line in lines or () if line and line[0] in seen}
        reports = [(c.name, c.report) for c in found if c.report]
        lines = [
            edited.get(name) or [name, r.title, r.place.name, str(r.period or ""), str(len(r.paragraphs))]
            for name, r in reports
        ]
        words = render("reports.looked", found=found) if found else ""
        yield tuple(found), words, gr.Column(visible=bool(lines)), lines

    def changing(
        request: gr.Request, change: Callable[[uploads.ProgressCallback], None], *others: Any
    ) -> Generator[tuple[Any, ...], None, bool]:
        """Make a change, yielding the other outputs and the progress; return whether it succeeded."""

        def work(tell: Callable[[tuple[str, int, int]], None]) -> None:
            with _changing:
                if reason := refusal(request):
                    raise QAError(reason)
                change(lambda *step: tell(step))

        def working(steps: tuple[tuple[str, int, int], ...]) -> tuple[Any, ...]:
            return *others, _progress(*steps[-1])

        try:
            yield from run_with_progress(work, working)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            yield *others, notice(error, settings.error_log)
            return False
        return True

    def take_in(found: Candidates, lines: list[list[str]] | None, request: gr.Request) -> States:
        def change(progress: uploads.ProgressCallback) -> None:
            if not found:
                raise QAError("上传的文件已不在服务器上，可能它重新启动过。请再选一次文件。")
            edits = uploads.edits_of(found, lines or ())
            with uploads.accept(found, edits, folder):
                uploads.reindex(shelf, settings, progress)
            note(request, "upload", (c.name for c in found if c.report))
            if edits:
                note(request, "correct", edits)

        if (yield from changing(request, change, *(gr.skip(),) * 5)):
            words = good("taken_in", count=sum(c.report is not None for c in found))
            yield (), None, "", gr.Column(visible=False), report_table(shelf.reports), words

    def delete(chosen: object, request: gr.Request) -> States:
        name, hidden = str(chosen or ""), (gr.Button(visible=False),) * 2

        def change(progress: uploads.ProgressCallback) -> None:
            with uploads.remove(name, folder) as left:
                if left or uploads.other_sources(shelf.library, folder):
                    uploads.reindex(shelf, settings, progress)
                else:
                    uploads.forget_all(shelf, settings)
            note(request, "delete", [name])
            forget_corrections(settings.index_folder, name)

        if (yield from changing(request, change, *hidden, gr.skip())):
            yield *hidden, report_table(shelf.reports), good("deleted", name=name)

    def rebuilt(request: gr.Request) -> States:
        def change(progress: uploads.ProgressCallback) -> None:
            uploads.reindex(shelf, settings, progress)
            note(request, "rebuild")

        if (yield from changing(request, change, gr.skip())):
            generation = shelf.library.status().generation
            words = good("reindexed", reports=len(shelf.reports), generation=generation)
            yield report_table(shelf.reports), words

    around = [reason_shown, tools, chosen, deleting]
    tab.select(refresh, None, around, **QUIET)
    looked_at, shown = [files, waiting, rows], [waiting, checked, confirming, rows]
    files.change(look, looked_at, shown, concurrency_limit=2, **QUIET)
    drop.click(lambda: None, None, files, **QUIET)
    outputs = [waiting, files, checked, confirming, table, state]
    taken = take.click(take_in, [waiting, rows], outputs, concurrency_limit=1, **QUIET)
    taken = taken.then(refresh, None, around, **QUIET)
    chosen.change(lambda name: gr.Button(interactive=bool(name)), chosen, ask, **UNCHECKED)
    ask.click(lambda: (gr.Button(visible=True),) * 2, None, [sure, keep], **QUIET)
    keep.click(lambda: (gr.Button(visible=False),) * 2, None, [sure, keep], **QUIET)
    gone = sure.click(delete, chosen, [sure, keep, table, state], concurrency_limit=1, **UNCHECKED)
    gone = gone.then(refresh, None, around, **QUIET)
    again = renew.click(rebuilt, None, [table, state], concurrency_limit=1, **QUIET)
    return [taken, gone, again]


def _progress(step: str, done: int, total: int) -> Markup:
    key = f"step_{step}" if step in _STEPS else "step_other"
    return bar(both(key), done, total)
