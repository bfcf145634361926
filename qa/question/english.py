"""Translate English questions to Chinese keyword questions by a glossary, without grammar.

How many legal aid cases did Wenzhou unions handle in 2018-2023? becomes 温州 2018-2023年 工会 办理 法律援助案件
多少件？ Words that the glossary lacks stay as they are, so that nothing asked for is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from embeddings.words import Glossary, default_glossary, split_words
from qa.question.catalogue import Catalogue
from qa.question.romanised import chinese_name, chosen, romanised
from qa.text.divisions import get
from qa.types import Place

_Kind = Literal["ask", "greeting", "time", "place", "term", "skip", "word", "stop"]

_YEAR = r"(?:19|20)\d\d"
_TH = "st|nd|rd|th"
_TIME = re.compile(
    rf"(?P<between>(?:from|between)\s+)?(?<!\d)(?P<first>{_YEAR})\s*(?P<to>[-–—~]|to|and|until|till|through)\s*(?P<last>{_YEAR}|\d\d(?![\d,.]))"
    rf"|(?:(?P<when>since|before|prior to|after|until|up to|as of|by|by the end of|at the end of|end of)\s+)?(?:the\s+)?(?:year\s+)?(?<![\d,.])(?P<year>{_YEAR})(?!\d|,\d)"
    rf"|(?:(?P<side>since|before|after|until|at)\s+)?(?:the\s+)?(?P<number>\d{{1,2}}(?={_TH})|(?<![a-z])[a-z]+)(?:{_TH})?\s+(?:(?:union|trade union|workers'?|party|national|municipal|provincial)\s+){{0,3}}congress\b"
    rf"|(?P<nth>\d{{1,2}})(?:{_TH})\b",
    re.IGNORECASE,
)
_AFTER_YEAR = {
    **dict.fromkeys(("before", "prior to", "until", "up to"), "以前"),
    "since": "以来",
    "after": "以后",
}
_AFTER_CONGRESS = {"since": "以来", "after": "以后", "before": "召开前", "until": "召开前"}
_TENTH_ON = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
_DIGITS = "〇一二三四五六七八九"
_YES_OR_NO = re.compile(
    r"\s*(?:and\s+)?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b", re.I
)
_ELLIPTIC = re.compile(
    r"\s*(?:(?:and|but|so|ok|okay)\b[\s,]*)+(?:(?:what|how)\s+about\b)?|\s*(?:what|how)\s+about\b", re.I
)
_DOES = frozenset({"do", "done", "doing"})
_JOINTS = frozenset({",", "of", "in"})  # between a place and the one that contains it
_AMOUNTS = frozenset({"%", "元", "平方米", "公里"})
_LEADS = ("概括", "介绍", "比较")  # requests, which stand first
_BEFORE_VERB = ("如何", "为什么")
_BEFORE_NOUN = ("哪", "什么样")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or phrase of the question."""

    kind: _Kind
    source: str  # as typed
    text: str = ""  # in Chinese
    measure: str = ""
    places: tuple[Place, ...] = ()


def chinese_of(question: str, catalogue: Catalogue, glossary: Glossary | None = None) -> str | None:
    """Translate a question without Chinese characters; None if neither a place nor a term of it is known.

    Args:
        catalogue: decides between places that are spelled alike.
        glossary: None: that of the package.
    """
    elliptic = _ELLIPTIC.match(question)
    asked = question[elliptic.end() :] if elliptic else question
    pieces = _resolved(list(_pieces(asked, catalogue, glossary or default_glossary())), catalogue)
    kinds = Counter(piece.kind for piece in pieces)
    if not _is_known(kinds, bool(elliptic)):
        greetings = [piece.text for piece in pieces if piece.kind == "greeting"]
        return greetings[0] if greetings and not kinds["word"] else None
    clauses = [_clause(part) for part in _parts([p for p in pieces if p.kind not in ("time", "greeting")])]
    body = "，".join(clause for clause in clauses if clause)
    lead = next((lead for lead in _LEADS if body.startswith(lead)), "")
    places = "和".join(dict.fromkeys(p.text for p in pieces if p.kind == "place"))
    times = [p.text for p in pieces if p.kind == "time"]
    text = " ".join(part for part in (lead, places, *times, body.removeprefix(lead).strip()) if part)
    if not kinds["ask"] and elliptic:
        return text + "呢？"
    if not kinds["ask"] and _YES_OR_NO.match(question):
        return text + "吗？"
    return text + ("？" if question.rstrip().endswith("?") or (kinds["ask"] and not lead) else "")


def _is_known(kinds: Counter[_Kind], elliptic: bool) -> bool:
    """Whether enough of a question is understood to translate the rest of it."""
    if kinds["place"] or (kinds["time"] and elliptic):
        return True
    return kinds["term"] > 0 and kinds["word"] <= kinds["term"] + kinds["ask"] + kinds["time"]


