"""Translate English questions to Chinese keyword questions by a glossary, without grammar.

How many legal aid cases did Wenzhou unions handle in 2018-2023? becomes 温州 2018-2023年 工会 办理 法律援助案件
多少件？ Words that the glossary lacks stay as they are, so that nothing asked for is lost. Names of divisions in Latin
letters (Qiantang District, Xi'an) are recognised by their spelling, in Chinese questions too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product
from typing import Literal

from embeddings.words import default_glossary, frequency, readings, split_words, unaccented
from qa.question.catalogue import Catalogue, grouped
from qa.text.divisions import EVERYDAY, LEVELS, all_divisions, get, short_name
from qa.types import Place

_Kind = Literal["ask", "greeting", "time", "place", "term", "skip", "word", "pause"]

_YEAR = r"(?:19|20)\d\d"
_TIME_OR_PAUSE = re.compile(
    rf"(?P<between>between\s+)?(?<!\d)(?P<first>{_YEAR})\s*(?P<to>[-–—~]|to|and|until)\s*(?P<last>{_YEAR}|\d\d(?![\d,.]))"
    rf"|(?:(?P<when>since|before|after|until|end of)\s+)?(?:the\s+)?"
    rf"(?:(?<![\d,.])(?P<year>{_YEAR})(?!\d|,\d)|(?P<nth>\d{{1,2}})(?:st|nd|rd|th)\b(?P<congress>\s+(?:[a-z']+\s+){{0,3}}congress\b)?)"
    r"|(?P<pause>[?.!,;:](?=\s|$))",
    re.IGNORECASE,
)
_WHEN = {"since": "以来", "after": "以后", "before": "以前", "until": "以前", "end of": "底"}
_DIGITS = ("", *"一二三四五六七八九")
_YES_OR_NO = "is are was were do does did has have had can could will would"
_ELLIPTIC = re.compile(r"\s*(?:(?:and|but|so|ok|okay)\b[\s,]*|(?:what|how)\s+about\b)+", re.IGNORECASE)
_DOES = frozenset({"do", "done", "doing"})
_JOINTS = frozenset({",", "of", "in"})  # between a place and the one that contains it
_LEADS = ("概括", "介绍", "比较", "如何", "为什么")  # stand first
_SUFFIXES: dict[str, tuple[str, ...]] = {  # English word -> possible endings of the Chinese name
    **dict.fromkeys(("province", "provincial", "sheng"), ("省",)),
    **dict.fromkeys(("city", "municipality", "municipal", "shi"), ("市",)),
    **dict.fromkeys(("district", "qu"), ("区",)),
    "county": ("县", "市", "旗"),
    "prefecture": ("州", "地区", "盟"),
    "banner": ("旗",),
    "league": ("盟",),
    "xian": ("县",),
}
_LATIN = re.compile(
    r"(?a:(?<![\w@./:-])[A-Za-zÀ-ÿ](?:[A-Za-zÀ-ÿ'’ ]*[A-Za-zÀ-ÿ])?(?![a-zA-Z_@/:-]|\d(?!\d{3})|\.\w))"
)
_LONGEST = 4  # words of one name: Qian Tang Xin Qu
_SHORTEST = 5  # letters of a county's name that is recognised by its capital alone


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or phrase of the question."""

    kind: _Kind
    source: str  # as typed
    text: str = ""  # in Chinese
    measure: str = ""
    places: tuple[Place, ...] = ()


def chinese_of(question: str, catalogue: Catalogue) -> str | None:
    """Translate a question without Chinese characters; None if neither a place nor a term of it is known."""
    elliptic = _ELLIPTIC.match(question)
    asked = question[elliptic.end() :] if elliptic else question
    pieces = _resolved(list(_pieces(asked, catalogue)), catalogue)
    kinds = Counter(piece.kind for piece in pieces)
    understood = kinds["term"] > 0 and kinds["word"] <= kinds["term"] + kinds["ask"] + kinds["time"]
    if not (kinds["place"] or (kinds["time"] and elliptic) or understood):
        greetings = [piece.text for piece in pieces if piece.kind == "greeting"]
        return greetings[0] if greetings and not kinds["word"] else None
    told = [piece for piece in pieces if piece.kind not in ("time", "greeting")]
    starts = [at for at, piece in enumerate(told) if piece.kind == "ask"][1:]  # of further questions
    clauses = (_clause(told[a:b]) for a, b in pairwise([0, *starts, len(told)]))
    body = "，".join(clause for clause in clauses if clause)
    lead = next((lead for lead in _LEADS if body.startswith(lead)), "")
    places = "和".join(dict.fromkeys(p.text for p in pieces if p.kind == "place"))
    times = [p.text for p in pieces if p.kind == "time"]
    text = " ".join(part for part in (lead, places, *times, body.removeprefix(lead).strip()) if part)
    if not kinds["ask"] and elliptic:
        return text + "呢？"
    if not kinds["ask"] and re.split(r"\W", question.strip(), maxsplit=1)[0].lower() in _YES_OR_NO.split():
        return text + "吗？"
    return text + ("？" if question.rstrip().endswith("?") or (kinds["ask"] and not lead) else "")


