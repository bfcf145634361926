"""Summarise all answers of a questions file as a table of figures, and compare two such tables.

Confidence intervals of figures and of differences between two runs are by bootstrap over questions (Efron 1979; paired as
in Koehn 2004, W04-3250), 95 %, seeded: the same parts give the same interval.
"""

import json
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.answer_json import Json, answer_json, refusal_json
from qa.errors import QAError, QuestionError, read_user_file
from qa.evaluate.gold import Gold
from qa.evaluate.measures import BUDGET_CHARACTERS, DEPTHS, Measured, Part, measure
from qa.library import Library

Figures: TypeAlias = dict[str, float | None]
Parts: TypeAlias = Mapping[str, Mapping[str, Part]]  # question → figure → part
Earlier: TypeAlias = tuple[Figures, Parts]  # a saved run; an old one has no parts
Interval: TypeAlias = tuple[float, float]  # lower and upper bound

DRAWS = 2000
SEED = 0

# Figures measured on questions, in the order of the table.
FIGURES = (
    *(f"recall@{depth}" for depth in DEPTHS),
    f"recall@{BUDGET_CHARACTERS}c",
    *("mrr", f"ndcg@{DEPTHS[-1]}", "short_em", "correct"),
    *("marks_valid", "citation_valid", "citation_right", "faithful", "abstain_recall", "false_abstain"),
)
SECONDS = "answer seconds median"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two runs."""

    figure: str
    before: float | None
    now: float | None
    interval: Interval | None  # of the difference over the questions of both runs; None without any

    @property
    def beyond_chance(self) -> bool:
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a run, and every question's part in them."""

    figures: Figures
    intervals: Mapping[str, Interval | None]  # 95 %, of the figures measured on questions
    by_type: Figures  # share of correct answers of each type of question
    rows: tuple[Measured, ...]
    answers: Mapping[str, Json]
    misses: tuple[str, ...]  # ids of questions without a fully correct answer

    @property
    def parts(self) -> Parts:
        return {row.gold.id: row.parts for row in self.rows}


def evaluate(gold: Sequence[Gold], library: Library, answers: Mapping[str, Json] | None = None) -> Evaluation:
    """Ask a library every question and measure its answers, or measure the given ``answers``."""
    seconds: list[float] = []
    if answers is None:
        answers = given = dict[str, Json]()
        for question in gold:
            started = time.perf_counter()
            given[question.id] = _ask(library, question)
            seconds.append(time.perf_counter() - started)
    sources = {report.source.name: report.source.text for report in library.reports}
    rows = tuple(measure(question, answers.get(question.id), sources) for question in gold)
    columns = {name: [row.parts.get(name, (0.0, 0.0)) for row in rows] for name in FIGURES}
    lengths = [len(str(a.get("answer") or "")) for a in answers.values() if not a.get("abstained")]
    figures: Figures = {
        "questions": float(len(rows)),
        "missing": float(sum(row.missing for row in rows)),
        **{name: mean(column) for name, column in columns.items()},
        SECONDS: round(statistics.median(seconds), 4) if seconds else None,
        "answer length median": statistics.median(lengths) if lengths else None,
    }
    intervals = {name: interval(column) for name, column in columns.items()}
    by_type = {
        kind: mean((row.correct, 1.0) for row in rows if row.gold.type == kind and row.correct is not None)
        for kind in sorted({row.gold.type for row in rows})
    }
    misses = tuple(row.gold.id for row in rows if row.missing or row.correct != 1.0)
    return Evaluation(figures, intervals, by_type, rows, answers, misses)


def compare(now: Evaluation, before: Earlier) -> tuple[Change, ...]:
    """Return the figures that differ between both runs, without the time, which always differs."""
    figures, parts = before
    return tuple(
        Change(name, figures[name], value, difference(name, now.parts, parts))
        for name, value in now.figures.items()
        if name in figures and figures[name] != value and name != SECONDS
    )


def mean(parts: Iterable[Part]) -> float | None:
    """Return the figure, rounded; None if there is nothing to measure."""
    known = list(parts)
    count = sum(count for _, count in known)
    return round(sum(total for total, _ in known) / count, 4) if count else None


def interval(parts: Sequence[Part]) -> Interval | None:
    """Return the 95 % interval of a figure; None if there is nothing to measure."""
    return _bounds(_drawn([parts])[0]) if any(count for _, count in parts) else None


def difference(figure: str, now: Parts, before: Parts) -> Interval | None:
    """Return the 95 % interval of now − before, paired by question."""
    both = [question for question in now if question in before]
    sides = [[run[question].get(figure, (0.0, 0.0)) for question in both] for run in (now, before)]
    measured = all(any(count for _, count in side) for side in sides)
    return _bounds(np.subtract(*_drawn(sides))) if measured else None


def _bounds(values: NDArray[np.float64]) -> Interval:
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _drawn(sides: Sequence[Sequence[Part]]) -> NDArray[np.float64]:
    """Return the figure of each side in every draw, (sides, draws); NaN if a draw has nothing to measure."""
    parts = np.array(sides, dtype=np.float64)  # (sides, questions, 2)
    questions = parts.shape[1]
    draw = np.random.default_rng(SEED).multinomial
    times = draw(questions, np.full(questions, 1 / questions), size=DRAWS)
    sums, counts = np.moveaxis(times @ parts, 2, 0)
    drawn: NDArray[np.float64] = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    return drawn


def read_answers(path: Path) -> dict[str, Json]:
    """Return id → answer of a file that ``union-qa ask --questions`` wrote; raise QAError if it is not one."""
    try:
        lines = read_user_file(path).decode("utf-8-sig").split("\n")
        answers = [json.loads(line) for line in lines if line.strip()]
        return {str(answer["id"]): _checked(answer) for answer in answers}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        words = f"读不出回答文件 {path}（{error}）。应是 union-qa ask --questions 写出的文件。"
        raise QAError(words) from error


def _checked(answer: Json) -> Json:
    """Return an answer that can be measured; raise TypeError if a part of it has another shape."""
    parts = {field: answer.get(field) or [] for field in ("citations", "passages", "calculation")}
    for field, part in parts.items():
        if not isinstance(part, list | str if field == "calculation" else list):
            raise TypeError(f"{answer['id']} 的 {field} 不是一组")
    if not all(isinstance(record, dict) for record in (*parts["citations"], *parts["passages"])):
        raise TypeError(f"{answer['id']} 的 citations 或 passages 里有的不是对象")
    if not all(_are_spans(citation.get("spans") or []) for citation in parts["citations"]):
        raise TypeError(f"{answer['id']} 的 spans 不是一组起止位置")
    return answer


def _are_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(span, list) and len(span) == 2 and all(isinstance(end, int) for end in span)
        for span in value
    )


def read_earlier(path: Path) -> Earlier:
    """Return a run that ``union-qa evaluate --output`` saved; raise QAError if the file is not one."""
    try:
        saved = json.loads(read_user_file(path))
        known = saved["figures"].items()
        figures = {str(name): None if value is None else float(value) for name, value in known}
        parts = {
            str(question): {str(name): (float(total), float(count)) for name, (total, count) in own.items()}
            for question, own in saved.get("parts", {}).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise QAError(f"{path} 不是 union-qa evaluate --output 写出的结果。请换一个文件。") from error
    return figures, parts


def _ask(library: Library, question: Gold) -> Json:
    filters: Json = {"place": question.place, "period": question.period, "report": question.report}
    try:
        return answer_json(library.ask(question.question, history=question.history, **filters), question.id)
    except QuestionError as error:
        return refusal_json(question.id, question.question, str(error))
