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

from embeddings.words import default_glossary, split_words
from qa.question.catalogue import Catalogue
from qa.question.romanised import chinese_name, chosen, romanised
from qa.text.divisions import get
from qa.types import Place

_Kind = Literal["ask", "greeting", "time", "place", "term", "skip", "word", "stop"]

_YEAR = r"(?:19|20)\d\d"
_TIME = re.compile(
    rf"(?P<between>between\s+)?(?<!\d)(?P<first>{_YEAR})\s*(?P<to>[-–—~]|to|and|until)\s*(?P<last>{_YEAR}|\d\d(?![\d,.]))"
    rf"|(?:(?P<when>since|before|after|until|end of)\s+)?(?:the\s+)?"
    rf"(?:(?<![\d,.])(?P<year>{_YEAR})(?!\d|,\d)|(?P<nth>\d{{1,2}})(?:st|nd|rd|th)\b(?P<congress>\s+(?:[a-z']+\s+){{0,3}}congress\b)?)",
    re.IGNORECASE,
)
_WHEN = {"since": "以来", "after": "以后", "before": "以前", "until": "以前", "end of": "底"}
_DIGITS = "〇一二三四五六七八九"
_YES_OR_NO = re.compile(
    r"\s*(?:and\s+)?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b", re.I
)
_ELLIPTIC = re.compile(
    r"\s*(?:(?:and|but|so|ok|okay)\b[\s,]*)+(?:(?:what|how)\s+about\b)?|\s*(?:what|how)\s+about\b", re.I
)
_DOES = frozenset({"do", "done", "doing"})
_JOINTS = frozenset({",", "of", "in"})  # between a place and the one that contains it
_LEADS = ("概括", "介绍", "比较", "如何", "为什么")  # stand first


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


def _pieces(question: str, catalogue: Catalogue) -> Iterator[_Piece]:
    at = 0
    for match in _TIME.finditer(question):
        yield from _worded(question[at : match.start()], catalogue)
        kind: _Kind = "term" if match["nth"] and not match["congress"] else "time"
        yield _Piece(kind, match.group(), _time(match))
        at = match.end()
    yield from _worded(question[at:], catalogue)


def _time(match: re.Match[str]) -> str:
    """Translate years, congresses and ordinals."""
    if first := match["first"]:
        last = match["last"] if len(match["last"]) == 4 else first[:2] + match["last"]
        two_years = match["to"] == "and" and not match["between"]
        return f"{first}年和{last}年" if two_years else f"{first}-{last}年"
    when = _WHEN.get((match["when"] or "").lower(), "")
    if year := match["year"]:
        return f"{year}年{when}"
    number = _chinese_number(int(match["nth"]))
    return f"第{number}次代表大会{when}" if match["congress"] else f"第{number}届"


def _chinese_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones else ''}"


def _worded(text: str, catalogue: Catalogue) -> Iterator[_Piece]:
    """Yield glossary phrases and place names, the longer of both at each word, and words that are neither."""
    for stretch in re.split(r"([?.!,;:](?=\s|$))", text):
        if stretch and stretch in "?.!,;:":
            yield _Piece("stop", stretch)
            continue
        words, index = split_words(stretch), 0
        while index < len(words):
            found, name = default_glossary().longest(words, index), romanised(words, index, catalogue)
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