def _pieces(question: str, catalogue: Catalogue) -> Iterator[_Piece]:
    """Yield the times and pauses, and what stands between them in phrases and words."""
    at = 0
    for match in _TIME_OR_PAUSE.finditer(question):
        yield from _worded(split_words(question[at : match.start()]), catalogue)
        nth_of_other = match["nth"] and not match["congress"]
        kind: _Kind = "pause" if match["pause"] else "term" if nth_of_other else "time"
        yield _Piece(kind, match.group(), "" if match["pause"] else _time(match))
        at = match.end()
    yield from _worded(split_words(question[at:]), catalogue)


def _time(match: re.Match[str]) -> str:
    """Translate years, congresses and ordinals."""
    if first := match["first"]:
        last = match["last"] if len(match["last"]) == 4 else first[:2] + match["last"]
        two_years = match["to"] == "and" and not match["between"]
        return f"{first}年和{last}年" if two_years else f"{first}-{last}年"
    when = _WHEN.get((match["when"] or "").lower(), "")
    if year := match["year"]:
        return f"{year}年{when}"
    tens, ones = divmod(int(match["nth"]), 10)
    number = f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones]}"
    return f"第{number}次代表大会{when}" if match["congress"] else f"第{number}届"


def _worded(words: Sequence[str], catalogue: Catalogue) -> Iterator[_Piece]:
    """Yield glossary phrases and place names, the longer of both at each word, and words that are neither."""
    index = 0
    while index < len(words):
        found, name = default_glossary().longest(words, index), romanised(words, index, catalogue)
        entry, length = found or (None, 1)
        if name and (not entry or name.words > length or (name.sure and entry.section != "place")):
            length = name.words
            yield _Piece("place", " ".join(words[index : index + length]), places=name.places)
        elif entry:
            source = " ".join(words[index : index + length])
            place = get(entry.chinese) if entry.section == "place" else None
            yield _Piece(entry.section, source, entry.chinese, entry.measure, (place,) if place else ())
        elif len(words[index]) > 1 or words[index].isdigit():
            yield _Piece("word", words[index], words[index])
        index += length


def _resolved(pieces: list[_Piece], catalogue: Catalogue) -> list[_Piece]:
    """Decide which place each name means, by the other places; Wenzhou, Zhejiang becomes one place."""
    known = frozenset(p.places[0].name for p in pieces if len({place.name for place in p.places}) == 1)
    kept: list[_Piece] = []
    for piece in pieces:
        at = max((i for i, p in enumerate(kept) if p.source.lower() not in _JOINTS), default=-1)
        last = kept[at] if kept and kept[at].places else None
        if last and piece.text == "总工会":
            kept[at] = replace(last, text=last.places[0].name + piece.text)
        elif not piece.places:
            kept.append(piece)
        else:
            place = chosen(piece.places, known, catalogue)
            name = chinese_name(place)
            if last and place.name in last.places[0].parents:
                kept[at] = replace(last, text=name + last.text.removeprefix(place.name))
            else:
                kept.append(replace(piece, places=(place,), text=name))
    return kept


def _clause(pieces: list[_Piece]) -> str:
    """Order one question: what is stated, then the question word with the measure word of what is counted."""
    words = [p.text for p in pieces if p.kind in ("term", "word")]
    at = next((i for i, p in enumerate(pieces) if p.kind == "ask"), None)
    if at is None:
        return " ".join(words)
    ask, measure = pieces[at].text, next((p.measure for p in pieces[at:] if p.measure), "")
    if ask == "什么":
        does = any(p.source.lower() in _DOES for p in pieces[at + 2 :])
        ask = "是多少" if measure in ("%", "元") else "做了哪些工作" if does else "是什么"
    ask = ask.replace("*", measure.strip("%"))
    return " ".join([ask, *words] if ask.startswith(_LEADS) else [*words, ask])


