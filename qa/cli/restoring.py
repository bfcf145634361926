"""Show the decisions of layout restoration: as a list for the terminal, as a web page next to the source."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.reading.layout import Restored
    from qa.reading.layout.records import Decision
    from qa.types import ParagraphKind, Report

_NAMES = {
    "join": "拼接",
    "fragment": "残句",
    "caption": "图片说明",
    "byline": "署名",
    "keywords": "关键词",
    "furniture": "版面元素",
    "heading": "标题",
    "moved": "移动",
    "title": "题目",
}
_KINDS: dict[ParagraphKind, str] = {
    "caption": "图片说明",
    "byline": "署名",
    "keywords": "关键词",
    "furniture": "版面元素",
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


def explained(report: Report, restored: Restored) -> str:
    """Return one line for each decision, in source order: kind, confidence, line, words around it, reason."""
    text = report.source.text
    rows = _ordered(restored)
    if not rows:
        return "  决定    无：原文段落完整，没有需要拼接或移动的地方"
    return "\n".join(
        f"  {_NAMES[d.what]}　{d.confidence:.2f}　第 {_line(text, d.at[0])} 行　{_context(text, d)}　{d.reason}"
        for d in rows
    )


def explained_html(read: Sequence[tuple[Report, Restored]]) -> str:
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
        kind = _KINDS.get(paragraph.kind)
        label = f"<i>［{kind}］</i>" if kind else ""
        pieces = (escape("".join(source[a:b].split()).replace("*", "")) for a, b in paragraph.spans)
        written.append(f"<p>{label}{_BAR.join(pieces)}</p>")
    return "".join(written)


def _source_html(part: int, text: str, rows: Sequence[Decision]) -> str:
    """Return the source with its decisions marked, without overlaps; a join is a bar at both of its ends."""
    joins = {d.to[0]: n for n, d in enumerate(rows) if d.what == "join" and d.to}
    written: list[str] = []
    at = 0

    def copy(end: int) -> None:
        nonlocal at
        for second in sorted(s for s in joins if at <= s < end):
            written.append(f'{escape(text[at:second])}<a href="#r{part}d{joins.pop(second)}">{_BAR}</a>')
            at = second
        written.append(escape(text[at:end]))
        at = end

    for number, decision in enumerate(rows):
        start, end = decision.at
        name = f'id="r{part}d{number}" class="{decision.what}"'
        title = escape(f"{_NAMES[decision.what]} {decision.confidence:.2f} {decision.reason}", quote=True)
        if at > start:  # inside another mark
            written.append(f"<a {name}></a>")
        else:
            copy(start)
            written.append(f'<mark {name} title="{title}">{escape(text[start:end]) or "┃"}</mark>')
            at = end
    copy(len(text))
    return "".join(written)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


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
