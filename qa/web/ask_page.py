"""The page 问答: ask, stop, ask again, judge, save; the browser keeps the conversations."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage
from markupsafe import Markup

from qa.answer_sheet import write_answers
from qa.errors import QAError
from qa.feedback import COMMENT_CHARACTERS, RETENTION_DAYS, delete_old
from qa.library.serving import Latest
from qa.settings import Settings
from qa.types import Report
from qa.web import chat, ui
from qa.web.answers import as_docx, as_markdown
from qa.web.chat import Turns, evidence_panel
from qa.web.failures import explain, notice
from qa.web.markup import both, render
from qa.web.shelf import Shelf, given
from qa.web.suggestions import example_questions, follow_ups
from qa.web.ui import QUIET

_THREADS = 8  # questions worked on at the same time
_BEGIN, _AGAIN, _STOPPABLE, _END = (
    f"(question) => window.qaTalks.{name}(question)" for name in ("asking", "again", "stoppable", "answered")
)
_SAVE = "(kept) => kept.done && window.qaTalks.save(kept.talk)"  # not done: the connection broke
_SUGGESTION_SECONDS = 2.0
_PACE = 0.03  # seconds between two pieces of an answer
_NEXT = 3  # questions that are suggested after an answer


class AskLayout:
    """The components by purpose, made in the open Blocks; with a language model, a switch to answer without it."""

    def __init__(self, *, has_model: bool) -> None:
        with gr.Row(elem_id="qa-main"):
            with gr.Column(scale=0, min_width=0, elem_id="qa-side"):
                self.new = gr.Button(ui.label("clear"), elem_id="qa-clear", size="sm")
                talks = render("answers.conversations", user="")
                self.conversations = ui.plain_html(talks, "qa-conversations", hears="qa-talk")
            with gr.Column(scale=3, elem_id="qa-left"):
                self._lay_out_chat()
                with gr.Row(elem_id="qa-controls"):
                    names = ("place", "period", "report")
                    self.filters = [ui.filter_box(name, 104, f"qa-{name}") for name in names]
                    frame: dict[str, Any] = {"container": False, "scale": 0, "visible": has_model}
                    self.without_model = gr.Checkbox(label=ui.label("without_model"), min_width=140, **frame)
                    self.again, *self.saves = (  # shown once something was asked
                        ui.button(key, 72, elem_classes="qa-after", elem_id=f"qa-{key}")
                        for key in ("again", "as_markdown", "as_docx", "as_xlsx")
                    )
            with gr.Column(scale=2, elem_id="qa-right"):
                self.evidence = ui.plain_html(evidence_panel(()), "qa-evidence")

    def _lay_out_chat(self) -> None:
        self.chat = gr.Chatbot(
            elem_id="qa-chat",
            label=ui.label("chat"),
            height="100%",
            placeholder=f'<div class="qa-welcome">{both("welcome")}</div>',
            latex_delimiters=[],
            allow_tags=False,
            autoscroll=False,  # it scrolls past the beginning of the answer; ``conversations.js`` does it better
            buttons=[],
            feedback_options=None,
            layout="bubble",
            **ui.BARE,
        )
        self.judged = ui.plain_html(hears="qa-verdict")
        self.typed = ui.plain_html(hears="qa-typed")
        with gr.Row(elem_id="qa-comment", visible=False) as self.comment_row:
            self.thanks = ui.plain_html()
            options = {"max_lines": 1, "max_length": COMMENT_CHARACTERS, "submit_btn": True}
            self.comment = ui.text_box("comment", "comment_here", elem_id="qa-comment-text", **options)
            self.comment_done = ui.button("close", 64)
        with gr.Row(elem_id="qa-nexts", visible=False) as self.next_row:
            self.next_ones = [gr.Button("", size="sm", scale=0, visible=False) for _ in range(_NEXT)]
        options = {"lines": 1, "max_lines": 6, "autofocus": True, "submit_btn": True}
        self.question = ui.text_box("question", "ask_here", elem_id="qa-question", **options)


def add_ask_page(blocks: gr.Blocks, shelf: Shelf, settings: Settings) -> Callable[[Any], object]:
    """Lay out the page in the open ``blocks``; return a function that renews its filters after an event."""
    error_log = settings.error_log
    turns, asked = gr.State(()), gr.Textbox(visible=False)
    kept = gr.JSON(visible=False)  # the conversation as the browser keeps it, and whether it is complete
    workers, suggester = ThreadPoolExecutor(_THREADS, "ask"), ThreadPoolExecutor(1, "suggest")
    made: Latest[tuple[Report, ...], tuple[str, ...]] = Latest()  # once for each generation of the reports
    parts = AskLayout(has_model=settings.llm is not None)

    def examples() -> tuple[str, ...]:
        return made.get(shelf.reports, lambda: example_questions(shelf.library))

    def held(turns: Turns, kept: Any) -> Turns:
        """Return the conversation of the page; a server that has started anew has it from the browser."""
        talk = kept.get("talk") if isinstance(kept, dict) else None
        return turns or chat.recalled(shelf.library, talk, error_log)

    async def respond(
        text: str, earlier: Turns, kept: Any, *limits: Any, key: str = "", as_typed: bool = False
    ) -> ui.States:
        if not text.strip():
            yield (gr.skip(),) * 4
            return
        work = partial(asyncio.get_running_loop().run_in_executor, workers)  # a stop need not wait for it
        earlier = await work(held, earlier, kept)
        unfinished = _to_keep(earlier) | {"done": False}
        place, period, report, without_model = limits
        filters, stop = given(place=place, period=period, report=report), threading.Event()
        growing = chat.converse(
            shelf, text, earlier, error_log, key, not without_model, stop, as_typed, **filters
        )
        turns = await work(next, growing)
        yield chat.messages(turns), turns, evidence_panel(turns), unfinished
        try:
            while (state := await work(next, growing)) and not (state[-1].answer or state[-1].evidence):
                yield chat.messages(state), gr.skip(), gr.skip(), unfinished
            states = [state, *await work(list, growing)]
        finally:
            stop.set()  # if the page was left, the model need not go on
        turns = states[-1]  # stored first: stopped while it appears, the answer is complete
        panel, row = evidence_panel(turns), _to_keep(turns)
        for number, state in enumerate(states):
            if number:
                await asyncio.sleep(_PACE)
            yield chat.messages(state), gr.skip() if number else turns, panel, row

    async def respond_again(_: str, earlier: Turns, kept: Any, *limits: Any) -> ui.States:
        if earlier := await asyncio.to_thread(held, earlier, kept):
            *before, last = earlier
            how: dict[str, Any] = {"key": last.key, "as_typed": last.as_typed}
            async for state in respond(last.question, tuple(before), None, *limits, **how):
                yield state

    def find_next(turns: Turns, until: float) -> tuple[str, ...]:
        """Return the suggestions found until then while nobody asks: questions of people come first."""
        last = turns[-1] if turns else None
        if last is None or last.answer is None:
            return ()
        history, may = chat.earlier_questions(turns), lambda: shelf.quiet(until - time.monotonic())
        try:
            return follow_ups(shelf.library, last.answer, history, may, **last.filters)
        except Exception as error:  # noqa: BLE001  # the last border before a person, who did not ask for this
            explain(error, error_log)
            return ()

    async def suggest(turns: Turns) -> tuple[Any, ...]:
        until = time.monotonic() + _SUGGESTION_SECONDS
        found = await asyncio.get_running_loop().run_in_executor(suggester, find_next, turns, until)
        padded = (*found, *("",) * (len(parts.next_ones) - len(found)))
        return gr.Row(visible=bool(found)), *(gr.Button(text, visible=bool(text)) for text in padded)

    def give_up(turns: Turns) -> tuple[Any, ...]:
        turns = chat.stopped(turns)
        return _ready(), chat.messages(turns), turns

    def refresh(request: gr.Request) -> tuple[Any, ...]:
        shown: list[ExampleMessage] = [{"text": text} for text in examples()]
        own = render("answers.conversations", user=request.username or "")
        panel = evidence_panel((), has_reports=bool(shelf.reports))
        return gr.Chatbot(examples=shown), own, *ui.filter_updates(shelf.reports), panel

    def open_kept(kept: Any) -> tuple[Any, ...]:
        """The conversation that was chosen, or an empty page."""
        turns = held((), kept)
        hidden = (gr.Row(visible=False), gr.Row(visible=False))
        return _ready(), chat.messages(turns), turns, evidence_panel(turns), *hidden

    asked_with = [asked, turns, kept, *parts.filters, parts.without_model]
    grown = [parts.chat, turns, parts.evidence, kept]
    begun = [asked, parts.question, parts.next_row, parts.comment_row]

    def asks(event: Callable[..., Any], source: Any, answer: Callable[..., Any] = respond) -> Any:
        """Answer the text of ``source`` after this event; the browser empties the box."""
        begins = event(None, source, begun, js=_AGAIN if answer is respond_again else _BEGIN)
        answering = begins.then(answer, asked_with, grown, concurrency_limit=None, **QUIET)
        begins.then(None, None, parts.question, js=_STOPPABLE)
        answering.then(None, None, parts.question, js=_END)
        return answering

    chosen = parts.chat.example_select(_chosen, None, parts.question, **QUIET)
    typed = parts.typed.click(_typed, turns, parts.question, **QUIET)
    running = [  # cancelled before another conversation is shown: nothing of theirs may come after it
        asks(parts.question.submit, parts.question),
        asks(chosen.then, parts.question),
        asks(parts.again.click, parts.again, respond_again),
        asks(typed.then, parts.question, partial(respond, as_typed=True)),
        *(asks(one.click, one) for one in parts.next_ones),
    ]
    given_up = parts.question.stop(None, cancels=running)
    given_up = given_up.then(give_up, turns, [parts.question, parts.chat, turns], **QUIET)
    given_up.then(None, None, parts.question, js=_END)
    nexts = [parts.next_row, *parts.next_ones]
    suggesting = [event.success(suggest, turns, nexts, concurrency_limit=None, **QUIET) for event in running]
    clicks = [parts.again.click, parts.typed.click, *(one.click for one in parts.next_ones)]
    gr.on([parts.question.submit, *clicks], None, cancels=suggesting)  # of the answer before
    judged = _add_verdicts(parts, turns, shelf, settings).success(_to_keep, turns, kept, **QUIET)
    for event in (*running, judged):
        event.success(None, kept, None, js=_SAVE)
    shown = [parts.question, parts.chat, turns, parts.evidence, parts.next_row, parts.comment_row]

    def open_first(kept: Any) -> tuple[Any, ...]:
        """The conversation that was left; no change without one: a first question may be under way."""
        return open_kept(kept) if kept["talk"] else (gr.skip(),) * len(shown)

    def turn_to(event: Any, opens: Callable[[Any], tuple[Any, ...]] = open_kept) -> None:
        """Show the conversation that the browser names after this event."""
        chosen = event.then(None, None, kept, js="() => ({ talk: window.qaTalks.chosen() })")
        opened = chosen.then(opens, kept, shown, **QUIET)
        opened.then(None, None, None, js="() => { window.qaTalks.latest(); }")

    parts.new.click(lambda: [""] * len(parts.filters), None, parts.filters, **QUIET)  # it asks of all reports
    parts.new.click(None, None, None, js="() => window.qaTalks.leave()")
    turn_to(parts.conversations.click(None, cancels=running))
    first = [parts.chat, parts.conversations, *parts.filters, parts.evidence]
    began = blocks.load(refresh, None, first, **QUIET)
    turn_to(began, open_first)
    began.then(None, None, parts.question, js="() => window.qaTalks.unanswered()")
    saves = dict(zip((".md", ".docx", ".xlsx"), parts.saves, strict=True))
    ui.offer(saves, lambda suffix, *talk: _file(suffix, held(*talk)), [turns, kept], error_log)
    suggester.submit(examples)  # the first visitor need not wait for them
    return lambda event: event.then(lambda: ui.filter_updates(shelf.reports), None, parts.filters, **QUIET)


def _ready() -> gr.Textbox:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _file(suffix: str, turns: Turns) -> tuple[str, Any]:
    answers, name = [turn.answer for turn in turns if turn.answer], ui.dated("工会报告问答")
    if not answers:
        raise QAError("还没有可以保存的回答。请等回答出来以后再存。")
    if suffix == ".md":
        return name, as_markdown(turns).encode("utf-8", "replace")
    return name, as_docx(turns) if suffix == ".docx" else partial(write_answers, answers=answers)


def _to_keep(turns: Turns) -> dict[str, Any]:
    return {"done": True, "talk": chat.remembered(turns)}


def _chosen(event: gr.EventData) -> str:
    text = ui.event_data(event, value=dict)["value"].get("text")
    return text if isinstance(text, str) else ""


def _typed(event: gr.EventData, turns: Turns) -> str:
    return chat.typed(turns, ui.event_data(event, button=str)["button"])


def _add_verdicts(parts: AskLayout, turns: gr.State, shelf: Shelf, settings: Settings) -> Any:
    """Delete expired feedback, connect the buttons; return the event after which a turn has its verdict."""
    last = gr.State(0)
    with suppress(QAError):  # shown to the next person who judges an answer
        delete_old(settings.feedback_file, RETENTION_DAYS)

    def judge(event: gr.EventData, turns: Turns) -> tuple[Any, ...]:
        turns, number = chat.judged(turns, ui.event_data(event, button=str)["button"])
        if not number:
            raise gr.Error("服务器重新启动过，请刷新网页再评。", print_exception=False)
        words = record(turns, number, "")
        box = gr.Textbox(value="", visible=True)
        return turns, chat.messages(turns), number, gr.Row(visible=True), words, box

    def comment(text: str, turns: Turns, number: int) -> tuple[Any, ...]:
        words = record(turns, number, text) if text.strip() else gr.skip()
        return words, gr.Textbox(value="", visible=not text.strip())

    def record(turns: Turns, number: int, text: str) -> Markup:
        try:
            chat.recorded(shelf, turns, number, text, settings)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, settings.error_log)
        return render("cards.summary", words=both("comment_kept" if text else "thanks", days=RETENTION_DAYS))

    shown = [turns, parts.chat, last, parts.comment_row, parts.thanks, parts.comment]
    event = parts.judged.click(judge, turns, shown, **QUIET)
    parts.comment.submit(comment, [parts.comment, turns, last], [parts.thanks, parts.comment], **QUIET)
    parts.comment_done.click(lambda: gr.Row(visible=False), None, parts.comment_row, **QUIET)
    return event