@dataclass(frozen=True, slots=True)
class Romanised:
    """Words that may name a division."""

    words: int  # how many words the name takes, suffix included
    places: tuple[Place, ...]  # all divisions of this spelling
    sure: bool  # the words can hardly mean anything else


def romanised(words: Sequence[str], start: int, catalogue: Catalogue) -> Romanised | None:
    """Return the division spelled by the words from ``start``, the longest name first, or None."""
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        name = words[start : start + length]
        spelled = all(word.replace("'", "").replace("’", "").isalpha() for word in name)
        capital = all(word[:1].isupper() for word in name)
        if not spelled or (length > 1 and not capital):
            continue
        places = _spelled().get("".join(_letters(word) for word in name), ())
        after = words[start + length : start + length + 1]
        ends = _SUFFIXES.get(unaccented(after[0]), ()) if after else ()
        fitting = tuple(p for p in places if ends and p.name.endswith(ends))
        if fitting:
            return Romanised(length + 1, fitting, sure=True)
        long = len("".join(name)) >= _SHORTEST
        known = any(p.level in ("province", "city") or _rank(p, catalogue) < 3 for p in places)
        if places and (long or capital) and (known or (long and capital)):
            return Romanised(length, places, sure=known)
    return None


def _letters(word: str) -> str:
    """Normalise the letters of a word: Xi'an's is xian, Lyuliang and Lüliang are lvliang."""
    plain = unaccented(word.replace("ü", "v").replace("Ü", "v"))
    return plain.removesuffix("'s").replace("'", "").replace("lyu", "lv")


def chosen(places: tuple[Place, ...], known: frozenset[str], catalogue: Catalogue) -> Place:
    """Choose between divisions of one spelling.

    Those in a ``known`` division, which the question names, come first, then the library's, then larger and
    better known ones.
    """

    def order(place: Place) -> tuple[bool, int, int, float]:
        rank, outside = _rank(place, catalogue), known.isdisjoint(place.parents)
        return outside, rank, LEVELS.index(place.level), -frequency(short_name(place.name))

    return min(places, key=order)


def chinese_name(place: Place) -> str:
    """Return the short name if it is unambiguous, else the full one, preceded by its city if others share it.

    >>> from qa.text.divisions import get
    >>> chinese_name(get("温州市")), chinese_name(get("杭州市钱塘区"))
    ('温州', '钱塘')
    """
    short = short_name(place.name)
    if short not in EVERYDAY and get(short) == place:
        return short
    return place.name if get(place.name) == place else "".join(place.parents[-1:]) + place.name


def with_chinese_places(text: str, catalogue: Catalogue) -> str:
    """Translate the places that a Chinese text names in Latin letters: wenzhou有几家 → 温州有几家."""

    def replaced(run: re.Match[str]) -> str:
        pieces = re.split(r"( +)", run.group())  # words, and the blanks between them
        words, index = pieces[::2], 0
        while index < len(words):
            found = romanised(words, index, catalogue)
            if found and found.sure:
                name = chinese_name(chosen(found.places, frozenset(), catalogue))
                pieces[2 * index : 2 * (index + found.words) - 1] = [name]
                words[index : index + found.words] = [name]
            index += 1
        return "".join(pieces)

    return _LATIN.sub(replaced, text)


def _rank(place: Place, catalogue: Catalogue) -> int:
    """Return 0 for a place of reports, 1 for one around it, 2 for one inside it, 3 for others."""
    own = catalogue.places
    if any(place.name == p.name and place.parents == p.parents for p in own):
        return 0
    if any(place.name in p.parents for p in own):
        return 1
    return 2 if any(p.name in place.parents for p in own) else 3


@lru_cache(maxsize=1)
def _spelled() -> Mapping[str, tuple[Place, ...]]:
    """Map spellings of short names, without white space, to divisions."""

    def spellings(place: Place) -> Iterator[str]:
        read = (readings(character) for character in short_name(place.name))
        each = ({*own, *(r.replace("v", "u") for r in own)} for own in read)  # Lvliang, Luliang
        yield from map("".join, product(*each))

    return grouped((spelling, place) for place in all_divisions() for spelling in spellings(place))
