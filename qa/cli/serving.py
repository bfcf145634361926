"""``union-qa serve``: the web page."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.options import Encoder, Index, open_named, settings_with
from qa.cli.terminal import say

__all__ = ["add_commands"]


def add_commands(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(serve)


def serve(
    index: Index = None,
    encoder: Encoder = None,
    host: Annotated[
        str | None, typer.Option(metavar="地址", help="监听地址；默认 127.0.0.1，只有本机能打开。")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="端口", min=1, max=65535, help="监听端口；默认 7860。")
    ] = None,
) -> None:
    """打开网页：在浏览器里提问，右边看出处。

    例：union-qa serve

    例：union-qa serve --index 我的索引 --port 8000
    """
    from qa.web.serve import serve as serve_page

    settings = settings_with(index, host, port)
    serve_page(settings, lambda: open_named(settings, encoder), say)
