"""Find the boilerplate of a web page (menus, advertising, imprints) by names, links and length."""

import re
from collections import Counter
from collections.abc import Container, Iterator
from typing import Any

_CONTAINERS = frozenset({
    "center", "dd", "div", "dl", "footer", "form", "header", "li", "ol", "p", "section", "table", "tbody", "td", "tr", "ul",
})  # fmt: skip
_TRANSPARENT = re.compile(r"visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|$)", re.IGNORECASE)
_GONE = re.compile(r"display\s*:\s*none|font-size\s*:\s*0+(?:\.0+)?(?:[a-z%]*)\s*(?:;|!|$)", re.IGNORECASE)
_ARTICLE_NAMES = frozenset({"article", "content", "main"})
_BOILERPLATE_NAMES = frozenset({
    "ad", "ads", "advert", "advertisement", "adv", "banner", "breadcrumb", "breadcrumbs", "comment",
    "comments", "copyright", "crumb", "crumbs", "foot", "footer", "friendlink", "hot", "links", "login",
    "menu", "nav", "navbar", "navigation", "pager", "pagination", "qrcode", "rank", "recommend", "related",
    "search", "share", "side", "sidebar", "toolbar",
})  # fmt: skip
# Heads of lists and comments next to or after an article.
_ASIDE = re.compile(
    r"(?!(?:本周|今日)[\u4e00-\u9fff]{0,4}(?:内容|回顾)(?![\u4e00-\u9fff]))(?:(?:相关|热点|热门|最新|最热|推荐|精彩|延伸|往期|更多|猜你|网友|用户|全部|本周|今日|24小时)[\u4e00-\u9fff]{0,4}"
    r"(?:阅读|链接|新闻|文章|排行|榜|推荐|资讯|评论|留言|喜欢|专题|报道|内容|回顾|热点)|排行榜|评论区?|友情链接|我要评论)"
    r"[：:]?\s*(?:[（(]\s*\d+\s*条?\s*[)）])?"
)
_COMMENTS = re.compile("评论|留言")
_UNLINKED = re.compile(r"[\W\d年月日]*")  # next to a link in a list: its date
_ADVERTISED = re.compile(
    r"点击(?:抢购|购买|进入|领取|报名|咨询|下载)|立即(?:抢购|购买|下载|领取)|抢购|限时|特惠|满\d+(?:元)?减\d+|扫码(?:下载|领取)|"
    r"下载[^，。]{0,8}(?:APP|App|客户端)|[>»]{2,}$"
)
_IMPRINT = re.compile(r"ICP备|公网安备|网站标识码|版权所有|All Rights Reserved|Copyright ©", re.IGNORECASE)
_LINES = re.compile(
    r"您?(?:现在)?(?:的|当前|所在)*位置\s*[:：].*|(?:网站)?首页(?:\s*[>›»/]+\s*[^>›»/。]{1,16})+|[上下]一[篇条页]\s*[:：]?.*|扫一扫.{0,20}|【?字[体号]\s*[:：].*|广告(?:[:：].*)?"
    r"|(?:分享(?:到|至)?|微信|微博|QQ空间|打印(?:本页)?|关闭(?:窗口|本页)?|返回(?:顶部|首页)|阅读(?:原文|次数)?|浏览(?:次数|量)|点击量"
    r"|微信扫一扫|关注该公众号|(?:点击)?(?:上方|下方)?(?:蓝字)?关注(?:我们|公众号)?|预览时标签不可点|阅读全文|轻触阅读原文|向上滑动看下一个"
    r"|相关(?:阅读|链接|新闻|文章)|更多|收藏|点赞|在看|[\s\d|｜:：>»/【】\[\]])+"
)
_RUNNING = 60  # characters; a paragraph this long ends comments and belongs to the article
_LEAST_ARTICLE = 100  # characters of sentences
LONGEST_BOILERPLATE = 60  # characters of a line
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]*")


# Characters of an element by kind ("prose": in sentences outside of links; "aside": in heads of lists of other articles,
# or of comments), and how many "links", "tables" and texts with an "imprint" it holds: that names who runs the site,
# which the law requires on every page.
_Weight = Counter[str]


