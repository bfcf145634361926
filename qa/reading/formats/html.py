"""Web pages: the article with its headings and tables, without navigation, advertising and footers.

selectolax (lexbor) parses; what is boilerplate is decided here, because a reader needs the structure as well.
Measured on Chinese pages of nine layouts (coverage / foreign characters): trafilatura 0.91–1.00 / up to 0.14,
readability 0.22–1.00 / 0.10, jusText 0.55–1.00 / 0.23, resiliparse 1.00 / 0.08 and plain text only, this module
1.00 / 0.03, heads of columns that rows repeat aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.reading.encoding import decode, read_bytes
from qa.reading.formats.tables import write_table
from qa.reading.formats.writer import Writer
from qa.reading.limits import TREE_DEPTH

if TYPE_CHECKING:
    from qa.reading.extract import Extract, Role

__all__ = ["extract", "read"]

_DROPPED = (
    "script, style, noscript, template, head > *, nav, aside, iframe, object, embed, svg, canvas, button, select, "
    "textarea, input, video, audio, dialog, body > footer, [hidden], [aria-hidden=true], [role=navigation], "
    "[role=banner], [role=contentinfo], [role=complementary], [role=search]"
)
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
})  # fmt: skip
_CONTAINERS = frozenset({
    "center", "dd", "div", "dl", "footer", "form", "header", "li", "ol", "p", "section", "table", "tbody", "td", "tr", "ul",
})  # fmt: skip
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0+(?:\.0+)?(?:[a-z%]*)\s*(?:;|!|$)|opacity\s*:\s*0\s*(?:;|$)",
    re.IGNORECASE,
)
_TRANSPARENT = re.compile(r"visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|$)", re.IGNORECASE)
_ARTICLE_NAMES = frozenset({"article", "content", "main"})
_BOILERPLATE_NAMES = frozenset({
    "ad", "ads", "advert", "advertisement", "adv", "banner", "breadcrumb", "breadcrumbs", "comment",
    "comments", "copyright", "crumb", "crumbs", "foot", "footer", "friendlink", "hot", "links", "login",
    "menu", "nav", "navbar", "navigation", "pager", "pagination", "qrcode", "rank", "recommend", "related",
    "search", "share", "side", "sidebar", "toolbar",
})  # fmt: skip
_ADVERTISING_NAME = re.compile(r"ad(?:s|v\w*|box|bar|wrap|area|img|pic|link|text|list|slot|unit)?")
# Heads of lists and comments beside or behind an article.
_ASIDE = re.compile(
    r"(?:(?:相关|热点|热门|最新|最热|推荐|精彩|延伸|往期|更多|猜你|网友|用户|全部|本周|今日|24小时)[\u4e00-\u9fff]{0,4}"
    r"(?:阅读|链接|新闻|文章|排行|榜|推荐|资讯|评论|留言|喜欢|专题|报道|内容|回顾|热点)|排行榜|评论区?|友情链接|我要评论)"
    r"[：:]?\s*(?:[（(]\s*\d+\s*条?\s*[)）])?"
)
_ADVERTISED = re.compile(
    r"点击(?:抢购|购买|进入|领取|报名|咨询|下载)|立即(?:抢购|购买|下载|领取)|抢购|限时|特惠|满\d+(?:元)?减\d+|扫码(?:下载|领取)|"
    r"下载[^，。]{0,8}(?:APP|App|客户端)|[>»]{2,}$"
)
_IMPRINT = re.compile(r"ICP备|公网安备|网站标识码|版权所有|All Rights Reserved|Copyright ©", re.IGNORECASE)
_BOILERPLATE_LINES = re.compile(
    r"您?(?:现在)?(?:的|当前|所在)*位置\s*[:：].*|(?:网站)?首页(?:\s*[>›»/]+\s*[^>›»/。]{1,16})+|[上下]一[篇条页]\s*[:：]?.*|扫一扫.{0,20}|【?字[体号]\s*[:：].*|广告(?:[:：].*)?"
    r"|(?:分享(?:到|至)?|微信|微博|QQ空间|打印(?:本页)?|关闭(?:窗口|本页)?|返回(?:顶部|首页)|阅读(?:原文|次数)?|浏览(?:次数|量)|点击量"
    r"|微信扫一扫|关注该公众号|(?:点击)?(?:上方|下方)?(?:蓝字)?关注(?:我们|公众号)?|预览时标签不可点|阅读全文|轻触阅读原文|向上滑动看下一个"
    r"|相关(?:阅读|链接|新闻|文章)|更多|收藏|点赞|在看|[\s\d|｜:：>»/【】\[\]])+"
)
_RUNNING = 60  # characters of a paragraph that can only belong to an article again
_LEAST_ARTICLE = 100  # characters of sentences
_LONGEST_BOILERPLATE = 60  # characters of a line
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_NESTING = re.compile(
    r"<(/?)(div|span|section|article|b|i|em|strong|font|center|table|ul|ol|blockquote)\b[^<>]*>", re.I
)
# A tag with more attributes than any page has: the parser compares each with all the others.
_CROWDED = re.compile(r"<([a-z][a-z0-9]*+)(?:\s++[^\s<>]++){1000,}+[^<>]*>", re.I)
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t]*[\r\n]\s*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_TITLE_PARTS = re.compile(r"\s*[_|–—]+\s*|\s+-\s+|-(?=[\u4e00-\u9fff]+$)")
_MOST_SPANS = 200  # columns or rows that one cell may cover


def extract(path: Path) -> Extract:
    """Read a web page; raises ReportError where it has no text."""
    markup, encoding = decode(read_bytes(path), path.name)
    return read(markup, path.name, encoding)


def read(markup: str, name: str, encoding: str) -> Extract:
    """Read a page that has been decoded."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_CROWDED.sub(r"<\1>", _flattened(markup)))
    writer = Writer(name)
    if tree.body is not None:
        heading = _title(tree)
        for node in tree.css(_DROPPED):
            node.decompose()
        _write_page(writer, tree.body, heading)
    return writer.finish("html", encoding)


