"""Find the names of divisions that the table lacks: new ones, towns, zones.

Such a name is made of characters that the dictionary joins to no word, or it is one rare noun, right before the word
for its kind: 桐|埠|县, 砚池|县, but not 贫困|县 or 由|县.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from embeddings.words import cut_at, frequency, part_of_speech
from qa.text import divisions
from qa.text.figures import amounts_in
from qa.types import Level, Place

SHORTEST, LONGEST = 2, 4  # characters of such a name, without its kind
RARE = 1.0  # times in a million words
MOST = 20  # names, so that the time to find them is bounded
_KIND = re.compile(r"街道|(?:经济|高新|工业|产业|技术|开发)+园?区|(?<![开新])区|[省市县州旗盟镇乡]")
SENTENCE = re.compile("[，。；！？]")  # what no heading or signature has
_HAN = re.compile(r"[一-龥]+")
_UNION = r"(?:总?工会|(?:人民)?政府|人大|人民代表大会)"
_OFFICE = r"(?:委员会|党委|办事处|[一-龥]{0,6}局)"
WHOSE = re.compile(r"(?:\d{4}年度?)?[一-龥]{0,8}(?:工会|政府|人大|人民代表大会)")  # behind a name in a head
# A division whose union or government a line names first: 2024年汀阳县总工会.
_HEADED = re.compile(
    rf"(?:(?<![一-龥\d])|(?<=[年在由]))(?![年在由全各我该本两市省区县州])([一-龥]{{2,9}}?(?:{_KIND.pattern}))(?=(?:\d{{4}}年度?)?{_UNION})"
)
# Or of which a title or a signature names a body, whatever its trade: 汀阳县快递行业工会联合会, 在清溪乡第三届人民代表大会.
_OWNED = re.compile(
    rf"(?:(?<![一-龥\d])|(?<=[年在由共访]))(?![年在由全各我该本两市省区县州])([一-龥]{{2,12}}?(?:{_KIND.pattern}))"
    rf"(?=(?:\d{{4}}年度?)?(?:(?:(?![省市区县州旗盟镇乡])[一-龥]){{0,12}}?{_UNION}|第[一-龥]{{1,4}}[届次]|{_OFFICE})|\d{{4}}年)"
)
# Whatever a title names first before 总工会 is an area of some kind: 墨泉大学城总工会.
_AREA = re.compile(r"^(?:\d{4}年度?)?([一-龥]{3,9}?)总工会", re.MULTILINE)
_APART = tuple("prcumqdvtyeo")  # tags of characters that stand beside names: 由, 各, 和, 的
_LEVELS: dict[str, Level] = {
    "省": "province",
    **dict.fromkeys("市州盟", "city"),
    **dict.fromkeys("县区旗", "district"),
}


def unlisted(titles: str, opening: str, body: str, ending: str = "") -> tuple[Place, ...]:
    """Return the divisions that the table lacks: those that the head of a report names, and those named more than once.

    ``ending`` are the short lines at the end, which may sign it. If the head names a division of the table, towns and
    streets are only those of the titles and those whose bodies it names.
    """
    head = f"{titles}\n{opening}\n{ending}"
    text = f"{head}\n{body}"
    times = Counter(name for run in _HAN.findall(text) for name in _names(run, coined=run not in head))
    headed = [_without_parents(match[1]) for match in _HEADED.finditer(head) if _kind_is_word(match[1])]
    letterhead = (line for line in opening.split("\n") if not SENTENCE.search(line))
    signed = "\n".join((titles, ending, *letterhead))
    owned = [_without_parents(match[1]) for match in _OWNED.finditer(signed)]
    headed += (name for name in owned if name not in headed and _kind_is_word(name))
    # 也是汀阳县 counts for 汀阳县, too, unless it stands in a title.
    ends = {
        name: {name} if name in titles else {end for end in headed if name.endswith(end)} for name in headed
    }
    times.update(end for name in headed for end in ends[name])
    often = [name for name in times if (times[name] > 1 or name in head) and _may_be_new(name)]
    within = titles if divisions.find(head) else text
    cut = _cut_or_extended(times)
    inside = {name for name in often if name[-1] in _LEVELS or name in within or name in owned}
    fitting = [name for name in often if name not in cut and name in inside]
    whole = sorted(fitting, key=lambda name: -times[name])[:MOST]
    placed = tuple[Place, ...]()
    for kinds in ("省", "市", ("县", "区", "旗")):
        placed += tuple(_placed([name for name in whole if name.endswith(kinds)], text, placed))
    known = {place.name for place in placed}
    return *placed, *_placed([name for name in whole if name not in known], text, placed)


def areas(titles: str) -> tuple[Place, ...]:
    """Return the areas of no known kind whose union a title names first."""
    names = (match[1] for match in _AREA.finditer(titles))
    own = (name for name in names if not part_of_speech(name[0]).startswith(_APART))
    return tuple(map(Place, own))


def _kind_is_word(name: str) -> bool:
    """Whether the word for its kind is no part of a word but a place's name: 汀阳|县, but not 惠邻|超市 nor 其中|区总工会."""
    words = [*cut_at(name)]
    (_, first), (at, last) = words[0], words[-1]
    named = _KIND.match(name, at) is not None or part_of_speech(last) == "ns"
    return named and not part_of_speech(first).startswith(("r", "c", "p"))


