"""How likely a piece of evidence answers a question at all: what abstention rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embeddings.reader import Reading
from qa.answering.candidates import FEATURES
from qa.answering.ranking import ranker
from qa.answering.reading import relevance
from qa.answering.sentences import names_held, people
from qa.answering.statement import Statement
from qa.answering.wording import Wording, pairs_shared, words_of
from qa.question.kinds import asked_noun, asked_phrase
from qa.text.beside import NAMES
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.types import Figure, Part

__all__ = ["SUPPORT_FEATURES", "Claim", "stated", "stock_for_flow", "support", "support_features"]

SUPPORT_FEATURES = (
    "score",
    "asks a figure",
    "score of figure",
    "sentence covers topic",
    "sentence covers topic to the letter",
    "said covers topic",
    "said covers topic to the letter",
    "paragraph covers topic",
    "paragraph covers topic to the letter",
    "heaviest missing in sentence",
    "heaviest missing in paragraph",
    "places absent",
    "times absent",
    "names absent",
    "unit same",
    "unit other",
    "unit asked",
    "near covers part",
    "words asked",
    "asks why",
    "few words in sentence",
    "few words in paragraph",
    "asked noun absent",
    "read relevance",
    "read span",
)
HARDLY = 0.1  # coverage of a question by a sentence under which it speaks of something else
BARELY = 0.25  # the same, for a sentence that leans on no other and lacks a word that tells much
TELLING = 3.0  # summed weight from which a question has words of its own
DOUBT = 0.6  # what is left of the support where kinds do not match
CONFIRMED = 0.7  # what is left of the doubt where the sentence holds a figure that the question states
OPPOSITE = 0.5  # what is left where the money went the other way
NOBODY = 0.5  # what is left where somebody is asked for and nobody is named
UNNAMED = 0.57  # what is left where the sentence of a figure does not name what the question counts
_STOCK = re.compile(
    r"累计|总数|总量|共有|现有|有多少|有几|数量|多少家|谁(?:[建办设开]得?)?更?[多少]|已有|拥有|一共有|保有"
)
_FLOW = re.compile(
    r"新(?:增|建|创建|设立|认定|命名)|新发展|发展(?=[一-龥]{0,4}会员)|吸纳|吸收|新加入|新入会|净增|新成立|增加(?!到|至)了?"
)
_TAKEN_IN = re.compile(r"收缴|上缴|追缴")
_GIVEN_BACK = re.compile(r"返还|退还|缓[减缴交]|减免")
_MADE_NEW = re.compile(r"新[建增设办添][^，,。？?]{0,10}(?:多少|几)")
_HELD = re.compile(r"[现共已拥]有|总数")
_ASKS_PERSON = re.compile(r"(?:主席|代表|第[一二三]名)(?:叫什么|是谁|是哪位|有谁)|哪位|姓名")
_RANK = re.compile(r"第[一二三四五六七八九十]名|[一二三特]等奖|[冠亚季]军|[金银铜]奖")
_LESSER = frozenset(
    ("第二名", "第三名", "第四名", "第五名", "二等奖", "三等奖", "亚军", "季军", "银奖", "铜奖")
)
_ASKS_DATE = re.compile(r"哪一?年|哪一?天|哪个?月|什么时候|几时|啥时候|几月|几号")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}月|同年|当年|今年")
_IN_OTHER_WORDS = re.compile(r"意思|原话")  # quoted words that are not meant to the letter
_LEANS = re.compile(r"(?:活动|其中|累计|全年|目前|现|已|全[省市区县]|五年|截至|同时|此外|这|其)")
FEW = 0.4  # coverage under which a question's words are hardly there
_TIME = re.compile(r"(?:19|20)\d\d年?|(?<!\d)\d{1,2}月|今年|去年|前年|十[二三四五]五")
_NAME = re.compile(r"[“\"《「]([^”\"》」]{2,24})[”\"》」]|[A-Za-z][A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """That a statement answers a part of a question.

    Args:
        score: of its ranker.
        topic: the question's words.
        reading: of its sentence, None where it was not read.
        figure: the features of the candidate, None where words answer.
    """

    score: float
    part: Part
    topic: str
    said: Statement
    wording: Wording
    reading: Reading | None
    figure: Sequence[float] | None


def support_features(claim: Claim) -> tuple[float, ...]:
    """Features in the order of ``SUPPORT_FEATURES``."""
    part, topic, said, wording = claim.part, claim.topic, claim.said, claim.wording
    sentence, context = said.evidence.text, said.evidence.context
    around = said.evidence.section
    held, near = wording.coverage(topic, around), wording.coverage(topic, (sentence, context))
    heaviest = max((wording.weight(w) for w in words_of(topic)), default=0.1)
    asks = float(claim.figure is not None)
    named = dict(zip(FEATURES, claim.figure or (), strict=False))
    return (
        claim.score / 10.0,
        asks,
        claim.score * asks / 10.0,
        near,
        wording.coverage(topic, (sentence, context), like=False),
        wording.coverage(topic, said.text),
        wording.coverage(topic, said.text, like=False),
        held,
        wording.coverage(topic, around, like=False),
        wording.missing(topic, f"{sentence} {context}") / heaviest,
        wording.missing(topic, around) / heaviest,
        _absent(_other_places(topic, said), around),
        _absent(_TIME.findall(topic), around),
        _absent([m[1] or m[0] for m in _NAME.finditer(topic)], around),
        max(named.get("unit same", 0.0), float(_thing_beside(part, named))),
        named.get("unit other", 0.0),
        float(part.unit is not None),
        named.get("near covers part", 0.0),
        min(len(words_of(topic)) / 12.0, 2.0),
        float(part.kind == "reason"),
        max(0.0, FEW - near),
        max(0.0, FEW - held),
        _noun_absent(part, f"{sentence} {context}", wording),
        relevance(claim.reading),
        named.get("read span", 0.0),
    )


def _thing_beside(part: Part, named: Mapping[str, float]) -> bool:
    """Whether a figure of a like unit stands beside the very thing that is asked for: 50个文件 for 几份文件."""
    return bool(asked_noun(part.text)) and named.get("unit like", 0.0) > 0 and named["asked noun"] == 1.0


def _other_places(topic: str, said: Statement) -> list[str]:
    """Places of the question that are not the report's own, nor above it."""
    own = said.evidence.hit.report.place
    known = {short_name(n) for n in (own.name, *own.parents) if n}
    return [short_name(p.name) for _, _, p in find(topic) if short_name(p.name) not in known]


