"""``union-qa feedback``: list, export and delete the feedback of the web page."""

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

commands = typer.Typer(
    name="feedback", help="网页上收到的反馈（有用、无用、意见）：列出、导出、删除。", no_args_is_help=True
)


@commands.command("list")
def listed(as_json: AsJson = False) -> None:
    """列出全部反馈，先收到的在前。

    例：union-qa feedback list
    """
    from qa.feedback import RETENTION_DAYS, expected, load_all

    found = load_all(read_settings().feedback_file)
    if as_json:
        for each in found:
            print_json(expected(each))
        return
    if not found:
        show("还没有反馈。网页上每个回答下面有“有用”“无用”。")
        return
    rows = ((f.at[:16].replace("T", " "), _VERDICTS[f.verdict], f.question, f.comment) for f in found)
    title = f"反馈 {len(found)} 条，{RETENTION_DAYS} 天后删除"
    print_table(("时间（UTC）", "评价", "问题", "意见"), rows, title)


@commands.command()
def export(file: Annotated[Path, typer.Argument(metavar="FILE", help="写到这里，每行一个问题。")]) -> None:
    """把反馈写成 union-qa evaluate 能读的问题文件：有用的回答成为标准答案，无用的留待填写 answer_groups。

    例：union-qa feedback export 反馈.jsonl
    """
    from qa.feedback import expected, load_all

    found = load_all(read_settings().feedback_file)
    if not found:
        raise QAError("还没有反馈，没有可导出的。网页上每个回答下面有“有用”“无用”。")
    lines = "".join(json.dumps(expected(each), ensure_ascii=False) + "\n" for each in found)
    with writing(file) as new:
        new.write_text(lines, encoding="utf-8", newline="\n")
    unclear = sum(each.verdict == "useless" for each in found)
    rest = f"，其中 {unclear} 个还要填写 answer_groups。" if unclear else "。"
    say(f"已写入 {file}：{len(found)} 个问题{rest}")


@commands.command()
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
    from qa.feedback import delete_old

    say(f"已删除 {delete_old(read_settings().feedback_file, older_than)} 条反馈。")