def _pieces(question: str, catalogue: Catalogue, glossary: Glossary) -> Iterator[_Piece]:
    at = 0
    for match in _TIME.finditer(question):
        text = _time(match)
        if not text:
            continue
        yield from _worded(question[at : match.start()], catalogue, glossary)
        yield _Piece("time" if match["nth"] is None else "term", match.group(), text)
        at = match.end()
    yield from _worded(question[at:], catalogue, glossary)


def _time(match: re.Match[str]) -> str:
    """Translate years and congresses; ``""`` if it is neither (another word before congress)."""
    if first := match["first"]:
        last = match["last"] if len(match["last"]) == 4 else first[:2] + match["last"]
        two_years = match["to"] == "and" and not match["between"]
        return f"{first}年和{last}年" if two_years else f"{first}-{last}年"
    if year := match["year"]:
        when = (match["when"] or "").lower()
        return f"{year}年{'底' if 'end' in when else _AFTER_YEAR.get(when, '')}"
    if match["nth"]:
        return f"第{_chinese_number(int(match['nth']))}届"
    number = match["number"].lower()
    ordinals = {word: value for value, word in enumerate(_TENTH_ON.split(), 10)}
    nth = int(number) if number.isdigit() else ordinals.get(number.removesuffix("th") + "th", 0)
    if not nth:
        return ""
    return f"第{_chinese_number(nth)}次代表大会{_AFTER_CONGRESS.get((match['side'] or '').lower(), '')}"


def _chinese_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones else ''}"


def _worded(text: str, catalogue: Catalogue, glossary: Glossary) -> Iterator[_Piece]:
    """Yield glossary phrases and place names, the longer of both at each word, and words that are neither."""
    for stretch in re.split(r"([?.!,;:](?=\s|$))", text):
        if stretch and stretch in "?.!,;:":
            yield _Piece("stop", stretch)
            continue
        words, index = split_words(stretch), 0
        while index < len(words):
            found, name = glossary.longest(words, index), romanised(words, index, catalogue)
            entry, length = found or (None, 0)
            if name and (not entry or name.words > length or (name.sure and entry.section != "place")):
                source = " ".join(words[index : index + name.words])
                yield _Piece("place", source, places=name.places)
                index += name.words
            elif entry:
                source = " ".join(words[index : index + length])
                place = get(entry.chinese) if entry.section == "place" else None
                yield _Piece(entry.section, source, entry.chinese, entry.measure, (place,) if place else ())
                index += length
            else:
                if len(words[index]) > 1 or words[index].isdigit():
                    yield _Piece("word", words[index], words[index])
                index += 1


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


def _parts(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Split the pieces before every question word but the first."""
    parts: list[list[_Piece]] = [[]]
    for piece in pieces:
        if piece.kind == "ask" and any(p.kind == "ask" for p in parts[-1]):
            parts.append([])
        parts[-1].append(piece)
    return parts


def _clause(pieces: list[_Piece]) -> str:
    """Order one question as actor, statement, what is counted, question word."""
    at = next((i for i, p in enumerate(pieces) if p.kind == "ask"), None)
    if at is None:
        return " ".join(p.text for p in pieces if p.kind in ("term", "word"))
    ask, counted = pieces[at].text, _counted(pieces, at)
    inside = {id(p) for p in counted}
    others = [p for p in pieces if p.kind in ("term", "word") and id(p) not in inside]
    actors = [p.text for p in others if p.text in ("工会", "总工会")]
    rest = [p.text for p in others if p.text not in ("工会", "总工会")]
    nouns = [p.text for p in counted]
    measure = next((p.measure for p in reversed(counted) if p.measure), "")
    if ask == "什么":
        ask = _what(pieces, at, measure)
    if "*" in ask and not measure:
        measure = next((p.measure for p in pieces if p.measure == "元"), "")  # How much did it cost
    ask = ask.replace("*", "" if measure == "%" else measure)
    if ask.startswith(_LEADS):
        return " ".join([ask, *actors, *nouns, *rest])
    if ask.startswith(_BEFORE_VERB):
        return " ".join([*actors, ask, *nouns, *rest])
    if ask.startswith(_BEFORE_NOUN) and nouns:
        return " ".join([*actors, *rest, ask, *nouns])
    return " ".join([*actors, *rest, *nouns, ask])


def _counted(pieces: list[_Piece], at: int) -> list[_Piece]:
    """Return the words right after the question word: legal aid cases in How many legal aid cases did …"""
    found: list[_Piece] = []
    for piece in pieces[at + 1 :]:
        if piece.kind in ("term", "word"):
            found.append(piece)
        elif found or piece.kind != "skip" or ("*" in pieces[at].text and _YES_OR_NO.match(piece.source)):
            break
    return found


def _what(pieces: list[_Piece], at: int, measure: str) -> str:
    """Translate "what" by what follows: 是多少 for an amount, 做了哪些工作 for What did … do, else 是什么."""
    if measure in _AMOUNTS:
        return "是多少"
    does = [p for p in pieces[at + 2 :] if p.source.lower() in _DOES]
    return "做了哪些工作" if does else "是什么"
