"""Questions with sentences that answer them or do not: from the extractive sets, from pairs, and made from prose.

Everything is kept out that stands in a development set, as for the encoder (``embeddings.train.data``).
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.train.data import Corpus, read_lines

SENTENCE = re.compile(r"[^。！？；\n]*[。！？；]?[”’」』）)]*")
# The number and what follows it: a unit of one character or two.
FIGURE = re.compile(r"(\d[\d,.]*(?:多|余)?[万亿千百]*(?:多|余)?)(%|个百分点|[^\W\d_]{1,2})")
WITHIN = 6  # sentences of its own paragraph that a question is put to beside the right one
BEYOND = 2  # sentences of other paragraphs that look most like the question
LOOKED_AT = 120  # among so many
SWAPPED = 0.2  # of the answerable questions are asked of something else as well
WORDS = re.compile(r"[^\W_]+?(?=的|是|在|了|有|与|和|多少|什么|哪|谁|几|为|被|[，。？?“”《》、]|$)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the sentences it is put to, and where its answer stands.

    Args:
        question: its words.
        passages: (what stands before, sentence).
        right: which of them answers; -1 where none does.
        span: offsets of the answer into that sentence; (-1, -1) where none is named.
    """

    question: str
    passages: tuple[tuple[str, str], ...]
    right: int
    span: tuple[int, int] = (-1, -1)


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a paragraph."""
    spans = []
    for match in SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        if end - start >= 2:
            spans.append((start, end))
    return spans


def passage(text: str, span: tuple[int, int]) -> tuple[str, str]:
    """A sentence with what stands before it."""
    return text[max(0, span[0] - 24) : span[0]], text[span[0] : span[1]]


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def folds_of(rows: Iterable[dict[str, Any]], left_out: int | None) -> list[dict[str, Any]]:
    """The questions whose paragraph is not in one of two halves; all of them for None."""
    return [r for r in rows if left_out is None or half(r["positive"][0]) != left_out]


def half(paragraph: str) -> int:
    """0 or 1: the half a paragraph belongs to where rankers learn from readers that have not seen it."""
    return sum(paragraph.encode()) % 2


def asked_of_set(data: Path, name: str, seed: int, left_out: int | None = None) -> list[Asked]:
    """The questions of ``train/NAME``, some of them again where nothing answers them.

    Raises:
        OSError: the set is not there.
    """
    draw = random.Random(seed)
    texts = {row["id"]: row["text"] for row in read_lines(data / f"train/{name}.corpus.jsonl.xz")}
    rows = read_lines(data / f"train/{name}.queries.jsonl.xz")
    everything = [passage(t, s) for t in texts.values() for s in sentences(t)]
    looks = [_pairs(p[1]) for p in everything]
    made = []
    for row in folds_of(rows, left_out):
        text = texts[row["positive"][0]]
        spans = sentences(text)
        right, others, where = _right(row, text, spans)
        if row["answerable"] and right is None:
            continue
        own = [passage(text, s) for s in draw.sample(others, min(WITHIN, len(others)))]
        far = _alike(row["question"], everything, looks, text, draw)
        if right is None:
            made.append(Asked(row["question"], (*own, *far), -1))
            continue
        made.append(Asked(row["question"], (passage(text, right), *own, *far), 0, where))
        if draw.random() < 0.25 and own:
            made.append(Asked(row["question"], (*own, *far), -1))
        if draw.random() < SWAPPED and (other := _swapped(row["question"], text, rows, draw)):
            made.append(Asked(other, (passage(text, right), *own, *far), -1))
    return made


def _swapped(question: str, text: str, rows: Sequence[dict[str, Any]], draw: random.Random) -> str:
    """The question about somebody or something else: words that stand in its text replaced by another question's."""
    held = [m for m in WORDS.finditer(question) if len(m[0]) >= 3 and m[0][:3] in text]
    theirs = [m[0] for m in WORDS.finditer(draw.choice(rows)["question"]) if len(m[0]) >= 3]
    if not held or not theirs:
        return ""
    run = draw.choice(held)
    length = 3
    while length < len(run[0]) and run[0][: length + 1] in text:
        length += 1
    other = draw.choice(theirs)[:length]
    if other in text:
        return ""
    return question[: run.start()] + other + question[run.start() + length :]


