"""What is printed and how: results to stdout, everything said beside them to stderr, nothing that could steer a terminal.

Text of reports and questions is never taken for Rich's markup.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# Control, direction and zero-width characters: an escape sequence in a report must not reach a terminal.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def prepare_streams() -> None:
    """Let every character through: UTF-8 into files and pipes, a substitute where a terminal cannot show one."""
    if sys.stdout is None:  # closed by whoever started the program
        sys.stdout = io.StringIO()
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = stream.encoding if stream.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace")


def plain(text: str) -> str:
    """The text without characters that a terminal obeys."""
    return _UNSAFE.sub("", text)


def show(text: str = "") -> None:
    """Print a piece of the result."""
    print(plain(text))


def say(text: str) -> None:
    """Tell the user something beside the result."""
    print(plain(text), file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """Print one JSON value on one line, what a terminal obeys escaped as JSON allows."""
    line = json.dumps(value, ensure_ascii=False)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line), flush=True)


def console(*, stderr: bool = False) -> Console:
    """A Rich console that interprets nothing in what it is given."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print a table; cells are plain text."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(plain(str(cell)) for cell in row))
    console().print(table)