def _flattened(markup: str) -> str:
    """Markup without the tags that lie too deep, since the parser takes time by the square of the depth."""
    if markup.count("<") < TREE_DEPTH:
        return markup
    parts, at, kept = [], 0, list[bool]()
    for tag in _NESTING.finditer(markup):
        keep = len(kept) < TREE_DEPTH
        if not tag[1]:
            kept.append(keep)
        elif kept:
            keep = kept.pop()
        if not keep:
            parts.append(markup[at : tag.start()])
            at = tag.end()
    return "".join(parts) + markup[at:]


def _title(tree: Any) -> str:
    """The title of the page without the name of the site; "" where the page has none."""
    shared = tree.css_first('meta[property="og:title"]')
    if shared is not None and (title := _squeezed(shared.attributes.get("content") or "").strip()):
        return title
    node = tree.css_first("title")
    return _TITLE_PARTS.split(_squeezed(node.text()).strip())[0] if node is not None else ""


@dataclass(slots=True)
class _Weight:
    """Characters of an element: all, in links, and in running sentences outside of links."""

    text: int = 0
    linked: int = 0
    links: int = 0
    prose: int = 0
    imprint: bool = False  # who runs the site, as the law has it printed at the foot of every page
    tables: int = 0
    aside: int = 0  # of the head of a list of other articles, or of comments


def _walk(root: Any) -> Iterator[tuple[bool, Any]]:
    """Every node below the root in document order: ``(True, node)`` on the way in, ``(False, node)`` out."""
    node = root
    while True:
        yield True, node
        if node.child is not None:
            node = node.child
            continue
        yield False, node
        while node.next is None:
            if node.mem_id == root.mem_id or node.parent is None:
                return
            node = node.parent
            yield False, node
            if node.mem_id == root.mem_id:
                return
        if node.mem_id == root.mem_id:
            return
        node = node.next


