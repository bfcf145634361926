"""Controls that several pages share: boxes, buttons, filters by place, period and report, files in and out."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr
from markupsafe import Markup

from qa.errors import QAError
from qa.scratch import scratch_folder
from qa.types import Report
from qa.web.failures import explain
from qa.web.markup import NOTHING, bar, both, render
from qa.web.uploads import safe_name

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
UNCHECKED: dict[str, Any] = QUIET | {"preprocess": False}  # the choice may be gone: the function checks it
BARE: dict[str, Any] = {"container": False, "show_label": False}  # the label is for screen readers

States: TypeAlias = AsyncIterator[tuple[Any, ...]]  # of the components that an event changes
label = gr.I18n()  # names words of ``words.toml``, which the browser has from the launch


def button(key: str, width: int = 96, **options: Any) -> gr.Button:
    """Return a small button with these words, at least ``width`` pixels wide."""
    return gr.Button(label(key), size="sm", scale=0, min_width=width, **options)


def choice(key: str, choices: list[tuple[Any, Any]], width: int, **options: Any) -> gr.Dropdown:
    """Return a dropdown without a frame, at least ``width`` pixels wide."""
    return gr.Dropdown(choices, label=label(key), container=False, scale=0, min_width=width, **options)


def filter_box(name: str, width: int = 150, elem_id: str | None = None) -> gr.Dropdown:
    """Return a dropdown whose first choice, ``""``, is all of them; ``filter_updates`` adds the others."""
    # The library refuses an unknown custom value and says what to do.
    every = [(label(f"all_{name}s"), "")]
    return choice(name, every, width, value="", elem_id=elem_id, allow_custom_value=True)


def text_box(key: str, placeholder: str, **options: Any) -> gr.Textbox:
    """Return a box for text without a frame."""
    return gr.Textbox(label=label(key), placeholder=label(placeholder), **BARE, **options)


def filter_updates(reports: Sequence[Report], units: Iterable[str] | None = None) -> tuple[gr.Dropdown, ...]:
    """Return updates of the filters by place, period, unit (unless None) and report; what is chosen stays."""
    periods = sorted({r.period for r in reports if r.period}, reverse=True)
    names = [f"{r.place.name} {r.period or ''}".strip() for r in reports]
    shown = (n if n and names.count(n) == 1 else r.source.name for n, r in zip(names, reports, strict=True))
    found = {
        "place": [(name, name) for name in dict.fromkeys(r.place.name for r in reports) if name],
        "period": [(str(p), f"{p.start}-{p.end}") for p in periods],
        **({} if units is None else {"unit": [(unit, unit) for unit in units]}),
        "report": [(name, r.id) for name, r in zip(shown, reports, strict=True)],
    }
    return tuple(gr.Dropdown([(label(f"all_{name}s"), ""), *each]) for name, each in found.items())


def plain_html(html: str = "", elem_id: str | None = None, hears: str | None = None) -> gr.HTML:
    """Return HTML without Gradio's styles, which the event ``hears`` of our scripts clicks; empty, it takes no room."""
    heard = f'document.addEventListener("{hears}", (event) => trigger("click", event.detail));'
    classes, script = "qa-ear" if hears and not html else None, heard if hears else None
    return gr.HTML(html, elem_id=elem_id, elem_classes=classes, js_on_load=script, apply_default_css=False)


def event_data(event: gr.EventData, **fields: type) -> dict[str, Any]:
    """Return the data that our script sent with an event; empty values for missing or wrong ones."""
    data = event._data if isinstance(event._data, dict) else {}
    return {name: data[name] if isinstance(data.get(name), kind) else kind() for name, kind in fields.items()}


def picker(
    name: str, limits: Markup, suffixes: Iterable[str], most_bytes: int, above: Markup = NOTHING
) -> gr.HTML:
    """Return a box to choose or drop a file, which a click brings; ``write_sent_file`` takes it.

    The browser reads the file and sends it as data: uploads are for administrators, this is for everybody.
    Its label is the words ``{name}_choose``.
    """
    kinds = ",".join(suffixes)
    html = render("page.picker", name=name, limits=limits, suffixes=kinds, most_bytes=most_bytes, above=above)
    return plain_html(html, hears=f"qa-{name}")


def write_sent_file(event: gr.EventData, folder: Path, most_bytes: int, too_large: str) -> Path:
    """Write the sent file into the folder; QAError if it is incomplete or larger, then ``too_large``."""
    sent = event_data(event, name=str, size=int, data=str)
    name = safe_name(sent["name"])
    if sent["size"] > most_bytes:
        raise QAError(too_large.format(name=name))
    path = folder / name
    try:
        path.write_bytes(base64.b64decode(sent["data"], validate=True))
    except ValueError as error:  # no base64, or not ASCII
        raise QAError(f"“{name}”没有收全。请再选一次。") from error
    return path


def stop_button() -> gr.Button:
    """Return the button that ends the work of a page; while it shows, the page begins no other."""
    return button("stop", visible=False, elem_classes="qa-stop")


def works(event: Callable[..., Any], work: Callable[..., Any], inputs: Any, outputs: Any, sent: Any) -> Any:
    """Let the event start work that takes long; the browser says at once that it waits, and offers to stop.

    What earlier work left is forgotten, so that a stop while this one waits shows nothing of it. ``outputs`` are a
    state, the view, the button to stop, and the buttons for what is found; if ``sent`` is empty, nothing is waited for.
    """
    state, *shown = outputs
    same = {"__type__": "update"}
    waiting = [bar(both("waiting")), *(same | {"visible": n == 0} for n in range(len(shown) - 1))]
    waits, stays = json.dumps(waiting), json.dumps([same] * len(shown))

    async def forget(text: str) -> Any:
        return state.value if text.strip() else gr.skip()

    event(None, sent, shown, js=f"(sent) => sent.trim() ? {waits} : {stays}")
    event(forget, sent, state, concurrency_limit=None, **QUIET)
    return event(work, inputs, outputs, concurrency_limit=2, **QUIET)


def cancels(stop: gr.Button, running: Any, view: gr.HTML) -> Any:
    """Let the button stop these events, hide itself and say so in ``view``; return the event after that."""
    said = bar(both("stopped"))
    return stop.click(None, cancels=running).then(
        lambda: (gr.Button(visible=False), said), None, [stop, view], **QUIET
    )


def dated(name: str) -> str:
    """Return the name of a file with today's date, without its suffix: ``数据台账_2024-06-18``."""
    return f"{name}_{datetime.now().astimezone().date().isoformat()}"


def offer(buttons: Mapping[str, gr.Button], make: Callable[..., Any], inputs: Any, error_log: Path) -> None:
    """Let the browser save what ``make`` returns for a button's suffix and the inputs; None is said to be an error.

    It returns the name without the suffix, and the bytes or a function that writes them to a path.
    """

    def made(suffix: str, *values: Any) -> dict[str, str]:
        try:
            if (found := make(suffix, *values)) is None:
                raise QAError("没有可以下载的：结果只留一小时，服务器重新启动后也不在了。请再做一次。")
            name, content = f"{found[0]}{suffix}", found[1]
            if callable(content):
                with scratch_folder() as folder:
                    content(folder / name)
                    content = (folder / name).read_bytes()
        except Exception as error:
            raise gr.Error(explain(error, error_log), print_exception=False) from error
        return {"name": name, "data": base64.b64encode(content).decode("ascii")}

    for suffix, button in buttons.items():
        file = gr.JSON(visible=False)
        saved = button.click(partial(made, suffix), inputs, file, **QUIET)
        saved.success(None, file, None, js="(file) => window.qaSave(file)")
