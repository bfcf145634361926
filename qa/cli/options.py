"""Options that several commands share, and how to open the library that they name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from qa.cli.terminal import say
from qa.settings import Settings, read_settings, refuse_little_memory

if TYPE_CHECKING:
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
