"""Judge the clauses of a draft: what they tell as done and a report only plans (已全部建会), and their names.

A name is another one (省委组织部 for 省委宣传部, 特等奖 for 一等奖) where in both sentences a word stands beside the
same words or has the same end, and the report's sentence has another one there. A small model, fitted on drafts with
right and wrong names (``qa.evaluate.train.names``), tells another name from another way to say it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

from embeddings.fitted import Linear
from embeddings.reader import default_pair_reader
from embeddings.words import part_of_speech, rarity
from embeddings.words.tokenizer import Word, tagged
from qa.drafts.judging import DraftItem, sourced
from qa.drafts.ranking import Candidates, Register, Said, candidates, words_fit
from qa.drafts.scope import is_of_another
from qa.drafts.statements import Statement
from qa.text.divisions import find, short_name
from qa.text.normal import without_punctuation
from qa.text.states import signs_of_done
from qa.types import Place

DEED_PLANNED = 0.3  # probability from which the report states a plan and the draft a result
SAME_DEED = 1.55  # fit of the words from which both are about one thing
MISNAMED = 0.65  # probability from which a word stands for another name
FURTHEST = 6  # characters beside a word that are compared
MUCH = 3  # of them that are hardly beside it by chance
LONGER = 2  # characters that may be left out between two of a short form
# Parts of speech by the beginnings of their tags; a word that no dictionary has is a name or a guess.
_CLASSES = {"name": "nr ns nt nz", "guess": "", "noun": "n j l", "verb": "v", "modifier": "a b f"}
FEATURES = (
    *(f"{side} is {each}" for side in ("said", "stated") for each in _CLASSES),
    *("same tag", "before", "behind", "much before", "much behind", "both sides"),
    *("same end", "same beginning", "same length", "one holds the other"),
    *("said in sentence", "stated in draft", "said is short for", "stated is short for"),
    *("both parts", "said in paragraph", "said in report", "fit", "said rarity", "stated rarity"),
)
_bare = lru_cache(maxsize=64)(without_punctuation)


def judged_deeds(said: Iterable[Said], register: Register) -> Iterator[DraftItem]:
    """Yield an item for each clause that tells as done what a report of its place and term plans, or of another name."""
    for deed, stated, found in matched(said, register):
        report = register.reports[stated.report_id]
        misnamed = [
            each for each in exchanges(deed, stated, words_fit(found[0]), register) if each.chance >= MISNAMED
        ]
        for _, exchanges_of_word in groupby(misnamed, key=lambda each: each.start):
            each = max(exchanges_of_word, key=lambda each: each.chance)
            item, at = sourced(deed, "wrong_name", report, stated), deed.spans[0][0]
            yield replace(item, text=each.said, start=at + each.start, end=at + each.end, right=each.right)
        if misnamed or deed.plan or not any(signs_of_done(deed.text)):
            continue
        one, other = ((s.text, 0, len(s.text)) for s in (deed, stated))
        if stated.plan or default_pair_reader().read(one, other)["planned_achieved"] >= DEED_PLANNED:
            yield sourced(deed, "plan_for_result", report, stated)


def matched(said: Iterable[Said], register: Register) -> Iterator[tuple[Statement, Statement, Candidates]]:
    """Yield each clause, the one that a report of its place and term has for it, and all candidates."""
    every = tuple(said)
    for (deed, context), found in zip(every, candidates(register.clauses, every), strict=True):
        ranked = tuple(sorted(found, key=words_fit, reverse=True))
        if ranked and words_fit(ranked[0]) >= SAME_DEED:
            stated = register.clauses.statements[ranked[0].number]
            if not is_of_another(context, stated, register):
                yield deed, stated, ranked


@dataclass(frozen=True, slots=True)
class Exchange:
    """A word of a draft's clause, the report's one in its place, and the ``values`` of ``FEATURES``."""

    start: int
    end: int
    said: str
    right: str
    values: tuple[float, ...]

    @property
    def chance(self) -> float:
        """The probability that the report gives another name, 0 to 1."""
        return _model().probability(self.values)


def exchanges(deed: Statement, stated: Statement, fit: float, register: Register) -> Iterator[Exchange]:
    """Yield every word of a draft's clause with each of a report's that it may stand for; ``fit``: ``words_fit``."""
    report = register.reports[stated.report_id]
    if without_punctuation(deed.text) in _bare(report.source.text):
        return  # as printed
    own, theirs, place = deed.sentence, stated.sentence, report.place
    paragraph = " ".join(each.text for each in report.paragraphs if each.number == stated.paragraph)
    by_neighbour = _by_neighbour(theirs, place)
    end = deed.at + len(deed.text)
    for word in (each for each in tagged(own) if deed.at <= each.start and each.end <= end):
        if not _may_be_name(word) or _is_of_place(word, theirs, place):
            continue
        known = (word.text in paragraph, word.text in report.source.text)
        others = (each for key in _neighbours(word, own, place) for each in by_neighbour.get(key, ()))
        for other in dict.fromkeys(others):
            before = _shared(own[: word.start][::-1], theirs[: other.start][::-1])
            behind = _shared(own[word.end :], theirs[other.end :])
            there = own[word.start - before : word.end + behind] in theirs
            if there or _says_the_same(word, own, other, theirs, place):
                continue
            parts = word.start in _parts(own, place) and other.start in _parts(theirs, place)
            compared = _compared(word, own, other, theirs, before, behind)
            rare = (rarity(word.text), rarity(other.text))
            values = (*compared, *map(float, (parts, *known)), fit / 5, *rare)
            yield Exchange(word.start - deed.at, word.end - deed.at, word.text, other.text, values)


def _is_of_place(word: Word, theirs: str, place: Place) -> bool:
    """Whether a word names the report's place or one around it, or in full what the report's sentence names in short."""
    places = (place.name, *place.parents) if place.name else ()
    short = word.tag.startswith("ns") and word.text not in theirs and short_name(word.text) in theirs
    return short or any(short_name(name) in word.text for name in places)


def _says_the_same(word: Word, own: str, other: Word, theirs: str, place: Place) -> bool:
    """Whether two words are the same, or 全省 and the name of the province, or the draft has the other one, too."""
    whole = word.text[0] == "全" and other.text in (place.name, *place.parents)
    of_level = whole and word.text[1:] == other.text[-1]
    also = other.text in own and word.text not in theirs  # 乙县, too, beside what is told of 甲县
    return other.text == word.text or of_level or also


@lru_cache(maxsize=256)
def _by_neighbour(text: str, place: Place) -> dict[tuple[str, str], list[Word]]:
    """Return the words of a sentence by the characters beside them and by their last one."""
    found = defaultdict[tuple[str, str], list[Word]](list)
    for word in filter(_may_be_name, tagged(text)):
        for key in _neighbours(word, text, place):
            found[key].append(word)
    return dict(found)


def _neighbours(word: Word, text: str, place: Place) -> tuple[tuple[str, str], ...]:
    """Return the characters beside a word and its last one; parts of a place are compared anywhere."""
    before, behind = text[max(word.start - 2, 0) : word.start], text[word.end : word.end + 2]
    part = (("part", ""),) if word.start in _parts(text, place) else ()
    return ("before", before), ("behind", behind), ("end", word.text[-1]), *part


@lru_cache(maxsize=256)
def _parts(text: str, place: Place) -> frozenset[int]:
    """Return where the divisions inside a place stand in a text."""
    named = find(text, near=(place,)) if place.name else ()
    return frozenset(start for start, _, part in named if place.name in part.parents)


def _may_be_name(word: Word) -> bool:
    """Whether a word has letters alone and counts nothing."""
    return word.text.isalpha() and _class(word) != ""


def _class(word: Word) -> str:
    """Return which of ``_CLASSES`` a word is, or ``""``."""
    found = next((name for name, tags in _CLASSES.items() if word.tag.startswith(tuple(tags.split()))), "")
    return found if found == "name" or part_of_speech(word.text) else "guess"


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common, at most ``FURTHEST``."""
    pairs = zip(one[:FURTHEST], other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other), FURTHEST))


