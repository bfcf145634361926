"""``union-qa backup`` and ``union-qa restore``: all data of the program as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import Index, settings_with
from qa.cli.terminal import say, show
from qa.errors import QAError


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份写到这里（zip）；已有的同名备份被替换。")],
    index: Index = None,
) -> None:
    """备份：索引、上传的报告、更正、反馈、用户和操作记录，写成一个文件；网页运行时也可以。

    例：union-qa backup 备份.zip
    """
    from qa.backup import back_up
    from qa.index import index_exists

    folders = _folders(index)
    if not index_exists(folders["index"]):
        del folders["index"]  # no index: the folder may belong to something else
    copied = back_up(folders, file.expanduser(), without=[settings_with(index).sample_folder])
    show(f"已备份 {copied.files} 个文件（{copied.bytes / 1e6:.1f} MB）到 {file}")
    say("备份里有问题、反馈和用户的密码散列，请像对待它们一样保管。")
    if copied.problems:
        raise QAError("；".join(copied.problems) + " 其余内容已经备份。")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="union-qa backup 写的文件。")],
    index: Index = None,
) -> None:
    """恢复：把备份放回这台机器；先核对每个文件，不覆盖已有的任何文件。

    例：union-qa restore 备份.zip
    """
    from qa.backup import restore as put_back
    from qa.index import index_exists, store_at

    folders = _folders(index)
    copied = put_back(file.expanduser(), folders)
    show(f"已恢复 {copied.files} 个文件（{copied.bytes / 1e6:.1f} MB），校验和全部相符")
    if index_exists(folders["index"]):
        generation, _ = store_at(folders["index"]).read_newest()
        show(
            f"索引      {folders['index']}（第 {generation.manifest.generation} 代，{len(generation.reports)} 份报告）"
        )


def _folders(index: Path | None) -> dict[str, Path]:
    from qa.web.uploads import uploads_folder

    settings = settings_with(index)
    return {
        "home": settings.home,
        "index": settings.index_folder,
        "reports": uploads_folder(settings),
        "users": settings.users_file,
    }
