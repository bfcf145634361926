"""``union-qa feedback``: what people said of answers on the page, listed, exported, deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import AsJson
from qa.cli.terminal import print_json, print_table, say, show
from qa.errors import QAError, writing
from qa.settings import read_settings

_VERDICTS = {"useful": "有用", "useless": "无用"}


def add_commands(app: typer.Typer) -> None:
    """Register the commands of this file, as a group."""
    group = typer.Typer(
        name="feedback", help="网页上收到的反馈（有用、无用、意见）：列出、导出、删除。", no_args_is_help=True
    )
    group.command("list")(listed)
    group.command()(export)
    group.command()(forget)
    app.add_typer(group)


def listed(as_json: AsJson = False) -> None:
    """列出全部反馈，先收到的在前。

    例：union-qa feedback list
    """
    from qa.feedback import RETENTION_DAYS, every, expected

    found = every(read_settings().feedback_file)
    if as_json:
        for each in found:
            print_json(expected(each))
        return
    if not found:
        show("还没有反馈。网页上每个回答下面有“有用”“无用”。")
        return
    print_table(
        ("时间（UTC）", "评价", "问题", "意见"),
        (
            (each.at[:16].replace("T", " "), _VERDICTS[each.verdict], each.question, each.comment)
            for each in found
        ),
        f"反馈 {len(found)} 条，{RETENTION_DAYS} 天后删除",
    )


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到这里，每行一个问题。")],
) -> None:
    """把反馈写成 union-qa evaluate 能读的问题文件：有用的回答成为标准答案，无用的留待填写 answer_groups。

    例：union-qa feedback export 反馈.jsonl
    """
    from qa.feedback import every, expected

    found = every(read_settings().feedback_file)
    if not found:
        raise QAError("还没有反馈，没有可导出的。网页上每个回答下面有“有用”“无用”。")
    lines = "".join(json.dumps(expected(each), ensure_ascii=False) + "\n" for each in found)
    with writing(file) as new:
        new.write_text(lines, encoding="utf-8", newline="\n")
    unclear = sum(each.verdict == "useless" for each in found)
    say(
        f"已写入 {file}：{len(found)} 个问题"
        + (f"，其中 {unclear} 个还要填写 answer_groups。" if unclear else "。")
    )


def forget(
    older_than: Annotated[
        int,
        typer.Option(
            "--older-than", metavar="DAYS", min=0, max=36_500, help="只删这么多天以前的；默认全部。"
        ),
    ] = 0,
) -> None:
    """删除反馈，连同其中的问题和意见，不可恢复。

    例：union-qa feedback forget --older-than 30
    """
    from qa.feedback import forget as deleted

    say(f"已删除 {deleted(read_settings().feedback_file, older_than)} 条反馈。")
