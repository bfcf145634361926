"""What newspapers, journals and websites print around a report: mastheads, signatures, and who wrote and edited it."""

from __future__ import annotations

import re

__all__ = ["is_masthead", "is_names", "is_signature"]

_DAY = r"(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
_MASTHEAD = (
    re.compile(rf"{_DAY}.{{0,4}}(?:星期|周)[一二三四五六日天]"),  # 2024年6月18日 星期二
    re.compile(rf"^\S{{2,12}}(?:报|刊|周刊|简报)\s*{_DAY}$"),
    re.compile(r"(?:19|20)\d\d\s*年\s*第\s*[\d一二三四五六七八九十]{1,3}\s*期(?=$|[\s)）（(·|]|总第)"),
    re.compile(r"[（(]?总第\s*\d+\s*期"),
    re.compile(
        r"^(?:[A-D]\d{2}|第?[\d一二三四五六七八九十]{1,2}版)\s*[:：·|]?\s*[\u4e00-\u9fff·]{2,6}$"
    ),  # A03 专版
)
_LABEL = re.compile(
    r"(?:(?:信息|文章|稿件|图文)?来源|发[布表](?:时间|日期|者|人|单位|机构)?|更新(?:时间|日期)|(?:日期|时间)(?=[:：]\s*\d)|"
    r"(?:浏览|点击|阅读|访问)(?:次数|人数|量|数)?|字[号体](?:大小)?|作者|撰稿|供稿|审核|责任编辑|责编|编辑)\s*[:：]"
)
_ROLE = r"(?:本报|本刊|本台|本网|特约|见习|实习|首席|全媒体)*(?:记者|通讯员|评论员|撰稿人|撰文|撰稿|作者|文/图|文)"
_NAME = r"[\u4e00-\u9fff](?:[\u4e00-\u9fff·]{1,6}|\s[\u4e00-\u9fff])"
_NAMES = re.compile(
    rf"[（(]?(?:{_ROLE}[\s:：/／丨|]+{_NAME}(?:[\s、,，]+(?!{_ROLE}){_NAME}){{0,5}}[\s、,，;；]*)+[)）]?"
)
_SIGNED = re.compile(
    r"\S{0,30}(?:工会|委员会|办公室|党组|党委|编辑部|编委会|联合会)\s*[（(]?"
    r"(?:19|20|二[〇○零])[\d〇○零一二三四五六七八九]{2}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?[)）]?"
)
_DATED = re.compile(rf"[（(]\s*{_DAY}\s*[)）]|{_DAY}(?:\s+\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?")


def is_masthead(raw: str) -> bool:
    """Whether a short line is the head of a newspaper's or journal's page.

    >>> is_masthead("B02 要闻   江城晚报   2021年3月9日 星期二")
    True
    """
    return any(mark.search(raw) for mark in _MASTHEAD) and raw[-1] not in "。！？；，"


def is_names(raw: str) -> bool:
    """Whether a short line holds nothing but roles and names: ``本报记者 张三 通讯员 李四``."""
    return _NAMES.fullmatch(raw) is not None


def is_signature(raw: str, ink: str) -> bool:
    """Whether a short line says when and by whom a report was issued.

    That is a date alone, a union's name with the month, or several labels such as ``来源：…　发布时间：…``.
    """
    if _DATED.fullmatch(raw) or _SIGNED.fullmatch(raw):
        return True
    return ink[-1] not in "。！？；" and _LABEL.match(ink) is not None and len(_LABEL.findall(ink)) >= 2
