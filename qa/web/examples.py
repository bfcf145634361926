"""Example questions, made from the figures and headings of the current reports."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from qa.errors import QAError
from qa.text.figures import figures, unit_kind
from qa.text.sentences import split_clauses
from qa.types import Report
from qa.web.followups import follow_ups
from qa.web.shelf import Answerer, Shelf

_REPORTS = 8  # that questions are taken from, spread over the library
_TRIES = 3  # questions asked per report until one is answered
_LEAD = re.compile(
    r"^(?:(?:五|[0-9]+|近[二三两]|这几)年(?:来|间|里)?|目前|现有|现已|其中|累计|先后|已经|共计|共|已"
    r"|至今|全(?:市|省|区|县|国|系统)(?:各级|工会|系统)*|各级工会|[省市区县](?=职工|总工会)|系统)+"
)
_DANGLING = re.compile(
    r"[并且也还而其由从使让将把对与和及或又再这那该另此他她它均都到比较同]|为了|以及|涉及|达|惠及|占|超|近|约|第"
)
_UNFIT = re.compile(r"[，,；;：:、（）()《》\[\]*#|<>!！?？\"\s\d]|[这该本]项|自己|当地")
_FRAME = re.compile(r"年|回顾|展望|今后|下一步|前言|结语|总体|数字|几点|主要|情况|报告|大会")
_HEAD = re.compile(
    r"^(?:第?[一二三四五六七八九十0-9]+[、.章节）)]\s*|（[一二三四五六七八九十]+）)?([\u4e00-\u9fff]{3,8})(?=$|[：:，,——\s])"
)


class Examples:
    """The examples of a shelf, computed once for each generation of its reports. Thread-safe."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._making = threading.Lock()
        self._made: tuple[tuple[Report, ...], tuple[str, ...]] = ((), ())

    def __call__(self) -> tuple[str, ...]:
        """Return the questions; waits while another thread makes them."""
        with self._making:
            reports = self._shelf.reports
            if reports is not self._made[0]:
                self._made = reports, example_questions(self._shelf.library)
            return self._made[1]


def example_questions(library: Answerer, count: int = 6) -> tuple[str, ...]:
    """Return at most ``count`` questions that the library answers, the first with follow-ups if possible."""
    reports = _spread(sorted(library.reports, key=lambda r: not r.place.name), _REPORTS)
    figured = [_answered(library, figure_questions(r, library.reports)) for r in reports]
    headed = [_answered(library, heading_questions(r, library.reports)) for r in reports]
    wanted = [q for pair in zip_longest(figured, headed[:2]) for q in pair if q]
    found = tuple(islice(dict.fromkeys(wanted), count))
    first = next((q for q in (*figured, *headed) if q and q in found and _has_follow_ups(library, q)), None)
    return found if first is None else (first, *(q for q in found if q != first))


def figure_questions(report: Report, reports: Sequence[Report]) -> Iterator[str]:
    """Yield questions made of clauses that end in their only figure; clauses with quoted names first.

    >>> # 培育“匠心工坊”27家。  ->  某某市2023年培育“匠心工坊”多少家？
    """
    found: list[tuple[int, str]] = []
    for paragraph in report.paragraphs:
        if paragraph.kind != "prose":
            continue
        for start, end in split_clauses(paragraph.text):
            clause = paragraph.text[start:end].rstrip("，,。；;！!：:、 \n")
            inside = figures(clause)
            if len(inside) != 1 or inside[0].end != len(clause) or not inside[0].unit:
                continue
            if unit_kind(inside[0].unit) in ("年", "%", "倍"):
                continue
            lead = _LEAD.sub("", clause[: inside[0].start].strip().removeprefix(report.place.name))
            if 6 <= len(lead) <= 18 and _stands_alone(lead):
                found.append((-lead.count("“"), f"{_subject(report, reports)}{lead}多少{inside[0].unit}？"))
    yield from (question for _, question in sorted(found, key=lambda pair: pair[0]))


def heading_questions(report: Report, reports: Sequence[Report]) -> Iterator[str]:
    """Yield a question for each heading that begins with a short name of a field of work."""
    for heading in dict.fromkeys(p.heading[-1] for p in report.paragraphs if p.heading):
        if (match := _HEAD.match(heading)) and not _FRAME.search(match[1]):
            yield f"{_subject(report, reports)}在{match[1]}方面做了哪些工作？"


def _stands_alone(lead: str) -> bool:
    return not _DANGLING.match(lead) and not _UNFIT.search(lead) and lead.count("“") == lead.count("”")


def _subject(report: Report, reports: Sequence[Report]) -> str:
    """Return the place, with the period if several reports share the place."""
    shared = sum(other.place == report.place for other in reports) > 1
    period = str(report.period).replace("–", "—") + "年" if shared and report.period else ""
    return f"{report.place.name}{period}"


def _answered(library: Answerer, questions: Iterator[str]) -> str | None:
    for question in islice(questions, _TRIES):
        try:
            answer = library.ask(question, llm=False)
        except QAError:
            continue
        if not answer.abstained and answer.citations and answer.reason is None:
            return question
    return None


def _has_follow_ups(library: Answerer, question: str) -> bool:
    return bool(follow_ups(library, library.ask(question, llm=False), [question]))


def _spread(reports: Sequence[Report], count: int) -> Sequence[Report]:
    step = max(1, len(reports) / count)
    return [reports[int(i * step)] for i in range(min(count, len(reports)))]
