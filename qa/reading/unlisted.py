"""Find the names of divisions that the table lacks: new ones, towns, zones.

Such a name is made of characters that the dictionary joins to no word, or it is one rare noun, right before the word
for its kind: 桐|埠|县, 砚池|县, but not 贫困|县 or 由|县.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from embeddings.words import cut_at, frequency, part_of_speech
from qa.text import divisions
from qa.types import Level, Place

SHORTEST, LONGEST = 2, 4  # characters of such a name, without its kind
RARE = 1.0  # times in a million words
_KIND = re.compile(r"街道|(?:经济|高新|工业|产业|技术|开发)+园?区|(?<![开新])区|[市县州旗盟镇乡]")
_HAN = re.compile(r"[一-龥]+")
WHOSE = re.compile(r"(?:\d{4}年度?)?[一-龥]{0,8}(?:工会|政府|人大|人民代表大会)")  # behind a name in a head
_NEVER = tuple("prcumq")  # tags of characters that stand beside names: 由, 各, 和, 的
_APART = (*_NEVER, *"dvtyeo")  # and of those that may do so
_LEVELS: dict[str, Level] = {**dict.fromkeys("市州盟", "city"), **dict.fromkeys("县区旗", "district")}


def unlisted(head: str, body: str) -> tuple[Place, ...]:
    """Return the divisions that the table lacks: those that the head of a report names, and those named more than once."""
    text = f"{head}\n{body}"
    times = Counter(name for run in _HAN.findall(text) for name in _names(run))
    times.update(name for line in head.split("\n") for name in _names(line, of_bodies=True))
    often = [name for name in times if (times[name] > 1 or name in head) and not _is_listed(name)]
    whole = [name for name in often if _is_whole(name, times)]
    cities = [_place(name, text) for name in whole if name.endswith("市")]
    inside = [_place(name, text, cities) for name in whole if not name.endswith("市")]
    return (*cities, *inside)


def _is_listed(name: str) -> bool:
    """Whether the table has a division, or that in which a zone lies (芜湖经济技术开发区)."""
    zone = name.endswith("区") and len(divisions.short_name(name)) < len(name) - 1
    return divisions.get(divisions.short_name(name) if zone else name) is not None


def _is_whole(name: str, times: Mapping[str, int]) -> bool:
    """Whether a name lacks no character, and has none too many: of 桐埠县 and 全桐埠县 the longer is most of the shorter."""
    longer = max((times[one] for one in times if one != name and one.endswith(name)), default=0)
    shorter = max((times[one] for one in times if one != name and name.endswith(one)), default=0)
    return 2 * longer <= times[name] and shorter < 2 * times[name]


def _place(name: str, text: str, near: Sequence[Place] = ()) -> Place:
    """Return the division of a name, in the first division that the text has right before it."""
    above = (place for _, end, place in divisions.find(text, near) if text.startswith(name, end))
    lies_in = next(above, None)
    parents = (*lies_in.parents, lies_in.name) if lies_in else ()
    return Place(name, parents, _LEVELS.get(name[-1], "other"))


def _names(text: str, *, of_bodies: bool = False) -> Iterator[str]:
    """Yield what may be the name of a division, in every length; of the head what a union or a government follows."""
    starts = dict(cut_at(text))
    for kind in _KIND.finditer(text):
        if not (WHOSE.match(text, kind.end()) if of_bodies else starts.get(kind.start()) == kind.group()):
            continue
        start = kind.start()
        for at, part in reversed([*cut_at(text[:start])]):
            if at + len(part) != start or kind.start() - at > LONGEST or not _HAN.fullmatch(part):
                break
            tag = part_of_speech(part)
            if len(part) > 1:
                rare = frequency(part) < RARE * (10 if of_bodies else 1)
                if start == kind.start() and rare and tag.startswith("n"):
                    yield text[at : kind.end()]
                break
            if tag.startswith(_NEVER if of_bodies else _APART) or part in "市县区":
                break
            start = at
            if kind.start() - start >= SHORTEST:
                yield text[start : kind.end()]
