"""``union-qa read``: show how reports are read, before any index is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import AsJson, a_file
from qa.cli.terminal import print_json, say, show
from qa.errors import ReportError, writing
from qa.scratch import scratch_folder
from qa.text.visible import one_line

if TYPE_CHECKING:
    from qa.reading.layout import Restored
    from qa.reading.layout.records import Decision
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
_AROUND = 14  # characters of context shown on each side
_BAR = '<mark class="join">┃</mark>'
_STYLE = """body{font:16px/1.8 "Noto Serif CJK SC","Songti SC",SimSun,serif;margin:2rem;color:#222;background:#fff}
main{display:grid;grid-template-columns:1fr 1fr;gap:2rem}h1{font-size:1.3rem}h2{font-size:1rem;color:#8a3324}
pre{white-space:pre-wrap;font:inherit;margin:0}aside{color:#555;font-size:.9rem}i{font-style:normal;color:#888}
mark{background:#fde9c8}mark.join{background:#cfe8d5}mark.caption{background:#d7e3f4}mark.moved{background:#f4d7d7}
mark.fragment{background:#e6dcf2}li{font-size:.9rem}@media(max-width:700px){main{grid-template-columns:1fr}}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}mark{color:#111}}"""


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="报告文件或文件夹。")],
    as_json: AsJson = False,
    as_text: Annotated[bool, typer.Option("--text", help="只输出还原后的正文。")] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="列出还原时的每个决定：拼接、图片说明、移动的标题，附理由和把握。"),
    ] = False,
    html: Annotated[Path | None, a_file("--html", "把还原后的正文和原文并排写成一个网页。")] = None,
) -> None:
    """读报告并还原段落：看看标题、地区、时期认得对不对，段落接得对不对。

    例：union-qa read 报告.txt

    例：union-qa read 报告文件夹 --json > 还原.jsonl

    例：union-qa read 报告.txt --explain --html 还原.html
    """
    from qa.reading import find_reports, load_overrides, read_restored
    from qa.reading.as_json import as_json as report_json

    pages: list[tuple[Report, Restored]] = []
    with scratch_folder() as unpacked:
        found, skipped = find_reports(files, unpacked)
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
    rows = _ordered(restored)
    if not rows:
        show("  决定    无：原文段落完整，没有需要拼接或移动的地方")
    for d in rows:
        line = text.count("\n", 0, d.at[0]) + 1
        show(f"  {_NAMES[d.what]}　{d.confidence:.2f}　第 {line} 行　{_context(text, d)}　{d.reason}")


def _explained_html(read: Sequence[tuple[Report, Restored]]) -> str:
    """Return a self-contained page: each restored text next to its source, with the decisions marked and listed."""
    title = read[0][0].title if len(read) == 1 else f"{len(read)} 份报告"
    parts = "".join(_report_html(number, *each) for number, each in enumerate(read, start=1))
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{parts}</body></html>\n"
    )


def _report_html(number: int, report: Report, restored: Restored) -> str:
    text = report.source.text
    rows = _ordered(restored)
    decisions = "".join(
        f'<li><a href="#r{number}d{n}">{_NAMES[d.what]}</a>（{d.confidence:.2f}）{escape(_context(text, d))}：{escape(d.reason)}</li>'
        for n, d in enumerate(rows)
    )
    moved = {d.at for d in rows if d.what == "moved"}
    headings = {h.text for h in restored.headings if any(a <= h.spans[0][0] < b for a, b in moved)}
    return (
        f"<h1>{escape(report.source.name)}：{escape(report.title)}</h1>"
        f"<main><section><h2>还原后</h2>{_restored_html(report, headings)}</section>"
        f"<section><h2>原文</h2><pre>{_source_html(number, text, rows)}</pre></section></main>"
        f"<aside><h2>决定</h2><ol>{decisions}</ol></aside>"
    )


def _ordered(restored: Restored) -> list[Decision]:
    return sorted(restored.decisions, key=lambda d: (d.at, d.what))


def _restored_html(report: Report, moved: set[str]) -> str:
    """Return the paragraphs under their headings, with a bar where pieces were joined."""
    source, written = report.source.text, list[str]()
    heading: tuple[str, ...] = ()
    for paragraph in report.paragraphs:
        if paragraph.heading != heading:
            heading = paragraph.heading
            names = (f'<mark class="moved">{escape(h)}</mark>' if h in moved else escape(h) for h in heading)
            written.append(f"<h2>{' / '.join(names)}</h2>")
        kind = _NAMES.get(paragraph.kind)
        label = f"<i>［{kind}］</i>" if kind else ""
        pieces = (escape("".join(source[a:b].split()).replace("*", "")) for a, b in paragraph.spans)
        written.append(f"<p>{label}{_BAR.join(pieces)}</p>")
    return "".join(written)


def _source_html(part: int, text: str, rows: Sequence[Decision]) -> str:
    """Return the source with its decisions marked, without overlaps; a join is a bar at both of its ends."""
    marks: list[tuple[int, int, int, Decision | None]] = [(*d.at, n, d) for n, d in enumerate(rows)]
    bars = [(d.to[0], d.to[0], n, None) for n, d in enumerate(rows) if d.what == "join" and d.to]
    written: list[str] = []
    at = 0
    for start, end, number, decision in sorted(bars + marks, key=lambda mark: mark[0]):
        inside = start < at  # another mark
        if not inside:
            written.append(escape(text[at:start]))
            at = end
        if decision is None:
            written.append("" if inside else f'<a href="#r{part}d{number}">{_BAR}</a>')
            continue
        name = f'id="r{part}d{number}" class="{decision.what}"'
        title = escape(f"{_NAMES[decision.what]} {decision.confidence:.2f} {decision.reason}", quote=True)
        shown = escape(text[start:end]) or "┃"
        written.append(f"<a {name}></a>" if inside else f'<mark {name} title="{title}">{shown}</mark>')
    written.append(escape(text[at:]))
    return "".join(written)


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
