"""A file that the browser reads and sends as data: not an upload, so it is allowed to everybody."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

import gradio as gr

from qa.errors import QAError
from qa.web.controls import event_data, plain_html
from qa.web.upload_names import safe_name
from qa.web.words import both

# The browser reads the file: uploads to the server's disk are for administrators, questions for everybody.
_PICKED = """
element.addEventListener("change", ({ target }) => {
  const file = target.files?.[0];
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => trigger("upload", { name: file.name, size: file.size, data: reader.result.split(",")[1] ?? "" });
  reader.readAsDataURL(file.size > Number(target.dataset.most) ? new Blob() : file);
  target.value = "";
});
"""


def picker(choose: str, limits: str, suffixes: Iterable[str], most_bytes: int, above: str = "") -> gr.HTML:
    """Return a box to choose or drop a file; it fires ``upload`` with what ``write_sent_file`` takes.

    Args:
        choose: key of its label.
        limits: HTML.
        above: HTML.
    """
    html = (
        f'{above}<label class="qa-drop"><span>{both(choose)}</span><small>{limits}</small>'
        f'<input type="file" accept="{",".join(suffixes)}" data-most="{most_bytes}"></label>'
    )
    return plain_html(html, script=_PICKED)


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
