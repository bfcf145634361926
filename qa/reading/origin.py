"""Infer the division that a report is about and the union that wrote it, each with its basis."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from embeddings.words import cut, part_of_speech
from qa.reading.unlisted import SENTENCE, WHOSE, areas, unlisted
from qa.text import divisions
from qa.types import Inference, Place

NEAR = 4000  # characters at the top whose places disambiguate others of the same name
# Weight of a mention by part of the text; the opening counts in the body, too.
TITLE, OPENING, BODY = 6.0, 2.0, 1.0
UNION, ZONE, SEAT, MENTION = 2.0, 1.0, 3.0, 0.3  # and by its context
SIGNED, LONGEST_SIGNATURE = 5, 40  # lines at the end, and their characters
OFTEN = 3  # mentions of a place that are more than in passing
SUPERIOR = 0.2  # factor for a union that only leads the one that reports
_ZONES = (
    r"(?:(?:经济|高新)(?:技术)?(?:产业)?(?:技术)?(?:开发)?区|经开区|[一-龥]{0,4}(?:开发区|高新区|新区|工业园区?|产业园区?|科技园区?|园区|"
    r"保税[港区]+|示范区|度假区|管理区|试验区|合作区))"
)
_OF_ZONE = re.compile(rf"(?:[一-龥]{{0,4}}?){_ZONES}")
_UNION = re.compile(r"(?:各级)?(?:总工会|工会)")
_AREA_UNION = re.compile(r"[省市区县州盟旗]?(?:总工会|工会)(?!法|组织|主席|干部|会员|经费|工作者)")
_SEAT = re.compile(r"(?:位于|坐落[于在]|地处|总部(?:设在|在)?|驻地?在?)[“”]?$")
# The trades that unions are of besides divisions and companies: 某省能源化学地质工会.
_TRADE_UNION = re.compile(
    r"[省市区县州]?(?:教科文卫体?|教育|科[技教]|文[化体]|卫生|医[药务]|海员|建[设筑材]|城建|能源|化[学工]|地质|机械|冶金|国防|邮电|电[力信子]|通信|财贸|轻[工纺]|"
    r"纺织|烟草|农[林业]|水[利务]|气象|铁路|民航|金融|银行|交通|运输|石[油化]|煤[炭矿]|旅游|服务|商[业贸]|粮食|直属?|机关|行业|产业|系统|和|与){1,6}"
    r"(?:总|联合)?工会(?:委员会|联合会)?"
)
# And any trade, where no sentence names it: 某市货车司机行业工会联合会.
_ANY_TRADE = re.compile(r"[一-龥]{1,8}(?:行业|产业|系统)(?:总|联合)?工会(?:委员会|联合会)?")
_LED = re.compile(r"[^，。；在]{0,24}?(?:领导|指导|关心|支持|帮助)(?:和[一-龥]{2,6})?下")
_GOVERNMENT = re.compile(r"政府(?:\d{4}年度?)?工作报告")
_BODY = r"[一-龥（）A-Za-z·]{2,30}?(?:公司|集团|[工总]厂|钢厂|电厂|矿业?|油田|大学|学院|医院|银行|研究院|设计院|铁路局|供电局|电网)"
_COMPANY = re.compile(
    rf"(?:^|[\n。：“（])(?:[—–\-在受]{{0,3}}(?:20\d\d年度?)?)"
    rf"(?P<name>{_BODY}(?:委员会)?(?P<union>(?:总|机关|基层|联合)?工会(?:委员会)?))"
)
# ——在某大学第八届教职工代表大会上: a body whose meeting a title names.
_MEETS = re.compile(rf"^[—–\-在]{{0,3}}(?P<name>{_BODY})(?=第?[一-龥]{{1,3}}[届次]|20\d\d年)", re.MULTILINE)


def place_of(titles: Sequence[str], opening: str, body: str) -> tuple[Place, Inference]:
    """Infer the division from the titles (and the occasion), the first paragraphs, and all text."""
    weights: defaultdict[Place, float] = defaultdict(float)
    seen: Counter[Place] = Counter()
    words: dict[Place, str] = {}
    best: dict[Place, float] = {}
    heads = "\n".join(titles)
    companies = [match.span("name") for own in (_COMPANY, _MEETS) for match in own.finditer(heads)]
    near = [place for start, _, place in divisions.find(body) if start < NEAR]
    # The short lines at the end that are no sentences may sign it.
    lines = [line for line in body.split("\n") if line.strip()][-SIGNED:]
    short = (line for line in lines if len(line) <= LONGEST_SIGNATURE and not SENTENCE.search(line))
    ending = "\n".join(short)
    new = unlisted(heads, opening, body, ending)
    near += new or (() if companies or divisions.find(f"{heads}\n{opening}") else areas(heads))
    for text, times, signs in (
        (heads, TITLE, False),
        (opening, OPENING, False),
        (ending, BODY, True),
        (body, BODY, False),
    ):
        for start, end, place in divisions.find(text, near):
            weight, until = _weight(text, start, end)
            whose = WHOSE.match(text, end) if signs or times == TITLE else None
            if signs and not whose:
                continue
            if times == TITLE and any(a <= start < b for a, b in companies):
                weight = max(weight, ZONE)
            elif whose:
                weight, until = UNION, whose.end()
            if companies and weight == UNION * SUPERIOR:
                weight = ZONE  # the union of its place leads that of a company
            seen[place] += 1
            weights[place] += times * weight / seen[place]  # repeated mentions add less
            if times * weight > best.get(place, 0.0):
                best[place], words[place] = times * weight, text[start:until]
    of_company = bool(companies) or (not divisions.find(heads) and _company(opening) != "")
    if not weights or (of_company and max(best.values()) < ZONE):  # a company may name any place
        return Place(""), Inference("place", "文中没有行政区划名", 0.0)
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0].name))
    place, weight = ranked[0]
    if best[place] < OPENING * MENTION and seen[place] < OFTEN:
        return Place(""), Inference("place", f"只顺带提到“{words[place]}”等处", 0.0)
    rivals = [(p, w) for p, w in ranked[1:] if p.name not in place.parents and place.name not in p.parents]
    sure = weight / (weight + (rivals[0][1] if rivals else 0.0) + 1.0)
    basis = f"“{words[place]}”等处提到最多"
    if rivals and 3 * rivals[0][1] > weight:
        basis += f"，其次是{rivals[0][0].name}"
    return place, Inference("place", basis, round(sure, 2))


def _company(text: str) -> str:
    """Return the union of a company that a text names first, "" if none; 我代表集团工会 names none."""
    found = _COMPANY.search(text)
    named = found["name"] if found else f"{meets['name']}工会" if (meets := _MEETS.search(text)) else ""
    return named if named and part_of_speech(cut(named)[0]) != "r" else ""


def _weight(text: str, start: int, end: int) -> tuple[float, int]:
    """Return the weight of a mention as evidence that the report is about it, and the end of the evidence."""
    zone = _OF_ZONE.match(text, end)
    if union := _UNION.match(text, zone.end() if zone else end):
        return UNION * (SUPERIOR if _LED.match(text, union.end()) else 1.0), union.end()
    if _SEAT.search(text, max(0, start - 6), start):
        return SEAT, end
    return (ZONE, zone.end()) if zone else (MENTION, end)


def organisation_of(place: Place, titles: Sequence[str], opening: str, body: str) -> tuple[str, Inference]:
    """Infer the author: the union of a company, a trade, a zone or the division itself, or its government."""
    if place.name and (title := next((t for t in titles if _GOVERNMENT.search(t)), "")):
        return f"{place.name}人民政府", Inference("organisation", f"标题“{title}”", 0.9)
    for text, sure in (("\n".join(titles), 0.95), (opening, 0.85)):
        if name := _company(text) or _of_trade(place, text):
            printed = name if name in text else name.removesuffix("工会")  # whose meeting it was
            return name, Inference("organisation", f"文中的“{printed}”", sure)
        if named := _first(place, text):
            return _named(*named, body)
        if place.name and divisions.get(place.name) is None and (full := f"{place.name}总工会") in text:
            return _named(full, full, body)
    if not place.name:
        return "", Inference("organisation", "没有推断出地区", 0.0)
    if named := _first(place, body, zones=False):
        return _named(*named, body)
    if "总工会" in body:
        return f"{place.name}总工会", Inference("organisation", "由地区和文中的“总工会”推断", 0.5)
    return "", Inference("organisation", "文中没有写明", 0.0)


def _mentions(place: Place, text: str) -> list[tuple[int, int]]:
    found = divisions.find(text, (place,)) if place.name else ()
    return [(start, end) for start, end, named in found if named == place]


def _of_trade(place: Place, text: str) -> str:
    """Return a trade's union in the division, if the text names it before the division's own union."""
    for start, end in _mentions(place, text):
        if _AREA_UNION.match(text, end):
            return ""
        line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
        any_trade = None if SENTENCE.search(line) else _ANY_TRADE.match(text, end)
        if (trade := _TRADE_UNION.match(text, end) or any_trade) and not _LED.match(text, trade.end()):
            return text[start : trade.end()]
    return ""


def _named(written: str, full: str, body: str) -> tuple[str, Inference]:
    sure = 0.9 if full == written or full in body else 0.7
    return full, Inference("organisation", f"文中的“{full if full in body else written}”", sure)


def _first(place: Place, text: str, *, zones: bool = True) -> tuple[str, str] | None:
    """Return the first union of the division or a zone in it that leads no other, as written and in full."""
    for start, end in _mentions(place, text):
        zone = _OF_ZONE.match(text, end) if zones else None
        union = _AREA_UNION.match(text, zone.end() if zone else end)
        if union and not _LED.match(text, union.end()):
            name = text[start : union.end()]
            return name, name if zone else f"{place.name}总工会"
    return None
