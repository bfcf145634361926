"""Questions with what is known of them: kind, operation, unit, where each further thing begins, and what all share.

From the sets of questions on reports, whose answers tell the unit, from questions taken apart, and from our own, written
with the stretch that asks each thing; and two questions on one passage asked in one breath. Nothing of a development set
is learned.
"""

import itertools
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from embeddings.reader.train.passages.rows import set_at, written
from embeddings.train.data import read_lines

OWN = Path(__file__).with_name("apart.jsonl.xz")  # questions that were written for this
ASKS = Path(__file__).with_name("asks.jsonl.xz")  # likewise, with the single things that each asks
THINGS = Path(__file__).with_name("things.jsonl.xz")  # likewise, with the words that name each single thing
EACH = Path(__file__).with_name("each.jsonl.xz")  # likewise, with the words that stand for all places
DEVELOPMENT = ("e", "k", "q", "H", "Q", "U")  # the writers, by whom ids begin, of whom nothing is learned
ASKS_DEVELOPMENT = ("f",)  # likewise
THINGS_DEVELOPMENT = ("d", "h", "p", "q", "v", "D", "K", "M", "P")  # likewise
EACH_DEVELOPMENT = ("t",)  # likewise
QUANTIFIERS = frozenset(
    "各每哪几所两二三四五六七八九十"
)  # without them hardly anything stands for all places
SETS = ("reports_qa", "union_qa")
TOGETHER = 0.5  # of pairs of questions on one passage are asked in one breath as well
TAUGHT = 2  # times that what was written to be taken apart is learned
EACH_TAUGHT = 8  # likewise of those with the words that stand for all places
ON_PASSAGES = 0.5  # of questions on passages are learned, once
SOURCED = 0.08  # of the questions that ask something name what it was read in before, which is an aside
SOURCES = (
    *("综述里写的", "五年工作综述说，", "工作总结里讲的", "那篇回眸提到，", "年鉴上登的", "工作回顾里", "那份概览写着，"),
    *("五年综述提到的", "年度总结里说的", "那篇报道写到，", "巡礼里讲，", "工作概述里写到的", "报告综述中，", "一文写到，"),
)  # fmt: skip
ASTRAY = 6  # characters of single things that may stand outside of their stretch
RUN = 2  # characters that a question and a single thing share in a row, at least, to name it
FEWEST = 6  # questions from which a unit is one of those told apart
ALIKE = {"several_figures": "figure", "why": "reason", "yesno": "check", "definition": "summary"}
UNKNOWN = ("command", "temporal")  # kinds that the others do without
UNIT = re.compile(r"[\d.]+(?:万|亿|千|百|多|余|几)*([^\d，。、万亿余多]{0,4}?)(?:以上|左右)?$")


@dataclass(frozen=True, slots=True)
class Told:
    """A question with what is known of it.

    Args:
        question: its words.
        kind: None where it is not known, as all the others.
        operation: likewise.
        unit: likewise; ``""`` where the answer has none.
        starts: offsets at which a further thing begins.
        asides: the stretches that say nothing of what is asked.
        shared: of several things, the stretches that all of them say.
        looked_up: of what is compared or computed, the stretches that name what has to be looked up.
        each: the stretches that stand for all places or reports.
    """

    question: str
    kind: str | None = None
    operation: str | None = None
    unit: str | None = None
    starts: tuple[int, ...] | None = None
    asides: tuple[tuple[int, int], ...] | None = None
    shared: tuple[tuple[int, int], ...] | None = None
    looked_up: tuple[tuple[int, int], ...] | None = None
    each: tuple[tuple[int, int], ...] | None = None


def training(data: Path, draw: random.Random) -> list[Told]:
    """All that is learned; ``data`` is the folder with train/."""
    made = [_apart(row) for row in read_lines(data / "train" / "questions_apart.jsonl.xz")]
    made += [told for row in read_lines(data / "train" / "question_kinds.jsonl.xz") if (told := _kind(row))]
    made += [
        Told(row["question"], "chatter", "none", "", ())
        for row in read_lines(data / "train" / "dialogues.jsonl.xz")
        if row["kind"] == "chatter"
    ]
    made += [_pieces(row) for row in read_lines(OWN) if not row["id"].startswith(DEVELOPMENT)]
    made += [_asks(row) for row in read_lines(ASKS) if not row["id"].startswith(ASKS_DEVELOPMENT)]
    made += [_things(row) for row in read_lines(THINGS) if not row["id"].startswith(THINGS_DEVELOPMENT)]
    made *= TAUGHT
    each = [_each(row) for row in read_lines(EACH) if not row["id"].startswith(EACH_DEVELOPMENT)]
    made += each * EACH_TAUGHT
    asked = [row for name in SETS for row in set_at(data / "train" / name)[1]] + written()[1]
    made += _on_passages(draw.sample(asked, int(ON_PASSAGES * len(asked))), draw)
    made += [
        _behind(draw.choice(SOURCES), one)
        for one in made
        if one.kind not in ("summary", "chatter", None) and draw.random() < SOURCED
    ]
    return [
        replace(one, each=()) if one.each is None and not QUANTIFIERS & set(one.question) else one
        for one in made
    ]