def _noun_absent(part: Part, evidence: str, wording: Wording) -> float:
    """1 where the noun that is counted in the question, or a synonym of it, stands nowhere in the evidence."""
    noun = asked_noun(part.text)
    if not noun or noun in evidence:
        return 0.0
    return 1.0 - wording.coverage(noun, evidence)


def _absent(asked: Sequence[str], around: str) -> float:
    """How many of some names that the question gives do not stand in the evidence."""
    return float(sum(short_name(a.removesuffix("年")) not in around for a in asked))


def support(claim: Claim) -> float:
    """0 to 1; trained on answerable and unanswerable questions.

    Things that words alone do not tell are asked as well: a stock is no flow (会员总数 is not 新发展会员), who asks
    for a date is not answered by a sentence without one, nor who counts 书屋 by one that counts 基地.
    """
    rank = ranker("support", SUPPORT_FEATURES)
    chance = rank.probability(support_features(claim))
    part, topic, said, wording = claim.part, claim.topic, claim.said, claim.wording
    counts = claim.figure is not None
    if counts and (stock_for_flow(topic, said.text) or _kept_for_new(topic, said.evidence.text)):
        chance *= DOUBT
    if counts and _counts_else(part, claim.figure or ()):
        chance *= UNNAMED
    if counts and _other_way(topic, said.text):
        chance *= OPPOSITE
    if counts and _about_else(part, topic, said, wording):
        chance *= DOUBT
    if counts and _thing_absent(part, said.evidence.text, wording):
        chance *= UNNAMED
    meant = NAMES.search(topic) and not _IN_OTHER_WORDS.search(topic)
    if meant and not names_held(topic, f"{said.evidence.text} {said.evidence.section}"):
        chance *= DOUBT
    if stated(topic, said.evidence.text) > 0:
        chance = 1.0 - CONFIRMED * (1.0 - chance)
    if _ASKS_PERSON.search(part.text) and not people(said.evidence.text):
        chance *= NOBODY
    if (ranks := set(_RANK.findall(topic))) and not ranks & set(_RANK.findall(said.evidence.text)):
        chance *= NOBODY if ranks & _LESSER else 1.0
    if _ASKS_DATE.search(part.text) and not _DATE.search(said.evidence.text):
        chance *= DOUBT
    return chance


