"""Print results to stdout and notices to stderr, without control characters or Rich markup."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# Control, direction and zero-width characters: an escape sequence in a report must not reach a terminal.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def prepare_streams() -> None:
    """Write UTF-8 into files and pipes, and escape what a terminal cannot show."""
    sys.stdout = sys.stdout or io.StringIO()  # None if closed by the parent process
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace")


def plain(text: str) -> str:
    """Return the text without characters that control a terminal."""
    return _UNSAFE.sub("", text)


def show(text: str = "") -> None:
    """Print a part of the result to stdout."""
    print(plain(text))


def say(text: str) -> None:
    """Print a notice to stderr."""
    print(plain(text), file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """Print a JSON value on one line; characters that control a terminal are escaped."""
    line = json.dumps(value, ensure_ascii=False)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line), flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print a table of plain text."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(plain(str(cell)) for cell in row))
    _console().print(table)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a progress bar on a terminal's stderr and remove it at the end; it is told (work, done, total)."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda work, done, total: bar.update(task, description=work, completed=done, total=total)


def _console(*, stderr: bool = False) -> Console:
    """Return a Rich console that interprets no markup."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)
