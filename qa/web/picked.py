"""A file that a person picks and the browser reads: it is never an upload, so everybody may have one looked at."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

import gradio as gr

from qa.errors import QAError
from qa.web.controls import plain_html, said_by
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
    """A box to choose a file with, or to drop it on; it fires ``upload`` with what ``written`` takes.

    Args:
        choose: key of the words on it.
        limits: HTML of what it takes.
        above: HTML before it.
    """
    html = (
        f'{above}<label class="qa-drop"><span>{both(choose)}</span><small>{limits}</small>'
        f'<input type="file" accept="{",".join(suffixes)}" data-most="{most_bytes}"></label>'
    )
    return plain_html(html, script=_PICKED)


def written(event: gr.EventData, folder: Path, most_bytes: int, too_large: str) -> Path:
    """The file that the browser sent, in this folder.

    Args:
        too_large: what to say of a larger file, with its ``{name}``.

    Raises:
        QAError: it is too large, or did not come whole.
    """
    said = said_by(event, name=str, size=int, data=str)
    name = safe_name(said["name"])
    if said["size"] > most_bytes:
        raise QAError(too_large.format(name=name))
    path = folder / name
    try:
        path.write_bytes(base64.b64decode(said["data"], validate=True))
    except ValueError as error:  # no base64, or not ASCII
        raise QAError(f"“{name}”没有收全。请再选一次。") from error
    return path
