"""Options that several commands share, and how to open the library that they name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from qa.cli.terminal import say
from qa.errors import QAError
from qa.settings import Settings, read_settings, system_limit

if TYPE_CHECKING:
    from qa.library import Library

LEAST_ADDRESS_SPACE = 10**9  # bytes; with less, native libraries crash while they load, without a message


def typed_path(text: str) -> Path:
    """Return the path; refuse an empty one, as an unset shell variable gives it, instead of the current folder."""
    if not text.strip():
        raise typer.BadParameter("路径是空的；当前文件夹写作 ./")
    return Path(text)


def a_file(name: str, words: str) -> Any:
    """Return the option of this name that takes a file; ``words`` explain it."""
    return typer.Option(name, metavar="FILE", help=words)


Index: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        parser=typed_path,
        help="索引文件夹；默认 UNION_QA_INDEX，否则 ~/.union-qa/index。",
    ),
]
Store: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="milvus:ADDRESS",
        help="段落和向量存在 Milvus 里；默认 UNION_QA_STORE，否则存在索引文件夹里。",
    ),
]
Encoder: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--encoder", metavar="NAME", help="编码器的名称或路径；默认用索引记下的，shipped 为自带的编码器。"
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]
Place: TypeAlias = Annotated[str | None, typer.Option(metavar="地区", help="只看这个地区的报告，如 温州。")]
Period: TypeAlias = Annotated[
    str | None, typer.Option(metavar="年份", help="只看这些年的报告，如 2018-2023。")
]
Report: TypeAlias = Annotated[str | None, typer.Option(metavar="文件名", help="只看这一份报告。")]
UsersFile: TypeAlias = Annotated[
    Path | None, a_file("--users", "用户文件；默认 UNION_QA_USERS，否则 ~/.union-qa/users.json。")
]


def settings_with(index: Path | None = None, store: str | None = None) -> Settings:
    """Return the settings of the environment, with the index that the command line names.

    Raises:
        QAError: a setting is wrong, or the memory limit of the process is too low.
    """
    if (allowed := system_limit("RLIMIT_AS")) < LEAST_ADDRESS_SPACE:
        raise QAError(
            f"这个进程最多能用 {allowed // 10**6} MB 内存地址（ulimit -v），"
            f"程序需要 {LEAST_ADDRESS_SPACE // 10**6} MB。请放宽限制后重试。"
        )
    settings = read_settings()
    return replace(settings, index=index or settings.index, store=store or settings.store)


def open_named(settings: Settings, encoder: str | None = None) -> Library:
    """Open the library that the command line names; notices go to stderr."""
    from qa.library import open_library

    return open_library(encoder=encoder, settings=settings, say=say)
