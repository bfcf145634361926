"""Recognise mastheads, signatures and bylines that newspapers, journals and websites print around a report."""

from __future__ import annotations

import re

_DAY = r"(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
_MASTHEAD = (
    re.compile(rf"{_DAY}.{{0,4}}(?:星期|周)[一二三四五六日天]"),  # 2024年6月18日 星期二
    re.compile(rf"^\S{{2,12}}(?:报|刊|周刊|简报)\s*{_DAY}$"),
    re.compile(r"(?:19|20)\d\d\s*年\s*第\s*[\d一二三四五六七八九十]{1,3}\s*期(?=$|[\s)）（(·|]|总第)"),
    re.compile(r"[（(]?总第\s*\d+\s*期"),
    re.compile(
        r"^\S{2,12}(?:简报|通讯|快报|动态|信息|专报|要情|周刊|专刊)\s*[（(]?第\s*[\d一二三四五六七八九十]{1,4}\s*期[)）]?$"
    ),
    # A03 专版
    re.compile(r"^(?:[A-D]\d{2}|第?[\d一二三四五六七八九十]{1,2}版)\s*[:：·|]?\s*[\u4e00-\u9fff·]{2,6}$"),
)
_LABEL = re.compile(
    r"(?:(?:信息|文章|稿件|图文)?来源|发[布表](?:时间|日期|者|人|单位|机构)?|更新(?:时间|日期)|(?:日期|时间)(?=[:：]\s*\d)|"
    r"(?:浏览|点击|阅读|访问)(?:次数|人数|量|数)?|字[号体](?:大小)?|作者|撰稿|供稿|审核|责任编辑|责编|编辑|"
    r"(?:编制|编报|填报|填表|制表|报送|统计|审核|负责|印发)(?:单位|部门|机构|人|日期|时间)?)\s*[:：]"
)
_ROLE = r"(?:本报|本刊|本台|本网|特约|见习|实习|首席|全媒体)*(?:记者|通讯员|评论员|撰稿人|撰文|撰稿|作者|文/图|文)"
_NAME = r"[\u4e00-\u9fff](?:[\u4e00-\u9fff·]{1,6}|\s[\u4e00-\u9fff])"
_NAMES = re.compile(
    rf"[（(]?(?:{_ROLE}[\s:：/／丨|]+{_NAME}(?:[\s、,，]+(?!{_ROLE}){_NAME}){{0,5}}[\s、,，;；]*)+[)）]?"
)
_SIGNER = r"\S{0,30}(?:工会|委员会|办公室|党组|党委|编辑部|编委会|联合会)"
_SIGNED = re.compile(
    rf"{_SIGNER}\s*[（(]?"
    r"(?:19|20|二[〇○零])[\d〇○零一二三四五六七八九]{2}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?[)）]?"
)
_SIGNER_ALONE = re.compile(_SIGNER)
_TIME = r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?"
_DATED = re.compile(
    rf"[（(]\s*{_DAY}\s*[)）]|{_DAY}(?:\s+{_TIME})?|[（(]\s*{_DAY}[^（()）]{{2,40}}(?:上|会议|大会|通过|审议|批准)\s*[)）]"
)
_DATE_FIRST = re.compile(rf"{_DAY}(?:{_TIME})?")
_STAMP = re.compile(rf"{_DAY}\s+{_TIME}")
_CLAUSE = re.compile(r"[，。！？；]")
_OFFICE = r"(?:主席|书记|主任|部长|会长|组长|局长|总经理|董事长)"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝游辛靳柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳"
    "穆农司卓古吉缪简车连芦麦褚娄窦戚岑景宫费卜冷晏席卫米柏宗瞿桂全佟臧闵苟邬边卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_PERSON = rf"(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛|尉迟|皇甫|慕容|令狐)\s*[\u4e00-\u9fff]\s*[\u4e00-\u9fff]?"
_SPEAKER = re.compile(rf"[（(]?(?:报告人[:：])?\s*(?:[\u4e00-\u9fff、]{{0,20}}{_OFFICE}\s*)?{_PERSON}[)）]?")


def is_masthead(raw: str) -> bool:
    """Whether a short line is the masthead of a newspaper's or journal's page.

    >>> is_masthead("B02 要闻   江城晚报   2021年3月9日 星期二")
    True
    """
    return raw[-1] not in "。！？；，" and any(mark.search(raw) for mark in _MASTHEAD)


def is_names(raw: str) -> bool:
    """Whether a short line is only roles and names: ``本报记者 张三 通讯员 李四``."""
    return _NAMES.fullmatch(raw) is not None


def is_signature(raw: str, ink: str) -> bool:
    """Whether a short line says when and by whom a report was issued.

    That is a date alone, a union's name with the month, or several labels such as ``来源：…　发布时间：…``.
    """
    if _DATED.fullmatch(raw) or _SIGNED.fullmatch(raw):
        return True
    if ink[-1] in "。！？；":
        return False
    if len(ink) <= 40 and _STAMP.search(raw) and not _CLAUSE.search(ink):
        return True
    labels = len(_LABEL.findall(ink))
    if date := _DATE_FIRST.match(ink):
        return _LABEL.match(ink, date.end()) is not None
    return labels >= 2 and _LABEL.match(ink) is not None


def is_signer(ink: str) -> bool:
    """Whether a line is only the name of a body, as above the date at the end of a report."""
    return _SIGNER_ALONE.fullmatch(ink) is not None


def is_speaker(raw: str) -> bool:
    """Whether a line is only the name of a speaker, with or without the office.

    That means something only below the title: a heading of two or three characters can look like a name.

    >>> [is_speaker(line) for line in ("林 一 舟", "市总工会主席 赵小满", "工作回顾")]
    [True, True, False]
    """
    return _SPEAKER.fullmatch(raw) is not None