def _boilerplate(body: Any) -> tuple[set[int], set[int]]:
    """Elements to leave out, by what they weigh and how they are called; and tables that hold other tables."""
    weights: dict[int, _Weight] = {}
    stack: list[_Weight] = []
    in_link = 0
    elements = []
    for entering, node in _walk(body):
        if node.tag == "-text":
            if entering:
                text = node.text_content or ""
                weight = stack[-1]
                length = len(text.strip())
                weight.text += length
                weight.linked += length if in_link else 0
                weight.imprint |= bool(_IMPRINT.search(text))
                if length <= _LONGEST_BOILERPLATE and _ASIDE.fullmatch(text.strip()):
                    weight.aside += length
                weight.prose += length if not in_link and re.search("[，。；、]", text) else 0
        elif entering:
            stack.append(_Weight())
            elements.append(node)
            in_link += node.tag == "a"
        else:
            weight = weights[node.mem_id] = stack.pop()
            weight.tables += node.tag == "table"
            if node.tag == "a":
                in_link -= 1
                weight.links += 1
            if stack:
                above = stack[-1]
                above.text += weight.text
                above.linked += weight.linked
                above.links += weight.links
                above.prose += weight.prose
                above.imprint |= weight.imprint
                above.aside += weight.aside
                above.tables += weight.tables
    whole = weights[body.mem_id].prose
    left_out = {node.mem_id for node in elements[1:] if _is_boilerplate(node, weights[node.mem_id], whole)}
    return left_out, {number for number, weight in weights.items() if weight.tables > 1}


def _is_boilerplate(node: Any, weight: _Weight, whole: int) -> bool:
    attributes = node.attributes
    style = attributes.get("style") or ""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:200]
    words = {part.lower() for part in _NAME_PARTS.findall(names)}
    # Some sites send the article itself transparent and let a script show it.
    revealed = (
        not words.isdisjoint(_ARTICLE_NAMES) and 2 * weight.prose >= whole and weight.prose >= _LEAST_ARTICLE
    )
    if _INVISIBLE.search(_TRANSPARENT.sub("", style) if revealed else style):
        return True
    if node.tag not in _CONTAINERS:
        return False
    if weight.links >= 3 and 2 * weight.linked > weight.text and weight.prose < 0.2 * weight.linked:
        return True
    if weight.imprint and weight.prose < 0.05 * whole and weight.text < 500:
        return True
    if 0 < weight.aside < weight.text and weight.prose < 0.2 * whole:
        return True
    named = not words.isdisjoint(_BOILERPLATE_NAMES) or any(map(_ADVERTISING_NAME.fullmatch, words))
    return named and weight.prose < 0.4 * whole


class _Paragraphs:
    """Collects inline text until a block begins or ends, and gives it a role."""

    def __init__(self, writer: Writer, title: str) -> None:
        self.writer = writer
        self.title = title
        self.titled = False
        self._text: list[str] = []
        self._bold: list[bool] = []
        self._linked: list[bool] = []
        self._aside = False  # inside a list of other articles, or of comments
        self._above = bool(title)  # above the title that stands in the page, where a site puts its own bar

    def text(self, text: str, bold: bool, linked: bool) -> None:
        self._text.append(text)
        if text.strip():
            self._bold.append(bold)
            self._linked.append(linked)

    def close(self, role: Role, level: int = 0) -> None:
        text = _squeezed("".join(self._text)).strip()
        bold = bool(self._bold) and all(self._bold)
        linked = bool(self._linked) and all(self._linked)
        bar = self._above and any(self._linked) and len(text) <= _LONGEST_BOILERPLATE and "。" not in text
        self._text, self._bold, self._linked = [], [], []
        self._above = self._above and role != "heading" and text != self.title
        if not text or bar or self._is_boilerplate(text, linked):
            return
        if text == self.title and not self.titled:
            self.titled = True
            role, level = "heading", 1
        elif role in ("line", "paragraph") and bold and len(text) <= 40 and text[-1] not in "。！？；，：:":
            role = "heading"
        self.writer.add(text, role, level)

    def _is_boilerplate(self, text: str, linked: bool) -> bool:
        self._aside = bool(_ASIDE.fullmatch(text)) or (self._aside and len(text) < _RUNNING)
        if self._aside:
            return True
        if text.isdecimal() or len(text) > _LONGEST_BOILERPLATE:
            return False
        advertised = len(set(_ADVERTISED.findall(text)))
        return (
            _BOILERPLATE_LINES.fullmatch(text) is not None
            or _IMPRINT.search(text) is not None
            or ("。" not in text and (advertised >= 2 or (linked and advertised > 0)))
        )