def _behind(source: str, told: Told) -> Told:
    """A question behind the name of what it was read in."""
    by = len(source)

    def moved(stretches: tuple[tuple[int, int], ...] | None) -> tuple[tuple[int, int], ...] | None:
        return None if stretches is None else tuple((a + by, b + by) for a, b in stretches)

    asides = None if told.asides is None else ((0, len(source.rstrip("，"))), *(moved(told.asides) or ()))
    starts = None if told.starts is None else tuple(at + by for at in told.starts)
    shared, looked_up, each = map(moved, (told.shared, told.looked_up, told.each))
    return Told(
        source + told.question, told.kind, told.operation, told.unit, starts, asides, shared, looked_up, each
    )


def development(data: Path) -> dict[str, list[Told]]:
    """What is kept apart, by the name of its set."""
    never = random.Random(0)
    return {
        "questions_apart_dev": [
            _apart(row) for row in read_lines(data / "dev" / "questions_apart_dev.jsonl.xz")
        ],
        "apart": [_pieces(row) for row in read_lines(OWN) if row["id"].startswith(DEVELOPMENT)],
        "asks": [_asks(row) for row in read_lines(ASKS) if row["id"].startswith(ASKS_DEVELOPMENT)],
        "things": [_things(row) for row in read_lines(THINGS) if row["id"].startswith(THINGS_DEVELOPMENT)],
        "each": [_each(row) for row in read_lines(EACH) if row["id"].startswith(EACH_DEVELOPMENT)],
        "reports_qa_dev": _on_passages(set_at(data / "dev" / "reports_qa_dev")[1], never),
        "written": _on_passages(written(development=True)[1], never),
    }


def labels_of(told: Sequence[Told]) -> dict[str, list[str]]:
    """What each head tells apart, in the order of their characters; rare units are left out."""
    found = {}
    for head in ("kind", "operation", "unit"):
        seen = Counter(value for one in told if (value := getattr(one, head)) is not None)
        found[head] = sorted(value for value, count in seen.items() if head != "unit" or count >= FEWEST)
    return found


def _apart(row: Mapping[str, Any]) -> Told:
    unit = _bare(row["unit"]) if row["kind"] in ("figure", "compute") else None
    return aligned(Told(row["question"], row["kind"], row["operation"], unit), row["asks"], row["places"])


def _kind(row: Mapping[str, Any]) -> Told | None:
    kind = ALIKE.get(row["kind"], row["kind"])
    if kind in UNKNOWN:
        return None
    operation = None if kind in ("compare", "compute") else "none"
    return Told(row["question"], kind, operation, _bare(row["unit"] or "") if kind == "figure" else None)


def _pieces(row: Mapping[str, Any]) -> Told:
    starts = [start for start, _ in _stretches(row["question"], row.get("pieces", ()))]
    unit = _bare(row["unit"]) if row.get("kind") in ("figure", "compute") else None
    asides = _stretches(row["question"], row["aside"]) if "aside" in row else None
    if "kind" not in row:
        return Told(row["question"], asides=asides)
    return Told(row["question"], row["kind"], row["operation"], unit, tuple(starts[1:]), asides)


def _asks(row: Mapping[str, Any]) -> Told:
    """A question with the single things that it asks, each as a question of its own."""
    question, asks = row["question"], row["asks"]
    told = Told(question, _kind_by(row["operation"]), row["operation"])
    if len(asks) > 1 or row["operation"] != "none":
        named = frozenset().union(*(_matched(question, ask, RUN) for ask in asks))
        places = frozenset().union(*(_within(_found(question, place)) for place in row["places"]))
        told = replace(told, looked_up=_runs(question, named - places))
    return aligned(told, asks, row["places"])


def _kind_by(operation: str) -> str | None:
    """What is asked side by side or to be worked out tells its kind; what is asked one by one does not."""
    if operation == "none":
        return None
    return "compare" if operation in ("compare", "extreme") else "compute"


