"""Find what a report is called: its division, company or zone, and the proper names by which people call it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise, takewhile

from embeddings.words import cut_at, part_of_speech, rarity
from qa.text.divisions import find, short_name
from qa.text.numerals import DIGITS
from qa.types import Report, Span

_FORM = re.compile(
    r"(?:股份|有限|责任)+公司|人民政府|(?:第[一二三四五六七八九十]+届)?委员会|(?:总|基层|联合)?工会(?:委员会|联合会)?"
)
_BODY = re.compile(r"公司|集团|[工总]?厂|矿|油田|大学|学院|医院|银行|院|局|电网|区|园")
_LEAST = 3  # characters of a short name that ends like others (九医院), if it is a word
_PROPER = ("ns", "nr", "nz")  # tags of proper names
_LEVEL = re.compile(r"^(?:[省市区县州盟旗]|[一-龥]{0,8}自治[州县区])?$")


@lru_cache(maxsize=4096)
def core_name(organisation: str) -> str:
    """Return the name without its legal form.

    >>> core_name("辽河重型机械集团有限公司工会")
    '辽河重型机械集团'
    """
    return _FORM.sub("", organisation)


@lru_cache(maxsize=4096)
def own_part(core: str) -> str:
    """Return the name without a division at its beginning.

    >>> own_part("陕西省能源化学地质"), own_part("辽河重型机械集团")
    ('能源化学地质', '辽河重型机械集团')
    """
    end = next((end for start, end, _ in find(core) if start == 0), 0)
    return core[end:].lstrip("省市区县州")


@lru_cache(maxsize=4096)
def is_of_division(organisation: str, place: str) -> bool:
    """Whether an organisation is the union, or the government, of a whole division.

    >>> is_of_division("苏州市总工会", "苏州市"), is_of_division("苏州市人民政府", "苏州市")
    (True, True)
    >>> is_of_division("苏州某纺织公司工会", "苏州市")
    False
    """
    if not place or short_name(place) not in organisation:
        return False
    return bool(_LEVEL.match(core_name(organisation.rpartition(short_name(place))[2])))


def is_body(organisation: str) -> bool:
    """Whether it is the union of a company, a school or the like, not of a division or a trade.

    >>> is_body("辽河重型机械有限公司工会"), is_body("苏州市交通运输工会"), is_body("")
    (True, False, False)
    """
    return bool(_BODY.search(own_part(organisation)))


def nickname_in(text: str, own: str) -> Span | None:
    """Return the longest whole words of a text that leave out most of a name, or None.

    They begin like it and are no word of their own (岭航 for 岭南航空), or end with what it is (九医院 for 第九人民医院).
    An abbreviation that the dictionary knows (北钢) is meant if the name begins with a proper name: 环卫 is a trade. That
    proper name alone is meant before a time, 的 or a break: 湘江去年 is a company, 湘江治理 and 湘江两岸 are not.
    """
    words_of_text = [*cut_at(text), (len(text), "")]
    edges = sorted({edge for at, word in words_of_text for edge in (at, at + len(word))})
    behind_places = {end for _, end, _ in find(text)}
    first = next((word for _, word in cut_at(own)), "")
    unknown, found = ("", "j") if part_of_speech(first) in ("", *_PROPER) else ("",), list[Span]()
    for (at, word), (_, following) in pairwise(words_of_text):
        alone = word == first and part_of_speech(word) in _PROPER and len(word) > 1
        ends = not following.isalnum() or following == "的" or following[0].isdigit()
        if alone and at not in behind_places and (ends or part_of_speech(following) == "t"):
            found.append((at, at + len(word)))
    for start, end in combinations(edges, 2):
        words, rest = text[start:end], iter(own)
        if not 1 < end - start <= len(own) or start in behind_places or not all(c in rest for c in words):
            continue
        new = part_of_speech(words) in unknown  # as 岭航 is and 国家 is not
        begins = new and words[0] == own[0] and DIGITS.keys().isdisjoint(words)
        ends = any(m.start() and m.end() == len(words) for m in _BODY.finditer(words))
        if begins or (ends and words[0] in own[:2] and (new or end - start >= _LEAST)):
            found.append((start, end))
    return max(found, key=lambda span: span[1] - span[0], default=None)


def report_label(report: Report, when: str = "") -> str:
    """Return the label of a report in an answer, 温州（2018–2023）; ``when`` replaces its own years."""
    name = short_name(report.place.name) or (report.title and f"《{report.title[:16]}》")
    if report.organisation and not is_of_division(report.organisation, report.place.name):
        core = core_name(report.organisation)
        own = own_part(core.removeprefix(report.place.name))
        trade = own != core and not is_body(core)  # 甲省能源 alone would be no name
        name = (f"{core[:14]}工会" if trade else core[:16]) or name
    return f"{name}（{when or report.period}）" if report.period else name


COMMON, RARE = 0.3, 0.9  # rarities: no character of a name is as common, and one is as rare
LENGTHS = range(2, 5)  # characters


def names_of(report: Report) -> tuple[str, ...]:
    """Return the texts that name a report: its file name, titles and organisation."""
    return report.source.name.rpartition(".")[0], report.title, report.subtitle, report.organisation


@lru_cache(maxsize=4096)
def proper_names(text: str) -> tuple[str, ...]:
    """Return what no dictionary knows of a text that names a report, each once.

    >>> proper_names("砚湖大学城总工会第二次代表大会工作报告"), proper_names("走进昌沅化工的工人们")
    (('砚湖',), ('昌沅',))
    """
    runs, end = list[str](), 0
    for at, word in cut_at(text):
        if len(word) == 1 and word.isalpha() and rarity(word) > COMMON:
            runs += [f"{runs.pop()}{word}" if at == end and runs else word]
            end = at + 1
    names = dict.fromkeys(map(short_name, runs))
    return tuple(name for name in names if len(name) in LENGTHS and max(map(rarity, name)) >= RARE)


def own_names(report: Report) -> tuple[str, ...]:
    """Return the proper names of a report but for that of its place."""
    names = dict.fromkeys(name for text in names_of(report) for name in proper_names(text))
    return tuple(name for name in names if name not in report.place.name)


def called(question: str, names: Sequence[str], texts: Sequence[str]) -> Span | None:
    """Return where a question has one of some names, with the words that go on as one of some texts does (昌沅化工), or None."""
    edges = {edge for at, word in cut_at(question) for edge in (at, at + len(word))}
    for name in (name for name in names if name in question):
        start = question.index(name)
        rest = (text[text.index(name) :] for text in texts if name in text)
        shared = (
            takewhile(lambda pair: pair[0] == pair[1], zip(question[start:], own, strict=False))
            for own in rest
        )
        ends = (start + len([*each]) for each in shared)
        return start, max((end for end in ends if end in edges), default=start + len(name))
    return None
