"""Which parts of a web page are none of its article: menus, advertising, imprints; by names, links and length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

CONTAINERS = frozenset({
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
ASIDE = re.compile(
    r"(?:(?:相关|热点|热门|最新|最热|推荐|精彩|延伸|往期|更多|猜你|网友|用户|全部|本周|今日|24小时)[\u4e00-\u9fff]{0,4}"
    r"(?:阅读|链接|新闻|文章|排行|榜|推荐|资讯|评论|留言|喜欢|专题|报道|内容|回顾|热点)|排行榜|评论区?|友情链接|我要评论)"
    r"[：:]?\s*(?:[（(]\s*\d+\s*条?\s*[)）])?"
)
ADVERTISED = re.compile(
    r"点击(?:抢购|购买|进入|领取|报名|咨询|下载)|立即(?:抢购|购买|下载|领取)|抢购|限时|特惠|满\d+(?:元)?减\d+|扫码(?:下载|领取)|"
    r"下载[^，。]{0,8}(?:APP|App|客户端)|[>»]{2,}$"
)
IMPRINT = re.compile(r"ICP备|公网安备|网站标识码|版权所有|All Rights Reserved|Copyright ©", re.IGNORECASE)
RUNNING = 60  # characters of a paragraph that can only belong to an article again
_LEAST_ARTICLE = 100  # characters of sentences
LONGEST_BOILERPLATE = 60  # characters of a line
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]*")


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


def walk(root: Any) -> Iterator[tuple[bool, Any]]:
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


def boilerplate_of(body: Any) -> tuple[set[int], set[int]]:
    """Elements to leave out, by what they weigh and how they are called; and tables that hold other tables."""
    weights: dict[int, _Weight] = {}
    stack: list[_Weight] = []
    in_link = 0
    elements = []
    for entering, node in walk(body):
        if node.tag == "-text":
            if entering:
                text = node.text_content or ""
                weight = stack[-1]
                length = len(text.strip())
                weight.text += length
                weight.linked += length if in_link else 0
                weight.imprint |= bool(IMPRINT.search(text))
                if length <= LONGEST_BOILERPLATE and ASIDE.fullmatch(text.strip()):
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
    if node.tag not in CONTAINERS:
        return False
    if weight.links >= 3 and 2 * weight.linked > weight.text and weight.prose < 0.2 * weight.linked:
        return True
    if weight.imprint and weight.prose < 0.05 * whole and weight.text < 500:
        return True
    if 0 < weight.aside < weight.text and weight.prose < 0.2 * whole:
        return True
    named = not words.isdisjoint(_BOILERPLATE_NAMES) or any(map(_ADVERTISING_NAME.fullmatch, words))
    return named and weight.prose < 0.4 * whole
