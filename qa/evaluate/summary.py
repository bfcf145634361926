"""All answers of a questions file as a table of figures, and two such tables side by side."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from qa.answer_json import Json, answer_json, refusal_json
from qa.errors import QAError, QuestionError
from qa.evaluate.gold import Gold
from qa.evaluate.measures import BUDGET_CHARACTERS, DEPTHS, Measured, measure
from qa.library import Library

__all__ = ["Evaluation", "Figures", "compare", "evaluate", "read_answers", "read_figures", "summarise"]

Figures: TypeAlias = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a run, and every question's part in them.

    Args:
        by_type: share of correct answers of each type of question.
        misses: ids of the questions whose answer is not (wholly) correct or whose evidence is not found.
    """

    figures: Figures
    by_type: Figures
    rows: tuple[Measured, ...]
    answers: Mapping[str, Json]
    misses: tuple[str, ...]


def evaluate(
    gold: Sequence[Gold],
    library: Library,
    answers: Mapping[str, Json] | None = None,
) -> Evaluation:
    """Ask a library every question and measure its answers; with ``answers``, measure those instead."""
    seconds: list[float] = []
    if answers is None:
        given: dict[str, Json] = {}
        for question in gold:
            started = time.perf_counter()
            given[question.id] = _ask(library, question)
            seconds.append(time.perf_counter() - started)
        answers = given
    sources = {report.source.name: report.source.text for report in library.reports}
    rows = tuple(measure(question, answers.get(question.id), sources) for question in gold)
    figures, by_type = summarise(rows)
    figures["answer seconds median"] = round(statistics.median(seconds), 4) if seconds else None
    lengths = [len(str(a.get("answer") or "")) for a in answers.values() if not a.get("abstained")]
    figures["answer length median"] = statistics.median(lengths) if lengths else None
    misses = tuple(row.gold.id for row in rows if row.missing or row.correct != 1.0)
    return Evaluation(figures, by_type, rows, answers, misses)


def summarise(rows: Sequence[Measured]) -> tuple[Figures, Figures]:
    """Means over the questions that a figure can be measured on; and the correct ones by type."""
    answerable = [row for row in rows if row.gold.answerable]
    figures: Figures = {"questions": float(len(rows)), "missing": float(sum(row.missing for row in rows))}
    figures |= {f"recall@{depth}": _mean(row.recall[n] for row in rows) for n, depth in enumerate(DEPTHS)}
    figures |= {
        f"recall@{BUDGET_CHARACTERS}c": _mean(row.recall_characters for row in rows),
        "mrr": _mean(row.reciprocal_rank for row in rows),
        "short_em": _mean(row.short for row in rows),
        "correct": _mean(row.correct for row in rows),
        "marks_valid": _mean(float(mark) for row in rows for mark in row.marks),
        "citation_valid": _mean(float(stands) for row in rows for stands in row.citations),
        "citation_right": _mean(row.cited for row in rows),
        "faithful": _mean(row.faithful for row in rows),
        "abstain_recall": _mean(float(row.abstained) for row in rows if not row.gold.answerable),
        "false_abstain": _mean(float(row.abstained) for row in answerable),
    }
    types = sorted({row.gold.type for row in rows})
    return figures, {kind: _mean(row.correct for row in rows if row.gold.type == kind) for kind in types}


def compare(now: Figures, before: Figures) -> tuple[tuple[str, float | None, float | None], ...]:
    """(figure, before, now) of every figure that both have and that is not the same."""
    return tuple(
        (name, before[name], now[name]) for name in now if name in before and before[name] != now[name]
    )


def read_answers(path: Path) -> dict[str, Json]:
    """Answers that ``union-qa ask --questions`` wrote, by their ids.

    Raises:
        QAError: the file cannot be read, or a line is no answer.
    """
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
        answers = [json.loads(line) for line in lines if line.strip()]
        return {str(answer["id"]): answer for answer in answers}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QAError(
            f"读不出回答文件 {path}（{error}）。应是 union-qa ask --questions 写出的文件。"
        ) from error


def read_figures(path: Path) -> Figures:
    """The figures that an earlier run saved.

    Raises:
        QAError: the file is not one of them.
    """
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        return {str(name): None if value is None else float(value) for name, value in figures.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise QAError(f"{path} 不是 union-qa evaluate --output 写出的结果。请换一个文件。") from error


def _ask(library: Library, question: Gold) -> Json:
    try:
        return answer_json(library.ask(question.question, history=question.history), question.id)
    except QuestionError as error:
        return refusal_json(question.id, question.question, str(error))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
