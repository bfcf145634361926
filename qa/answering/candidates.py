"""Find the figures of retrieved sentences that may answer a part of a question, with their ranking features.

What a figure counts stands right before it (监测点164个), right after it (164个监测点) or earlier in its clause;
the features compare these places with the words of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.reading import Readings, relevance, span
from qa.answering.wording import Wording, pairs_shared, run_shared, words_of
from qa.ledger.kinds import kind_of, quoted_spans
from qa.text.changes import changes_in, figure_asked
from qa.text.figure_context import ITEM, NAMES, interchangeable, kind_shown, noun_of
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.normal import without_punctuation
from qa.text.outlook import state_of_sentence
from qa.text.sentences import cells, split_clauses
from qa.text.statable import is_statable
from qa.text.states import calendar_of, state_of
from qa.text.units import KIND_WORDS, sentence_spans
from qa.types import Figure, Hit, Part, Spans

FEATURES = (
    "clause covers part", "near covers part", "left covers part", "right covers part",
    "sentence covers topic", "near words asked", "unit same", "unit like", "unit other",
    "unit none printed", "asked already", "written in characters", "year", "rank of sentence",
    "score of sentence", "right touches", "left touches", "clause covers topic",
    "ratio of clause words asked", "run shared with clause", "run shared with sentence",
    "pairs of left asked", "pairs of right asked", "names held", "unit same and near covers",
    "closest asked pair before", "closest asked pair after", "read relevance", "read span",
)  # fmt: skip
# Kinds of unit that never stand for others.
_STRICT = frozenset(["元", "%", "平方米", "年", "公里", "吨", "千瓦", "倍"])
_NO_NOUN = re.compile(r"(?:五年)?(?:累计|总数|共|达到?|其中)+")
MOST = 40  # sentences of evidence
NEAR = 14  # characters next to a figure that are compared with the question


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may hold the answer."""

    hit: Hit
    start: int  # offset into the paragraph's text
    end: int
    rank: int  # 0 is best
    share: float = 0.0  # its fused score as a share of the best one, 0 to 1

    @property
    def text(self) -> str:
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def position(self) -> tuple[str, int, int]:
        """The id of its report, the number of its paragraph and its start, which identify it."""
        return (*self.hit.position, self.start)

    @property
    def context(self) -> str:
        """The heading and the sentence before it, which the sentence may refer to."""
        before = self.hit.paragraph.text[max(0, self.start - 60) : self.start]
        return " ".join((KIND_WORDS.get(self.hit.paragraph.kind, ""), *self.hit.paragraph.heading, before))

    @property
    def clauses(self) -> Spans:
        """Offsets of its clauses, or of the cells of a table row."""
        row = self.hit.paragraph.kind == "table row"
        return (cells if row else split_clauses)(self.text) or ((0, len(self.text)),)

    @property
    def section(self) -> str:
        """The heading, the paragraph and the two before it under the same heading."""
        own = self.hit.paragraph
        before = self.hit.report.paragraphs[max(0, own.number - 2) : own.number]
        texts = [p.text for p in before if p.heading == own.heading and p.kind == "prose"]
        return " ".join((KIND_WORDS.get(own.kind, ""), *own.heading, *texts, own.text))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure of an evidence sentence."""

    evidence: Evidence
    figure: Figure
    clause: tuple[int, int]  # offsets into the sentence
    features: tuple[float, ...]
    plan: bool = False  # a target that is yet to be reached


def evidence_of(hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the sentences of hits: the matched ones by score, then the rest of the best paragraphs.

    Sentences that ask, or that give orders to a machine or a customer, are left out.
    """
    matched = [
        (-score, order, hit, sentence.start, sentence.end)
        for order, hit in enumerate(hits)
        for sentence, score in zip(hit.matched, hit.sentence_scores, strict=True)
    ]
    matched.sort(key=lambda m: (m[0], m[1], m[3]))
    top = max((-matched[0][0], 1e-6)) if matched else 1.0
    ranked = [(hit, start, end, max(-negative / top, 0.0)) for negative, _, hit, start, end in matched]
    ranked += [(hit, a, b, 0.0) for hit in hits[:6] for a, b in sentence_spans(hit.paragraph)]
    found: dict[tuple[str, int, int], Evidence] = {}
    for hit, start, end, share in ranked:
        key = (*hit.position, start)
        if key not in found and len(found) < MOST and is_statable(hit.paragraph.text[start:end]):
            found[key] = Evidence(hit, start, end, len(found), share)
    return tuple(found.values())


