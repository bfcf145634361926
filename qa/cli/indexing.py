"""``union-qa rebuild``, ``status``, ``backup`` and ``restore``: build, inspect and save the index and what is beside it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.terminal import (
    AsJson,
    Encoder,
    Index,
    Store,
    print_json,
    print_table,
    progress_bar,
    say,
    settings_with,
    show,
    typed_path,
    value,
)
from qa.errors import QAError
from qa.settings import user_path
from qa.text.normal import local_time, one_line

if TYPE_CHECKING:
    from qa.index import Generation
    from qa.index import Store as StoreOfIndex

_STEPS = {"read": "读取报告", "embed": "计算向量", "write": "写入索引", "sync": "落盘", "verify": "核对", "publish": "发布", "switch": "切换", "clean": "清理", "lock": "准备"}  # fmt: skip


def rebuild(
    reports: Annotated[
        list[Path], typer.Argument(metavar="REPORTS...", parser=typed_path, help="报告文件或文件夹。")
    ],
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
    force: Annotated[bool, typer.Option("--force", help="全部重读重算，不沿用上一代。")] = False,
    workers: Annotated[int, value("N", "用 N 个进程读取、切分和编码；结果与一个进程完全相同。")] = 1,
    ray: Annotated[str | None, value("地址", "把这些工作交给一个 Ray 集群，如 10.0.0.1:6379。")] = None,
    wait: Annotated[float, value("秒", "另一个重建正在进行时，等候这么久。")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """建立或更新索引：只重读、重算变了的报告；文件夹里删掉的，索引里也不再有。

    例：union-qa rebuild 报告文件夹

    例：union-qa rebuild a.txt b.md --index 我的索引 --wait 60

    例：union-qa rebuild 报告文件夹 --store milvus:http://127.0.0.1:19530

    例：union-qa rebuild 报告文件夹 --workers 4
    """
    from qa.index import rebuild as build
    from qa.index import store_named

    settings = settings_with(index, store)
    with progress_bar() as advance:
        summary = build(
            reports,
            store_named(settings.store, settings.index_folder, settings.store_token),
            encoder=encoder or settings.encoder,
            force=force,
            wait_seconds=wait,
            progress=lambda step, done, total: advance(_STEPS[step], done, total),
            workers=workers,
            ray=ray,
        )
    for skipped in summary.skipped:
        say(f"跳过 {one_line(skipped.path)}：{one_line(skipped.reason)}")
    if as_json:
        print_json(asdict(summary))
        return
    show(f"索引      {summary.folder}（第 {summary.generation} 代）")
    show(f"内容      {summary.reports} 份报告，{summary.paragraphs} 个段落，{summary.sentences} 个句子")
    show(
        f"报告      新增 {len(summary.added)}，有变化 {len(summary.changed)}，未变 {len(summary.unchanged)}，"
        f"已移除 {len(summary.removed)}，跳过 {len(summary.skipped)}"
    )
    show(f"重算      {summary.embedded} 个句子的向量")
    show(f"用时      {summary.seconds:.2f} 秒")


def status(index: Index = None, store: Store = None, as_json: AsJson = False) -> None:
    """查看索引：第几代、用哪个编码器、有哪些报告，并核对全部校验和。

    例：union-qa status

    例：union-qa status --index 我的索引 --json
    """
    from qa.index import store_named
    from qa.reading.overrides import suggested_lines, uncertain_inferences

    settings = settings_with(index, store)
    opened = store_named(settings.store, settings.index_folder, settings.store_token)
    generation, warnings = opened.read_newest()
    for warning in warnings:
        say(warning)
    if as_json:
        print_json(_status_json(opened, generation, warnings))
        return
    manifest = generation.manifest
    made = f"第 {manifest.generation} 代，建于 {local_time(manifest.created)}"
    show(f"索引      {opened.described(manifest)}（{made}）")
    show(f"编码器    {manifest.encoder_identity}（{manifest.dimension} 维）")
    reports = generation.reports
    show(f"内容      {len(reports)} 份报告，{manifest.paragraphs} 个段落，{manifest.sentences} 个句子")
    show(f"校验和    {len(manifest.files)} 个文件全部相符")
    rows = ((r.source.name, r.title, r.place.name, r.period or "", len(r.paragraphs)) for r in reports)
    print_table(("报告", "标题", "地区", "时期", "段落"), rows)
    for report in reports:
        for note in report.notes:
            show(f"提醒  {report.source.name}：{note}")
        if lines := suggested_lines(report):
            why = "；".join(
                f"{i.field}：{i.basis or '没有找到依据'}（{i.confidence:.0%}）"
                for i in uncertain_inferences(report)
            )
            show(f"提醒  {report.source.name} 的这些内容把握不大：{why}")
            show("      请在报告旁的 reports.toml 里写明：")
            show("\n".join(f"        {line}" for line in lines))


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
    copied = back_up(folders, user_path(file), without=[settings_with(index).sample_folder])
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
    copied = put_back(user_path(file), folders)
    show(f"已恢复 {copied.files} 个文件（{copied.bytes / 1e6:.1f} MB），校验和全部相符")
    if index_exists(folders["index"]):
        generation, _ = store_at(folders["index"]).read_newest()
        number, reports = generation.manifest.generation, len(generation.reports)
        show(f"索引      {folders['index']}（第 {number} 代，{reports} 份报告）")


def _status_json(store: StoreOfIndex, generation: Generation, warnings: tuple[str, ...]) -> dict[str, object]:
    return {
        "index": store.name,
        "searched": store.described(generation.manifest),
        **asdict(generation.manifest),
        "warnings": warnings,
        "reports": [
            {
                "report": report.source.name,
                "id": report.id,
                "title": report.title,
                "place": report.place.name,
                "period": str(report.period) if report.period else None,
                "organisation": report.organisation,
                "paragraphs": len(report.paragraphs),
                "notes": report.notes,
            }
            for report in generation.reports
        ],
    }


def _folders(index: Path | None) -> dict[str, Path]:
    from qa.web.uploads import uploads_folder

    settings = settings_with(index)
    return {
        "home": settings.home,
        "index": settings.index_folder,
        "reports": uploads_folder(settings),
        "users": settings.users_file,
    }