def _write_page(writer: Writer, body: Any, title: str) -> None:
    """Walk the page once; tables of data are written as rows, tables that only place things as their text."""
    skipped, nested = _boilerplate(body)
    if title and title not in _squeezed(body.text()):
        writer.add(title, "heading", 1)
    page = _Paragraphs(writer, title)
    role: Role = "paragraph"
    level = bold = links = 0
    hidden: int | None = None  # the element that is being passed over
    for entering, node in _walk(body):
        tag = node.tag or ""
        if hidden is not None:
            if not entering and node.mem_id == hidden:
                hidden = None
            continue
        if tag == "-text":
            if entering:
                page.text(node.text_content or "", bold > 0, links > 0)
            continue
        if tag in ("b", "strong"):
            bold += 1 if entering else -1
        links += (1 if entering else -1) if tag == "a" else 0
        if tag == "br" and entering:
            page.close("heading" if level else "line" if role == "paragraph" else role, level)
        if tag not in _BLOCKS:
            if entering and node.mem_id in skipped:
                hidden = node.mem_id
            continue
        page.close(role, level)
        if entering and node.mem_id in skipped:
            hidden = node.mem_id
        elif entering and tag == "table" and node.mem_id not in nested:
            grid, heads = _grid(node, skipped, writer)
            if _is_data(grid):
                for caption in node.css("caption"):
                    writer.add(_squeezed(caption.text()), "caption")
                write_table(writer, grid, heads)
                hidden = node.mem_id
        if re.fullmatch("h[1-6]", tag):
            role, level = ("heading", int(tag[1])) if entering else ("paragraph", 0)
        elif tag in ("figcaption", "caption"):
            role = "caption" if entering else "paragraph"
    page.close(role, level)


def _grid(table: Any, skipped: set[int], writer: Writer) -> tuple[list[list[str]], int | None]:
    """Cells of a table, merged ones repeated, and the number of its head rows where the markup tells.

    Raises:
        ReportError: there are more than the writer takes.
    """
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column → rows still covered from above, and their text
    heads = count = 0
    for line in table.css("tr"):
        cells: list[str] = []
        marks = []
        for cell in line.css("td, th"):
            while len(cells) in below:
                cells.append(_covered(below, len(cells)))
            text = "" if cell.mem_id in skipped else _squeezed(cell.text(separator=" ")).strip()
            wide, high = (_span(cell.attributes.get(key)) for key in ("colspan", "rowspan"))
            marks.append(cell.tag == "th" or (line.parent is not None and line.parent.tag == "thead"))
            for _ in range(wide):
                if high > 1:
                    below[len(cells)] = (high - 1, text)
                cells.append(text)
            writer.check_cells(count + len(cells))
        while len(cells) in below:
            cells.append(_covered(below, len(cells)))
        count += len(cells)
        heads += bool(marks) and all(marks) and heads == len(grid)
        grid.append(cells)
    return grid, heads or None


def _covered(below: dict[int, tuple[int, str]], column: int) -> str:
    rows, text = below.pop(column)
    if rows > 1:
        below[column] = (rows - 1, text)
    return text


def _span(value: str | None) -> int:
    digits = (value or "").strip()
    return max(1, min(_MOST_SPANS, int(digits[:10]))) if digits.isdecimal() else 1


def _is_data(grid: list[list[str]]) -> bool:
    """Several rows and columns of short cells; anything else only places text on the page."""
    cells = [cell for row in grid for cell in row if cell]
    columns = max((len(row) for row in grid), default=0)
    return len(grid) >= 2 and columns >= 2 and len(cells) >= 4 and max(map(len, cells)) <= 300


def _squeezed(text: str) -> str:
    """White space as a browser shows it; a line break between Chinese characters shows nothing."""
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))
