"""``union-qa serve`` and ``union-qa mcp``: run the web page, or the tools for language models."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from qa.cli.options import Encoder, Index, Store, UsersFile, open_named, settings_with
from qa.cli.terminal import say


def serve(
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
    host: Annotated[
        str | None, typer.Option(metavar="地址", help="监听地址；默认 127.0.0.1，只有本机能打开。")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="端口", min=1, max=65535, help="监听端口；默认 7860。")
    ] = None,
    users: UsersFile = None,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="域名", help="别的电脑打开网页时用的名称；可写多次。"),
    ] = None,
    for_all: Annotated[
        bool, typer.Option("--open", help="没有用户文件也对别的电脑开放：谁都能提问和阅读，谁都不能增删。")
    ] = False,
    with_mcp: Annotated[bool, typer.Option("--mcp", help="在 /mcp 提供给语言模型用的四个工具。")] = False,
) -> None:
    """打开网页：在浏览器里提问，右边看出处。

    例：union-qa serve

    例：union-qa serve --index 我的索引 --port 8000

    例：union-qa serve --host 0.0.0.0 --users 用户.json --name qa.example.org
    """
    from qa.web.serve import serve as serve_page

    settings = settings_with(index, store)
    settings = replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        users=users or settings.users,
        names=tuple(name) if name else settings.names,
    )
    serve_page(settings, lambda: open_named(settings, encoder), say, for_all=for_all, mcp=with_mcp)


def mcp(index: Index = None, store: Store = None, encoder: Encoder = None) -> None:
    """供语言模型使用的四个工具（MCP），经标准输入输出；由模型的程序启动，不需要手动运行。

    例：union-qa mcp --index 我的索引
    """
    from qa.web.api import speak
    from qa.web.shelf import Shelf

    settings = settings_with(index, store)
    speak(Shelf(open_named(settings, encoder)), settings.error_log)
