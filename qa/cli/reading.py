"""``union-qa read``: show how reports are read, before any index is built."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import AsJson
from qa.cli.terminal import print_json, say, show
from qa.errors import ReportError, writing
from qa.scratch import scratch_folder
from qa.text.visible import one_line

if TYPE_CHECKING:
    from qa.reading.layout import Restored
    from qa.types import Report


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="报告文件或文件夹。")],
    as_json: AsJson = False,
    as_text: Annotated[bool, typer.Option("--text", help="只输出还原后的正文。")] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="列出还原时的每个决定：拼接、图片说明、移动的标题，附理由和把握。"),
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="把还原后的正文和原文并排写成一个网页。")
    ] = None,
) -> None:
    """读报告并还原段落：看看标题、地区、时期认得对不对，段落接得对不对。

    例：union-qa read 报告.txt

    例：union-qa read 报告文件夹 --json > 还原.jsonl

    例：union-qa read 报告.txt --explain --html 还原.html
    """
    with scratch_folder() as unpacked:
        _read(files, unpacked, as_json, as_text, explain, html)


def _read(
    files: list[Path], unpacked: Path, as_json: bool, as_text: bool, explain: bool, html: Path | None
) -> None:
    from qa.cli.restoring import explained, explained_html
    from qa.reading import find_reports, load_overrides, read_restored
    from qa.reading.as_json import as_json as report_json

    found, skipped = find_reports(files, unpacked)
    pages: list[tuple[Report, Restored]] = []
    for path, reason in skipped:
        say(f"跳过 {one_line(path)}：{reason}")
    failed = len(skipped)
    for path in found:
        try:
            report, restored = read_restored(path, load_overrides(path.parent))
        except ReportError as error:
            say(f"跳过 {one_line(path)}：{error}")
            failed += 1
            continue
        if html:
            pages.append((report, restored))
        if as_json:
            print_json(report_json(report))
        elif as_text:
            show("\n\n".join(paragraph.text for paragraph in report.paragraphs))
        else:
            _show(report)
            if explain:
                show(explained(report, restored))
    if html and pages:
        with writing(html) as file:
            file.write_text(explained_html(pages), encoding="utf-8", errors="replace")
        say(f"已写入 {html}。")
    if failed or not found:
        raise typer.Exit(1)


def _show(report: Report) -> None:
    source, kinds = report.source, Counter(paragraph.kind for paragraph in report.paragraphs)
    show(f"{source.name}（{source.format}，{source.encoding}，{len(source.text)} 字）")
    show(f"  标题    {report.title}")
    if report.subtitle:
        show(f"  副题    {report.subtitle}")
    show(f"  单位    {report.organisation}")
    show(f"  地区    {''.join((*report.place.parents, report.place.name))}")
    show(f"  时期    {report.period or ''}")
    if report.plans:
        show(f"  打算    {report.plans}")
    if report.delivered:
        show(f"  作报告  {report.delivered}{f'，{report.speaker}' if report.speaker else ''}")
    if report.published:
        show(f"  发表    {report.published}")
    if report.as_of:
        show(f"  数据至  {report.as_of}")
    for inference in report.inferences:
        mark = "" if inference.confidence >= 0.5 else "（把握不大，可用 reports.toml 更正）"
        show(f"  依据    {inference.field}：{inference.basis}{mark}")
    for note in report.notes:
        show(f"  注意    {note}")
    show(f"  段落    {len(report.paragraphs)}（{'，'.join(f'{kind} {n}' for kind, n in kinds.items())}）")