def candidates(
    part: Part, topic: str, evidence: Sequence[Evidence], wording: Wording, readings: Readings
) -> tuple[Candidate, ...]:
    """Return every figure of the evidence that could answer a part of a question, in evidence order."""
    asked = list(figures(topic))
    found = []
    for item in evidence:
        text = item.text
        names = quoted_spans(text)
        calendar, state = calendar_of(item.hit.report), state_of(item.hit, item.start, item.end)
        planned = {f: state_of_sentence(text, calendar, state, f.start) == "plan" for f in figures(text)}
        kinds = {f: kind_of(f, text, names, ahead) for f, ahead in planned.items()}
        wanted = ("amount", "plan", "date") if part.unit == "年" else ("amount", "plan")
        own = [f for f, kind in kinds.items() if kind in wanted]
        if not own:
            continue
        clauses, reading = item.clauses, readings.get(item.rank)
        shared = _sentence_features(part, topic, item, wording)
        of_time = {
            f: figure_asked(part.asked or topic, c) for c in changes_in(text) for f in (c.first, c.last)
        }
        for at, figure in enumerate(own):
            clause = next(((a, b) for a, b in clauses if a <= figure.start < b), (0, len(text)))
            left, right = _neighbours(text, clause, own, at)
            if not unit_fits(part, figure, right) or of_time.get(figure, figure) != figure:
                continue
            features = _features(
                part, topic, figure, text[slice(*clause)], left, right, asked, shared, wording
            )
            features += (relevance(reading), span(reading, figure.start, figure.end))
            found.append(Candidate(item, figure, clause, features, kinds[figure] == "plan"))
    return tuple(found)


def _sentence_features(part: Part, topic: str, item: Evidence, wording: Wording) -> tuple[float, ...]:
    covers = wording.coverage(topic, (item.text, item.context))
    names = [without_punctuation(m.group()) for m in NAMES.finditer(topic)]
    own, around = without_punctuation(item.text), without_punctuation(item.section) if names else ""
    held = sum(1.0 if n in own else 0.5 * (n in around) for n in names) / len(names) if names else 0.5
    return covers, 1.0 / (1.0 + item.rank), item.share, run_shared(part.text, item.text) / 12.0, held


def _features(
    part: Part,
    topic: str,
    figure: Figure,
    clause: str,
    left: str,
    right: str,
    asked: list[Figure],
    shared: tuple[float, ...],
    wording: Wording,
) -> tuple[float, ...]:
    covers, rank, share, run, held = shared
    same, like, other = _unit_match(part.unit, figure, right)
    near = left + " " + right
    near_covers = wording.coverage(part.text, near)
    part_words = frozenset(words_of(part.text))
    return (
        wording.coverage(part.text, clause),
        near_covers,
        wording.coverage(part.text, left),
        wording.coverage(part.text, right),
        covers,
        wording.coverage(near, topic, like=False),
        same,
        like,
        other,
        float(not figure.unit),
        float(any(same_value(figure.value, f.value) for f in asked)),
        float(not figure.text.strip()[:1].isdigit() and not any(c.isdigit() for c in figure.text)),
        float(is_year(figure)),
        rank,
        share,
        _touch(words_of(right)[:2], part_words),
        _touch(words_of(left)[-2:], part_words),
        wording.coverage(topic, clause),
        wording.coverage(clause, topic, like=False),
        run_shared(part.text, clause) / 12.0,
        run,
        pairs_shared(left, part.text),
        pairs_shared(right, part.text),
        held,
        same * near_covers,
        _distance(left[::-1], part.text[::-1]),
        _distance(right, part.text),
    )


def _neighbours(text: str, clause: tuple[int, int], own: Sequence[Figure], at: int) -> tuple[str, str]:
    """Return the words right before and after a figure that do not belong to other figures of a list."""
    figure = own[at]
    if at and _NO_NOUN.fullmatch(text[clause[0] : figure.start]):  # 新建书屋8家，累计23家
        before = text[: own[at - 1].start]
        return ITEM.split(before)[-1][-NEAR:] + text[clause[0] : figure.start], ""
    left = text[max(clause[0], own[at - 1].end if at else 0, figure.start - 2 * NEAR) : figure.start]
    stop = own[at + 1].start if at + 1 < len(own) else len(text)
    right = text[figure.end : min(clause[1], stop, figure.end + 2 * NEAR)]
    noun = noun_of(text, clause, own, at)
    if noun is not None:
        return noun[-NEAR:], ""
    return ITEM.split(left)[-1][-NEAR:], ITEM.split(right)[0][:NEAR]


def _distance(near: str, asked: str) -> float:
    """Return 1 if a character pair of the question is right next to the figure, less farther away, else 0."""
    near, asked = without_punctuation(near), without_punctuation(asked)
    return next((1.0 / (1.0 + i) for i in range(len(near) - 1) if near[i : i + 2] in asked), 0.0)


def unit_fits(part: Part, figure: Figure, right: str) -> bool:
    """Whether a figure's unit allows it to answer a part: money is no count of people, a share no sum."""
    own = kind_shown(figure, right)
    return part.unit is None or not own or own == part.unit or not ({own, part.unit} & _STRICT)


def _unit_match(unit: str | None, figure: Figure, right: str) -> tuple[float, float, float]:
    own = kind_shown(figure, right)
    if unit is None or not own:
        return 0.0, 0.0, 0.0
    if own == unit_kind(unit) or own == unit:
        return 1.0, 0.0, 0.0
    if {own, unit} == {"人", "人次"}:
        return 0.7, 0.0, 0.0
    if interchangeable(own, unit):
        return 0.0, 1.0, 0.0
    return 0.0, 0.0, 1.0


def _touch(words: Sequence[str], asked: frozenset[str]) -> float:
    return float(any(w in asked for w in words))
