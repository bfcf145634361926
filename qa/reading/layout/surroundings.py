"""Recognise by their form alone the lines that newspapers, journals and websites print around a report.

Mastheads, signatures and bylines; the line that says on what day and where the report was given; and what only a web
page has: buttons, breadcrumb trails, rows and labels.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from qa.reading.layout.records import Line
from qa.text import divisions
from qa.text.numerals import DatePrinted, days, single_days

_DAY = r"(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
# The day of a newspaper's page, perhaps with the name of its section: 2024年4月29日 第3版 要闻.
_PAGE_DATED = re.compile(rf"{_DAY}\s*第[A-D\d一二三四五六七八九十]{{1,3}}版(?=[)）]?$|\s)")
_MASTHEAD = (
    re.compile(rf"{_DAY}.{{0,4}}(?:星期|周)[一二三四五六日天]"),  # 2024年6月18日 星期二
    _PAGE_DATED,
    re.compile(rf"^\S{{2,12}}(?:报|刊|周刊|简报)\s*{_DAY}$"),
    re.compile(r"(?:19|20)\d\d\s*年\s*第\s*[\d一二三四五六七八九十]{1,3}\s*期(?=$|[\s)）（(·|]|总第)"),
    re.compile(r"[（(]?总第\s*\d+\s*期"),
    re.compile(
        r"^\S{2,12}(?:简报|通讯|快报|动态|信息|专报|要情|周刊|专刊)\s*[（(]?第\s*[\d一二三四五六七八九十]{1,4}\s*期[)）]?$"
    ),
    # A03 专版, 03 要闻版
    re.compile(
        r"^(?:[A-D]\d{2}|\d{2}(?=\D{0,6}版$)|第?[\d一二三四五六七八九十]{1,2}版)\s*[:：·|]?\s*[\u4e00-\u9fff·]{2,6}$"
    ),
    re.compile(r"^[\u4e00-\u9fff]{2,6}\s+第?\d{1,2}版$"),  # 要闻 02版
)
_ISSUED = re.compile(
    r"(?:(?:信息|文章|稿件|图文)?来源|发[布表](?:时间|日期|者|人|单位|机构)?|更新(?:时间|日期)|(?:日期|时间)(?=[:：]\s*\d)|"
    r"(?:浏览|点击|阅读|访问)(?:次数|人数|量|数)?|字[号体](?:大小)?|作者|撰稿|供稿|审核|责任编辑|责编|编辑|"
    r"(?:编制|编报|填报|填表|制表|报送|统计|审核|负责|印发)(?:单位|部门|机构|人|日期|时间)?)\s*[:：]"
)
PRESS = r"(?:《[^《》]{2,15}》)?(?:本报|本刊|本台|本网|特约|见习|实习|首席|全媒体)*"
_ROLE = rf"{PRESS}(?:记者|通讯员|评论员|撰稿人|撰文|撰稿|作者|文/图|文)"
_NAME = r"[\u4e00-\u9fff](?:[\u4e00-\u9fff·]{1,6}|\s[\u4e00-\u9fff])"
# Only roles and names: 本报记者 张三 通讯员 李四.
NAMES_ONLY = re.compile(
    rf"[（(]?(?:{_ROLE}[\s:：/／丨|]+{_NAME}(?:[\s、,，]+(?!{_ROLE}){_NAME}){{0,5}}[\s、,，;；]*)+[)）]?"
)
_SIGNER = r"\S{0,30}(?:工会|委员会|办公室|党组|党委|编辑部|编委会|联合会)"
_SIGNED = re.compile(
    rf"{_SIGNER}\s*[（(]?"
    r"(?:19|20|二[〇○零])[\d〇○零一二三四五六七八九]{2}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?[)）]?"
)
IMPRINT = re.compile(rf"{_SIGNER}\S{{0,2}}{_DAY}")  # who issued it, perhaps 编 or 主办, and the day
SIGNER = re.compile(_SIGNER)  # only the name of a body, as above the date at the end of a report
_TIME = r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?"
_DATED = re.compile(
    rf"[（(]\s*{_DAY}\s*[)）]|{_DAY}(?:\s+{_TIME})?|[（(]\s*{_DAY}[^（()）]{{2,40}}(?:上|会议|大会|通过|审议|批准)\s*[)）]"
)
_DATE_FIRST = re.compile(rf"{_DAY}(?:{_TIME})?")
_STAMP = re.compile(rf"{_DAY}\s+{_TIME}")
_OFFICE = r"(?:主席|书记|主任|部长|会长|组长|局长|总经理|董事长)"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝游辛靳柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳"
    "穆农司卓古吉缪简车连芦麦褚娄窦戚岑景宫费卜冷晏席卫米柏宗瞿桂全佟臧闵苟邬边卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_PERSON = rf"(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛|尉迟|皇甫|慕容|令狐)\s*[\u4e00-\u9fff]\s*[\u4e00-\u9fff]?"
_SPEAKER = re.compile(rf"[（(]?(?:报告人[:：])?\s*(?:[\u4e00-\u9fff、]{{0,20}}{_OFFICE}\s*)?{_PERSON}[)）]?")
_KIND = re.compile(
    r"(?:综述|回眸|回顾|纪实|侧记|掠影|巡礼|扫描|报告|纪要|通报|公报|总结(?:[和及暨与].{2,12}(?:打算|安排|计划|思路|要点))?)"
    r"(?:摘[登要编])?(?:[（(][^（()）]{4,20}[)）])?[！!]?$"
)
# Number of an official document alone, perhaps with who signs it: 清工发〔2024〕3号 签发人：…
DOCUMENT = re.compile(
    r"[\u4e00-\u9fff]{2,12}[〔\[（(](?:19|20)\d\d[〕\])）]第?\d{1,4}号(?:签发人[:：]\S{2,8})?"
)
DASH = re.compile(r"[—–―-]{1,4}")
_AT = re.compile(r"[在于].{4,60}(?:上|会议|大会)")
_BY = re.compile(r"(?![在于])[^，。；：\d]{0,30}[长席任记]\s*[\u4e00-\u9fff·]{2,4}")  # an office and a name
TOOL = 6  # characters of the longest button
TOOLS = 3  # short lines that show that a head has buttons, and short pieces that make a row of one line
PIECE = 16  # characters of a step of a trail
CLAUSE = re.compile(r"[，。；,;]")
LABEL = re.compile(r"[【\[（(•·]?[A-Za-z\u4e00-\u9fff\s\u3000]{2,14}[:：]")
_STEP = re.compile(r"\s*(?:[>›»→]+|->)\s*|\s+[/|｜·\\]\s+|[|｜]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_TOOLBOX = re.compile(r"[【\[][^【】\[\]]{1,20}[】\]]$")
_BETWEEN = re.compile(r"[\s【】\[\]|｜]+")


def names_report(ink: str) -> bool:
    """Whether a short line names a kind of report, with or without the years.

    >>> names_report("某市总工会五年工作回眸（2016—2021）"), names_report("服务职工办实事")
    (True, False)
    """
    return _KIND.search(ink) is not None


def is_masthead(raw: str) -> bool:
    """Whether a short line is the masthead of a newspaper's or journal's page.

    >>> is_masthead("B02 要闻   江城晚报   2021年3月9日 星期二")
    True
    """
    return raw[-1] not in "。！？；，" and any(mark.search(raw) for mark in _MASTHEAD)


def is_signature(raw: str, ink: str) -> bool:
    """Whether a short line says when and by whom a report was issued.

    That is a date alone, a union's name with the month, or several labels such as ``来源：…　发布时间：…``.
    """
    if _DATED.fullmatch(raw) or _SIGNED.fullmatch(raw):
        return True
    if ink[-1] in "。！？；":
        return False
    date = _DATE_FIRST.match(ink)
    several = date is not None or len(_ISSUED.findall(ink)) > 1
    stamped = len(ink) <= 40 and _STAMP.search(raw) is not None
    return stamped or (several and _ISSUED.match(ink, date.end() if date else 0) is not None)


def is_speaker(raw: str) -> bool:
    """Whether a line is only the name of a speaker, with or without the office.

    That means something only below the title: a heading of two or three characters can look like a name.

    >>> [is_speaker(line) for line in ("林 一 舟", "市总工会主席 赵小满", "工作回顾")]
    [True, True, False]
    """
    return _SPEAKER.fullmatch(raw) is not None


def is_occasion(text: str) -> bool:
    """Whether a line says on which day the report was given: after a dash, in brackets, or with place or speaker.

    >>> is_occasion("——2026年1月28日在某市第三届人民代表大会第二次会议上"), is_occasion("——某市工会工作回眸")
    (True, False)
    >>> is_occasion("（2021年1月—2023年12月）")
    False
    """
    date = next(single_days(text), None)
    if date is None or _PAGE_DATED.search(text):
        return False
    if DASH.match(text) or text[:1] in "（(":
        return True
    if not _dates(text, date) or not date.text.endswith("日"):
        return False
    rest = text[date.at[1] :].lstrip(" \u3000,，")
    if date.at[0]:
        return not rest or _BY.fullmatch(rest) is not None
    return bool(_AT.fullmatch(rest) or _BY.fullmatch(rest) or (rest and divisions.get(rest)))


def _dates(text: str, date: DatePrinted) -> bool:
    """Whether a line begins with a day, or with the meeting that was held on it."""
    return not date.at[0] or _AT.fullmatch(text[: date.at[0]].rstrip()) is not None


def without_day(text: str) -> str:
    """Return the office and name after the day, or the meeting and its day, that a line begins with; others unchanged."""
    date = next(days(text), None)
    rest = text[date.at[1] :].strip() if date and _dates(text, date) else ""
    return rest if _BY.fullmatch(rest) else text


def is_day(text: str) -> bool:
    """Whether a line is only a day in words: above a salutation it is the day of the speech."""
    date = next(days(text), None)
    bare = text.strip(" \u3000（）()").replace(":", "：")
    return date is not None and date.text.endswith("日") and bare in (date.text, f"时间：{date.text}")


def is_row(printed: str) -> bool:
    """Whether a line is short items in a row, buttons or fields of a record; phrases of one length are a slogan.

    >>> is_row("[ 大字版 ] [ 朗读 ] [ 个人中心 ]"), is_row("凝心聚力 实干争先 再谱新篇")
    (True, False)
    """
    sizes = [len(piece) for piece in _BETWEEN.split(printed) if len(piece) > 1]  # one character is a name's
    short = [size for size in sizes if size <= TOOL]
    return len(short) >= TOOLS and 2 * len(short) > len(sizes) and len(set(short)) > 1


def is_bar(line: Line) -> bool:
    """Whether a line is a row of buttons with marks between them, one of which may tell the day."""
    steps = _STEP.split(_plain(line))
    tools = [step for step in steps if 0 < len(step) <= TOOL]
    return len(tools) >= TOOLS and 2 * len(tools) > len(steps)


def has_tools(part: Sequence[Line]) -> bool:
    """Whether lines of a head or tail hold what only a web page has: buttons in a row, a trail, a box of tools.

    A label has a day or a button behind it; what opens a list of phrases is text.
    """
    row = 0
    for line, following in zip_longest(part, part[1:]):
        row = row + 1 if is_tool(line) else 0
        if row >= TOOLS or is_trail(line) or _TOOLBOX.search(_plain(line)):
            return True
        value = following is None or is_tool(following) or any(days(following.ink))
        if LABEL.match(line.ink) and ((line.ink[-1] in ":：" and value) or any(days(line.ink))):
            return True
    return False


def is_tool(line: Line) -> bool:
    """Whether a line is as short as a button."""
    return len(line.ink) <= TOOL and line.kind in ("bare", "prose", "furniture")


def is_trail(line: Line) -> bool:
    """Whether a line is a breadcrumb trail or links: short names with marks between them."""
    text = _plain(line)
    steps = _STEP.split(text)
    pieces = [piece for piece in steps if piece.strip()]
    short = all(len(piece) <= PIECE and not CLAUSE.search(piece) for piece in pieces)
    trail = len(steps) > 2 and len(pieces) > 1 and short and not any(days(text))
    return trail or len(_LINK.findall(line.ink)) > 1


def _plain(line: Line) -> str:
    """Return the ink with Markdown links as their words, and white space around the steps of a trail."""
    return _LINK.sub(r" \1 ", line.ink).replace(")/[", ") / [").replace(" /", " / ").replace("/ ", " / ")


def is_headline(line: Line, below: Sequence[Line]) -> bool:
    """Whether a line of several clauses is right above a byline, as a title is, and no whole sentence."""
    bylined = any(following.kind == "byline" for following in below)
    return bylined and "。" not in line.ink and line.kind in ("bare", "prose") and not line.torn
