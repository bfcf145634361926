"""``union-qa rebuild`` and ``union-qa status``: build, update and inspect the index."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import AsJson, Encoder, Index, Store, named_store, settings_with, typed_path
from qa.cli.terminal import console, print_json, print_table, say, show
from qa.text.visible import one_line

if TYPE_CHECKING:
    from qa.index import Generation, Progress, RebuildSummary, Step
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
    workers: Annotated[
        int, typer.Option(metavar="N", help="用 N 个进程读取、切分和编码；结果与一个进程完全相同。")
    ] = 1,
    ray: Annotated[
        str | None, typer.Option(metavar="地址", help="把这些工作交给一个 Ray 集群，如 10.0.0.1:6379。")
    ] = None,
    wait: Annotated[float, typer.Option(metavar="秒", help="另一个重建正在进行时，等候这么久。")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """建立或更新索引：只重读、重算变了的报告；文件夹里删掉的，索引里也不再有。

    例：union-qa rebuild 报告文件夹

    例：union-qa rebuild a.txt b.md --index 我的索引 --wait 60

    例：union-qa rebuild 报告文件夹 --store milvus:http://127.0.0.1:19530

    例：union-qa rebuild 报告文件夹 --workers 4
    """
    from qa.index import rebuild as build

    settings = settings_with(index, store)
    with _progress(shown=not as_json) as progress:
        summary = build(
            reports,
            named_store(settings),
            encoder=encoder or settings.encoder,
            force=force,
            wait_seconds=wait,
            progress=progress,
            workers=workers,
            ray=ray,
        )
    for skipped in summary.skipped:
        say(f"跳过 {one_line(skipped.path)}：{one_line(skipped.reason)}")
    if as_json:
        print_json(asdict(summary))
    else:
        _show_summary(summary)


def status(index: Index = None, store: Store = None, as_json: AsJson = False) -> None:
    """查看索引：第几代、用哪个编码器、有哪些报告，并核对全部校验和。

    例：union-qa status

    例：union-qa status --index 我的索引 --json
    """
    from qa.reading.overrides import suggested_lines, uncertain_inferences

    opened = named_store(settings_with(index, store))
    generation, warnings = opened.read_newest()
    for warning in warnings:
        say(warning)
    if as_json:
        print_json(_status_json(opened, generation, warnings))
        return
    manifest = generation.manifest
    show(f"索引      {opened.described(manifest)}（第 {manifest.generation} 代，建于 {manifest.created}）")
    show(f"编码器    {manifest.encoder_identity}（{manifest.dimension} 维）")
    show(
        f"内容      {len(generation.reports)} 份报告，{manifest.paragraphs} 个段落，{manifest.sentences} 个句子"
    )
    show(f"校验和    {len(manifest.files)} 个文件全部相符")
    rows = (
        (r.source.name, r.title, r.place.name, r.period or "", len(r.paragraphs)) for r in generation.reports
    )
    print_table(("报告", "标题", "地区", "时期", "段落"), rows)
    for report in generation.reports:
        for note in report.notes:
            show(f"提醒  {report.source.name}：{note}")
        if lines := suggested_lines(report):
            why = "；".join(
                f"{i.field}：{i.basis or '没有找到依据'}（{i.confidence:.0%}）"
                for i in uncertain_inferences(report)
            )
            show(
                f"提醒  {report.source.name} 的这些内容把握不大：{why}\n      请在报告旁的 reports.toml 里写明："
            )
            show("\n".join(f"        {line}" for line in lines))


@contextmanager
def _progress(*, shown: bool) -> Iterator[Progress | None]:
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def follow(step: Step, done: int, total: int) -> None:
            bar.update(task, description=_STEPS[step], completed=done, total=total)

        yield follow


def _show_summary(summary: RebuildSummary) -> None:
    changes = (
        f"新增 {len(summary.added)}，有变化 {len(summary.changed)}，"
        f"未变 {len(summary.unchanged)}，已移除 {len(summary.removed)}，跳过 {len(summary.skipped)}"
    )
    show(f"索引      {summary.folder}（第 {summary.generation} 代）")
    show(f"内容      {summary.reports} 份报告，{summary.paragraphs} 个段落，{summary.sentences} 个句子")
    show(f"报告      {changes}")
    show(f"重算      {summary.embedded} 个句子的向量")
    show(f"用时      {summary.seconds:.2f} 秒")


def _status_json(store: StoreOfIndex, generation: Generation, warnings: tuple[str, ...]) -> dict[str, object]:
    return {
        "index": store.name,
        "searched": store.described(generation.manifest),
        **asdict(generation.manifest),
        "warnings": list(warnings),
        "reports": [
            {
                "report": report.source.name,
                "id": report.id,
                "title": report.title,
                "place": report.place.name,
                "period": str(report.period) if report.period else None,
                "organisation": report.organisation,
                "paragraphs": len(report.paragraphs),
                "notes": list(report.notes),
            }
            for report in generation.reports
        ],
    }
