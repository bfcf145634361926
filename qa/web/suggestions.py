"""Questions that the page suggests, each asked before: examples from the reports, and what may follow an answer."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, takewhile, zip_longest
from typing import Any

from qa.checking.verify import amounts
from qa.errors import QAError
from qa.text.divisions import short_name
from qa.text.figures import figures, unit_kind
from qa.text.sentences import split_clauses
from qa.types import Answer, Report
from qa.web.shelf import Answerer

VERSUS = "相比，哪个更多？"  # proposed only if the answer has a calculation
_EXAMPLES = 6  # questions shown before the first answer
_FOLLOWING, _TRIES_TO_FOLLOW = 3, 6  # questions shown after an answer, and asked to find them
_REPORTS = 8  # that examples are taken from, spread over the library
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


def example_questions(library: Answerer) -> tuple[str, ...]:
    """Return some questions that the library answers."""
    all_reports = sorted(library.reports, key=lambda r: not r.place.name)
    step = max(1, len(all_reports) / _REPORTS)
    reports = [all_reports[int(i * step)] for i in range(min(_REPORTS, len(all_reports)))]
    figured = [_answered(library, figure_questions(r, library.reports)) for r in reports]
    headed = [_answered(library, heading_questions(r, library.reports)) for r in reports]
    wanted = [q for pair in zip_longest(figured, headed[:2]) for q in pair if q]
    return tuple(islice(dict.fromkeys(wanted), _EXAMPLES))


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
            stands_alone = not (_DANGLING.match(lead) or _UNFIT.search(lead))
            if 6 <= len(lead) <= 18 and stands_alone and lead.count("“") == lead.count("”"):
                found.append((-lead.count("“"), f"{_subject(report, reports)}{lead}多少{inside[0].unit}？"))
    yield from (question for _, question in sorted(found, key=lambda pair: pair[0]))


def heading_questions(report: Report, reports: Sequence[Report]) -> Iterator[str]:
    """Yield a question for each heading that begins with a short name of a field of work."""
    for heading in dict.fromkeys(p.heading[-1] for p in report.paragraphs if p.heading):
        if (match := _HEAD.match(heading)) and not _FRAME.search(match[1]):
            yield f"{_subject(report, reports)}在{match[1]}方面做了哪些工作？"


def _subject(report: Report, reports: Sequence[Report]) -> str:
    """Return the place, with the period if several reports share the place."""
    shared = sum(other.place == report.place for other in reports) > 1
    period = str(report.period).replace("–", "—") + "年" if shared and report.period else ""
    return f"{report.place.name}{period}"


def _answered(library: Answerer, questions: Iterator[str]) -> str | None:
    return next((question for question in islice(questions, _TRIES) if _sure(library, question)), None)


def _sure(library: Answerer, question: str, **options: Any) -> Answer | None:
    """Return the answer to a question, None if it is refused or not sure."""
    try:
        answer = library.ask(question, llm=False, **options)
    except QAError:
        return None
    return answer if answer.citations and not answer.abstained and answer.reason is None else None


def follow_ups(
    library: Answerer, answer: Answer, history: Sequence[str], may: Callable[[], bool], **filters: Any
) -> tuple[str, ...]:
    """Return at most three questions that follow from an answer, each answered with a new citation.

    ``history`` ends with the question of this answer. The search ends once ``may``, called before each, returns False.
    """
    if answer.abstained or not answer.citations:
        return ()
    shown = {c.quote for c in answer.citations}

    def is_new(question: str) -> bool:
        found = _sure(library, question, history=history, **filters)
        if found is None or {c.quote for c in found.citations} <= shown:
            return False
        return bool(found.calculation) or not question.endswith(VERSUS)

    tried = islice(candidates(answer, library.reports, history), _TRIES_TO_FOLLOW)
    return tuple(islice(filter(is_new, takewhile(lambda _: may(), tried)), _FOLLOWING))


def candidates(answer: Answer, reports: Sequence[Report], history: Sequence[str]) -> Iterator[str]:
    """Yield what might be asked next, likeliest first: other terms of a place, other places of its level.

    A place that the conversation has asked about is only compared with. After an answer about several nothing is clear.
    """
    cited = {c.report_id for c in answer.citations}
    here = next((r for r in reports if r.id == answer.citations[0].report_id), None)
    places = {r.place for r in reports if r.id in cited}
    if here is None or not here.place.name or len(places) > 1:
        return
    own = (r for r in reports if r.place == here.place and r.id not in cited and r.period)
    terms = [f"那{str(r.period).replace('–', '—')}年呢？" for r in own]
    alike = sorted(
        dict.fromkeys(r.place for r in reports if r.place.name and r.place not in places),
        key=lambda place: place.level != here.place.level,
    )
    asked = " ".join(history)
    others = [f"那{place.name}呢？" for place in alike if short_name(place.name) not in asked]
    versus = [f"和{place.name}{VERSUS}" for place in alike] if amounts(answer) else []
    yield from dict.fromkeys(filter(None, chain.from_iterable(zip_longest(terms, others, versus))))