def _other_way(topic: str, said: str) -> bool:
    """Whether money that is taken in is asked for, and the evidence speaks of money given back; or the reverse."""
    back = bool(_GIVEN_BACK.search(said)), bool(_GIVEN_BACK.search(topic))
    taken = bool(_TAKEN_IN.search(said)), bool(_TAKEN_IN.search(topic))
    return (back == (True, False) and taken == (False, True)) or (
        back == (False, True) and taken == (True, False)
    )


def _about_else(part: Part, topic: str, said: Statement, wording: Wording) -> bool:
    """Whether a question with telling words finds hardly any of them in what would be said, or in its sentence."""
    if sum(wording.weight(w) for w in set(words_of(topic))) < TELLING:
        return False
    sentence = said.evidence.text
    held = max(wording.coverage(topic, sentence), wording.coverage(part.text, sentence))
    if held < BARELY and not _LEANS.match(sentence) and wording.missing(topic, sentence) >= TELLING:
        return True
    own = max(wording.coverage(topic, said.text), wording.coverage(part.text, said.text))
    return held < HARDLY or own < HARDLY


def stated(topic: str, sentence: str) -> int:
    """1 where the sentence holds a figure that the question states (那6个中心), -1 where it gives another, else 0."""
    told = [f for f in figures(sentence) if not is_year(f)]
    verdict = 0
    for asked in figures(topic):
        alike = [f for f in told if f.unit and unit_kind(f.unit) == unit_kind(asked.unit)]
        which = topic[asked.start - 1 : asked.start] == "哪"  # 哪两家 of six states no two
        if which or is_year(asked) or not asked.unit or asked.value < 2 or not alike:
            continue
        if any(_about(asked, f) for f in alike):
            return 1
        around = topic[asked.end : asked.end + 6]
        if any(pairs_shared(around, sentence[max(0, f.start - 10) : f.end + 10]) >= 0.4 for f in alike):
            verdict = -1
    return verdict


def _about(asked: Figure, told: Figure) -> bool:
    """Whether a figure of a question can be one of a report: the same, or 九千多 for 9092."""
    if asked.approximator:
        return 0.9 * asked.value <= told.value < 1.25 * asked.value
    return same_value(asked.value, told.value)


def _thing_absent(part: Part, sentence: str, wording: Wording) -> bool:
    """Whether the noun that is counted in the question stands in a sentence neither itself nor as a synonym.

    So it is, too, where the word that says which one is meant (海丝工匠) stands in no report.
    """
    which, noun = asked_phrase(part.text)
    told = [word for word in words_of(which) if len(word) > 1]
    if told and which not in sentence and all(map(wording.unheard, told)):
        return True
    return bool(noun) and noun not in sentence and not wording.named(noun, sentence)


def _counts_else(part: Part, figure: Sequence[float]) -> bool:
    """Whether a figure of another unit stands beside another thing than the one that is asked for: 11个园区 for 几件争议."""
    named = dict(zip(FEATURES, figure, strict=False))
    return bool(asked_noun(part.text)) and named["unit like"] > 0 and named["asked noun"] < 1


def _kept_for_new(topic: str, sentence: str) -> bool:
    """Whether it is asked how many were newly made, and a sentence says only how many there are: 现有书屋50个."""
    return bool(_MADE_NEW.search(topic) and _HELD.search(sentence) and not _FLOW.search(sentence))


def stock_for_flow(topic: str, said: str) -> bool:
    """Whether the question asks how many there are and the evidence says how many were added, or the reverse."""
    flow, stock = bool(_FLOW.search(said)), bool(_STOCK.search(said))
    if _STOCK.search(topic) and not _FLOW.search(topic):
        return flow and not stock
    return bool(_FLOW.search(topic)) and not _STOCK.search(topic) and stock and not flow
