"""Questions with passages and what is to be said of them: from the sets of questions, and made by putting them elsewhere.

Labels: whether the passage answers, where (every item of a list), the clause that proves it or misleads, yes or no.
Nothing of a development set is read here.
"""

import itertools
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embeddings.reader.passages import LONGEST_QUESTION
from embeddings.reader.train.examples import sentences
from embeddings.train.data import read_lines

# Every item of a list is named, and the clause that proves or misleads.
REPORTS = (
    "reports_qa",
    "union_qa",
    "written",
)
SHARES = {  # of the rows that are learned
    "reports_qa": 0.25,
    "union_qa": 0.06,
    "written": 0.5,
    "news_qa": 0.05,
    "cjrc_train": 0.04,
    "cmrc2018_train": 0.06,
    "antiterror_train": 0.02,
    "squad1_zh_train": 0.02,
}
UNREAD = ("summary", "why", "several")  # answered by no words of a passage, or by no single one
WRITTEN = Path(__file__).with_name("written")  # questions on reports that were invented for them
DEVELOPMENT = tuple("dgHN8丁戊")  # the writers, by whom ids begin, of whom nothing is learned
FOUND = 0.5  # of the rows, if there are rows of passages that a search found
UNANSWERED = 0.5  # of those found that do not answer are learned
ELSEWHERE = 0.35  # of answered questions are put to the passage most like it that does not answer, as well
NAMED = 0.25  # of questions on a report name its place
MISNAMED = 0.08  # and so many the place of another: not answered here
ALIGNED = 0.5  # of windows begin with a sentence
TOGETHER = 0.25  # of pairs of questions that one passage of a report answers are asked at once, as well
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, a passage and its labels.

    Args:
        question: its words.
        context: the line the passage stands under.
        passage: its text.
        answered: whether the passage answers.
        spans: offsets of every item of the answer; empty where none is named.
        clause: offsets of the clause that proves it or misleads; None where it is not known.
        yes: of a question to be checked; None for all others.
    """

    question: str
    context: str
    passage: str
    answered: bool
    spans: tuple[tuple[int, int], ...] = ()
    clause: tuple[int, int] | None = None
    yes: bool | None = None


def context_line(paragraph: dict[str, Any]) -> str:
    """The line a passage is read under: place, year and heading of its report, or its title."""
    if "heading" not in paragraph:
        return str(paragraph.get("title", ""))
    year = str(paragraph.get("year") or "".join(YEAR.findall(paragraph["report"])[-1:]))
    return f"{paragraph['place']} {year} {paragraph['heading']}"


def labelled(row: dict[str, Any], paragraph: dict[str, Any], listed: bool) -> Asked | None:
    """A question of a set with its own passage; None where its answer is not found there or its labels disagree.

    Args:
        row: the question.
        paragraph: its passage.
        listed: several answers are the items of a list, and not one answer in other words.
    """
    text, question = paragraph["text"], row["question"]
    told = row.get("clause") or row.get("sentence") or ""
    at = text.find(told) if told else -1
    clause = (at, at + len(told)) if at >= 0 else None
    yes = _yes(row)
    made = Asked(question, context_line(paragraph), text, bool(row["answerable"]), clause=clause, yes=yes)
    if not row["answerable"]:
        return None if row["answers"] or yes is not None else made
    answers = row["answers"] if listed else sorted(row["answers"], key=len)[:1]
    spans = [span for answer in answers if (span := _place(text, answer, clause, question))]
    if len(spans) < len(answers) or (not spans and yes is None):
        return None
    if clause is None and spans:
        clause = next((s for s in sentences(text) if s[0] <= spans[0][0] < s[1]), None)
    return replace(made, spans=tuple(sorted(set(spans))), clause=clause)


def _yes(row: dict[str, Any]) -> bool | None:
    told = row.get("yes", row.get("yesno"))
    return told if told is None or isinstance(told, bool) else told == "yes"


def _place(text: str, answer: str, clause: tuple[int, int] | None, question: str) -> tuple[int, int] | None:
    """Where an answer stands: in the clause if it is known, else in the sentence most like the question."""
    if clause and (at := text.find(answer, clause[0], clause[1])) >= 0:
        return at, at + len(answer)
    found = [m.start() for m in re.finditer(re.escape(answer), text)] if answer else []
    words = _pairs(question)
    near = max(found, key=lambda at: len(words & _pairs(text[max(0, at - 40) : at + 60])), default=None)
    return None if near is None else (near, near + len(answer))


def asked_of_set(data: Path, name: str, draw: random.Random, most: int) -> list[Asked]:
    """The questions of ``train/NAME`` with their passages, and some of them with passages that do not answer.

    Args:
        data: folder with train/.
        name: of the set; ``written`` is our own.
        draw: what is drawn with.
        most: questions, drawn where the set has more.

    Raises:
        OSError: the set is not there.
    """
    paragraphs, rows = written() if name == "written" else set_at(data / "train" / name)
    looks = {key: _pairs(row["text"]) for key, row in paragraphs.items()}
    made = []
    answered: dict[str, list[Asked]] = defaultdict(list)
    for row in draw.sample(rows, min(most, len(rows))):
        own = paragraphs[row["positive"][0]]
        one = labelled(row, own, name in REPORTS)
        if one is None or row.get("kind") in UNREAD:
            continue
        made += list(_named(one, own, paragraphs, draw)) if name in REPORTS else [one]
        if one.answered and draw.random() < ELSEWHERE:
            made += list(_elsewhere(one, row["answers"], own, paragraphs, looks, draw))
        if name in REPORTS and one.spans and one.yes is None:
            answered[own["id"]].append(one)
    return made + [pair for ones in answered.values() for pair in _together(ones, draw)]


def found_rows(path: Path, draw: random.Random, unanswered: float = UNANSWERED) -> list[Asked]:
    """The rows that ``python -m qa.evaluate.train.passages`` wrote, with a share of those that do not answer."""
    made = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if not row["answered"] and draw.random() > unanswered:
            continue
        row["spans"] = tuple(map(tuple, row["spans"]))
        made.append(Asked(**{**row, "clause": row["clause"] and tuple(row["clause"])}))
    return made


def written(development: bool = False) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The passages by their ids, and the questions, that were written for this; those of whole writers are kept apart."""
    paragraphs, rows = set_at(WRITTEN / "questions")
    own = {key: value for key, value in paragraphs.items() if key.startswith(DEVELOPMENT) == development}
    return own, [row for row in rows if row["positive"][0] in own]