def _without_parents(name: str) -> str:
    """Return a name without the division of the table that it begins with: 汀阳县 of 江西汀阳县."""
    ends = (end for start, end, _ in divisions.find(name) if start == 0 and end < len(name))
    return name[next(ends, 0) :]


def _may_be_new(name: str) -> bool:
    """Whether a name has a fitting length, and the table lacks the division, or that in which a zone lies (芜湖经济技术开发区)."""
    bare = divisions.short_name(name)
    if not SHORTEST <= len(bare) <= LONGEST or _KIND.fullmatch(name) or amounts_in(name):  # 四个片区
        return False
    zone = name.endswith("区") and len(bare) < len(name) - 1
    return divisions.get(bare if zone else name) is None


def _cut_or_extended(times: Mapping[str, int]) -> set[str]:
    """Return the names that lack a character or have one too many: of 桐埠县 and 全桐埠县 the longer is most of the shorter."""
    pairs = ((name, name[at:]) for name in times for at in range(1, len(name)) if name[at:] in times)
    return {end if 2 * times[name] > times[end] else name for name, end in pairs}


def _placed(names: Sequence[str], text: str, near: Sequence[Place]) -> list[Place]:
    """Return the divisions of names, each in the first division that the text has right before it."""
    found = divisions.find(text, near) if names else ()
    before = {end: (*place.parents, place.name) for _, end, place in found}

    def parents(name: str) -> tuple[str, ...]:
        at = (match.start() for match in re.finditer(re.escape(name), text))
        return next((before[start] for start in at if start in before), ())

    return [Place(name, parents(name), _LEVELS.get(name[-1], "other")) for name in names]


def _names(run: str, *, coined: bool) -> Iterator[str]:
    """Yield what may be the name of a division in a run of Chinese characters, in every length, but no end of another name.

    ``coined``: only names that are no words.
    """
    words = {at + len(word): (at, word) for at, word in cut_at(run)}  # by their ends
    starts = {at for at, _ in words.values()}
    for kind in _KIND.finditer(run):
        if kind.start() not in starts or kind.end() not in words:
            continue
        found, start, is_word = list[str](), kind.start(), False
        while start in words:
            at, part = words[start]
            tag = part_of_speech(part)
            if len(part) > 1:
                rare = frequency(part) < RARE and tag.startswith("n")
                deed = part_of_speech(part[0]).startswith(_APART)  # 摘帽
                is_word = not (coined or found or deed) and rare
                if not is_word:
                    found = [] if tag.startswith("n") and not divisions.find(part) else found
                    break
            elif is_word or tag.startswith(_APART) or part in "市县区" or kind.start() - at > LONGEST:
                break
            start = at
            if SHORTEST <= kind.start() - start <= LONGEST:
                found.append(run[start : kind.end()])
        yield from found
