"""``union-qa read``: show how reports are read, before any index is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.terminal import AsJson, print_json, say, show, value
from qa.errors import ReportError, refuse_same, writing
from qa.scratch import scratch_folder
from qa.text.normal import one_line

if TYPE_CHECKING:
    from qa.reading.layout.records import Decision, Restored
    from qa.types import Report

_NAMES = {  # of decisions, and of kinds of paragraphs but prose
    "join": "拼接",
    "fragment": "残句",
    "caption": "图片说明",
    "byline": "署名",
    "keywords": "关键词",
    "furniture": "版面元素",
    "heading": "标题",
    "moved": "移动",
    "title": "题目",
    "table row": "表格",
    "note": "注释",
}
_IN_ORDER = attrgetter("at", "what")
_AROUND = 14  # characters of context shown on each side


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="报告文件或文件夹。")],
    as_json: AsJson = False,
    as_text: Annotated[bool, typer.Option("--text", help="只输出还原后的正文。")] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="列出还原时的每个决定：拼接、图片说明、移动的标题，附理由和把握。"),
    ] = False,
    html: Annotated[Path | None, value("FILE", "把还原后的正文和原文并排写成一个网页。")] = None,
) -> None:
    """读报告并还原段落：看看标题、地区、时期认得对不对，段落接得对不对。

    例：union-qa read 报告.txt

    例：union-qa read 报告文件夹 --json > 还原.jsonl

    例：union-qa read 报告.txt --explain --html 还原.html
    """
    from qa.answer_json import report_json
    from qa.reading import find_reports, load_overrides, read_restored

    pages: list[tuple[Report, Restored]] = []
    with scratch_folder() as unpacked:
        found, skipped = find_reports(files, unpacked)
        for each in skipped:
            say(f"跳过 {one_line(each.path)}：{each.reason}")
        failed = len(skipped)
        if html:
            for path in found:
                refuse_same(path, html, "要读的报告")
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
                    _show_decisions(report, restored)
    if html and pages:
        with writing(html) as file:
            file.write_text(_explained_html(pages), encoding="utf-8", errors="replace")
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


def _show_decisions(report: Report, restored: Restored) -> None:
    """Print one line for each decision, in source order: kind, confidence, line, words around it, reason."""
    text = report.source.text
    rows = sorted(restored.decisions, key=_IN_ORDER)
    if not rows:
        show("  决定    无：原文段落完整，没有需要拼接或移动的地方")
    for d in rows:
        line = text.count("\n", 0, d.at[0]) + 1
        show(f"  {_NAMES[d.what]}　{d.confidence:.2f}　第 {line} 行　{_context(text, d)}　{d.reason}")


def _explained_html(read: Sequence[tuple[Report, Restored]]) -> str:
    """Return a self-contained page: each restored text next to its source, with the decisions marked and listed."""
    from qa.web.markup import render

    reports = []
    for report, restored in read:
        text, rows = report.source.text, sorted(restored.decisions, key=_IN_ORDER)
        decisions = [(d, _context(text, d)) for d in rows]
        moves = [d.at for d in rows if d.what == "moved"]
        moved = {h.text for h in restored.headings if any(a <= h.spans[0][0] < b for a, b in moves)}
        body = [
            (p, ["".join(text[a:b].split()).replace("*", "") for a, b in p.spans]) for p in report.paragraphs
        ]
        reports.append((report, decisions, moved, body, list(_marked(text, rows))))
    title = read[0][0].title if len(read) == 1 else f"{len(read)} 份报告"
    return render("explained.page", title=title, reports=reports, names=_NAMES)


def _marked(text: str, rows: Sequence[Decision]) -> Iterator[tuple[str, str | None, int, Decision | None]]:
    """Yield the text before each mark, what is marked, the number of its decision, and the decision.

    What is marked is None inside another mark; a join is marked at both of its ends, at the second without the decision.
    """
    marks: list[tuple[int, int, int, Decision | None]] = [(*d.at, n, d) for n, d in enumerate(rows)]
    bars = [(d.to[0], d.to[0], n, None) for n, d in enumerate(rows) if d.what == "join" and d.to]
    at = 0
    for start, end, number, decision in sorted(bars + marks, key=lambda mark: mark[0]):
        if start < at:
            yield "", None, number, decision
        else:
            yield text[at:start], text[start:end], number, decision
            at = end
    yield text[at:], None, 0, None


def _context(text: str, decision: Decision) -> str:
    """Return the words that a decision is about; for a join those on both sides."""
    start, end = decision.at
    if decision.what == "join" and decision.to:
        left, right = text[max(0, end - _AROUND) : end], text[decision.to[0] : decision.to[0] + _AROUND]
        return f"…{''.join(left.split())}＋{''.join(right.split())}…"
    if start == end:
        return f"…{''.join(text[max(0, end - 2 * _AROUND) : end].split())}"
    words = "".join(text[start:end].split())
    return words if len(words) <= 2 * _AROUND else f"{words[: 2 * _AROUND]}…"
