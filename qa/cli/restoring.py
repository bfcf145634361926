"""What restoration decided, beside the source: a list for the terminal, a page of its own for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.reading.layout import Restored
    from qa.reading.layout.records import Decision
    from qa.types import Paragraph, ParagraphKind, Report, Span

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
_AROUND = 14  # characters of the source that are shown on either side
_STYLE = """body{font:16px/1.8 "Noto Serif CJK SC","Songti SC",SimSun,serif;margin:2rem;color:#222;background:#fff}
main{display:grid;grid-template-columns:1fr 1fr;gap:2rem}h1{font-size:1.3rem}h2{font-size:1rem;color:#8a3324}
pre{white-space:pre-wrap;font:inherit;margin:0}aside{color:#555;font-size:.9rem}i{font-style:normal;color:#888}
mark{background:#fde9c8}mark.join{background:#cfe8d5}mark.caption{background:#d7e3f4}mark.moved{background:#f4d7d7}
mark.fragment{background:#e6dcf2}li{font-size:.9rem}@media(max-width:700px){main{grid-template-columns:1fr}}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}mark{color:#111}}"""


def explained(report: Report, restored: Restored) -> str:
    """One line a decision, in the order of the source: what, how surely, why, and the words around it."""
    text = report.source.text
    rows = _ordered(restored)
    if not rows:
        return "  决定    无：原文段落完整，没有需要拼接或移动的地方"
    return "\n".join(
        f"  {_NAMES[d.what]}　{d.confidence:.2f}　第 {_line(text, d.at)} 行　{_words(text, d)}　{d.reason}"
        for d in rows
    )


def explained_html(read: Sequence[tuple[Report, Restored]]) -> str:
    """A self-contained page: each restored text, the source beside it with its decisions marked, and their list."""
    title = read[0][0].title if len(read) == 1 else f"{len(read)} 份报告"
    parts = "".join(
        _part(number, report, restored) for number, (report, restored) in enumerate(read, start=1)
    )
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{parts}</body></html>\n"
    )


def _part(number: int, report: Report, restored: Restored) -> str:
    text = report.source.text
    rows = _ordered(restored)
    decisions = "".join(
        f'<li><a href="#r{number}d{n}">{_NAMES[d.what]}</a>（{d.confidence:.2f}）{escape(_words(text, d))}：{escape(d.reason)}</li>'
        for n, d in enumerate(rows)
    )
    moved = {d.at for d in rows if d.what == "moved"}
    headings = {h.text for h in restored.headings if any(a <= h.spans[0][0] < b for a, b in moved)}
    return (
        f"<h1>{escape(report.source.name)}：{escape(report.title)}</h1>"
        f"<main><section><h2>还原后</h2>{_restored(report, headings)}</section>"
        f"<section><h2>原文</h2><pre>{_marked(number, text, rows)}</pre></section></main>"
        f"<aside><h2>决定</h2><ol>{decisions}</ol></aside>"
    )


def _ordered(restored: Restored) -> list[Decision]:
    return sorted(restored.decisions, key=lambda d: (d.at, d.what))


def _restored(report: Report, moved: set[str]) -> str:
    """The paragraphs under their headings; a bar stands where pieces from several places were joined."""
    written: list[str] = []
    heading: tuple[str, ...] = ()
    for paragraph in report.paragraphs:
        if paragraph.heading != heading:
            heading = paragraph.heading
            names = (f'<mark class="moved">{escape(h)}</mark>' if h in moved else escape(h) for h in heading)
            written.append(f"<h2>{' / '.join(names)}</h2>")
        kind = _KINDS.get(paragraph.kind)
        label = f"<i>［{kind}］</i>" if kind else ""
        written.append(f"<p>{label}{_seamed(paragraph, report.source.text)}</p>")
    return "".join(written)


def _seamed(paragraph: Paragraph, source: str) -> str:
    pieces = [escape("".join(source[a:b].split()).replace("*", "")) for a, b in paragraph.spans]
    return '<mark class="join">┃</mark>'.join(pieces)


def _marked(part: int, text: str, rows: Sequence[Decision]) -> str:
    """The source with every decision marked where it happened; marks never overlap.

    A join is a bar where the first piece stops and another where the second begins.
    """
    seams = {d.to[0]: n for n, d in enumerate(rows) if d.what == "join" and d.to}
    written: list[str] = []
    at = 0

    def copy(end: int) -> None:
        nonlocal at
        for seam in sorted(s for s in seams if at <= s < end):
            written.append(
                f'{escape(text[at:seam])}<a href="#r{part}d{seams.pop(seam)}"><mark class="join">┃</mark></a>'
            )
            at = seam
        written.append(escape(text[at:end]))
        at = end

    for number, decision in enumerate(rows):
        start, end = decision.at
        name = f'id="r{part}d{number}" class="{decision.what}"'
        title = escape(f"{_NAMES[decision.what]} {decision.confidence:.2f} {decision.reason}", quote=True)
        if at > start:  # inside of another mark
            written.append(f"<a {name}></a>")
        elif start == end:
            copy(start)
            written.append(f'<mark {name} title="{title}">┃</mark>')
        else:
            copy(start)
            written.append(f'<mark {name} title="{title}">{escape(text[start:end])}</mark>')
            at = end
    copy(len(text))
    return "".join(written)


def _line(text: str, span: Span) -> int:
    return text.count("\n", 0, span[0]) + 1


def _words(text: str, decision: Decision) -> str:
    """The words of a decision: for a join those on both sides of the seam."""
    start, end = decision.at
    if decision.what == "join" and decision.to:
        left, right = text[max(0, end - _AROUND) : end], text[decision.to[0] : decision.to[0] + _AROUND]
        return f"…{''.join(left.split())}＋{''.join(right.split())}…"
    if start == end:
        return f"…{''.join(text[max(0, end - 2 * _AROUND) : end].split())}"
    words = "".join(text[start:end].split())
    return words if len(words) <= 2 * _AROUND else f"{words[: 2 * _AROUND]}…"