def set_at(path: Path) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The passages of a set by their ids, and its questions: ``PATH.corpus.jsonl.xz`` and ``PATH.queries.jsonl.xz``."""
    paragraphs = {row["id"]: row for row in read_lines(path.with_name(f"{path.name}.corpus.jsonl.xz"))}
    return paragraphs, list(read_lines(path.with_name(f"{path.name}.queries.jsonl.xz")))


def _named(
    one: Asked, own: dict[str, Any], paragraphs: dict[str, dict[str, Any]], draw: random.Random
) -> Iterator[Asked]:
    """The question, some of them with the place of its report before it, and some with another's."""
    chance = draw.random()
    place, short = _called(own["place"], draw), _shortest(own["place"])
    if chance < NAMED and place not in one.question:
        yield replace(one, question=place + one.question)
    else:
        yield one
    if one.answered and draw.random() < MISNAMED:
        other = _called(paragraphs[draw.choice(list(paragraphs))]["place"], draw)
        if other[:2] not in one.context + one.passage:
            bare = re.sub(rf"{own['place']}|{place}|{short}[省市县区]?", "", one.question)
            yield replace(one, question=other + bare, answered=False, spans=(), yes=None)


def _called(place: str, draw: random.Random) -> str:
    """The place as a person may write it: its last or whole name, with or without what kind of place it is."""
    bare = re.sub(r"(?:壮族|回族|维吾尔)?自治区$|[省市县区]$", "", place)
    return draw.choice((bare, bare, place))


def _shortest(place: str) -> str:
    """The name of the innermost place alone, 甘肃省天水市 → 天水; all of it where no such name is plain."""
    name = re.sub(r"(?<=..)[省市县区]$", "", re.split(r"[省市区](?=..)", place)[-1])
    return name if 2 <= len(name) <= 4 and not re.search(r"族|工会", name) else place


def _together(answered: Sequence[Asked], draw: random.Random) -> Iterator[Asked]:
    """Pairs of questions on one passage as one question that asks two things: both are to be marked."""
    for pair in itertools.combinations(answered, 2):
        first, second = draw.sample(pair, 2)
        question = f"{first.question.rstrip('？?。')}{draw.choice('，？、')}{second.question}"
        if draw.random() < TOGETHER and len(question) <= LONGEST_QUESTION:
            spans = tuple(sorted({*first.spans, *second.spans}))
            yield replace(first, question=question, spans=spans, clause=None)


def _elsewhere(
    one: Asked,
    answers: Sequence[str],
    own: dict[str, Any],
    paragraphs: dict[str, dict[str, Any]],
    looks: dict[str, set[str]],
    draw: random.Random,
) -> Iterator[Asked]:
    """The question with one of the passages most like it, of the same report where there are reports."""
    report = own.get("report")
    others = [key for key, p in paragraphs.items() if p is not own and p.get("report") == report]
    others = draw.sample(others, min(200, len(others)))
    words = _pairs(one.question)
    others.sort(key=lambda key: -len(words & looks[key]))
    likely = [key for key in others if not any(answer in paragraphs[key]["text"] for answer in answers)][:3]
    if likely:
        other = paragraphs[draw.choice(likely)]
        yield Asked(one.question, context_line(other), other["text"], False)


def windowed(asked: Iterable[Asked], most: int, draw: random.Random) -> Iterator[Asked]:
    """Passages of at most so many characters: a part that holds what is labelled, or any where nothing is."""
    for one in asked:
        length = len(one.passage)
        if length <= most:
            yield one
            continue
        held = [*one.spans, *([one.clause] if one.clause else [])]
        if one.clause and one.clause[1] - one.clause[0] > most:
            held = list(one.spans)
        if held:
            low, high = min(start for start, _ in held), max(end for _, end in held)
            if high - low > most:
                continue
            first = draw.randint(max(0, high - most), min(low, length - most))
        else:  # yes or no without a place: the beginning; what does not answer: any part
            low = length
            first = 0 if one.answered or one.yes is not None else draw.randrange(length - most + 1)
        starts = [start for start, _ in sentences(one.passage) if first <= start <= low]
        if starts and first and draw.random() < ALIGNED:
            first = starts[0]  # as passages do, at the beginning of a sentence
        clause = one.clause and (one.clause[0] - first, one.clause[1] - first)
        if clause and not 0 <= clause[0] < clause[1] <= most:
            clause = None
        yield replace(
            one,
            passage=one.passage[first : first + most],
            spans=tuple((s - first, e - first) for s, e in one.spans),
            clause=clause,
        )


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