def _add_text(weight: _Weight, text: str, in_link: bool) -> None:
    bare = text.strip()
    weight["text"] += len(bare)
    if in_link:
        weight["linked"] += len(bare)
    elif re.search("[，。；、]", text):
        weight["prose"] += len(bare)
    weight["imprint"] += bool(_IMPRINT.search(text))
    if len(bare) <= LONGEST_BOILERPLATE and _ASIDE.fullmatch(bare):
        weight["aside"] += len(bare)


def walk(root: Any, closed: Container[int] = ()) -> Iterator[tuple[bool, Any]]:
    """Yield the nodes from the root down: ``(True, node)`` on entry, ``(False, node)`` on exit.

    What is inside elements whose ids are in ``closed`` when they are entered is left out.
    """
    node = root
    while True:
        yield True, node
        if node.child is not None and node.mem_id not in closed:
            node = node.child
            continue
        yield False, node
        while node.next is None and node.mem_id != root.mem_id:
            node = node.parent
            yield False, node
        if node.mem_id == root.mem_id:
            return
        node = node.next


def boilerplate_of(body: Any) -> tuple[set[int], set[int]]:
    """Return the ids of the elements to leave out, and those of elements that hold several tables."""
    weights: dict[int, _Weight] = {}
    stack: list[_Weight] = []
    in_link = 0
    elements = []
    for entering, node in walk(body):
        if node.tag == "-text":
            if entering:
                _add_text(stack[-1], node.text_content or "", in_link > 0)
        elif entering:
            stack.append(Counter())
            elements.append(node)
            in_link += node.tag == "a"
        else:
            weight = weights[node.mem_id] = stack.pop()
            weight["tables"] += node.tag == "table"
            if node.tag == "a":
                in_link -= 1
                weight["links"] += 1
            if stack:
                stack[-1].update(weight)
    prose = weights[body.mem_id]["prose"]
    left_out = {node.mem_id for node in elements[1:] if _is_boilerplate(node, weights[node.mem_id], prose)}
    return left_out, {node_id for node_id, weight in weights.items() if weight["tables"] > 1}


def _is_boilerplate(node: Any, weight: _Weight, whole: int) -> bool:
    """Return whether an element is boilerplate; ``whole`` is the characters of prose of the page."""
    attributes = node.attributes
    style = attributes.get("style") or ""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:200]
    words = {part.lower() for part in _NAME_PARTS.findall(names)}
    is_article = words & _ARTICLE_NAMES and 2 * weight["prose"] >= whole and weight["prose"] >= _LEAST_ARTICLE
    # Some sites send the article transparent and let a script show it.
    if _GONE.search(style) or (_TRANSPARENT.search(style) and not is_article):
        return True
    if node.tag not in _CONTAINERS:
        return False
    prose, linked, text = weight["prose"], weight["linked"], weight["text"]
    menu = weight["links"] >= 3 and 2 * linked > text and prose < 0.2 * linked
    imprint = weight["imprint"] and prose < 0.05 * whole and text < 500
    aside = 0 < weight["aside"] < text and prose < 0.2 * whole
    return bool(menu or imprint or aside or (words & _BOILERPLATE_NAMES and prose < 0.4 * whole))


class SiteLines:
    """Tells which lines of a page, one after the other, are the site's own."""

    _aside = False  # among the links below the head of a list of other articles, or in comments
    _comments = False  # whether the last such head is of comments

    def has(self, text: str, unlinked: str) -> bool:
        """Return whether the next line is the site's, of which ``unlinked`` is in no link."""
        linked, head = _UNLINKED.fullmatch(unlinked) is not None, _ASIDE.fullmatch(text) is not None
        self._comments = _COMMENTS.search(text) is not None if head else self._comments
        self._aside = head or (self._aside and (linked or (self._comments and len(text) < _RUNNING)))
        if self._aside:
            return True
        if text.isdecimal() or len(text) > LONGEST_BOILERPLATE:
            return False
        if _LINES.fullmatch(text) or _IMPRINT.search(text):
            return True
        return "。" not in text and len(set(_ADVERTISED.findall(text))) >= (1 if linked else 2)