def _right(
    row: dict[str, Any], text: str, spans: list[tuple[int, int]]
) -> tuple[tuple[int, int] | None, list[tuple[int, int]], tuple[int, int]]:
    """The sentence that answers, the sentences that do not, and the answer's offsets into the right one."""
    told = re.sub(r"\s", "", row.get("sentence") or "")
    words = _pairs(row["question"])
    best: tuple[float, tuple[int, int], tuple[int, int]] | None = None
    others = []
    for span in spans:
        own = text[span[0] : span[1]]
        bare = re.sub(r"\s", "", own)
        if told and not (bare in told or told in bare):
            others.append(span)
            continue
        at = next(((i, i + len(a)) for a in row["answers"] if a and (i := own.find(a)) >= 0), None)
        if at is None and not told:
            others.append(span)
            continue
        worth = len(words & _pairs(own)) + (at is not None)
        if best is None or worth > best[0]:
            best = (worth, span, at or (-1, -1))
    return (None, others, (-1, -1)) if best is None else (best[1], others, best[2])


def _alike(
    question: str,
    everything: Sequence[tuple[str, str]],
    looks: Sequence[set[str]],
    own: str,
    draw: random.Random,
) -> list[tuple[str, str]]:
    """The sentences of other paragraphs, of some drawn, that share most with a question."""
    words = _pairs(question)
    drawn = draw.sample(range(len(everything)), min(LOOKED_AT, len(everything)))
    drawn.sort(key=lambda i: -len(words & looks[i]))
    return [everything[i] for i in drawn[: BEYOND + 2] if everything[i][1] not in own][:BEYOND]


def asked_of_prose(
    articles: Sequence[tuple[str, tuple[str, ...]]], seed: int, share: float
) -> Iterator[Asked]:
    """Questions made of sentences with figures: the clause with its figure asked for, words lost and moved."""
    draw = random.Random(seed)
    for number, (_, told) in enumerate(articles):
        for at, text in enumerate(told):
            found = list(FIGURE.finditer(text))
            if not found or len(text) > 200 or draw.random() > share:
                continue
            figure = draw.choice(found)
            question = _question(text, figure, draw)
            if len(question) < 6:
                continue
            near = [i for i in range(max(0, at - 4), min(len(told), at + 5)) if i != at]
            others = [_stood(told, i) for i in draw.sample(near, min(3, len(near)))]
            away = articles[draw.randrange(len(articles))][1]
            others.append(_stood(away, draw.randrange(len(away))))
            beside = articles[(number + 1) % len(articles)][1]
            others.append(_stood(beside, draw.randrange(len(beside))))
            if draw.random() < 0.15:
                yield Asked(question, tuple(others), -1)
            elif figure.end() <= 110:
                yield Asked(question, (_stood(told, at), *others), 0, (figure.start(), figure.end()))


def _stood(told: Sequence[str], at: int) -> tuple[str, str]:
    return (told[at - 1][-24:] if at else ""), told[at]


def _question(text: str, figure: re.Match[str], draw: random.Random) -> str:
    """What a person might ask for this figure, roughly: content words of its clause around 多少."""
    start = max(text.rfind(c, 0, figure.start()) for c in "，,：:。；") + 1
    stops = [i for c in "，,。；" if (i := text.find(c, figure.end())) >= 0]
    end = min(stops, default=len(text))
    left, right = text[start : figure.start()], text[figure.end() : end]
    if (len(left) < 4 or draw.random() < 0.3) and start > 1:
        before = max(text.rfind(c, 0, start - 1) for c in "，,：:。；") + 1
        left = text[before : start - 1] + left
    left, right = _thinned(left[-30:], draw), _thinned(right[:20], draw)
    unit = figure[2]
    how = draw.choice(("多少", "多少", "几")) if unit not in ("%", "个百分点") else "多少"
    asked = "百分之几" if unit == "%" and draw.random() < 0.4 else how + ("" if unit == "%" else unit)
    if draw.random() < 0.3:
        return f"{right}{left}{draw.choice(('是', '有', '达到', ''))}{asked}？"
    return f"{left}{asked}{right}{draw.choice(('？', '', '?'))}"


def _thinned(text: str, draw: random.Random) -> str:
    """A text without some runs of two characters, and without digits, which a question rarely gives."""
    text = re.sub(r"[\d,.%]+", "", text)
    rate = draw.choice((0.0, 0.15, 0.3, 0.45))
    return "".join(text[i : i + 2] for i in range(0, len(text), 2) if draw.random() >= rate)


def asked_of_pairs(corpus: Corpus, seed: int, most: int) -> list[Asked]:
    """Texts with the text that belongs to them, its neighbours of the same source beside it."""
    draw = random.Random(seed)
    made = []
    for group in corpus.groups:
        if group.name == "terms":
            continue
        pairs = group.pairs
        share = min(1.0, most * group.weight / max(1, len(pairs)))
        for at, (a, b) in enumerate(pairs):
            if draw.random() > share or len(a) < 4:
                continue
            near = [(at + step) % len(pairs) for step in (-3, -2, 2, 3)] + [draw.randrange(len(pairs))]
            others = tuple(("", pairs[i][1][:116]) for i in near if pairs[i][1] != b)
            made.append(Asked(a, (("", b[:116]), *others), 0))
    return made
