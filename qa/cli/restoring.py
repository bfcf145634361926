"""What restoration decided, beside the source: a list for the terminal, a page of its own for the browser."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.reading.layout import Restored
    from qa.reading.layout.records import Decision
    from qa.types import Paragraph, Report, Span

__all__ = ["explained", "explained_html"]

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
_AROUND = 14  # characters of the source that are shown on either side
_STYLE = """body{font:16px/1.8 "Noto Serif CJK SC","Songti SC",SimSun,serif;margin:2rem;color:#222;background:#fff}
main{display:grid;grid-template-columns:1fr 1fr;gap:2rem}h1{font-size:1.3rem}h2{font-size:1rem;color:#8a3324}
pre{white-space:pre-wrap;font:inherit;margin:0}aside{color:#555;font-size:.9rem}i{font-style:normal;color:#888}
mark{background:#fde9c8}mark.join{background:#cfe8d5}mark.caption{background:#d7e3f4}mark.moved{background:#f4d7d7}
li{font-size:.9rem}@media(max-width:700px){main{grid-template-columns:1fr}}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}mark{color:#111}}"""


def explained(report: Report, restored: Restored) -> str:
    """One line a decision, in the order of the source: what, how surely, why, and the words around it."""
    text = report.source.text
    rows = sorted(restored.decisions, key=lambda d: (d.at, d.what))
    if not rows:
        return "  决定    无：原文段落完整，没有需要拼接或移动的地方"
    return "\n".join(
        f"  {_NAMES[d.what]}　{d.confidence:.2f}　第 {_line(text, d.at)} 行　{_words(text, d)}　{d.reason}"
        for d in rows
    )


def explained_html(report: Report, restored: Restored) -> str:
    """A self-contained page: the restored text, the source beside it with its decisions marked, and their list."""
    text = report.source.text
    rows = sorted(restored.decisions, key=lambda d: (d.at, d.what))
    decisions = "".join(
        f'<li><a href="#d{n}">{_NAMES[d.what]}</a>（{d.confidence:.2f}）{escape(_words(text, d))}：{escape(d.reason)}</li>'
        for n, d in enumerate(rows)
    )
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(report.title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(report.source.name)}：{escape(report.title)}</h1>"
        f"<main><section><h2>还原后</h2>{_restored(report)}</section>"
        f"<section><h2>原文</h2><pre>{_marked(text, rows)}</pre></section></main>"
        f"<aside><h2>决定</h2><ol>{decisions}</ol></aside></html>"
    )


def _restored(report: Report) -> str:
    """The paragraphs under their headings; a bar stands where pieces from several places were joined."""
    written: list[str] = []
    heading: tuple[str, ...] = ()
    for paragraph in report.paragraphs:
        if paragraph.heading != heading:
            heading = paragraph.heading
            written.append(f"<h2>{escape(' / '.join(heading))}</h2>")
        label = "" if paragraph.kind == "prose" else f"<i>［{escape(paragraph.kind)}］</i>"
        written.append(f"<p>{label}{_seamed(paragraph, report.source.text)}</p>")
    return "".join(written)


def _seamed(paragraph: Paragraph, source: str) -> str:
    pieces = [escape("".join(source[a:b].split()).replace("*", "")) for a, b in paragraph.spans]
    return '<mark class="join">┃</mark>'.join(pieces)


def _marked(text: str, rows: list[Decision]) -> str:
    """The source with every decision marked where it happened; marks never overlap."""
    written, at = [], 0
    for number, decision in enumerate(rows):
        start, end = max(decision.at[0], at), decision.at[1]
        if end <= start:
            written.append(f'<a id="d{number}"></a>')
            continue
        title = escape(f"{_NAMES[decision.what]} {decision.confidence:.2f} {decision.reason}", quote=True)
        written.append(escape(text[at:start]))
        written.append(
            f'<mark id="d{number}" class="{decision.what}" title="{title}">{escape(text[start:end])}</mark>'
        )
        at = end
    return "".join([*written, escape(text[at:])])


def _line(text: str, span: Span) -> int:
    return text.count("\n", 0, span[0]) + 1


def _words(text: str, decision: Decision) -> str:
    """The words of a decision: for a join those on both sides of the seam."""
    start, end = decision.at
    if decision.what == "join" and decision.to:
        left, right = text[max(0, end - _AROUND) : end], text[decision.to[0] : decision.to[0] + _AROUND]
        return f"…{''.join(left.split())}＋{''.join(right.split())}…"
    words = "".join(text[start:end].split())
    return words if len(words) <= 2 * _AROUND else f"{words[: 2 * _AROUND]}…"