def _compared(word: Word, own: str, other: Word, theirs: str, before: int, behind: int) -> tuple[float, ...]:
    """Return the features that need nothing but both sentences."""
    one, two = word.text, other.text
    classes = (_class(each) == name for each in (word, other) for name in _CLASSES)
    much = (before >= MUCH, behind >= MUCH, before > 0 and behind > 0)
    beside = (before / FURTHEST, behind / FURTHEST, *much)
    alike = (one[-1] == two[-1], one[0] == two[0], len(one) == len(two), one in two or two in one)
    held = (one in theirs, two in own, _is_short_for(one, theirs), _is_short_for(two, own))
    return tuple(map(float, (*classes, word.tag == other.tag, *beside, *alike, *held)))


def _is_short_for(word: str, text: str) -> bool:
    """Whether a word shortens words of a text, not more than a few times as long: 思政 of 思想政治."""
    ends = {at for at, character in enumerate(text) if character == word[0]}
    for character in word[1:]:
        steps = {end + step for end in ends for step in range(1, LONGER + 2)}
        ends = {at for at in steps if text[at : at + 1] == character}
    return word not in text and bool(ends)


@cache
def _model() -> Linear:
    return Linear.of(json.loads(files("qa.drafts").joinpath("names.json").read_text("utf-8")), FEATURES)