def _things(row: Mapping[str, Any]) -> Told:
    """A question with the words that name each single thing: a thing begins with the first that is its own."""
    question = row["question"]
    each = [_within(_stretches(question, pieces)) for pieces in row["things"]]
    told = Told(question, row.get("kind") or _kind_by(row["operation"]), row["operation"], row.get("unit"))
    if "each" not in row and "aside" in row:
        told = replace(told, asides=_stretches(question, row["aside"]))
    return _marked(replace(told, looked_up=_runs(question, frozenset().union(*each))), each)


def _each(row: Mapping[str, Any]) -> Told:
    """A question that ranges over all places or reports, or only looks so, told apart like those with ``things``."""
    told = _things(row) if row["things"] else Told(row["question"], row["kind"], row["operation"])
    asides, each = (_stretches(row["question"], row[name]) for name in ("aside", "each"))
    return replace(told, asides=asides, each=each)


def aligned(told: Told, asks: Sequence[str], places: Sequence[str]) -> Told:
    """A question with where its single things, each a question of its own, begin, and what they share.

    What differs in its place only is one thing; where they follow each other in another order than in the question, or
    one has no words of its own there, nothing is known.
    """
    by_words = defaultdict[str, list[frozenset[int]]](list)
    for ask in asks:
        by_words[_without(ask, places)].append(_matched(told.question, ask))
    if len(by_words) < 2:
        return replace(told, starts=()) if by_words else told
    return _marked(told, [frozenset().union(*alike) for alike in by_words.values()])


def _marked(told: Told, each: Sequence[frozenset[int]]) -> Told:
    """A question with where each thing begins and what all share, by the characters of each thing."""
    if len(each) < 2:
        return replace(told, starts=())
    shared = frozenset.intersection(*each)
    starts, alone = list[int](), list[list[int]]()
    for one in each:
        alone.append(sorted(at for at in one if sum(at in other for other in each) == 1))
        start = next((at for at in alone[-1] if not starts or at > starts[-1]), None)
        if start is None:
            return told
        starts.append(start)
    bounds = itertools.pairwise([*starts, len(told.question)])
    astray = sum(not a <= at < b for ats, (a, b) in zip(alone, bounds, strict=True) for at in ats)
    if astray > ASTRAY:
        return told
    return replace(told, starts=tuple(starts[1:]), shared=_runs(told.question, shared))


def _runs(question: str, marked: Set[int]) -> tuple[tuple[int, int], ...]:
    edges = [at for at in range(len(question) + 1) if (at in marked) != (at - 1 in marked)]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _within(stretches: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset(at for a, b in stretches for at in range(a, b))


def _found(question: str, words: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(words), question)]


def _matched(question: str, ask: str, least: int = 1) -> frozenset[int]:
    """The characters of the question that are in the ask, in runs of at least so many."""
    blocks = SequenceMatcher(None, question, ask, autojunk=False).get_matching_blocks()
    return _within((block.a, block.a + block.size) for block in blocks if block.size >= least)


def _without(text: str, places: Sequence[str]) -> str:
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, "")
    return text


def _stretches(question: str, parts: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Offsets of stretches that stand in a question one behind the other."""
    found, at = [], 0
    for part in parts:
        start = question.index(part, at)
        at = start + len(part)
        found.append((start, at))
    return tuple(found)


def _on_passages(rows: Sequence[Mapping[str, Any]], draw: random.Random) -> list[Told]:
    """Questions on passages; the unit is that of the one figure that answers."""
    made, by_passage = [], defaultdict[str, list[Told]](list)
    for row in rows:
        answers = row["answers"]
        unit = (found[1] if (found := UNIT.search(answers[0])) else None) if len(answers) == 1 else None
        if row["kind"] == "several":  # of several places or terms, of which one passage holds a part
            continue
        one = Told(row["question"], row["kind"], "none", unit if row["kind"] == "figure" else None)
        if len(answers) == 1:
            one = replace(one, starts=())
            by_passage[row["positive"][0]].append(one)
        made.append(one)
    return made + [pair for ones in by_passage.values() for pair in _together(ones, draw)]


def _together(asked: Sequence[Told], draw: random.Random) -> Iterator[Told]:
    for pair in itertools.combinations(asked, 2):
        first, second = draw.sample(pair, 2)
        if draw.random() < TOGETHER:
            before = f"{first.question.rstrip('？?。')}{draw.choice('，？、')}"
            kind = first.kind if first.kind == second.kind else None
            yield Told(before + second.question, kind, "none", first.unit, (len(before),))


def _bare(unit: str) -> str:
    return re.sub(r"^[万亿千百]+", "", unit)
