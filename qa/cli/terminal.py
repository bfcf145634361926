"""What commands share on the terminal: their options, the library that these name, and how a result is printed.

Results go to stdout and notices to stderr, without control characters or Rich markup.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from qa.settings import Settings, read_settings, refuse_little_memory

if TYPE_CHECKING:
    from rich.console import Console

    from qa.library import Library


_ADDRESS_SPACE = 10**9  # bytes; with less, native libraries crash while they load


def typed_path(text: str) -> Path:
    """Return the path; refuse an empty one, as an unset shell variable gives it, instead of the current folder."""
    if not text.strip():
        raise typer.BadParameter("路径是空的；当前文件夹写作 ./")
    return Path(text)


def value(metavar: str, words: str, **more: Any) -> Any:
    """Return an option of the name of its parameter; ``words`` explain it, ``more`` is as for Typer."""
    return typer.Option(metavar=metavar, help=words, **more)


_index = value("DIR", "索引文件夹；默认 UNION_QA_INDEX，否则 ~/.union-qa/index。", parser=typed_path)
_store = value("milvus:ADDRESS", "段落和向量存在 Milvus 里；默认 UNION_QA_STORE，否则存在索引文件夹里。")
_encoder = value("NAME", "编码器的名称或路径；默认用索引记下的，shipped 为自带的编码器。")
Index: TypeAlias = Annotated[Path | None, _index]
Store: TypeAlias = Annotated[str | None, _store]
Encoder: TypeAlias = Annotated[str | None, _encoder]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]
Place: TypeAlias = Annotated[str | None, value("地区", "只看这个地区的报告，如 温州。")]
Period: TypeAlias = Annotated[str | None, value("年份", "只看这些年的报告，如 2018-2023。")]
Report: TypeAlias = Annotated[str | None, value("文件名", "只看这一份报告。")]
UsersFile: TypeAlias = Annotated[
    Path | None, value("FILE", "用户文件；默认 UNION_QA_USERS，否则 ~/.union-qa/users.json。")
]


def settings_with(index: Path | None = None, store: str | None = None, **more: Any) -> Settings:
    """Return the settings of the environment, with those that the command line names.

    Raises QAError if a setting is wrong, or the memory limit of the process is too low.
    """
    refuse_little_memory(_ADDRESS_SPACE)
    named = {"index": index, "store": store, **more}
    return replace(read_settings(), **{name: own for name, own in named.items() if own})


def opened(settings: Settings, encoder: str | None = None) -> Library:
    """Open the library that the command line names; notices go to stderr."""
    from qa.library import open_library

    return open_library(encoder=encoder, settings=settings, say=say)


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
