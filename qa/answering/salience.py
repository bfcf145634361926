"""Rank sentences for a summary, by a ranker learned from marked requests (``qa.evaluate.train.salience``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, TypeAlias

from qa.answering.ranking import ranker
from qa.answering.statement import Evidence, Hits
from qa.answering.wording import Wording
from qa.text.divisions import find
from qa.text.figures import amounts_in, figures
from qa.text.sentences import is_statable, split_sentences
from qa.text.states import asks_of_plans, calendar_of, parts_of, state_and_period
from qa.types import Paragraph

if TYPE_CHECKING:
    from embeddings.reader import PassageReading

FEATURES = (
    "sentence and heading cover topic", "sentence like topic", "paragraph covers topic", "heading like topic",
    "paragraph like topic", "rank of paragraph", "best passages under its heading", "figures", "names quoted",
    "length", "first of its paragraph", "alone in its paragraph", "read", "read: passage answers",
    "read: part of the answer, at most", "covers less than the best",
)  # fmt: skip
LEADING = 3  # best passages whose sections are searched
FOLLOWING = 2  # paragraphs after the best one, which may continue it
RUN_IN = 14  # characters up to which an opening sentence serves as a heading
MANY = 3  # the counts of figures and names are clipped here
USUAL = 40  # characters of a sentence
SURE = 8.0  # log-odds of an answer are clipped here
SEEN = 400  # characters of a paragraph that are encoded

Readings: TypeAlias = "Mapping[tuple[str, int], PassageReading]"  # by report and paragraph


@dataclass(frozen=True, slots=True)
class Salient:
    """A sentence with its ranking score and the chance that it is about the topic."""

    evidence: Evidence
    score: float
    chance: float


def salient(question: str, topic: str, hits: Hits, wording: Wording, readings: Readings) -> list[Salient]:
    """Return candidate sentences of the best hit's report, plans or results as asked, best first.

    The question stands by itself; the hits are the best first, and ``readings`` are of passages read for it.
    """
    ranking, about = ranker("salience", FEATURES), ranker("salience: about the topic", FEATURES)
    scored = features(question, topic, hits, wording, readings)
    found = (Salient(item, ranking.score(own), about.probability(own)) for item, own in scored)
    return sorted(found, key=lambda s: (-s.score, s.evidence.hit.paragraph.number, s.evidence.start))


def of_mention(mention: str, found: list[Salient]) -> list[Salient]:
    """Return the sentences about a place that a report only mentions, that name it or follow one that does; else all."""

    def is_about_it(at: Evidence) -> bool:
        paragraph = at.hit.paragraph
        *_, last = [("",), *((place.name, *place.parents) for *_, place in find(paragraph.text[: at.start]))]
        return mention in at.text + "".join(paragraph.heading) or any(mention in name for name in last)

    return [one for one in found if is_about_it(one.evidence)] or found


def features(
    question: str, topic: str, hits: Hits, wording: Wording, readings: Readings
) -> list[tuple[Evidence, tuple[float, ...]]]:
    """Return every candidate sentence with its features in the order of ``FEATURES``; arguments as above."""
    hits = [hit for hit in hits if hit.paragraph.kind == "prose"]  # captions do not lead to sections
    if not hits:
        return []
    best, report = hits[0], hits[0].report
    hits = [hit for hit in hits if hit.report.id == report.id]
    own = {hit.paragraph.number: (rank, hit) for rank, hit in enumerate(hits)}
    leading = [section_of(hit.paragraph) for hit in hits[:LEADING]]
    plans, calendar = asks_of_plans(question, report), calendar_of(report)
    near = {*own, *range(best.paragraph.number + 1, best.paragraph.number + 1 + FOLLOWING)}
    parts = zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True)
    prose = ((one, part, section_of(one)) for one, part in parts if one.kind == "prose")
    chosen = [each for each in prose if each[0].number in near or each[2] in leading]
    texts = (text for paragraph, _, section in chosen for text in _texts(paragraph, section))
    like = wording.likenesses(topic, texts)
    found = list[tuple[Evidence, tuple[float, ...]]]()
    for paragraph, part, section in chosen:
        unfound = replace(best, paragraph=paragraph, sentences=(), sentence_scores=())
        rank, hit = own.get(paragraph.number, (None, unfound))
        heading, whole, *_ = _texts(paragraph, section)
        reading = readings.get((report.id, paragraph.number))
        sentences = split_sentences(paragraph.text)
        around = (
            wording.coverage(topic, paragraph.text),
            like[heading],
            like[whole],
            0.0 if rank is None else 1.0 / (1 + rank),
            leading.count(section) / LEADING,
        )
        for start, end in sentences[len(section) > len(paragraph.heading) :]:
            item = Evidence(hit, start, end, len(hits) if rank is None else rank)
            planned = state_and_period(item.text, calendar, part)[0] == "plan"
            if planned != plans or not is_statable(item.text):
                continue
            counts = len(amounts_in(item.text)), item.text.count("“") + item.text.count("《")
            values = (
                wording.coverage(topic, (item.text, heading)),
                like[item.text],
                *around,
                *(min(count, MANY) / MANY for count in counts),
                log(len(item.text) / USUAL),
                float(start == sentences[0][0]),
                float(len(sentences) == 1),
                *_read(reading, start, end),
            )
            found.append((item, values))
    # Where one sentence has all words of a narrow topic, its neighbours in the section are not about it.
    most = max((coverage for _, (coverage, *_) in found), default=0.0)
    return [(item, (*values, most - values[0])) for item, values in found]


def _texts(paragraph: Paragraph, section: tuple[str, ...]) -> tuple[str, ...]:
    """Return its headings, its beginning and its sentences."""
    sentences = (paragraph.text[start:end] for start, end in split_sentences(paragraph.text))
    return " ".join(section), paragraph.text[:SEEN], *sentences


def _read(reading: PassageReading | None, start: int, end: int) -> tuple[float, float, float]:
    if reading is None or len(reading.inside) <= start:
        return 0.0, 0.0, 0.0
    inside = float(reading.inside[start:end].max())
    return 1.0, max(min(reading.answered, SURE), -SURE) / SURE, max(min(inside, SURE), -SURE) / SURE


def section_of(paragraph: Paragraph) -> tuple[str, ...]:
    """Return the headings of a paragraph, and a short opening sentence that serves as one (竞赛蓬勃开展。)."""
    sentences = split_sentences(paragraph.text)
    opening = paragraph.text[slice(*sentences[0])] if len(sentences) > 1 else ""
    runs_in = 0 < len(opening) <= RUN_IN and opening.endswith("。") and not figures(opening)
    return (*paragraph.heading, opening) if runs_in else paragraph.heading
